#include "commands/understand/english.h"
#include "commands/understand/understand.h"

/* clang-format off */

const struct phrase english_chat[] = {
    {"thanks", 0, 0}, {"thank you", 0, 0}, {"thx", 0, 0}, {"ty", 0, 0}, {"thanks a lot", 0, 0},
    {"many thanks", 0, 0}, {"thank you so much", 0, 0}, {"thank you much", 0, 0}, {"cheers", 0, 0},
    {"ok", 0, 0}, {"okay", 0, 0}, {"k", 0, 0}, {"kk", 0, 0}, {"okey", 0, 0}, {"sure", 0, 0},
    {"sure thing", 0, 0}, {"will do", 0, 0}, {"on it", 0, 0}, {"got it", 0, 0}, {"understood", 0, 0},
    {"noted", 0, 0}, {"great", 0, 0}, {"cool", 0, 0}, {"nice", 0, 0}, {"perfect", 0, 0}, {"awesome", 0, 0},
    {"good", 0, 0}, {"fine", 0, 0}, {"alright", 0, 0}, {"right", 0, 0}, {"hi", 0, 0}, {"hello", 0, 0},
    {"hey", 0, 0}, {"good morning", 0, 0}, {"morning", 0, 0}, {"bye", 0, 0}, {"yes", 0, 0}, {"yep", 0, 0},
    {"yeah", 0, 0}, {"yup", 0, 0}, {"y", 0, 0}, {"what", 0, 0}, {"huh", 0, 0}, {"why", 0, 0}, {"how", 0, 0},
    {"what do you mean", 0, 0}, {"what does that mean", 0, 0}, {"what does this mean", 0, 0},
    {"i don't understand", 0, 0}, {"don't understand", 0, 0}, {"i don't get it", 0, 0}, {"not clear", 0, 0},
    {"i don't understand the question", 0, 0}, {"don't understand the question", 0, 0}, {"good question", 0, 0},
    {"great question", 0, 0}, {"interesting", 0, 0}, {"interesting question", 0, 0}, {"one moment", 0, 0},
    {"one sec", 0, 0}, {"one second", 0, 0}, {"a moment", 0, 0}, {"a sec", 0, 0}, {"sec", 0, 0}, {"wait", 0, 0},
    {"hold on", 0, 0}, {"what is this", 0, 0}, {"what's this", 0, 0}, {"who are you", 0, 0}, {"help", 0, 0},
    {"lgtm", 0, 0}, {"+ 1", 0, 0}, {"no problem", 0, 0}, {"np", 0, 0}, {"you're welcome", 0, 0},
    {"welcome", 0, 0}, {"i see", 0, 0}, {"makes me think", 0, 0}, {"that was not my answer", 0, 0},
    {"fair", 0, 0}, {"fair enough", 0, 0}, {"fair question", 0, 0}, {"done", 0, 0}, {"that's all", 0, 0},
    {"that's it", 0, 0}, {"agreed", 0, 0}, {"brb", 0, 0}, {"wow", 0, 0}, {"?", 0, 0}, {0}};

const struct phrase english_no[] = {
    {"no", 0, 0}, {"nope", 0, 0}, {"none", 0, 0}, {"nothing", 0, 0}, {"nobody", 0, 0}, {"no one", 0, 0},
    {"nah", 0, 0}, {"nothing special", 0, 0}, {"nothing happens", 0, 0}, {0}};

const struct phrase english_questions_back[] = {
    {"what do you", 0, 0}, {"what does that", 0, 0}, {"what does this", 0, 0}, {"what did you", 0, 0},
    {"why do you", 0, 0}, {"why are you", 0, 0}, {"why does askwhy", 0, 0}, {"why is askwhy", 0, 0},
    {"why should i", 0, 0}, {"why me", 0, 0}, {"why do i", 0, 0}, {"do you", 0, 0}, {"can you", 0, 0},
    {"could you", 0, 0}, {"would you", 0, 0}, {"are you", 0, 0}, {"which number", 0, 0}, {"which metric", 0, 0},
    {"what number", 0, 0}, {"what metric", 0, 0}, {"what kind of", 0, 0}, {"what sort of", 0, 0},
    {"what exactly", 0, 0}, {"what is this", 0, 0}, {"what's this", 0, 0}, {"what is a", 0, 0},
    {"who are you", 0, 0}, {"who is asking", 0, 0}, {"how do i", 0, 0}, {"how should i", 0, 0},
    {"how does this work", 0, 0}, {"how do you", 0, 0}, {"what should i", 0, 0}, {"do i have to", 0, 0},
    {"do i need to", 0, 0}, {"should i", 0, 0}, {"what for", 0, 0}, {"is this a bot", 0, 0},
    {"is this about", 0, 0}, {"in what sense", 0, 0}, {"what counts", 0, 0}, {"like what", 0, 0},
    {"such as", 0, 0}, {"for example", 0, 0}, {"did you", 0, 0}, {0}};

const struct phrase english_labels[] = {
    {"why", QUESTION_WHY, 0}, {"the why", QUESTION_WHY, 0}, {"reason", QUESTION_WHY, 0},
    {"problem", QUESTION_WHY, 0}, {"reasons", QUESTION_WHY, 0}, {"because", QUESTION_WHY, 0},
    {"impact", QUESTION_IMPACT, 0}, {"the impact", QUESTION_IMPACT, 0}, {"expected impact", QUESTION_IMPACT, 0},
    {"metric", QUESTION_IMPACT, 0}, {"number", QUESTION_IMPACT, 0}, {"kpi", QUESTION_IMPACT, 0},
    {"which number", QUESTION_IMPACT, 0}, {"evidence", QUESTION_EVIDENCE, 0},
    {"the evidence", QUESTION_EVIDENCE, 0}, {"proof", QUESTION_EVIDENCE, 0}, {"source", QUESTION_EVIDENCE, 0},
    {"sources", QUESTION_EVIDENCE, 0}, {"data", QUESTION_EVIDENCE, 0}, {"who to talk to", QUESTION_EVIDENCE, 0},
    {"deadline", QUESTION_DEADLINE, 0}, {"the deadline", QUESTION_DEADLINE, 0},
    {"on that date", QUESTION_DEADLINE, 0}, {"date", QUESTION_DEADLINE, 0}, {0}};

const struct clause_pattern english_clauses[] = {
    {"<chat>? <skip> <tail>?", CLAUSE_SKIP},
    {"<chat>? <later> <tail>?", CLAUSE_LATER},
    {"<chat>? <dont-know> <tail>? <tail>?", CLAUSE_DONT_KNOW},
    {"i|we|i'm|we're|idk <dont-know> <tail>? <tail>?", CLAUSE_DONT_KNOW},
    {"<no> <tail>?", CLAUSE_NO},
    {"<chat> <chat>? <chat>?", CLAUSE_CHAT},
    {"<because>", CLAUSE_EMPTY},
    {"<because>? <empty> <tail>?", CLAUSE_EMPTY},
    {"we|i|you <empty> <tail>?", CLAUSE_EMPTY},
    {"<because>? <article>? <who> <wants> <it>? <it>? <tail>?", CLAUSE_AUTHORITY},
    {"<because>? my|your|their|his|some|every|this|top <who> <wants> <it>? <it>? <tail>?", CLAUSE_AUTHORITY},
    {"<because>? <person> <wants> <it>? <it>? <tail>?", CLAUSE_AUTHORITY},
    {"<because>? <article>? ceo's|boss's|manager's|management's|board's|cto's request|decision|wish|order|orders|idea|call|priority",
     CLAUSE_AUTHORITY},
    {"<because>? it? was? asked|requested|wanted|demanded|decided|ordered|needed for? by <article>? my? <who>", CLAUSE_AUTHORITY},
    {"<because>? it? was? asked|requested|wanted|demanded|decided|ordered|needed for? by <person>", CLAUSE_AUTHORITY},
    {"<because>? it's|this|it? is? <article>? request|order|wish|ask from <article>? my? <who>", CLAUSE_AUTHORITY},
    {"<ask>? <person> <knows> <rest>?", CLAUSE_KNOWS},
    {"<ask> <person> <rest>?", CLAUSE_KNOWS},
    {0}};

const struct phrase english_evidence[] = {
    {"no evidence", EVIDENCE_NONE, 0}, {"no data", EVIDENCE_NONE, 0}, {"no proof", EVIDENCE_NONE, 0},
    {"none", EVIDENCE_NONE, 0}, {"nothing", EVIDENCE_NONE, 0}, {"no customer", EVIDENCE_NONE, 0},
    {"no customers", EVIDENCE_NONE, 0}, {"nobody", EVIDENCE_NONE, 0}, {"no one", EVIDENCE_NONE, 0},
    {"don't have any", EVIDENCE_NONE, 0}, {"not measured", EVIDENCE_NONE, 0}, {"no numbers", EVIDENCE_NONE, 0},
    {"don't have data", EVIDENCE_NONE, 0}, {"haven't asked", EVIDENCE_NONE, 0}, {"not yet", EVIDENCE_NONE, 0},
    {"opinion", EVIDENCE_OPINION, 0}, {"my view", EVIDENCE_OPINION, 0}, {"gut", EVIDENCE_OPINION, 0},
    {"feeling", EVIDENCE_OPINION, 0}, {"feel", EVIDENCE_OPINION, 0}, {"hunch", EVIDENCE_OPINION, 0},
    {"intuition", EVIDENCE_OPINION, 0}, {"i think", EVIDENCE_OPINION, 0}, {"i believe", EVIDENCE_OPINION, 0},
    {"i guess", EVIDENCE_OPINION, 0}, {"guess", EVIDENCE_OPINION, 0}, {"experience", EVIDENCE_OPINION, 0},
    {"assumption", EVIDENCE_OPINION, 0}, {"assume", EVIDENCE_OPINION, 0}, {"common sense", EVIDENCE_OPINION, 0},
    {"myself", EVIDENCE_OPINION, 0}, {"anecdotal", EVIDENCE_OPINION, 0}, {"hypothesis", EVIDENCE_OPINION, 0},
    {"i'm convinced", EVIDENCE_OPINION, 0}, {"measured", EVIDENCE_MEASURED, 0},
    {"measurement", EVIDENCE_MEASURED, 0}, {"measurements", EVIDENCE_MEASURED, 0},
    {"data", EVIDENCE_MEASURED, 0}, {"analytics", EVIDENCE_MEASURED, 0}, {"dashboard", EVIDENCE_MEASURED, 0},
    {"survey", EVIDENCE_MEASURED, 0}, {"a / b test", EVIDENCE_MEASURED, 0}, {"ab test", EVIDENCE_MEASURED, 0},
    {"experiment", EVIDENCE_MEASURED, 0}, {"metrics", EVIDENCE_MEASURED, 0}, {"logs", EVIDENCE_MEASURED, 0},
    {"funnel", EVIDENCE_MEASURED, 0}, {"statistics", EVIDENCE_MEASURED, 0}, {"stats", EVIDENCE_MEASURED, 0},
    {"the numbers", EVIDENCE_MEASURED, 0}, {"usage numbers", EVIDENCE_MEASURED, 0},
    {"amplitude", EVIDENCE_MEASURED, 0}, {"mixpanel", EVIDENCE_MEASURED, 0},
    {"google analytics", EVIDENCE_MEASURED, 0}, {"grafana", EVIDENCE_MEASURED, 0},
    {"nps score", EVIDENCE_MEASURED, 0}, {"churn report", EVIDENCE_MEASURED, 0},
    {"heatmap", EVIDENCE_MEASURED, 0}, {"benchmark", EVIDENCE_MEASURED, 0}, {0}};

const struct phrase english_people[] = {
    {"customers", 0, 0}, {"customer feedback", 0, 0}, {"user feedback", 0, 0}, {"customer calls", 0, 0},
    {"deals", 0, 0}, {"comments", 0, 0}, {"clients", 0, 0}, {"users", 0, 0}, {"accounts", 0, 0},
    {"companies", 0, 0}, {"partners", 0, 0}, {"prospects", 0, 0}, {"leads", 0, 0}, {"tenants", 0, 0},
    {"interviews", 0, 0}, {"customer interviews", 0, 0}, {"user interviews", 0, 0}, {"people", 0, 0},
    {"merchants", 0, 0}, {"subscribers", 0, 0}, {"buyers", 0, 0}, {"tickets", 0, 0}, {"support tickets", 0, 0},
    {"reviews", 0, 0}, {"complaints", 0, 0}, {"patients", 0, 0}, {"schools", 0, 0}, {"agencies", 0, 0}, {0}};

const struct phrase english_persons[] = {
    {"customer", 0, 0}, {"client", 0, 0}, {"user", 0, 0}, {"account", 0, 0}, {"company", 0, 0},
    {"partner", 0, 0}, {"prospect", 0, 0}, {"lead", 0, 0}, {"tenant", 0, 0}, {"merchant", 0, 0},
    {"subscriber", 0, 0}, {"buyer", 0, 0}, {"interview", 0, 0}, {"ticket", 0, 0}, {"review", 0, 0},
    {"complaint", 0, 0}, {0}};

const struct phrase english_reasons[] = {
    {"because", 0, 0}, {"because of", 0, 0}, {"since", 0, 0}, {"as", 0, 0}, {"to", 0, 0}, {"in order to", 0, 0},
    {"so that", 0, 0}, {"so", 0, 0}, {"due to", 0, 0}, {":", 0, 0}, {",", 0, 0}, {"-", 0, 0}, {"–", 0, 0},
    {"—", 0, 0}, {0}};

const struct phrase english_askers[] = {
    {"for", 0, 0}, {"on behalf of", 0, 0}, {"asked by", 0, 0}, {"requested by", 0, 0}, {"asked for by", 0, 0},
    {"raised by", 0, 0}, {"wanted by", 0, 0}, {0}};

const struct phrase english_trades[] = {
    {"instead of", TRADE_INSTEAD, "asks"}, {"instead", TRADE_INSTEAD, 0}, {"in place of", TRADE_INSTEAD, "asks"},
    {"in the place of", TRADE_INSTEAD, "asks"}, {"in stead of", TRADE_INSTEAD, "asks"}, {"rather than", TRADE_INSTEAD, 0},
    {"replaces", TRADE_INSTEAD, 0}, {"replacing", TRADE_INSTEAD, 0}, {"pause", TRADE_INSTEAD, 0},
    {"pauses", TRADE_INSTEAD, 0}, {"pausing", TRADE_INSTEAD, 0}, {"and pause", TRADE_INSTEAD, 0},
    {"it pauses", TRADE_INSTEAD, 0}, {"which pauses", TRADE_INSTEAD, 0}, {"this pauses", TRADE_INSTEAD, 0},
    {"shelving", TRADE_INSTEAD, 0}, {"displaces", TRADE_INSTEAD, 0}, {"before", TRADE_INSTEAD, 0},
    {"ahead of", TRADE_INSTEAD, 0},
    {"give way", TRADE_GIVE, 0}, {"gives way", TRADE_GIVE, 0}, {"is paused", TRADE_GIVE, 0},
    {"are paused", TRADE_GIVE, 0}, {"pauses", TRADE_GIVE, 0}, {"pause", TRADE_GIVE, 0}, {"waits", TRADE_GIVE, 0},
    {"wait", TRADE_GIVE, 0}, {"can wait", TRADE_GIVE, 0}, {"has to wait", TRADE_GIVE, 0},
    {"have to wait", TRADE_GIVE, 0}, {"must wait", TRADE_GIVE, 0},
    {"after", TRADE_AFTER, 0}, {"behind", TRADE_AFTER, 0}, {"once", TRADE_AFTER, 0}, {"when", TRADE_AFTER, 0},
    {"as soon as", TRADE_AFTER, 0}, {"right after", TRADE_AFTER, 0}, {"later after", TRADE_AFTER, 0},
    {"is done", TRADE_DONE, 0}, {"is shipped", TRADE_DONE, 0}, {"ships", TRADE_DONE, 0},
    {"is finished", TRADE_DONE, 0}, {"has shipped", TRADE_DONE, 0}, {"is out", TRADE_DONE, 0},
    {"nothing", TRADE_NOTHING, 0}, {"nothing gives way", TRADE_NOTHING, 0},
    {"nothing has to give way", TRADE_NOTHING, 0}, {"nothing needs to give way", TRADE_NOTHING, 0},
    {"nothing pauses", TRADE_NOTHING, 0}, {"nothing is paused", TRADE_NOTHING, 0},
    {"nothing waits", TRADE_NOTHING, 0}, {"we have room", TRADE_NOTHING, 0}, {"i have room", TRADE_NOTHING, 0},
    {"there is room", TRADE_NOTHING, 0}, {"there's room", TRADE_NOTHING, 0}, {"have room", TRADE_NOTHING, 0},
    {"room", TRADE_NOTHING, 0}, {"no trade - off", TRADE_NOTHING, 0}, {"no tradeoff", TRADE_NOTHING, 0},
    {"in parallel", TRADE_NOTHING, 0}, {"alongside", TRADE_NOTHING, 0}, {"without pausing anything", TRADE_NOTHING, 0},
    {"instead of nothing", TRADE_NOTHING, 0}, {"instead nothing", TRADE_NOTHING, 0},
    {"nothing , we have room", TRADE_NOTHING, 0}, {"nothing , there is room", TRADE_NOTHING, 0},
    {"nothing gives way , we have room", TRADE_NOTHING, 0},
    {"for", TRADE_BACK, 0}, {"back", TRADE_BACK, 0}, {"back on", TRADE_BACK, 0}, {"revisit", TRADE_BACK, 0}, {"revisit on", TRADE_BACK, 0},
    {"ask again", TRADE_BACK, 0}, {"look again", TRADE_BACK, 0}, {0}};
const struct phrase english_parts[] = {
    {"options", SAID_OPTIONS, 0}, {"option", SAID_OPTIONS, 0}, {"options considered", SAID_OPTIONS, 0},
    {"considered", SAID_OPTIONS, 0}, {"alternatives", SAID_OPTIONS, 0}, {"alternatives considered", SAID_OPTIONS, 0},
    {"we considered", SAID_OPTIONS, 0}, {"reopen", SAID_REOPEN, 0}, {"reopen if", SAID_REOPEN, "bare"},
    {"reopen when", SAID_REOPEN, "bare"}, {"reopen it if", SAID_REOPEN, "bare"},
    {"reopen it when", SAID_REOPEN, "bare"}, {"we reopen it if", SAID_REOPEN, "bare"},
    {"we reopen it when", SAID_REOPEN, "bare"}, {"would reopen it", SAID_REOPEN, 0},
    {"what would reopen it", SAID_REOPEN, 0}, {"fixed", SAID_FIXED, 0}, {"what is fixed", SAID_FIXED, 0},
    {"open", SAID_OPEN, 0}, {"what is open", SAID_OPEN, 0}, {"still open", SAID_OPEN, 0},
    {"smallest", SAID_SMALLEST, 0}, {"smallest version", SAID_SMALLEST, 0}, {"the smallest version", SAID_SMALLEST, 0},
    {"smallest help", SAID_SMALLEST, 0}, {"cost", SAID_COST, 0}, {"costs", SAID_COST, 0}, {"rough cost", SAID_COST, 0},
    {"effort", SAID_COST, 0}, {"talk to", SAID_TALK, "bare"}, {"talk with", SAID_TALK, "bare"},
    {"speak to", SAID_TALK, "bare"}, {"speak with", SAID_TALK, "bare"}, {"speak", SAID_TALK, 0},
    {"chat with", SAID_TALK, "bare"}, {"talk", SAID_TALK, 0}, {"who to talk to", SAID_TALK, 0},
    {"whom to talk to", SAID_TALK, 0}, {"someone to talk to", SAID_TALK, 0}, {"contact", SAID_TALK, 0},
    {"get in touch with", SAID_TALK, "bare"}, {0}};
