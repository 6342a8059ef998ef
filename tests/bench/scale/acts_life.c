/* The rest of what people do to asks and around them: acts.c has what was there first. */
#include "tests/bench/scale/acts.h"
#include "tests/bench/scale/fill.h"

#define STARTED_THERE \
    "SELECT b.number FROM ask a JOIN ask b ON b.channel = a.channel AND b.owner = a.owner AND b.state = 'started'" \
    " WHERE a.number = ?1 AND b.number <> a.number LIMIT 1"
#define HAS_STARTED \
    "EXISTS (SELECT 1 FROM ask b WHERE b.channel = ask.channel AND b.owner = ask.owner AND b.state = 'started')"

const struct act life_acts[] = {
    /* Deciding. */
    {"urgent, raised", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "urgent The login page is down {i}", .expects = "Raised as"},
    {"urgent", EVENT_COMMAND, ON_LOOP, 10, OLDEST("state = 'waiting' AND urgent_until IS NULL"), .text = "urgent {n}", .expects = "is urgent now"},
    {"decide, with options", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'clear'"), .as = AS_DECIDER,
     .text = "decide {n} yes because customers leave options: buy it, build it reopen if prices fall", .expects = "is accepted"},
    {"button: decide", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'clear' AND channel = 1"), .as = AS_DECIDER, .action = "decide",
     .value = "{n}", .expects = "views.open"},
    {"form: decide", EVENT_FORM, ON_LOOP, 10, NEWEST("state = 'clear' AND channel = 1"), .as = AS_DECIDER, .channel = NOWHERE,
     .action = "decide", .value = "{n}:1", .fields = "decision=no|reason=Nobody needs it|reopen=a bank asks", .expects = "is declined"},
    {"decider", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'clear'"), .as = AS_DECIDER, .text = "decider {n} {p}", .expects = "decides"},
    {"dissent", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'accepted' AND channel = 1"), .person = OTHER_PERSON,
     .text = "dissent {n} because others need more", .expects = "Noted"},
    {"inform", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'accepted' AND channel = 1"), .as = AS_OWNER, .text = "inform {n} {p}",
     .expects = "told"},
    {"need", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'clear' AND need IS NULL AND owner <> asker"), .as = AS_OWNER,
     .text = "need {n} Buyers sign in with what they have", .expects = "is asked"},
    {"need yes", EVENT_COMMAND, ON_LOOP, 10, NEWEST("open AND need IS NOT NULL AND need_confirmed = 0"), .text = "need {n} yes",
     .expects = "Thank you"},
    {"need, parts of it", EVENT_COMMAND, ON_LOOP, 10, NEWEST("open AND need IS NOT NULL"), .as = AS_OWNER,
     .text = "need {n} fixed: the price smallest: one bank", .expects = "Noted"},
    {"reopen", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'declined'"), .text = "reopen {n} because a bank signed", .expects = "open"},
    {"merge", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state IN ('waiting', 'clear') AND channel = 1"), .as = AS_OWNER,
     .other = "SELECT number FROM ask WHERE channel = 1 AND open AND number <> ?1 ORDER BY number LIMIT 1", .text = "merge {n} into {m} because it is the same", .expects = "part of"},
    {"clear", EVENT_COMMAND, ON_LOOP, 10, OLDEST("state = 'waiting'"), .text = "clear {n}", .expects = "clear"},

    /* Trading off. */
    {"start, what gives way is asked", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'accepted' AND " HAS_STARTED), .as = AS_OWNER,
     .text = "start {n}", .expects = "What gives way"},
    {"start instead of another", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'accepted' AND " HAS_STARTED), .as = AS_OWNER,
     .other = STARTED_THERE, .text = "start {n} instead of {m} because a bank signs", .expects = "paused"},
    {"button: after another", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'accepted' AND " HAS_STARTED), .as = AS_OWNER,
     .other = STARTED_THERE, .action = "start2", .value = "{n} after {m}", .expects = "is to start after"},
    {"form: what gives way", EVENT_FORM, ON_LOOP, 10, NEWEST("state = 'accepted' AND " HAS_STARTED), .as = AS_OWNER, .channel = NOWHERE,
     .other = STARTED_THERE, .action = "start", .value = "{n}:0", .fields = "what=instead{m}|why=A bank signs", .expects = "paused"},
    {"pause", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'started'"), .as = AS_OWNER, .text = "pause {n} for 2 weeks because of the audit",
     .expects = "is paused"},
    {"resume", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'paused'"), .as = AS_OWNER, .text = "resume {n}", .expects = "again"},
    {"button: shelve", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'paused'"), .as = AS_OWNER, .action = "shelve", .value = "{n}",
     .expects = "is shelved"},

    /* What came of it, and what it is for. */
    {"outcome", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'shipped'"), .as = AS_OWNER, .text = "outcome {n} partly, 3% instead of 5%",
     .expects = "checked"},
    {"button: outcome", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'shipped'"), .as = AS_OWNER, .action = "outcome0", .value = "{n}:partly",
     .expects = "views.open"},
    {"form: outcome", EVENT_FORM, ON_LOOP, 10, NEWEST("state = 'shipped'"), .as = AS_OWNER, .channel = NOWHERE, .action = "outcome",
     .value = "{n}:0", .fields = "outcome=partly|actual=3%|note=It helped", .expects = "checked"},
    {"goal add", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "goal add Win banks in {i}", .expects = "is a goal here"},
    {"goal of an ask", EVENT_COMMAND, ON_LOOP, 10, NEWEST("channel = 1 AND open"), .as = AS_OWNER, .text = "goal {n} Win banks in 1",
     .expects = "serves"},
    {"goal list", EVENT_COMMAND, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "goal list", .expects = "Win banks"},
    {"metric add", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL,
     .text = "metric add loss{i} unit % baseline 4 target 3", .expects = "loss"},
    {"metric of an ask", EVENT_COMMAND, ON_LOOP, 10, NEWEST("channel = 1 AND open"), .as = AS_OWNER, .text = "metric {n} loss1 up",
     .expects = "moves"},
    {"metric is", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "metric loss1 is 3.4", .expects = "loss1"},
    {"metric list", EVENT_COMMAND, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "metric list", .expects = "loss1"},
    {"question on an ask", EVENT_COMMAND, ON_LOOP, 10, NEWEST("channel = 1 AND open"), .person = OTHER_PERSON, .text = "question {n} Which {i}?",
     .expects = "question stands"},
    {"answer on an ask", EVENT_COMMAND, ON_LOOP, 10, NEWEST("channel = 1 AND open"), .text = "answer {n} The largest {i}", .expects = "Thank you"},
    {"question without a name", EVENT_COMMAND, ON_LOOP, 3, NEWEST("channel = 1 AND open"), .person = OTHER_PERSON,
     .text = "question {n} anonymously Which one {i}?", .expects = "without your name"},

    /* People and channels. */
    {"settings: permission", EVENT_COMMAND, ON_LOOP, 5, .person = 2, .channel = 40, .text = "settings permission start members"},
    {"settings: gives-way", EVENT_COMMAND, ON_LOOP, 5, .person = 2, .channel = 40, .text = "settings gives-way channel"},
    {"forget me: asked", EVENT_COMMAND, ON_LOOP, 5, .person = 4000, .channel = ORDINARY_CHANNEL, .text = "forget me", .expects = "erases"},
    {"forget me, the busy person", EVENT_BUTTON, ON_LOOP, 1, .person = FILL_BUSY_PERSON, .channel = ORDINARY_CHANNEL, .action = "forget",
     .value = "1"},

    /* The reader's. */
    {"list questions", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "list questions"},
    {"list goal", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "list goal Win banks in 1",
     .expects = "ask"},
    {"search, with filters", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers is:started by:sales", .expects = "with"},
    {"search, privately", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = DIRECT, .text = "search customers export",
     .expects = "with"},
    {"similar to what is raised", EVENT_COMMAND, ON_READER, 20, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "Let customers export a report with single sign-on {i}", .expects = "Raised as"},
    {"similar, of words in every ask", EVENT_COMMAND, ON_READER, 10, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "Add customers like billing mobile search {i}", .expects = "Raised as"},
    {"export", EVENT_COMMAND, ON_READER, 1, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "export csv"},
    {"export, what is here", EVENT_COMMAND, ON_READER, 1, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "export csv here"},
    {NULL, .expects = NULL},
};
