/* From one log entry to derived state. The only code that writes derived tables. */
#include "store/log.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

struct entry {
    struct store *store;
    int64_t id;
    const struct log_entry *log;
    const cJSON *data;
};

static void bump(struct store *store, int64_t channel, const char *name, int64_t by)
{
    if (by == 0)
        return;
    sql_run(store,
            "INSERT INTO tally (channel, name, value) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (channel, name) DO UPDATE SET value = value + ?3",
            "iti", channel, name, by);
}

/* What an ask counts for, seen before and after each entry about it. */
struct standing {
    int64_t channel;
    char *state;
    bool started;
    bool why_from_asker; /* started, and its asker said why */
};

static struct standing standing_of(struct store *store, int64_t ask)
{
    struct standing standing = {0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT channel, state, started_at IS NOT NULL,"
                                  " started_at IS NOT NULL AND why_known = 1 AND why_by = asker FROM ask"
                                  " WHERE number = ?1",
                                  "i", ask);
    if (sql_step(store, row)) {
        standing.channel = sqlite3_column_int64(row, 0);
        standing.state = sql_column(row, 1);
        standing.started = sqlite3_column_int(row, 2) != 0;
        standing.why_from_asker = sqlite3_column_int(row, 3) != 0;
        sql_end(row);
    }
    return standing;
}

static void count_change(struct store *store, const struct standing *before, const struct standing *after)
{
    if (after->state == NULL)
        return;
    if (g_strcmp0(before->state, after->state) != 0) {
        g_autofree char *now = g_strconcat("in.", after->state, NULL);
        g_autofree char *ever = g_strconcat("to.", after->state, NULL);
        bump(store, after->channel, now, 1);
        bump(store, after->channel, ever, 1);
        if (before->state != NULL) {
            g_autofree char *was = g_strconcat("in.", before->state, NULL);
            bump(store, after->channel, was, -1);
        }
    }
    bump(store, after->channel, "started", (int64_t)after->started - before->started);
    bump(store, after->channel, "started_with_why", (int64_t)after->why_from_asker - before->why_from_asker);
}

static bool is_open(const char *state)
{
    static const char *const open[] = {"waiting", "clear", "accepted", "later", "started", "paused", NULL};
    return state == NULL || g_strv_contains(open, state);
}

/* Indexes hold whether an ask is open: they are touched only when that changes. */
static void move_ask(struct store *store, const struct log_entry *entry, const char *before)
{
    sql_run(store, "UPDATE ask SET state = ?2, state_at = ?3 WHERE number = ?1 AND state <> ?2", "iti", entry->ask,
            entry->state, entry->at);
    if (is_open(entry->state) != is_open(before))
        sql_run(store, "UPDATE ask SET open = ?2 WHERE number = ?1", "id", entry->ask, is_open(entry->state));
}

static void ask_raised(struct entry *e)
{
    const struct log_entry *log = e->log;
    sql_run(e->store,
            "INSERT INTO ask (number, channel, asker, raiser, owner, decider, state, state_at, raised_at, title,"
            " permalink, deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11)",
            "iiiiIItiitt", log->ask, log->channel, log->person, log->actor, json_int(e->data, "owner", 0),
            json_int(e->data, "decider", 0), log->state, log->at, log->words_id, json_str(e->data, "permalink"),
            json_str(e->data, "deadline"));
    struct standing before = {0}, after = {.channel = log->channel, .state = (char *)log->state};
    bump(e->store, log->channel, "raised", 1);
    count_change(e->store, &before, &after);
    search_note(e->store, log->ask, true);
}

static void ask_why(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET why = ?2, why_by = ?3, why_known = ?4 WHERE number = ?1", "iIId", e->log->ask,
            e->log->words_id, e->log->person, (int)json_int(e->data, "known", 1));
    search_note(e->store, e->log->ask, false);
}

static void ask_impact(struct entry *e)
{
    g_autofree char *understood = e->data != NULL ? json_text(e->data) : NULL;
    sql_run(e->store,
            "UPDATE ask SET impact = ?2, impact_by = ?3, impact_known = ?4, impact_data = ?5 WHERE number = ?1",
            "iIIdt", e->log->ask, e->log->words_id, e->log->person, (int)json_int(e->data, "known", 1), understood);
    search_note(e->store, e->log->ask, false);
}

static void ask_evidence(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET evidence = ?2, evidence_known = ?3, evidence_kind = ?4 WHERE number = ?1",
            "iIdt", e->log->ask, e->log->words_id, (int)json_int(e->data, "known", 1), json_str(e->data, "kind"));
    search_note(e->store, e->log->ask, false);
}

static void ask_deadline(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET deadline_note = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->words_id);
}

static void ask_unanswered(struct entry *e)
{
    const char *kind = json_str0(e->data, "kind");
    if (strcmp(kind, "why") == 0)
        sql_run(e->store, "UPDATE ask SET why = NULL, why_by = NULL, why_known = 0 WHERE number = ?1", "i",
                e->log->ask);
    else if (strcmp(kind, "impact") == 0)
        sql_run(e->store,
                "UPDATE ask SET impact = NULL, impact_by = NULL, impact_known = 0, impact_data = NULL WHERE number = ?1",
                "i", e->log->ask);
    else if (strcmp(kind, "evidence") == 0)
        sql_run(e->store,
                "UPDATE ask SET evidence = NULL, evidence_known = 0, evidence_kind = NULL WHERE number = ?1", "i",
                e->log->ask);
    else
        sql_run(e->store, "UPDATE ask SET deadline_note = NULL WHERE number = ?1", "i", e->log->ask);
    search_note(e->store, e->log->ask, false);
    store_want_index(e->store); /* not to be found a moment longer */
}

static void ask_owner(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET owner = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->person);
}

static void ask_decider(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET decider = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->person);
}

static void ask_decided(struct entry *e)
{
    sql_run(e->store,
            "UPDATE ask SET decision = ?2, decision_words = ?3, decided_by = ?4, decided_at = ?5, later_until = ?6"
            " WHERE number = ?1",
            "itIIiI", e->log->ask, json_str(e->data, "decision"), e->log->words_id, e->log->actor, e->log->at,
            json_int(e->data, "until", 0));
}

static void ask_started(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET started_at = ?2, later_until = NULL WHERE number = ?1", "ii", e->log->ask,
            e->log->at);
}

static void ask_shipped(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET shipped_at = ?2 WHERE number = ?1", "ii", e->log->ask, e->log->at);
}

static void ask_ended(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET later_until = NULL WHERE number = ?1", "i", e->log->ask);
    sql_run(e->store, "UPDATE question SET remind_at = NULL WHERE ask = ?1", "i", e->log->ask);
}

static void ask_voice(struct entry *e)
{
    sql_run(e->store, "INSERT INTO voice (ask, person, words, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (ask, person) DO UPDATE"
            " SET words = coalesce(excluded.words, words), at = excluded.at", "iiIi",
            e->log->ask, e->log->person, e->log->words_id, e->log->at);
    sql_run(e->store, "UPDATE ask SET voices = (SELECT count(*) FROM voice WHERE ask = ?1) WHERE number = ?1", "i",
            e->log->ask);
}

static void ask_renamed(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET title = ?2 WHERE number = ?1", "ii", e->log->ask, e->log->words_id);
    search_note(e->store, e->log->ask, false);
}

static void question_asked(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO question (ask, kind, person, state, asked_at, remind_at) VALUES (?1, ?2, ?3, 'open', ?4, ?5)"
            " ON CONFLICT (ask, kind) DO UPDATE SET person = ?3, state = 'open', asked_at = ?4, remind_at = ?5,"
            " reminders = 0",
            "itiiI", e->log->ask, json_str0(e->data, "kind"), e->log->person, e->log->at,
            json_int(e->data, "remind_at", 0));
}

static void question_closed(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET state = ?3, remind_at = NULL WHERE ask = ?1 AND kind = ?2", "itt",
            e->log->ask, json_str0(e->data, "kind"), json_str0(e->data, "how"));
}

static void question_waits(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET remind_at = ?3, reminders = ?4 WHERE ask = ?1 AND kind = ?2", "itIi",
            e->log->ask, json_str0(e->data, "kind"), json_int(e->data, "remind_at", 0),
            json_int(e->data, "reminders", 0));
}

static void question_followed(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET followed_up = 1 WHERE ask = ?1 AND kind = ?2", "it", e->log->ask,
            json_str0(e->data, "kind"));
}

static void put_question(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO open_question (id, channel, ask, digest, kind, person, words, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            "iiIItIIi", e->id, e->log->channel, e->log->ask, json_int(e->data, "digest", 0),
            json_str0(e->data, "kind"), e->log->person, e->log->words_id, e->log->at);
}

static void put_answered(struct entry *e)
{
    sql_run(e->store, "UPDATE open_question SET answered_at = ?2 WHERE id = ?1", "ii",
            json_int(e->data, "question", 0), e->log->at);
}

static void person_row(struct entry *e)
{
    sql_run(e->store, "INSERT OR IGNORE INTO person_setting (person) VALUES (?1)", "i", e->log->person);
}

static void person_function(struct entry *e)
{
    person_row(e);
    sql_run(e->store, "UPDATE person_setting SET function = ?2 WHERE person = ?1", "it", e->log->person,
            json_str(e->data, "function"));
}

static void person_asked(struct entry *e)
{
    person_row(e);
    sql_run(e->store, "UPDATE person_setting SET function_asked = 1 WHERE person = ?1", "i", e->log->person);
}

static void person_reminders(struct entry *e)
{
    person_row(e);
    sql_run(e->store, "UPDATE person_setting SET reminders = ?2 WHERE person = ?1", "id", e->log->person,
            json_true(e->data, "on"));
}

static void person_language(struct entry *e)
{
    person_row(e);
    sql_run(e->store, "UPDATE person_setting SET language = ?2 WHERE person = ?1", "it", e->log->person,
            json_str(e->data, "language"));
}

static void channel_row(struct entry *e)
{
    sql_run(e->store, "INSERT OR IGNORE INTO channel_setting (channel) VALUES (?1)", "i", e->log->channel);
}

static void channel_defaults(struct entry *e)
{
    channel_row(e);
    sql_run(e->store, "UPDATE channel_setting SET owner = ?2, decider = ?3 WHERE channel = ?1", "iII",
            e->log->channel, json_int(e->data, "owner", 0), json_int(e->data, "decider", 0));
}

static void channel_introduced(struct entry *e)
{
    channel_row(e);
    sql_run(e->store, "UPDATE channel_setting SET introduced = 1 WHERE channel = ?1", "i", e->log->channel);
}

static void channel_questions(struct entry *e)
{
    channel_row(e);
    g_autofree char *questions = e->data != NULL ? json_text(e->data) : NULL;
    sql_run(e->store, "UPDATE channel_setting SET questions = ?2 WHERE channel = ?1", "it", e->log->channel, questions);
}

static void channel_language(struct entry *e)
{
    channel_row(e);
    sql_run(e->store, "UPDATE channel_setting SET language = ?2 WHERE channel = ?1", "it", e->log->channel,
            json_str(e->data, "language"));
}

static void channel_digest(struct entry *e)
{
    channel_row(e);
    g_autofree char *covers = json_get(e->data, "covers") != NULL ? json_text(json_get(e->data, "covers")) : NULL;
    sql_run(e->store,
            "UPDATE channel_setting SET digest = ?2, day = ?3, minutes = ?4, zone = ?5, covers = ?6, digest_at = ?7"
            " WHERE channel = ?1",
            "idddttI", e->log->channel, json_true(e->data, "on"), (int)json_int(e->data, "day", 1),
            (int)json_int(e->data, "minutes", 540), json_str(e->data, "zone"), covers, json_int(e->data, "at", 0));
}

static void digest_posted(struct entry *e)
{
    if (json_get(e->data, "tally") != NULL) {
        g_autofree char *tally = json_text(json_get(e->data, "tally"));
        sql_run(e->store, "INSERT INTO digest (id, channel, at, tally, upto) VALUES (?1, ?2, ?3, ?4, ?5)", "iiiti",
                e->id, e->log->channel, e->log->at, tally, json_int(e->data, "upto", 0));
    }
    channel_row(e);
    if (json_get(e->data, "next") != NULL)
        sql_run(e->store, "UPDATE channel_setting SET digest_at = ?2 WHERE channel = ?1", "iI", e->log->channel,
                json_int(e->data, "next", 0));
}

static void digest_reply(struct entry *e)
{
    int64_t digest = json_int(e->data, "digest", 0);
    sql_run(e->store, "INSERT OR IGNORE INTO digest_reply (digest, person, kind) VALUES (?1, ?2, ?3)", "iit", digest,
            e->log->person, json_str0(e->data, "kind"));
    sql_run(e->store,
            "UPDATE digest SET seen = (SELECT count(*) FROM digest_reply WHERE digest = ?1 AND kind = 'seen'),"
            " questions = (SELECT count(*) FROM digest_reply WHERE digest = ?1 AND kind = 'question'),"
            " disagreements = (SELECT count(*) FROM digest_reply WHERE digest = ?1 AND kind = 'disagreement')"
            " WHERE id = ?1",
            "i", digest);
}

/* Only the state moves. */
static void ask_state(struct entry *e)
{
    (void)e;
}

static void words_erased(struct entry *e)
{
    search_erased(e->store);
    if (e->log->ask != 0)
        search_note(e->store, e->log->ask, false);
}

static const struct applier {
    const char *kind;
    void (*apply)(struct entry *e);
} appliers[] = {
    {"ask.raised", ask_raised},
    {"ask.why", ask_why},
    {"ask.impact", ask_impact},
    {"ask.evidence", ask_evidence},
    {"ask.deadline", ask_deadline},
    {"ask.clear", ask_state},
    {"ask.unclear", ask_state},
    {"ask.unanswered", ask_unanswered},
    {"ask.owner", ask_owner},
    {"ask.decider", ask_decider},
    {"ask.decided", ask_decided},
    {"ask.started", ask_started},
    {"ask.shipped", ask_shipped},
    {"ask.withdrawn", ask_ended},
    {"ask.returned", ask_ended},
    {"ask.voice", ask_voice},
    {"ask.renamed", ask_renamed},
    {"question.asked", question_asked},
    {"question.closed", question_closed},
    {"question.waits", question_waits},
    {"question.followed", question_followed},
    {"put.question", put_question},
    {"put.answered", put_answered},
    {"person.function", person_function},
    {"person.asked", person_asked},
    {"person.reminders", person_reminders},
    {"person.language", person_language},
    {"channel.defaults", channel_defaults},
    {"channel.introduced", channel_introduced},
    {"channel.questions", channel_questions},
    {"channel.language", channel_language},
    {"channel.digest", channel_digest},
    {"digest.posted", digest_posted},
    {"digest.reply", digest_reply},
    {"words.erased", words_erased},
};

static const struct applier *find_applier(const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(appliers); i++) {
        if (strcmp(appliers[i].kind, kind) == 0)
            return &appliers[i];
    }
    g_error("log entry of unknown kind %s", kind);
}

/* Though the ask's state stays. */
static bool moves_counters(const struct applier *applier)
{
    return applier->apply == ask_why || applier->apply == ask_unanswered || applier->apply == ask_started;
}

void store_apply(struct store *store, int64_t id, const struct log_entry *entry, const void *data)
{
    struct entry e = {.store = store, .id = id, .log = entry, .data = data};
    const struct applier *applier = find_applier(entry->kind);
    bool new = applier->apply == ask_raised; /* begins with its state, and counts itself */
    bool counts = entry->ask != 0 && !new && (entry->state != NULL || moves_counters(applier));
    struct standing before = {0}, after = {0};
    if (counts)
        before = standing_of(store, entry->ask);
    applier->apply(&e);
    if (counts && entry->state != NULL)
        move_ask(store, entry, before.state);
    if (counts) {
        after = standing_of(store, entry->ask);
        count_change(store, &before, &after);
    }
    g_free(before.state);
    g_free(after.state);
}
