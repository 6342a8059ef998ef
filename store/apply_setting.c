/* What log entries do to the settings of people and channels, and to digests. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

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

/* Copies of people hold their functions. */
static void group_function(struct entry *e)
{
    const char *platform = json_str0(e->data, "platform"), *called = json_str0(e->data, "called");
    if (json_get(e->data, "function") == NULL)
        sql_run(e->store, "DELETE FROM group_function WHERE platform = ?1 AND called = ?2", "tt", platform, called);
    else
        sql_run(e->store,
                "INSERT INTO group_function (id, platform, called, name, function, channel, person)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (platform, called) DO UPDATE"
                " SET function = ?5, channel = ?6, person = ?7",
                "ittttii", e->id, platform, called, json_str0(e->data, "name"), json_str0(e->data, "function"),
                e->log->channel, e->log->person);
    known_forget_people(e->store);
}

/* Asked for by name, and by what the chat calls it, it is one and the same: what was said last counts. */
static void group_known(struct entry *e)
{
    const char *platform = json_str0(e->data, "platform"), *called = json_str0(e->data, "called");
    sql_run(e->store,
            "UPDATE OR REPLACE group_function SET called = ?3, name = ?4, known = 1 WHERE platform = ?1 AND called = ?2",
            "tttt", platform, called, json_str0(e->data, "group"), json_str0(e->data, "name"));
    known_forget_people(e->store);
}

/* What is derived holds neither words nor names. */
static void person_forgotten(struct entry *e)
{
    (void)e;
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

static void channel_permission(struct entry *e)
{
    const char *to = json_str(e->data, "to");
    if (to == NULL)
        sql_run(e->store, "DELETE FROM permission WHERE channel = ?1 AND what = ?2", "it", e->log->channel,
                json_str0(e->data, "what"));
    else
        sql_run(e->store, "INSERT OR REPLACE INTO permission (channel, what, allowed) VALUES (?1, ?2, ?3)", "itt",
                e->log->channel, json_str0(e->data, "what"), to);
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
        apply_erasable_digest(e);
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

const struct applier setting_appliers[] = {
    {"person.function", person_function, 0},
    {"person.asked", person_asked, 0},
    {"person.reminders", person_reminders, 0},
    {"person.language", person_language, 0},
    {"person.forgotten", person_forgotten, 0},
    {"group.function", group_function, 0},
    {"group.known", group_known, 0},
    {"channel.defaults", channel_defaults, 0},
    {"channel.introduced", channel_introduced, 0},
    {"channel.questions", channel_questions, 0},
    {"channel.permission", channel_permission, 0},
    {"channel.language", channel_language, 0},
    {"channel.digest", channel_digest, 0},
    {"digest.posted", digest_posted, 0},
    {"digest.reply", digest_reply, 0},
    {NULL, NULL, 0},
};
