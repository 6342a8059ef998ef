#include "tests/bench/scale/acts.h"

#include "bot/chat/richtext.h"
#include "tests/bench/scale/fill.h"

#include <string.h>

const int limits_ms[LIMITS] = {[ON_LOOP] = 5, [ON_READER] = 150, [DIGEST] = 20, [DIGEST_ON_READER] = 20};

#define ASKED(kind) "EXISTS (SELECT 1 FROM question q WHERE q.ask = number AND q.kind = '" kind "' AND q.state = 'open')"
#define HEARD "EXISTS (SELECT 1 FROM heard WHERE heard.ask = number AND heard.words = ask.why)"

const struct act acts[] = {
    /* Raising. */
    {"raise, busy person in the busy channel", EVENT_COMMAND, ON_LOOP, 40, .person = FILL_BUSY_PERSON,
     .channel = FILL_BUSY_CHANNEL, .text = "Add export {i} to the report for customers by March", .expects = "Raised as"},
    {"raise, anybody anywhere", EVENT_COMMAND, ON_LOOP, 40, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "Let customers sign on number {i}", .expects = "Raised as"},
    {"raise for another, private channel", EVENT_COMMAND, ON_LOOP, 20, .person = FILL_BUSY_PERSON,
     .channel = FILL_PRIVATE_CHANNEL, .text = "Let them export number {i} for {p}", .expects = "Raised as"},
    {"the same text again", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "The very same text", .expects = "Raise"},
    {"new: the form opened", EVENT_COMMAND, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "new", .expects = "views.open"},
    {"shortcut: the form opened", EVENT_SHORTCUT, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = NOWHERE,
     .expects = "views.open"},
    {"form new, all answered", EVENT_FORM, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = NOWHERE, .action = "new",
     .value = "", .fields = "title=Mend number {i}|channel=C00000001|why=So that customers stay|impact=Churn from 5% to 3%",
     .expects = "Raised as"},
    {"message shortcut: raise", EVENT_MESSAGE_SHORTCUT, ON_LOOP, 10, .person = ORDINARY_PERSON,
     .channel = FILL_BUSY_CHANNEL, .text = "We lose customers {i} over this", .expects = "Raised as"},
    {"direct message: which channel?", EVENT_MESSAGE, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = DIRECT,
     .text = "Add single sign-on {i}", .expects = "Which channel"},

    /* Showing. */
    {"show", EVENT_COMMAND, ON_LOOP, 20, NEWEST("channel = 1"), .text = "show {n}", .expects = "asked by"},
    {"show, an old one", EVENT_COMMAND, ON_LOOP, 20, OLDEST("channel = 1"), .text = "show {n}", .expects = "asked by"},
    {"why", EVENT_COMMAND, ON_LOOP, 20, NEWEST("why_known = 1"), .text = "why {n}", .expects = "customers"},
    {"show here", EVENT_COMMAND, ON_LOOP, 10, NEWEST("why_known = 1 AND channel = 1"), .text = "show {n} here", .expects = "Shown by"},
    {"button: share", EVENT_BUTTON, ON_LOOP, 10, NEWEST("why_known = 1 AND channel = 1"), .action = "share", .value = "{n}",
     .expects = "Shown by"},
    {"home, busy person", EVENT_HOME, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = NOWHERE, .expects = "views.publish"},
    {"home, owner by default of many", EVENT_HOME, ON_LOOP, 10, .person = 3, .channel = NOWHERE, .expects = "views.publish"},
    {"home, anybody", EVENT_HOME, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = NOWHERE, .expects = "views.publish"},
    {"home, a newcomer", EVENT_HOME, ON_LOOP, 5, .person = -1, .channel = NOWHERE, .expects = "views.publish"},
    {"help", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "help",
     .expects = "what I understand"},
    {"a word misspelt", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "serch", .expects = "search"},

    /* Answering. */
    {"why, with words", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'waiting' AND " ASKED("why")),
     .text = "why {n} So that customers stay for longer", .expects = "hank you"},
    {"impact, with words", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'waiting' AND " ASKED("impact")),
     .text = "impact {n} Churn from 5% to 3% by summer", .expects = "hank you"},
    {"evidence, with words", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'clear' AND " ASKED("evidence")),
     .text = "evidence {n} Three customers told us so", .expects = "hank you"},
    {"reply in a thread: the why", EVENT_MESSAGE, ON_LOOP, 20, NEWEST("state = 'waiting' AND channel = 1 AND " ASKED("why")),
     .in_thread = true, .text = "So that customers need not type it twice", .expects = "reactions.add"},
    {"reply in a thread: both", EVENT_MESSAGE, ON_LOOP, 20, NEWEST("state = 'waiting' AND " ASKED("why")),
     .in_thread = true, .text = "Why: customers leave over it. Impact: churn from 5% to 3% by summer", .expects = "reactions.add"},
    {"reply in a thread: nothing said", EVENT_MESSAGE, ON_LOOP, 10, NEWEST("state = 'waiting' AND " ASKED("why")),
     .in_thread = true, .text = "ASAP", .expects = "chat.postMessage"},
    {"mention in a thread: why", EVENT_MENTION, ON_LOOP, 10, NEWEST("state = 'waiting' AND " ASKED("why")),
     .in_thread = true, .text = "why So that customers find it", .expects = "hank you"},
    {"others talk in a thread", EVENT_MESSAGE, ON_LOOP, 20, NEWEST("channel = 1"), .in_thread = true, .person = OTHER_PERSON,
     .text = "I would say that we should do it"},
    {"people talk in the channel", EVENT_MESSAGE, ON_LOOP, 20, .person = OTHER_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "Lunch?"},
    {"an answer is edited", EVENT_EDITED, ON_LOOP, 10, NEWEST("open = 1 AND state <> 'started' AND " HEARD),
     .text = "So that customers stay, all of them", .expects = "chat.update"},
    {"an answer is deleted", EVENT_DELETED, ON_LOOP, 10, NEWEST("open = 1 AND state <> 'started' AND " HEARD), .expects = "chat.update"},
    {"button: add the why", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'waiting'"), .action = "why", .value = "{n}",
     .expects = "views.open"},
    {"form: why, impact, evidence", EVENT_FORM, ON_LOOP, 10, NEWEST("state = 'waiting' AND why_known = 0 AND channel = 1"), .channel = NOWHERE,
     .action = "why", .value = "{n}:0", .fields = "why=So that customers stay|impact=Churn from 5% to 3%|evidence=Three told us",
     .expects = "hank you"},
    {"button: skip", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'clear' AND " ASKED("evidence")), .action = "skip",
     .value = "{n}:evidence", .expects = "chat.update"},
    {"button: I do not know", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'waiting' AND " ASKED("why")), .action = "unknown",
     .value = "{n}:why", .expects = "chat.update"},
    {"button: that was not my answer", EVENT_BUTTON, ON_LOOP, 10, NEWEST("open = 1 AND state <> 'started' AND " HEARD),
     .action = "undo", .value = "{n}:why", .expects = "chat.postMessage"},
    {"button: remind me later", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'waiting' AND " ASKED("why")), .action = "snooze0",
     .value = "{n}:why:3", .expects = "ask again"},
    {"snooze", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'waiting' AND " ASKED("impact")), .text = "snooze {n} 3 days",
     .expects = "ask again"},

    /* Moving. */
    {"voice", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'clear' AND channel = 1 AND asker <> 99"), .person = OTHER_PERSON,
     .text = "voice {n} we need it as well", .expects = "you need"},
    {"voice, an ask with many", EVENT_COMMAND, ON_LOOP, 10, NEWEST("voices > 30 AND state IN ('waiting', 'clear') AND asker <> 99"),
     .person = OTHER_PERSON, .text = "voice {n} we need it as well", .expects = "you need"},
    {"button: I need this too", EVENT_BUTTON, ON_LOOP, 10, NEWEST("state = 'clear' AND channel = 1 AND asker <> 99"),
     .person = OTHER_PERSON, .action = "voice", .value = "{n}", .expects = "views.open"},
    {"form: I need this too", EVENT_FORM, ON_LOOP, 10, OLDEST("state = 'clear' AND channel = 1 AND asker <> 99"), .person = OTHER_PERSON,
     .channel = NOWHERE, .action = "voice", .value = "{n}:0", .fields = "why=We need it too", .expects = "you need"},
    {"own", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'clear' AND channel = 1"), .as = AS_OWNER, .text = "own {n} {p}", .expects = "owns"},
    {"button: I'll own it", EVENT_BUTTON, ON_LOOP, 10, OLDEST("state = 'clear' AND channel = 1 AND owner = 3"), .person = 3,
     .action = "own", .value = "{n}", .expects = "own"},
    {"decide yes", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'clear'"), .as = AS_DECIDER,
     .text = "decide {n} yes because customers leave", .expects = "is accepted"},
    {"decide no", EVENT_COMMAND, ON_LOOP, 10, OLDEST("state = 'clear'"), .as = AS_DECIDER,
     .text = "decide {n} no because nobody needs it", .expects = "is declined"},
    {"decide later", EVENT_COMMAND, ON_LOOP, 10, NEWEST("state = 'clear' AND channel <> 1"), .as = AS_DECIDER,
     .text = "decide {n} later until 1 December 2099", .expects = "comes back"},
    {"start", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'accepted'"), .as = AS_OWNER, .text = "start {n}", .expects = "is started"},
    {"ship", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'started'"), .as = AS_OWNER, .text = "ship {n}", .expects = "is shipped"},
    {"withdraw", EVENT_COMMAND, ON_LOOP, 20, NEWEST("state = 'waiting'"), .text = "withdraw {n}", .expects = "withdrawn"},
    {"button: raise once more", EVENT_BUTTON, ON_LOOP, 10, NEWEST("channel = 1"), .action = "again", .value = "{n}", .expects = "Raised as"},

    /* People and channels. */
    {"me", EVENT_COMMAND, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "me", .expects = "Reminders"},
    {"me: function", EVENT_COMMAND, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "me function sales",
     .expects = "noted"},
    {"button: function", EVENT_BUTTON, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .action = "function1",
     .value = "sales", .expects = "noted"},
    {"me: reminders off", EVENT_COMMAND, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "me reminders off", .expects = "emind"},
    {"me: language", EVENT_COMMAND, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "me language en"},
    {"settings", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "settings", .expects = "owned by"},
    {"settings: owner", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "settings owner {p}",
     .expects = "by default"},
    {"settings: questions", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "settings questions all",
     .expects = "owned by"},
    {"settings: question", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL,
     .text = "settings question why What for, and for whom?", .expects = "What for"},
    {"somebody's profile", EVENT_PERSON, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = NOWHERE},
    {"a channel's news", EVENT_CHANNEL, ON_LOOP, 10, .person = FILL_BUSY_PERSON, .channel = FILL_BUSY_CHANNEL},
    {"invited again", EVENT_INVITED, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL},
    {"somebody joins", EVENT_JOINED, ON_LOOP, 10, .person = OTHER_PERSON, .channel = FILL_PRIVATE_CHANNEL},
    {"somebody leaves", EVENT_LEFT, ON_LOOP, 10, .person = OTHER_PERSON, .channel = FILL_PRIVATE_CHANNEL},

    /* Digests. */
    {"digest, the busy channel", EVENT_COMMAND, DIGEST_ON_READER, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "digest", .expects = "Only you see this"},
    {"digest, covers twenty channels", EVENT_COMMAND, DIGEST_ON_READER, 10, .person = ORDINARY_PERSON, .channel = FILL_LEADERSHIP,
     .text = "digest", .expects = "Only you see this"},
    {"digest, any channel", EVENT_COMMAND, DIGEST_ON_READER, 10, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "digest"},
    {"digest, the first after years", EVENT_COMMAND, DIGEST_ON_READER, 10, .person = ORDINARY_PERSON,
     .channel = FILL_SILENT_CHANNEL, .text = "digest", .expects = "Only you see this"},
    {"digest now, twenty channels", EVENT_COMMAND, DIGEST, 1, .person = ORDINARY_PERSON, .channel = FILL_LEADERSHIP,
     .text = "digest now", .expects = "Posted"},
    {"digest now, the busy channel", EVENT_COMMAND, DIGEST, 1, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "digest now", .expects = "Posted"},
    {"digest now, the first after years", EVENT_COMMAND, DIGEST, 1, .person = ORDINARY_PERSON, .channel = FILL_SILENT_CHANNEL,
     .text = "digest now", .expects = "Posted"},
    {"digest set", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "digest set monday 9:00 Europe/Tallinn",
     .expects = "Done"},
    {"digest set for a channel by name", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_LEADERSHIP,
     .text = "digest set monday 9:00 Europe/Tallinn for #channel-5 #channel-1999", .expects = "Done"},
    {"seen", EVENT_COMMAND, ON_LOOP, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "seen", .expects = "Thank you"},
    {"question", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "question Why not number {i}?",
     .expects = "Thank you"},
    {"disagree", EVENT_COMMAND, ON_LOOP, 10, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL, .text = "disagree with number {i}",
     .expects = "Thank you"},
    {"answer", EVENT_COMMAND, ON_LOOP, 10, .person = 3, .channel = FILL_BUSY_CHANNEL, .text = "answer Since number {i}", .expects = "Thank you"},

    /* The reader's. */
    {"list", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list", .expects = "asks, page"},
    {"list all", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list all", .expects = "asks, page"},
    {"list all, the last page", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "list all page 8000", .expects = "page"},
    {"list mine, busy person", EVENT_COMMAND, ON_READER, 5, .person = FILL_BUSY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list mine",
     .expects = "asks, page"},
    {"list mine, anybody", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list mine",
     .expects = "ask"},
    {"list waiting", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list waiting",
     .expects = "asks, page"},
    {"list by sales", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list by sales",
     .expects = "asks, page"},
    {"list owner", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "list all owner {p}",
     .expects = "ask"},
    {"list here, the busy channel", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = FILL_BUSY_CHANNEL,
     .text = "list all here", .expects = "asks, page"},
    {"button: the next page", EVENT_BUTTON, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .action = "page1",
     .value = "1 list all", .expects = "page"},
    {"search, a word in every ask", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers", .expects = "asks with"},
    {"search, two words in every ask", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers like", .expects = "asks with"},
    {"search, four common words", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers export report single", .expects = "with"},
    {"search, a rare word", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "search acme1234",
     .expects = "with"},
    {"search, one letter", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "search a",
     .expects = "asks with"},
    {"search, two letters", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL, .text = "search cu",
     .expects = "asks with"},
    {"search, the beginning of many words", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search acme", .expects = "asks with"},
    {"search, a common and a rare word", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers acme1234", .expects = "with"},
    {"search, nothing found", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search qqqqq customers", .expects = "Nothing found"},
    {"search, a guest", EVENT_COMMAND, ON_READER, 5, .person = -2, .channel = ORDINARY_CHANNEL, .text = "search customers", .expects = "with"},
    {"search, a late page", EVENT_COMMAND, ON_READER, 5, .person = ORDINARY_PERSON, .channel = ORDINARY_CHANNEL,
     .text = "search customers page 50", .expects = "page"},
    {NULL, .expects = NULL},
};

const struct act *const act_tables[] = {acts, life_acts, NULL};

/* ---- From the table to an event ---- */

static char *filled(const char *text, int64_t ask, int64_t another, int i)
{
    if (text == NULL)
        return NULL;
    g_autofree char *other = fill_user(OTHER_PERSON + i);
    GString *out = g_string_new(text), *mention = g_string_new(NULL);
    rich_append_person(mention, RICH_PERSON, other);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, ask), *time = g_strdup_printf("%d", i);
    g_string_replace(out, "{n}", number, 0);
    g_autofree char *second = g_strdup_printf("%" G_GINT64_FORMAT, another);
    g_string_replace(out, "{m}", second, 0);
    g_string_replace(out, "{i}", time, 0);
    g_string_replace(out, "{p}", mention->str, 0);
    g_string_free(mention, TRUE);
    return g_string_free(out, FALSE);
}

static void add_fields(struct event *event, const char *fields, int64_t another, int i)
{
    g_auto(GStrv) all = g_strsplit(fields, "|", -1);
    for (int f = 0; all[f] != NULL; f++) {
        g_auto(GStrv) pair = g_strsplit(all[f], "=", 2);
        g_autofree char *value = filled(pair[1], 0, another, i);
        event_add_field(event, pair[0], value);
    }
}

static int64_t person_of(struct store *eye, const struct act *act, int64_t ask)
{
    if (act->person != 0)
        return act->person;
    const char *const columns[] = {[AS_ASKER] = "SELECT asker FROM ask WHERE number = ?1",
                                   [AS_OWNER] = "SELECT owner FROM ask WHERE number = ?1",
                                   [AS_DECIDER] = "SELECT decider FROM ask WHERE number = ?1"};
    return sql_number(eye, columns[act->as], "i", ask);
}

static void place(struct store *eye, const struct act *act, struct event *event, int64_t ask, int64_t person, int i)
{
    int64_t channel = act->channel != 0 ? act->channel : sql_number(eye, "SELECT channel FROM ask WHERE number = ?1", "i", ask);
    if (channel > 0)
        event->channel = fill_channel(channel);
    if (channel == DIRECT) {
        event->channel = g_strdup_printf("D%08d", (int)person);
        event->channel_kind = CHANNEL_DIRECT;
    }
    if (act->in_thread)
        event->thread = sql_text(eye, "SELECT message FROM post WHERE ask = ?1 AND purpose = 'card'", "i", ask);
    if (event->kind == EVENT_EDITED || event->kind == EVENT_DELETED)
        event->message = sql_text(eye, "SELECT message FROM heard WHERE ask = ?1 AND kind = 'why' ORDER BY message DESC LIMIT 1",
                                  "i", ask);
    else if (event->kind == EVENT_MESSAGE || event->kind == EVENT_MENTION || event->kind == EVENT_BUTTON ||
             event->kind == EVENT_INVITED || event->kind == EVENT_MESSAGE_SHORTCUT)
        event->message = g_strdup_printf("1999999999.%06d", 1000 + i + (int)g_random_int_range(0, 900000));
}

struct event *act_event(struct world *world, const struct act *act, int i)
{
    struct store *eye = world_store(world);
    int64_t ask = act->pick != NULL ? sql_number(eye, act->pick, "d", i) : 0;
    if (act->pick != NULL && ask == 0)
        return NULL;
    int64_t another = act->other != NULL ? sql_number(eye, act->other, "i", ask) : 0;
    struct event *event = event_new(act->kind, "slack");
    int64_t person = person_of(eye, act, ask);
    event->workspace = g_strdup("T1");
    event->user = person == -1 ? g_strdup("U0NEW") : person == -2 ? g_strdup("U0GUEST") : fill_user(person);
    if (act->kind == EVENT_MESSAGE_SHORTCUT)
        event->author = fill_user(OTHER_PERSON + i);
    place(eye, act, event, ask, person, i);
    event->keys[0] = g_strdup_printf("Ev%08x%08x", g_random_int(), g_random_int());
    event->trigger = g_strdup_printf("trigger.%d", i);
    event->envelope = g_strdup("envelope");
    event->accepts_reply = true;
    event->text = filled(act->text, ask, another, i);
    switch (act->kind) {
    case EVENT_COMMAND:
        event->command = g_strdup("/ask");
        break;
    case EVENT_BUTTON:
        event->action = g_strdup(act->action);
        event->value = filled(act->value, ask, another, i);
        break;
    case EVENT_FORM:
        event->form = g_strdup(act->action);
        event->state = filled(act->value, ask, another, i);
        event->view = g_strdup_printf("V%08x", g_random_int());
        add_fields(event, act->fields, another, i);
        break;
    case EVENT_PERSON:
        event->profile = (struct profile){.name = g_strdup("Busy"), .zone = g_strdup("UTC"), .locale = g_strdup("en")};
        break;
    case EVENT_CHANNEL:
        event->channel_name = g_strdup("busy");
        event->channel_kind = CHANNEL_PUBLIC;
        break;
    default:
        break;
    }
    return event;
}
