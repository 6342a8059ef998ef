/* Taking in what export.c wrote, line by line. The file may come from anywhere: nothing of it is believed unseen. */
#include "store/export.h"

#include "bot/base/json.h"
#include "store/apply.h"
#include "store/sql.h"

#include <string.h>

bool store_is_fresh(struct store *store)
{
    return sql_number(store,
                      "SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM person) + (SELECT count(*) FROM channel)",
                      "") == 0;
}

static bool wrong(char **why, const char *what)
{
    *why = g_strdup(what);
    return false;
}

static bool import_person(struct store *store, const cJSON *line, char **why)
{
    int64_t id = json_int(line, "id", 0);
    const char *platform = json_str(line, "platform"), *user = json_str(line, "user");
    if (id <= 0 || platform == NULL || user == NULL)
        return wrong(why, "a person needs id, platform and user");
    return sql_run(store,
                   "INSERT INTO person (id, platform, workspace, user, name, handle, zone, locale, bot, guest, deleted)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   "itttttttddd", id, platform, json_str0(line, "workspace"), user, json_str(line, "name"),
                   json_str(line, "handle"), json_str(line, "zone"), json_str(line, "locale"),
                   json_int(line, "bot", 0) != 0, json_int(line, "guest", 0) != 0, json_int(line, "deleted", 0) != 0);
}

static bool import_channel(struct store *store, const cJSON *line, char **why)
{
    int64_t id = json_int(line, "id", 0), kind = json_int(line, "kind", -1);
    const char *platform = json_str(line, "platform"), *channel = json_str(line, "channel");
    if (id <= 0 || platform == NULL || channel == NULL || kind < CHANNEL_UNKNOWN || kind > CHANNEL_DIRECT)
        return wrong(why, "a channel needs id, platform, channel and kind");
    return sql_run(store,
                   "INSERT INTO channel (id, platform, workspace, channel, name, kind, member)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   "ittttdd", id, platform, json_str0(line, "workspace"), channel, json_str(line, "name"), (int)kind,
                   json_int(line, "member", 0) != 0);
}

static bool import_presence(struct store *store, const cJSON *line, char **why)
{
    int64_t channel = json_int(line, "channel", 0), person = json_int(line, "person", 0);
    if (channel <= 0 || person <= 0)
        return wrong(why, "a presence needs channel and person");
    store_set_gone(store, channel, person, json_int(line, "gone", 1) != 0);
    return store_failed(store) == NULL;
}

static bool import_words(struct store *store, const cJSON *words, int64_t *id, char **why)
{
    *id = json_int(words, "id", 0);
    if (words == NULL)
        return true;
    if (*id <= 0)
        return wrong(why, "words need an id");
    const char *text = json_str(words, "text");
    return sql_run(store,
                   "INSERT OR IGNORE INTO words (id, author, text, erased_at) VALUES (?1, ?2, ?3, iif(?3 IS NULL, 0, NULL))",
                   "iIt", *id, json_int(words, "author", 0), text);
}

/* An ask begins by being raised, and only then can anything happen to it. */
static bool follows(struct store *store, const struct log_entry *entry)
{
    bool known = entry->ask == 0 || sql_number(store, "SELECT count(*) FROM ask WHERE number = ?1", "i", entry->ask) > 0;
    return strcmp(entry->kind, "ask.raised") == 0 ? entry->ask > 0 && !known && entry->state != NULL : known;
}

static bool import_event(struct store *store, struct store_import *import, const cJSON *line, char **why)
{
    int64_t id = json_int(line, "id", 0);
    struct log_entry entry = {
        .at = json_int(line, "at", 0),
        .kind = json_str(line, "kind"),
        .actor = json_int(line, "actor", 0),
        .ask = json_int(line, "ask", 0),
        .channel = json_int(line, "channel", 0),
        .person = json_int(line, "person", 0),
        .state = json_str(line, "state"),
    };
    const cJSON *data = json_get(line, "data");
    if (entry.kind == NULL || !store_knows_kind(entry.kind))
        return wrong(why, "an event of a kind this askwhy does not know; was it written by a newer one?");
    if (id <= import->newest || entry.at <= 0)
        return wrong(why, "events need an id each, in order, and a time");
    if (entry.state != NULL && !store_knows_state(entry.state))
        return wrong(why, "a state that is none");
    if (data != NULL && !cJSON_IsObject(data))
        return wrong(why, "an event's data is an object");
    if (!follows(store, &entry))
        return wrong(why, "it is about an ask that was not raised before, or was already");
    if (!import_words(store, json_get(line, "words"), &entry.words_id, why))
        return false;
    g_autofree char *text = data != NULL ? json_text(data) : NULL;
    sql_run(store,
            "INSERT INTO log (id, at, kind, actor, ask, channel, person, words, state, data)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            "iitIIIIItt", id, entry.at, entry.kind, entry.actor, entry.ask, entry.channel, entry.person, entry.words_id,
            entry.state, text);
    if (store_failed(store) == NULL)
        store_apply(store, id, &entry, data);
    import->newest = id;
    import->events++;
    import->asks += strcmp(entry.kind, "ask.raised") == 0;
    return store_failed(store) == NULL;
}

static bool import_header(struct store *store, const cJSON *line, char **why)
{
    (void)store;
    if (g_strcmp0(json_str(line, "format"), "askwhy") != 0 || json_int(line, "version", 0) != 1)
        return wrong(why, "the first line is not that of an export of askwhy's");
    if (json_get(line, "since") != NULL)
        return wrong(why, "it is a part only, exported with --since; export all of it");
    return true;
}

bool store_import_line(struct store *store, struct store_import *import, const cJSON *line, char **why)
{
    *why = NULL;
    if (!import->begun)
        return import->begun = import_header(store, line, why);
    const char *type = json_str0(line, "type");
    if (strcmp(type, "event") == 0)
        return import_event(store, import, line, why);
    if (strcmp(type, "person") == 0)
        return ++import->people, import_person(store, line, why);
    if (strcmp(type, "channel") == 0)
        return ++import->channels, import_channel(store, line, why);
    if (strcmp(type, "presence") == 0)
        return import_presence(store, line, why);
    return wrong(why, "a line that is neither person, channel, presence nor event");
}
