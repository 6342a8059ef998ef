#include "commands/understand/english.h"
#include "commands/understand/understand.h"

/* clang-format off */

const struct phrase english_fillers[] = {
    {"please", 0, 0}, {"pls", 0, 0}, {"plz", 0, 0}, {"sorry", 0, 0}, {"well", 0, 0}, {"hm", 0, 0},
    {"hmm", 0, 0}, {"um", 0, 0}, {"uh", 0, 0}, {"so", 0, 0}, {"just", 0, 0}, {"really", 0, 0},
    {"honestly", 0, 0}, {"simply", 0, 0}, {"actually", 0, 0}, {"basically", 0, 0}, {"i think", 0, 0},
    {"i guess", 0, 0}, {"i believe", 0, 0}, {"to be honest", 0, 0}, {"tbh", 0, 0}, {"quite", 0, 0},
    {"very", 0, 0}, {"pretty", 0, 0}, {"super", 0, 0}, {"also", 0, 0}, {"probably", 0, 0}, {"maybe", 0, 0},
    {"perhaps", 0, 0}, {"then", 0, 0}, {"extremely", 0, 0}, {"obviously", 0, 0}, {"afraid", 0, 0},
    {"i'm afraid", 0, 0}, {"oh", 0, 0}, {"ah", 0, 0}, {"eh", 0, 0}, {"lol", 0, 0}, {"haha", 0, 0},
    {"only", 0, 0}, {"kind of", 0, 0}, {"i'd say", 0, 0}, {"again", 0, 0}, {"( )", 0, 0}, {"(", 0, 0},
    {")", 0, 0}, {"\"", 0, 0}, {"*", 0, 0}, {"_", 0, 0}, {"`", 0, 0}, {": )", 0, 0}, {": (", 0, 0},
    {"; )", 0, 0}, {": d", 0, 0}, {": - )", 0, 0}, {": p", 0, 0}, {"-", 0, 0}, {"–", 0, 0}, {"—", 0, 0},
    {"~", 0, 0}, {":", 0, 0}, {"\\", 0, 0}, {"'", 0, 0}, {0}};

const struct phrase english_joins[] = {
    {"but", 0, 0}, {"and", 0, 0}, {"because", 1, 0}, {"cause", 1, 0}, {"coz", 1, 0}, {"cuz", 1, 0}, {0}};

const struct phrase english_because[] = {
    {"because", 0, 0}, {"cause", 0, 0}, {"coz", 0, 0}, {"cuz", 0, 0}, {"cos", 0, 0}, {"bc", 0, 0},
    {"since", 0, 0}, {"as", 0, 0}, {"it's because", 0, 0}, {"that's because", 0, 0}, {"the reason is", 0, 0},
    {"because of", 0, 0}, {"due to", 0, 0}, {"reason :", 0, 0}, {0}};

const struct phrase english_skip[] = {
    {"skip", 0, 0}, {"skip it", 0, 0}, {"skip this", 0, 0}, {"skip that", 0, 0}, {"skip this one", 0, 0},
    {"skip that one", 0, 0}, {"skip this question", 0, 0}, {"skip the question", 0, 0}, {"skipping", 0, 0},
    {"skipped", 0, 0}, {"i'll skip", 0, 0}, {"i'll skip this", 0, 0}, {"i'll skip this one", 0, 0},
    {"i'll skip that one", 0, 0}, {"i skip", 0, 0}, {"let's skip", 0, 0}, {"let's skip this", 0, 0},
    {"let's skip this one", 0, 0}, {"let's skip it", 0, 0}, {"can we skip this", 0, 0},
    {"can i skip this", 0, 0}, {"can i skip", 0, 0}, {"i'd like to skip", 0, 0}, {"i want to skip", 0, 0},
    {"pass", 0, 0}, {"i pass", 0, 0}, {"i'll pass", 0, 0}, {"hard pass", 0, 0}, {"next", 0, 0},
    {"next question", 0, 0}, {"n / a", 0, 0}, {"na", 0, 0}, {"not applicable", 0, 0}, {"no comment", 0, 0},
    {"rather not", 0, 0}, {"rather not say", 0, 0}, {"i'd rather not say", 0, 0}, {"no answer", 0, 0},
    {"prefer not to say", 0, 0}, {0}};

const struct phrase english_later[] = {
    {"later", 0, 0}, {"not now", 0, 0}, {"not right now", 0, 0}, {"not today", 0, 0}, {"not yet", 0, 0},
    {"remind me", 0, 0}, {"remind me later", 0, 0}, {"ask me later", 0, 0}, {"ask later", 0, 0},
    {"ask again", 0, 0}, {"ask again later", 0, 0}, {"ask me again later", 0, 0}, {"ask me again", 0, 0},
    {"snooze", 0, 0}, {"i'll answer later", 0, 0}, {"will answer later", 0, 0}, {"i will answer later", 0, 0},
    {"answer later", 0, 0}, {"i'll do it later", 0, 0}, {"do it later", 0, 0}, {"will do later", 0, 0},
    {"i'll get back to you", 0, 0}, {"will get back to you", 0, 0}, {"get back to you", 0, 0},
    {"i'll come back to this", 0, 0}, {"i'll come back to you", 0, 0}, {"i'll come back to it", 0, 0},
    {"let me think", 0, 0}, {"let me think about it", 0, 0}, {"let me check", 0, 0}, {"i'll check", 0, 0},
    {"need to check", 0, 0}, {"i need to check", 0, 0}, {"have to check", 0, 0}, {"i have to check", 0, 0},
    {"let me get back to you", 0, 0}, {"i'm busy", 0, 0}, {"busy", 0, 0}, {"busy now", 0, 0},
    {"i'm in a meeting", 0, 0}, {"in a meeting", 0, 0}, {"i'm in meetings", 0, 0}, {"in meetings", 0, 0},
    {"i'm in meetings all day", 0, 0}, {"later today", 0, 0}, {"later this week", 0, 0},
    {"will answer later today", 0, 0}, {"no time", 0, 0}, {"no time now", 0, 0}, {"i have no time", 0, 0},
    {"i don't have time", 0, 0}, {"don't have time", 0, 0}, {"don't have time now", 0, 0},
    {"i'm on vacation", 0, 0}, {"on vacation", 0, 0}, {"i'm out", 0, 0}, {"ooo", 0, 0}, {"i'm ooo", 0, 0},
    {"need more time", 0, 0}, {"i need more time", 0, 0}, {"give me some time", 0, 0}, {"in a bit", 0, 0},
    {"in a while", 0, 0}, {"soon", 0, 0}, {"some other time", 0, 0}, {"another time", 0, 0},
    {"will answer", 0, 0}, {"i'll answer", 0, 0}, {"i'll think about it", 0, 0}, {0}};

/* Before a date: "remind me on Monday". */
const struct phrase english_remind[] = {
    {"later", 0, 0}, {"remind me", 0, 0}, {"remind me again", 0, 0}, {"ask me", 0, 0}, {"ask again", 0, 0},
    {"ask me again", 0, 0}, {"ask", 0, 0}, {"snooze", 0, 0}, {"snooze for", 0, 0}, {"snooze until", 0, 0},
    {"not before", 0, 0}, {"i'll answer", 0, 0}, {"i will answer", 0, 0}, {"will answer", 0, 0},
    {"will do", 0, 0}, {"will do it", 0, 0}, {"i'll do this", 0, 0}, {"i'll get back to you", 0, 0},
    {"i'll do it", 0, 0}, {"i'll come back to this", 0, 0}, {"i'll get to it", 0, 0},
    {"i'll get to this", 0, 0}, {"i'll check", 0, 0}, {"let's talk", 0, 0}, {"let me check", 0, 0},
    {"give me", 0, 0}, {"give me until", 0, 0}, {"i'm out", 0, 0}, {"i'm out until", 0, 0}, {"out until", 0, 0},
    {"ooo until", 0, 0}, {"i'm away until", 0, 0}, {"i'm on vacation until", 0, 0}, {"on vacation until", 0, 0},
    {"i'm on holiday until", 0, 0}, {"back", 0, 0}, {"i'm back", 0, 0}, {"i need", 0, 0}, {"ping me", 0, 0},
    {"i'll know", 0, 0}, {"we'll know", 0, 0}, {"i'm busy until", 0, 0}, {"busy until", 0, 0},
    {"i can answer", 0, 0}, {0}};

const struct phrase english_dont_know[] = {
    {"don't know", 0, 0}, {"dont know", 0, 0}, {"do not know", 0, 0}, {"don't know that", 0, 0},
    {"don't know it", 0, 0}, {"don't know this", 0, 0}, {"dunno", 0, 0}, {"no idea", 0, 0},
    {"have no idea", 0, 0}, {"no clue", 0, 0}, {"have no clue", 0, 0}, {"idk", 0, 0}, {"not sure", 0, 0},
    {"i'm not sure", 0, 0}, {"am not sure", 0, 0}, {"unsure", 0, 0}, {"unknown", 0, 0}, {"not known", 0, 0},
    {"it's not known", 0, 0}, {"nobody knows", 0, 0}, {"no one knows", 0, 0}, {"who knows", 0, 0},
    {"can't say", 0, 0}, {"cannot say", 0, 0}, {"can't tell", 0, 0}, {"hard to say", 0, 0},
    {"hard to tell", 0, 0}, {"difficult to say", 0, 0}, {"impossible to say", 0, 0}, {"too early to say", 0, 0},
    {"too early to tell", 0, 0}, {"beats me", 0, 0}, {"tbd", 0, 0}, {"i wish i knew", 0, 0},
    {"haven't got a clue", 0, 0}, {"couldn't say", 0, 0}, {"no numbers", 0, 0}, {"can't estimate", 0, 0},
    {"couldn't tell you", 0, 0}, {"not a clue", 0, 0}, {0}};

const struct phrase english_knows[] = {
    {"knows", 0, 0}, {"know", 0, 0}, {"would know", 0, 0}, {"will know", 0, 0}, {"should know", 0, 0},
    {"might know", 0, 0}, {"may know", 0, 0}, {"must know", 0, 0}, {"knows more", 0, 0}, {"knows best", 0, 0},
    {"can answer", 0, 0}, {"could answer", 0, 0}, {"should answer", 0, 0}, {"will answer", 0, 0},
    {"might answer", 0, 0}, {"can tell you", 0, 0}, {"could tell you", 0, 0}, {"can tell", 0, 0},
    {"can say", 0, 0}, {"has the answer", 0, 0}, {"has the numbers", 0, 0}, {"has the number", 0, 0},
    {"has the details", 0, 0}, {"has the data", 0, 0}, {"has the context", 0, 0}, {"has more context", 0, 0},
    {"has all the details", 0, 0}, {"is the one who knows", 0, 0}, {"is the one to ask", 0, 0},
    {"is the person to ask", 0, 0}, {"is the right person", 0, 0}, {"is better placed", 0, 0},
    {"can explain", 0, 0}, {"could explain", 0, 0}, {"can help", 0, 0}, {"probably knows", 0, 0},
    {"surely knows", 0, 0}, {"definitely knows", 0, 0}, {0}};

const struct phrase english_ask[] = {
    {"ask", 0, 0}, {"better ask", 0, 0}, {"please ask", 0, 0}, {"you should ask", 0, 0}, {"you can ask", 0, 0},
    {"you could ask", 0, 0}, {"try", 0, 0}, {"try asking", 0, 0}, {"check with", 0, 0}, {"best ask", 0, 0},
    {"that's a question for", 0, 0}, {"that's for", 0, 0}, {"question for", 0, 0}, {"a question for", 0, 0},
    {"this is for", 0, 0}, {"you'd have to ask", 0, 0}, {"you need to ask", 0, 0}, {"go ask", 0, 0},
    {"this one is for", 0, 0}, {"refer to", 0, 0}, {"over to", 0, 0}, {"i'd ask", 0, 0},
    {"we should ask", 0, 0}, {"it's best to ask", 0, 0}, {"you'd better ask", 0, 0}, {0}};

const struct phrase english_greetings[] = {
    {"hi", 0, "greets"}, {"hello", 0, "greets"}, {"hey", 0, "greets"}, {"hiya", 0, "greets"}, {"yo", 0, "greets"}, {"good morning", 0, "greets"},
    {"morning", 0, "greets"}, {"good afternoon", 0, "greets"}, {"good evening", 0, "greets"}, {"dear", 0, 0}, {"thanks", 0, 0},
    {"thank you", 0, 0}, {"thx", 0, 0}, {"cc", 0, 0}, {"cc :", 0, 0}, {"/ cc", 0, 0}, {"fyi", 0, 0},
    {"sorry", 0, 0}, {"ok", 0, 0}, {"okay", 0, 0}, {"well", 0, 0}, {"oh", 0, 0}, {",", 0, 0}, {"@", 0, 0}, {0}};

const struct phrase english_third_person[] = {
    {"wants", 0, 0}, {"wanted", 0, 0}, {"needs", 0, 0}, {"needed", 0, 0}, {"asked", 0, 0}, {"asks", 0, 0},
    {"said", 0, 0}, {"says", 0, 0}, {"told", 0, 0}, {"thinks", 0, 0}, {"thought", 0, 0}, {"has", 0, 0},
    {"is", 0, 0}, {"was", 0, 0}, {"had", 0, 0}, {"requested", 0, 0}, {"complained", 0, 0}, {"complains", 0, 0},
    {"cannot", 0, 0}, {"can't", 0, 0}, {"spends", 0, 0}, {"loses", 0, 0}, {"promised", 0, 0},
    {"reported", 0, 0}, {"decided", 0, 0}, {"from", 0, 0}, {"at", 0, 0}, {"insists", 0, 0}, {"measured", 0, 0},
    {"talked", 0, 0}, {"does", 0, 0}, {"doesn't", 0, 0}, {"gets", 0, 0}, {"wrote", 0, 0}, {0}};

const struct phrase english_you[] = {
    {"you", 0, 0}, {"your", 0, 0}, {"you're", 0, 0}, {"u", 0, 0}, {"can you", 0, 0}, {0}};

/* Those whose wish alone is no reason. A named customer is not among them: that says for whom. */
const struct phrase english_who[] = {
    {"ceo", 0, 0}, {"cto", 0, 0}, {"cfo", 0, 0}, {"coo", 0, 0}, {"cpo", 0, 0}, {"cmo", 0, 0}, {"cro", 0, 0},
    {"vp", 0, 0}, {"boss", 0, 0}, {"bosses", 0, 0}, {"manager", 0, 0}, {"managers", 0, 0}, {"management", 0, 0},
    {"leadership", 0, 0}, {"leadership team", 0, 0}, {"management team", 0, 0}, {"board", 0, 0}, {"exec", 0, 0},
    {"execs", 0, 0}, {"executives", 0, 0}, {"director", 0, 0}, {"directors", 0, 0}, {"founder", 0, 0},
    {"founders", 0, 0}, {"owner", 0, 0}, {"head of sales", 0, 0}, {"head of product", 0, 0},
    {"head of marketing", 0, 0}, {"head of support", 0, 0}, {"head of engineering", 0, 0}, {"vp sales", 0, 0},
    {"vp of sales", 0, 0}, {"customer", 0, 0}, {"customers", 0, 0}, {"client", 0, 0}, {"clients", 0, 0},
    {"user", 0, 0}, {"users", 0, 0}, {"sales", 0, 0}, {"sales team", 0, 0}, {"marketing", 0, 0},
    {"marketing team", 0, 0}, {"support", 0, 0}, {"support team", 0, 0}, {"product", 0, 0}, {"legal", 0, 0},
    {"finance", 0, 0}, {"hr", 0, 0}, {"engineering", 0, 0}, {"business", 0, 0}, {"stakeholder", 0, 0},
    {"stakeholders", 0, 0}, {"investor", 0, 0}, {"investors", 0, 0}, {"team", 0, 0}, {"someone", 0, 0},
    {"somebody", 0, 0}, {"everyone", 0, 0}, {"everybody", 0, 0}, {"people", 0, 0}, {"they", 0, 0}, {"he", 0, 0},
    {"she", 0, 0}, {"we", 0, 0}, {"i", 0, 0}, {"upstairs", 0, 0}, {"hq", 0, 0}, {"headquarters", 0, 0},
    {"company", 0, 0}, {"c - level", 0, 0}, {"higher ups", 0, 0}, {"higher - ups", 0, 0},
    {"top management", 0, 0}, {"senior management", 0, 0}, {"upper management", 0, 0}, {"my manager", 0, 0},
    {"pm", 0, 0}, {"po", 0, 0}, {"product owner", 0, 0}, {"product manager", 0, 0}, {0}};

const struct phrase english_wants[] = {
    {"want", 0, 0}, {"wants", 0, 0}, {"wanted", 0, 0}, {"need", 0, 0}, {"needs", 0, 0}, {"needed", 0, 0},
    {"asked", 0, 0}, {"asks", 0, 0}, {"ask", 0, 0}, {"asking", 0, 0}, {"is asking", 0, 0}, {"are asking", 0, 0},
    {"keeps asking", 0, 0}, {"keep asking", 0, 0}, {"has asked", 0, 0}, {"have asked", 0, 0}, {"said", 0, 0},
    {"says", 0, 0}, {"say", 0, 0}, {"told", 0, 0}, {"requested", 0, 0}, {"requests", 0, 0}, {"request", 0, 0},
    {"demands", 0, 0}, {"demanded", 0, 0}, {"demand", 0, 0}, {"insists", 0, 0}, {"insisted", 0, 0},
    {"insist", 0, 0}, {"insists on", 0, 0}, {"insist on", 0, 0}, {"decided", 0, 0}, {"has decided", 0, 0},
    {"ordered", 0, 0}, {"would like", 0, 0}, {"likes", 0, 0}, {"like", 0, 0}, {"expects", 0, 0},
    {"expect", 0, 0}, {"wishes", 0, 0}, {"really wants", 0, 0}, {"wish", 0, 0}, {"prefers", 0, 0},
    {"approved", 0, 0}, {"loves", 0, 0}, {"love", 0, 0}, {"desires", 0, 0}, {"thinks we need", 0, 0},
    {"said we need", 0, 0}, {"says we need", 0, 0}, {"said to", 0, 0}, {"told me to", 0, 0},
    {"told us to", 0, 0}, {"wants us to", 0, 0}, {"wants me to", 0, 0}, {"asked us to", 0, 0},
    {"asked me to", 0, 0}, {"want us to", 0, 0}, {0}};

const struct phrase english_it[] = {
    {"it", 0, 0}, {"this", 0, 0}, {"that", 0, 0}, {"so", 0, 0}, {"us", 0, 0}, {"me", 0, 0}, {"for it", 0, 0},
    {"for this", 0, 0}, {"for that", 0, 0}, {"for this feature", 0, 0}, {"for the feature", 0, 0},
    {"for that feature", 0, 0}, {"it done", 0, 0}, {"this done", 0, 0}, {"it now", 0, 0}, {"this now", 0, 0},
    {"it soon", 0, 0}, {"it asap", 0, 0}, {"this asap", 0, 0}, {"to have it", 0, 0}, {"to have this", 0, 0},
    {"do it", 0, 0}, {"do this", 0, 0}, {"to do it", 0, 0}, {"to do this", 0, 0}, {"us to do it", 0, 0},
    {"me to do it", 0, 0}, {"build it", 0, 0}, {"to build it", 0, 0}, {"the feature", 0, 0},
    {"this feature", 0, 0}, {"that feature", 0, 0}, {"it urgently", 0, 0}, {"it badly", 0, 0},
    {"this one", 0, 0}, {"it to be done", 0, 0}, {"it built", 0, 0}, {"asap", 0, 0}, {"now", 0, 0},
    {"for a while", 0, 0}, {0}};

const struct phrase english_tails[] = {
    {"for now", 0, 0}, {"right now", 0, 0}, {"now", 0, 0}, {"yet", 0, 0}, {"at the moment", 0, 0},
    {"today", 0, 0}, {"here", 0, 0}, {"this time", 0, 0}, {"at all", 0, 0}, {"for us", 0, 0}, {"for me", 0, 0},
    {"to us", 0, 0}, {"to me", 0, 0}, {"a lot", 0, 0}, {"much", 0, 0}, {"that", 0, 0}, {"it", 0, 0},
    {"this", 0, 0}, {"either", 0, 0}, {"exactly", 0, 0}, {"why", 0, 0}, {"why we do this", 0, 0},
    {"why we do it", 0, 0}, {"why we need it", 0, 0}, {"why we need this", 0, 0}, {"how much", 0, 0},
    {"about that", 0, 0}, {"about this", 0, 0}, {"what that means", 0, 0}, {0}};

const struct phrase english_empty[] = {
    {"asap", 0, 0}, {"urgent", 0, 0}, {"urgently", 0, 0}, {"it's urgent", 0, 0}, {"this is urgent", 0, 0},
    {"is urgent", 0, 0}, {"important", 0, 0}, {"it's important", 0, 0}, {"its important", 0, 0},
    {"it is important", 0, 0}, {"this is important", 0, 0}, {"that's important", 0, 0}, {"critical", 0, 0},
    {"it's critical", 0, 0}, {"it is critical", 0, 0}, {"crucial", 0, 0}, {"it's crucial", 0, 0},
    {"essential", 0, 0}, {"priority", 0, 0}, {"top priority", 0, 0}, {"high prio", 0, 0}, {"top prio", 0, 0},
    {"prio", 0, 0}, {"high priority", 0, 0}, {"it's a priority", 0, 0}, {"it's top priority", 0, 0},
    {"p0", 0, 0}, {"p1", 0, 0}, {"must have", 0, 0}, {"must - have", 0, 0}, {"it's a must have", 0, 0},
    {"it's a must", 0, 0}, {"a must", 0, 0}, {"nice to have", 0, 0}, {"needed", 0, 0}, {"it's needed", 0, 0},
    {"it is needed", 0, 0}, {"necessary", 0, 0}, {"it's necessary", 0, 0}, {"we need it", 0, 0},
    {"need it", 0, 0}, {"it is", 0, 0}, {"it is what it is", 0, 0}, {"i said so", 0, 0}, {"obvious", 0, 0},
    {"it's obvious", 0, 0}, {"self - explanatory", 0, 0}, {"self explanatory", 0, 0},
    {"isn't it obvious", 0, 0}, {"no reason", 0, 0}, {"no particular reason", 0, 0}, {"why not", 0, 0},
    {"strategic", 0, 0}, {"it's strategic", 0, 0}, {"it makes sense", 0, 0}, {"makes sense", 0, 0},
    {"it's cool", 0, 0}, {"it's nice", 0, 0}, {"it would be nice", 0, 0}, {"would be nice", 0, 0},
    {"would be great", 0, 0}, {"it would be great", 0, 0}, {"would be good", 0, 0}, {"it's good", 0, 0},
    {"it's better", 0, 0}, {"good idea", 0, 0}, {"it's a good idea", 0, 0}, {"see title", 0, 0},
    {"see the title", 0, 0}, {"see description", 0, 0}, {"reasons", 0, 0}, {"orders from above", 0, 0},
    {"order from above", 0, 0}, {"from above", 0, 0}, {"came from above", 0, 0}, {"it came from above", 0, 0},
    {"this came from above", 0, 0}, {"comes from the top", 0, 0}, {"came from the top", 0, 0},
    {"from the top", 0, 0}, {"as soon as possible", 0, 0}, {"right away", 0, 0}, {"immediately", 0, 0},
    {"we have to", 0, 0}, {"have to", 0, 0}, {"because of reasons", 0, 0}, {"it has to be done", 0, 0},
    {"has to be done", 0, 0}, {"it must be done", 0, 0}, {"must be done", 0, 0}, {"needs to be done", 0, 0},
    {"it needs to be done", 0, 0}, {"we should", 0, 0}, {"it's on the roadmap", 0, 0}, {"on the roadmap", 0, 0},
    {"we promised", 0, 0}, {"we promised it", 0, 0}, {"it was promised", 0, 0}, {"it was decided", 0, 0},
    {"already decided", 0, 0}, {"it's already decided", 0, 0}, {"it was requested", 0, 0}, {"requested", 0, 0},
    {"blah", 0, 0}, {"test", 0, 0}, {"foo", 0, 0}, {"do it", 0, 0}, {"just do it", 0, 0}, {"build it", 0, 0},
    {0}};
