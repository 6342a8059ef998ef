#include "commands/understand/english.h"
#include "commands/understand/understand.h"

/* clang-format off */

const struct phrase english_directions[] = {
    {"up", DIRECTION_UP, 0}, {"more", DIRECTION_UP, 0}, {"increase", DIRECTION_UP, 0},
    {"increases", DIRECTION_UP, 0}, {"increased", DIRECTION_UP, 0}, {"increasing", DIRECTION_UP, 0},
    {"raise", DIRECTION_UP, 0}, {"raises", DIRECTION_UP, 0}, {"raising", DIRECTION_UP, 0},
    {"grow", DIRECTION_UP, 0}, {"grows", DIRECTION_UP, 0}, {"growing", DIRECTION_UP, 0},
    {"growth", DIRECTION_UP, 0}, {"boost", DIRECTION_UP, 0}, {"boosts", DIRECTION_UP, 0},
    {"lift", DIRECTION_UP, 0}, {"lifts", DIRECTION_UP, 0}, {"uplift", DIRECTION_UP, 0},
    {"gain", DIRECTION_UP, 0}, {"gains", DIRECTION_UP, 0}, {"add", DIRECTION_UP, 0}, {"adds", DIRECTION_UP, 0},
    {"adding", DIRECTION_UP, 0}, {"additional", DIRECTION_UP, 0}, {"extra", DIRECTION_UP, 0},
    {"higher", DIRECTION_UP, 0}, {"rise", DIRECTION_UP, 0}, {"rises", DIRECTION_UP, 0},
    {"win", DIRECTION_UP, 0}, {"wins", DIRECTION_UP, 0}, {"new", DIRECTION_NEW, 0}, {"plus", DIRECTION_UP, 0},
    {"bring in", DIRECTION_UP, 0}, {"brings in", DIRECTION_UP, 0}, {"brings", DIRECTION_UP, 0},
    {"unlocks", DIRECTION_UP, 0}, {"unlock", DIRECTION_UP, 0}, {"generates", DIRECTION_UP, 0},
    {"down", DIRECTION_DOWN, 0}, {"less", DIRECTION_DOWN, 0}, {"fewer", DIRECTION_DOWN, 0},
    {"reduce", DIRECTION_DOWN, 0}, {"reduces", DIRECTION_DOWN, 0}, {"reduced", DIRECTION_DOWN, 0},
    {"reducing", DIRECTION_DOWN, 0}, {"reduction", DIRECTION_DOWN, 0}, {"decrease", DIRECTION_DOWN, 0},
    {"decreases", DIRECTION_DOWN, 0}, {"decreasing", DIRECTION_DOWN, 0}, {"drop", DIRECTION_DOWN, 0},
    {"drops", DIRECTION_DOWN, 0}, {"dropping", DIRECTION_DOWN, 0}, {"fall", DIRECTION_DOWN, 0},
    {"falls", DIRECTION_DOWN, 0}, {"lower", DIRECTION_DOWN, 0}, {"lowers", DIRECTION_DOWN, 0},
    {"lowering", DIRECTION_DOWN, 0}, {"cut", DIRECTION_DOWN, 0}, {"cuts", DIRECTION_DOWN, 0},
    {"cutting", DIRECTION_DOWN, 0}, {"save", DIRECTION_DOWN, 0}, {"saves", DIRECTION_DOWN, 0},
    {"saving", DIRECTION_DOWN, 0}, {"saved", DIRECTION_DOWN, 0}, {"shrink", DIRECTION_DOWN, 0},
    {"shrinks", DIRECTION_DOWN, 0}, {"off", DIRECTION_OFF, 0}, {"avoid", DIRECTION_DOWN, 0},
    {"avoids", DIRECTION_DOWN, 0}, {"prevents", DIRECTION_DOWN, 0}, {"minus", DIRECTION_DOWN, 0},
    {"cheaper", DIRECTION_DOWN, 0}, {"smaller", DIRECTION_DOWN, 0}, {"improve", DIRECTION_BETTER, 0},
    {"improves", DIRECTION_BETTER, 0}, {"improving", DIRECTION_BETTER, 0}, {"improvement", DIRECTION_BETTER, 0},
    {"better", DIRECTION_BETTER, 0}, {"faster", DIRECTION_FASTER, 0}, {"quicker", DIRECTION_FASTER, 0},
    {"sooner", DIRECTION_FASTER, 0}, {"earlier", DIRECTION_FASTER, 0}, {"shorter", DIRECTION_FASTER, 0},
    {"speed up", DIRECTION_FASTER, 0}, {"speeds up", DIRECTION_FASTER, 0}, {"longer", DIRECTION_UP, 0},
    {"slower", DIRECTION_NONE, 0}, {"avoid losing", DIRECTION_NONE, 0}, {"stop losing", DIRECTION_NONE, 0},
    {"more or less", DIRECTION_NONE, 0}, {"as many", DIRECTION_NONE, 0}, {"as much", DIRECTION_NONE, 0},
    {"more than", DIRECTION_NONE, 0}, {"no more", DIRECTION_NONE, 0}, {"no more than", DIRECTION_NONE, 0},
    {"less than", DIRECTION_NONE, 0}, {"fewer than", DIRECTION_NONE, 0}, {"cut off", DIRECTION_NONE, 0}, {0}};

const struct phrase english_targets[] = {
    {"to", 0, 0}, {"down to", 0, 0}, {"up to", -1, 0}, {"to under", 0, 0}, {"to below", 0, 0},
    {"to over", 0, 0}, {"to above", 0, 0}, {"to less than", 0, 0}, {"to more than", 0, 0},
    {"to at least", 0, 0}, {"to at most", 0, 0}, {"under", 0, 0}, {"below", 0, 0}, {"above", 0, 0},
    {"less than", 0, 0}, {"fewer than", 0, 0}, {"at most", 0, 0}, {"no more than", 0, 0},
    {"not more than", 0, 0}, {"max", 0, 0}, {"maximum", 0, 0}, {"reach", 0, 0}, {"reaches", 0, 0},
    {"reaching", 0, 0}, {"hit", 0, 0}, {"hits", 0, 0}, {"stay under", 0, 0}, {"stays under", 0, 0},
    {"stay below", 0, 0}, {"target", 0, 0}, {"target :", 0, 0}, {"target of", 0, 0}, {"<", 0, 0}, {">", 0, 0},
    {"≤", 0, 0}, {"≥", 0, 0}, {"< =", 0, 0}, {"> =", 0, 0}, {"→", 0, 0}, {"- >", 0, 0}, {"= >", 0, 0}, {0}};

const struct phrase english_about[] = {
    {"about", 0, 0}, {"around", 0, 0}, {"roughly", 0, 0}, {"approximately", 0, 0}, {"approx", 0, 0},
    {"approx .", 0, 0}, {"circa", 0, 0}, {"ca", 0, 0}, {"ca .", 0, 0}, {"some", 0, 0}, {"nearly", 0, 0},
    {"almost", 0, 0}, {"~", 0, 0}, {"≈", 0, 0}, {"like", 0, 0}, {"up to", 0, 0}, {"or so", 0, 0},
    {"give or take", 0, 0}, {"more or less", 0, 0}, {"in the ballpark of", 0, 0}, {"somewhere around", 0, 0},
    {"in the order of", 0, 0}, {0}};

const struct phrase english_units[] = {
    {"%", UNIT_SHARE, "%"}, {"percent", UNIT_SHARE, "%"}, {"per cent", UNIT_SHARE, "%"},
    {"pct", UNIT_SHARE, "%"}, {"％", UNIT_SHARE, "%"}, {"pp", UNIT_SHARE, "pp"}, {"ppt", UNIT_SHARE, "pp"},
    {"percentage points", UNIT_SHARE, "pp"}, {"percentage point", UNIT_SHARE, "pp"},
    {"% points", UNIT_SHARE, "pp"}, {"% p", UNIT_SHARE, "pp"}, {"bps", UNIT_SHARE, "bps"},
    {"basis points", UNIT_SHARE, "bps"}, {"€", UNIT_MONEY, "EUR"}, {"eur", UNIT_MONEY, "EUR"},
    {"euro", UNIT_MONEY, "EUR"}, {"euros", UNIT_MONEY, "EUR"}, {"$", UNIT_MONEY, "USD"},
    {"usd", UNIT_MONEY, "USD"}, {"dollars", UNIT_MONEY, "USD"}, {"dollar", UNIT_MONEY, "USD"},
    {"bucks", UNIT_MONEY, "USD"}, {"us $", UNIT_MONEY, "USD"}, {"£", UNIT_MONEY, "GBP"},
    {"gbp", UNIT_MONEY, "GBP"}, {"pounds", UNIT_MONEY, "GBP"}, {"¥", UNIT_MONEY, "JPY"},
    {"jpy", UNIT_MONEY, "JPY"}, {"yen", UNIT_MONEY, "JPY"}, {"₩", UNIT_MONEY, "KRW"},
    {"krw", UNIT_MONEY, "KRW"}, {"chf", UNIT_MONEY, "CHF"}, {"sek", UNIT_MONEY, "SEK"},
    {"nok", UNIT_MONEY, "NOK"}, {"dkk", UNIT_MONEY, "DKK"}, {"pln", UNIT_MONEY, "PLN"},
    {"inr", UNIT_MONEY, "INR"}, {"₹", UNIT_MONEY, "INR"}, {"cad", UNIT_MONEY, "CAD"},
    {"aud", UNIT_MONEY, "AUD"}, {"cny", UNIT_MONEY, "CNY"}, {"ms", UNIT_TIME, "milliseconds"},
    {"milliseconds", UNIT_TIME, "milliseconds"}, {"msec", UNIT_TIME, "milliseconds"},
    {"s", UNIT_TIME, "seconds"}, {"sec", UNIT_TIME, "seconds"}, {"secs", UNIT_TIME, "seconds"},
    {"second", UNIT_TIME, "seconds"}, {"seconds", UNIT_TIME, "seconds"}, {"min", UNIT_TIME, "minutes"},
    {"mins", UNIT_TIME, "minutes"}, {"minute", UNIT_TIME, "minutes"}, {"minutes", UNIT_TIME, "minutes"},
    {"h", UNIT_TIME, "hours"}, {"hr", UNIT_TIME, "hours"}, {"hrs", UNIT_TIME, "hours"},
    {"hour", UNIT_TIME, "hours"}, {"hours", UNIT_TIME, "hours"}, {"day", UNIT_TIME, "days"},
    {"days", UNIT_TIME, "days"}, {"working days", UNIT_TIME, "days"}, {"business days", UNIT_TIME, "days"},
    {"person - days", UNIT_TIME, "days"}, {"man - days", UNIT_TIME, "days"}, {"person days", UNIT_TIME, "days"},
    {"week", UNIT_TIME, "weeks"}, {"weeks", UNIT_TIME, "weeks"}, {"month", UNIT_TIME, "months"},
    {"months", UNIT_TIME, "months"}, {"year", UNIT_TIME, "years"}, {"years", UNIT_TIME, "years"},
    {"points", UNIT_OTHER, "points"}, {"point", UNIT_OTHER, "points"}, {"pts", UNIT_OTHER, "points"},
    {"fte", UNIT_OTHER, "FTE"}, {"ftes", UNIT_OTHER, "FTE"}, {"gb", UNIT_OTHER, "GB"}, {"mb", UNIT_OTHER, "MB"},
    {"tb", UNIT_OTHER, "TB"}, {"kb", UNIT_OTHER, "KB"}, {0}};

const struct phrase english_magnitudes[] = {
    {"k", 1e3, 0}, {"thousand", 1e3, 0}, {"grand", 1e3, 0}, {"m", 1e6, 0}, {"mio", 1e6, 0}, {"mil", 1e6, 0},
    {"mn", 1e6, 0}, {"million", 1e6, 0}, {"millions", 1e6, 0}, {"bn", 1e9, 0}, {"b", 1e9, 0},
    {"billion", 1e9, 0}, {"hundred", 100, 0}, {"dozen", 12, 0}, {0}};

const struct phrase english_rates[] = {
    {"a month", 0, "month"}, {"per month", 0, "month"}, {"/ month", 0, "month"}, {"/ mo", 0, "month"},
    {"/ m", 0, "month"}, {"monthly", 0, "month"}, {"each month", 0, "month"}, {"every month", 0, "month"},
    {"p . m .", 0, "month"}, {"a week", 0, "week"}, {"per week", 0, "week"}, {"/ week", 0, "week"},
    {"/ wk", 0, "week"}, {"/ w", 0, "week"}, {"weekly", 0, "week"}, {"each week", 0, "week"},
    {"every week", 0, "week"}, {"a year", 0, "year"}, {"per year", 0, "year"}, {"/ year", 0, "year"},
    {"/ yr", 0, "year"}, {"/ y", 0, "year"}, {"/ a", 0, "year"}, {"yearly", 0, "year"}, {"annually", 0, "year"},
    {"each year", 0, "year"}, {"every year", 0, "year"}, {"per annum", 0, "year"}, {"p . a", 0, "year"},
    {"p . a .", 0, "year"}, {"a day", 0, "day"}, {"per day", 0, "day"}, {"/ day", 0, "day"}, {"/ d", 0, "day"},
    {"daily", 0, "day"}, {"each day", 0, "day"}, {"every day", 0, "day"}, {"a quarter", 0, "quarter"},
    {"per quarter", 0, "quarter"}, {"/ quarter", 0, "quarter"}, {"quarterly", 0, "quarter"},
    {"every quarter", 0, "quarter"}, {"each quarter", 0, "quarter"}, {"an hour", 0, "hour"},
    {"per hour", 0, "hour"}, {"/ hour", 0, "hour"}, {"/ h", 0, "hour"}, {"hourly", 0, "hour"}, {0}};

const struct phrase english_times[] = {
    {"double", 100, 0}, {"doubles", 100, 0}, {"doubling", 100, 0}, {"twice as many", 100, 0},
    {"twice as much", 100, 0}, {"twice the", 100, 0}, {"triple", 200, 0}, {"triples", 200, 0},
    {"three times as many", 200, 0}, {"quadruple", 300, 0}, {"halve", -50, 0}, {"halves", -50, 0},
    {"halving", -50, 0}, {"half as many", -50, 0}, {"half as much", -50, 0}, {"half the", -50, 0},
    {"cut in half", -50, 0}, {"by half", 50, "by"}, {"in half", -50, 0}, {"half the time to", -50, 0},
    {"twice as fast", -50, 0}, {"by a third", 33, "by"}, {"by a quarter", 25, "by"}, {"a third fewer", -33, 0},
    {"a third less", -33, 0}, {"a third more", 33, 0}, {"a quarter fewer", -25, 0}, {"a quarter less", -25, 0},
    {"a quarter more", 25, 0}, {"by two thirds", 67, "by"}, {0}};

const struct phrase english_sure[] = {
    {"sure", SURE_HIGH, 0}, {"pretty sure", SURE_HIGH, 0}, {"very sure", SURE_HIGH, 0},
    {"quite sure", SURE_HIGH, 0}, {"certain", SURE_HIGH, 0}, {"certainly", SURE_HIGH, 0},
    {"confident", SURE_HIGH, 0}, {"very confident", SURE_HIGH, 0}, {"definitely", SURE_HIGH, 0},
    {"no doubt", SURE_HIGH, 0}, {"without doubt", SURE_HIGH, 0}, {"guaranteed", SURE_HIGH, 0},
    {"high confidence", SURE_HIGH, 0}, {"confidence : high", SURE_HIGH, 0}, {"confidence high", SURE_HIGH, 0},
    {"for sure", SURE_HIGH, 0}, {"signed", SURE_HIGH, 0}, {"how sure : very", SURE_HIGH, 0},
    {"no question", SURE_HIGH, 0}, {"probably", SURE_MEDIUM, 0}, {"likely", SURE_MEDIUM, 0},
    {"fairly sure", SURE_MEDIUM, 0}, {"reasonably sure", SURE_MEDIUM, 0}, {"somewhat sure", SURE_MEDIUM, 0},
    {"fairly confident", SURE_MEDIUM, 0}, {"reasonably confident", SURE_MEDIUM, 0},
    {"medium confidence", SURE_MEDIUM, 0}, {"confidence : medium", SURE_MEDIUM, 0},
    {"confidence medium", SURE_MEDIUM, 0}, {"i think", SURE_MEDIUM, 0}, {"i'd say", SURE_MEDIUM, 0},
    {"kind of sure", SURE_MEDIUM, 0}, {"most likely", SURE_MEDIUM, 0}, {"presumably", SURE_MEDIUM, 0},
    {"educated guess", SURE_MEDIUM, 0}, {"maybe", SURE_LOW, 0}, {"perhaps", SURE_LOW, 0},
    {"not sure", SURE_LOW, 0}, {"unsure", SURE_LOW, 0}, {"guess", SURE_LOW, 0}, {"i guess", SURE_LOW, 0},
    {"wild guess", SURE_LOW, 0}, {"rough guess", SURE_LOW, 0}, {"just a guess", SURE_LOW, 0},
    {"guessing", SURE_LOW, 0}, {"guesstimate", SURE_LOW, 0}, {"gut feeling", SURE_LOW, 0},
    {"no idea", SURE_LOW, 0}, {"don't know", SURE_LOW, 0}, {"low confidence", SURE_LOW, 0},
    {"confidence : low", SURE_LOW, 0}, {"confidence low", SURE_LOW, 0}, {"possibly", SURE_LOW, 0},
    {"might", SURE_LOW, 0}, {"not certain", SURE_LOW, 0}, {"hard to say", SURE_LOW, 0},
    {"who knows", SURE_LOW, 0}, {"uncertain", SURE_LOW, 0}, {"finger in the air", SURE_LOW, 0},
    {"hopefully", SURE_LOW, 0}, {"could be", SURE_LOW, 0}, {"unlikely", SURE_LOW, 0}, {"make sure", -1, 0},
    {"how sure", -1, 0}, {"makes sure", -1, 0}, {"be sure", -1, 0}, {"a certain", -1, 0},
    {"making sure", -1, 0}, {"less likely", -1, 0}, {"more likely", -1, 0}, {"signed up", -1, 0}, {0}};

const struct phrase english_share_sure[] = {
    {"confidence", 0, 0}, {"chance", 0, 0}, {"probability", 0, 0}, {"likelihood", 0, 0}, {"certainty", 0, 0},
    {0}};

const struct phrase english_not[] = {
    {"not", 0, 0}, {"isn't", 0, 0}, {"aren't", 0, 0}, {"never", 0, 0}, {"don't", 0, 0}, {"can't", 0, 0},
    {"no", 0, 0}, {"without", 0, 0}, {"nothing", 0, 0}, {"haven't", 0, 0}, {"hasn't", 0, 0}, {"didn't", 0, 0},
    {"lack", 0, 0}, {0}};

const struct phrase english_no_metric[] = {
    {"a", 0, 0}, {"an", 0, 0}, {"the", 0, 0}, {"and", 0, 0}, {"or", 0, 0}, {"but", 0, 0}, {"so", 0, 0},
    {"if", 0, 0}, {"because", 0, 0}, {"since", 0, 0}, {"as", 0, 0}, {"then", 0, 0}, {"that", 0, 0},
    {"this", 0, 0}, {"these", 0, 0}, {"those", 0, 0}, {"which", 0, 0}, {"who", 0, 0}, {"what", 0, 0},
    {"when", 0, 0}, {"where", 0, 0}, {"while", 0, 0}, {"with", 0, 0}, {"without", 0, 0}, {"within", 0, 0},
    {"for", 0, 0}, {"from", 0, 0}, {"to", 0, 0}, {"in", 0, 0}, {"on", 0, 0}, {"at", 0, 0}, {"by", 0, 0},
    {"of", 0, 0}, {"per", 1, 0}, {"each", 1, 0}, {"every", 1, 0}, {"all", 0, 0}, {"any", 0, 0}, {"into", 0, 0},
    {"than", 0, 0}, {"through", 0, 0}, {"over", 0, 0}, {"between", 0, 0}, {"after", 0, 0}, {"before", 0, 0},
    {"until", 0, 0}, {"via", 0, 0}, {"worth", 0, 0}, {"yoy", 0, 0}, {"mom", 0, 0}, {"qoq", 0, 0}, {"vs", 0, 0},
    {"instead", 0, 0}, {"i", 0, 0}, {"we", 0, 0}, {"you", 0, 0}, {"they", 0, 0}, {"he", 0, 0}, {"she", 0, 0},
    {"it", 0, 0}, {"us", 0, 0}, {"them", 0, 0}, {"me", 0, 0}, {"our", 0, 0}, {"my", 0, 0}, {"your", 0, 0},
    {"their", 0, 0}, {"its", 0, 0}, {"it's", 0, 0}, {"we're", 0, 0}, {"we'd", 0, 0}, {"we'll", 0, 0},
    {"i'd", 0, 0}, {"i'm", 0, 0}, {"that's", 0, 0}, {"there", 0, 0}, {"is", 0, 0}, {"are", 0, 0}, {"was", 0, 0},
    {"were", 0, 0}, {"be", 0, 0}, {"been", 0, 0}, {"will", 0, 0}, {"would", 0, 0}, {"should", 0, 0},
    {"could", 0, 0}, {"can", 0, 0}, {"may", 0, 0}, {"might", 0, 0}, {"must", 0, 0}, {"have", 0, 0},
    {"has", 0, 0}, {"had", 0, 0}, {"do", 0, 0}, {"does", 0, 0}, {"did", 0, 0}, {"get", 0, 0}, {"gets", 0, 0},
    {"go", 0, 0}, {"goes", 0, 0}, {"make", 0, 0}, {"makes", 0, 0}, {"see", 0, 0}, {"want", 0, 0},
    {"need", 0, 0}, {"needs", 0, 0}, {"expect", 0, 0}, {"expects", 0, 0}, {"expecting", 0, 0}, {"think", 0, 0},
    {"believe", 0, 0}, {"hope", 0, 0}, {"hoping", 0, 0}, {"aim", 0, 0}, {"let's", 0, 0}, {"bring", 0, 0},
    {"take", 0, 0}, {"takes", 0, 0}, {"keep", 0, 0}, {"help", 0, 0}, {"helps", 0, 0}, {"move", 0, 0},
    {"moves", 0, 0}, {"push", 0, 0}, {"close", 0, 0}, {"closes", 0, 0}, {"lose", 0, 0}, {"loses", 0, 0},
    {"losing", 0, 0}, {"lost", 0, 0}, {"using", 0, 0}, {"use", 0, 0}, {"saying", 0, 0}, {"leave", 0, 0},
    {"leaving", 0, 0}, {"expected", 0, 0}, {"coming", 0, 0}, {"stop", 0, 0}, {"not", 0, 0}, {"also", 0, 0},
    {"just", 0, 0}, {"only", 0, 0}, {"at least", 0, 0}, {"least", 0, 0}, {"most", 0, 0}, {"already", 0, 0},
    {"today", 0, 0}, {"now", 0, 0}, {"currently", 0, 0}, {"here", 0, 0}, {"no", 0, 0}, {"yes", 0, 0},
    {"say", 0, 0}, {"metric", 0, 0}, {"number", 0, 0}, {"impact", 0, 0}, {"number :", 0, 0},
    {"hopefully", 0, 0}, {"ideally", 0, 0}, {"instantly", 0, 0}, {"once", 0, 0}, {0}};

const struct phrase english_link_words[] = {
    {"by", 0, 0}, {"of", 0, 0}, {"to", 0, 0}, {"at", 0, 0}, {"is", 0, 0}, {"be", 0, 0}, {"will", 0, 0},
    {"would", 0, 0}, {"should", 0, 0}, {"could", 0, 0}, {"can", 0, 0}, {"go", 0, 0}, {"goes", 0, 0},
    {"going", 0, 0}, {"get", 0, 0}, {"gets", 0, 0}, {"come", 0, 0}, {"comes", 0, 0}, {"move", 0, 0},
    {"moves", 0, 0}, {"from", 0, 0}, {"at least", 0, 0}, {"stay", 0, 0}, {"stays", 0, 0}, {"the", 0, 0},
    {"a", 0, 0}, {"an", 0, 0}, {"more than", 0, 0}, {"over", 0, 0}, {"between", 0, 0}, {"only", 0, 0},
    {"just", 0, 0}, {"another", 0, 0}, {"=", 0, 0}, {":", 0, 0}, {"+", 0, 0}, {"take", 0, 0}, {"takes", 0, 0},
    {"by at least", 0, 0}, {"say", 0, 0}, {"in", 0, 0}, {"on", 0, 0}, {"for", 0, 0}, {"our", 0, 0},
    {"\"", 0, 0}, {"less than", 0, 0}, {0}};

const struct phrase english_label_numbers[] = {
    {"version", 0, 0}, {"phase", 0, 0}, {"step", 0, 0}, {"option", 0, 0}, {"tier", 0, 0}, {"level", 0, 0},
    {"top", 0, 0}, {"ios", 0, 0}, {"android", 0, 0}, {"windows", 0, 0}, {"page", 0, 0}, {"section", 0, 0},
    {"chapter", 0, 0}, {"ticket", 0, 0}, {"issue", 0, 0}, {"ask", 0, 0}, {"#", 0, 0}, {"no .", 0, 0},
    {"nr", 0, 0}, {"nr .", 0, 0}, {"iso", 0, 0}, {"soc", 0, 0}, {"part", 0, 0}, {"plan", 0, 0},
    {"series", 0, 0}, {"release", 0, 0}, {"number", 0, 0}, {"http", 0, 0}, {"error", 0, 0}, {"python", 0, 0},
    {"article", 0, 0}, {"team", 0, 0}, {"room", 0, 0}, {"q", 0, 0}, {"day", 0, 0}, {0}};

const struct phrase english_metric_heads[] = {
    {"time to", 0, 0}, {"time on", 0, 0}, {"time in", 0, 0}, {"number of", 0, 0}, {"rate of", 0, 0},
    {"cost of", 0, 0}, {"cost per", 0, 0}, {"costs per", 0, 0}, {"revenue per", 0, 0}, {"tickets per", 0, 0},
    {"share of", 0, 0}, {"percentage of", 0, 0}, {"volume of", 0, 0}, {"hours per", 0, 0}, {"cost to", 0, 0},
    {0}};

const struct phrase english_metric_joins[] = {
    {"of", JOIN_NEAR, 0}, {"in", JOIN_FAR, 0}, {"on", JOIN_FAR, 0}, {"for", JOIN_BACK, 0}, {0}};

const struct phrase english_lower_is_better[] = {
    {"churn", 0, 0}, {"time", 0, 0}, {"times", 0, 0}, {"cost", 0, 0}, {"costs", 0, 0}, {"ticket", 0, 0},
    {"tickets", 0, 0}, {"bugs", 0, 0}, {"complaints", 0, 0}, {"latency", 0, 0}, {"errors", 0, 0},
    {"error", 0, 0}, {"incidents", 0, 0}, {"refunds", 0, 0}, {"returns", 0, 0}, {"calls", 0, 0},
    {"downtime", 0, 0}, {"bounce", 0, 0}, {"load", 0, 0}, {"duration", 0, 0}, {"escalations", 0, 0},
    {"failures", 0, 0}, {"ttfb", 0, 0}, {0}};

const struct phrase english_telling[] = {
    {"asked", 0, 0}, {"ask", 0, 0}, {"asking", 0, 0}, {"told", 0, 0}, {"tell", 0, 0}, {"said", 0, 0},
    {"say", 0, 0}, {"says", 0, 0}, {"complained", 0, 0}, {"complain", 0, 0}, {"complains", 0, 0},
    {"complaining", 0, 0}, {"requested", 0, 0}, {"request", 0, 0}, {"requesting", 0, 0}, {"reported", 0, 0},
    {"report", 0, 0}, {"mentioned", 0, 0}, {"mention", 0, 0}, {"wrote", 0, 0}, {"want", 0, 0}, {"wants", 0, 0},
    {"wanted", 0, 0}, {"need", 0, 0}, {"needs", 0, 0}, {"needed", 0, 0}, {"left", 0, 0}, {"cancelled", 0, 0},
    {"canceled", 0, 0}, {"churned", 0, 0}, {"quit", 0, 0}, {"emailed", 0, 0}, {"called", 0, 0},
    {"raised", 0, 0}, {"confirmed", 0, 0}, {"demanded", 0, 0}, {"wished", 0, 0}, {"threatened", 0, 0},
    {"keeps", 0, 0}, {"keep", 0, 0}, {"refused", 0, 0}, {"sent", 0, 0}, {"brought", 0, 0}, {"escalated", 0, 0},
    {"forbids", 0, 0}, {"begged", 0, 0}, {0}};

const struct phrase english_facts[] = {
    {"was", 0, 0}, {"were", 0, 0}, {"is", 0, 0}, {"are", 0, 0}, {"has", 0, 0}, {"have", 0, 0}, {"had", 0, 0},
    {"went", 0, 0}, {"rose", 0, 0}, {"fell", 0, 0}, {"dropped", 0, 0}, {"lost", 0, 0}, {"grew", 0, 0},
    {"increased", 0, 0}, {"decreased", 0, 0}, {"declined", 0, 0}, {"jumped", 0, 0}, {"since", 0, 0},
    {"last", 0, 0}, {"yesterday", 0, 0}, {"currently", 0, 0}, {"today", 0, 0}, {"now", 0, 0}, {"already", 0, 0},
    {"ago", 0, 0}, {"spend", 0, 0}, {"spends", 0, 0}, {"spent", 0, 0}, {"takes", 0, 0}, {"took", 0, 0},
    {"lose", 0, 0}, {"loses", 0, 0}, {"losing", 0, 0}, {"asked", 0, 0}, {"told", 0, 0}, {"complain", 0, 0},
    {"complained", 0, 0}, {"because", 0, 0}, {"without", 0, 0}, {"costs", 0, 0}, {"paid", 0, 0}, {"pay", 0, 0},
    {"pays", 0, 0}, {"did", 0, 0}, {"didn't", 0, 0}, {"don't", 0, 0}, {"can't", 0, 0}, {"cannot", 0, 0},
    {"cost", 0, 0}, {"added", 0, 0}, {"raised", 0, 0}, {"saw", 0, 0}, {"if not", 0, 0}, {"otherwise", 0, 0}, {0}};

const struct phrase english_hopes[] = {
    {"expect", 0, 0}, {"expected", 0, 0}, {"should", 0, 0}, {"would", 0, 0}, {"will", 0, 0}, {"could", 0, 0},
    {"hope", 0, 0}, {"target", 0, 0}, {"goal", 0, 0}, {"aim", 0, 0}, {"estimate", 0, 0}, {"guess", 0, 0},
    {"i'd say", 0, 0}, {"might", 0, 0}, {"impact", 0, 0}, {0}};

const struct phrase english_ranges[] = {
    {"to", RANGE_TO, 0}, {"or", 0, 0}, {"and", RANGE_AND, 0}, {"-", 0, 0}, {"–", 0, 0}, {"—", 0, 0},
    {"…", 0, 0}, {". .", 0, 0}, {0}};

const struct phrase english_range_starts[] = {
    {"from", RANGE_FROM, 0}, {"between", RANGE_BETWEEN, 0}, {0}};

const struct phrase english_proportions[] = {
    {"in", 0, 0}, {"of", 0, 0}, {"out of", 0, 0}, {0}};

const struct phrase english_times_words[] = {
    {"x", 0, 0}, {"×", 0, 0}, {"times", 0, 0}, {0}};
