/* What must hold after everything anybody did (world.h): by the table of states and by counting. */
#ifndef ASKWHY_TEST_HOLDS_H
#define ASKWHY_TEST_HOLDS_H

#include "looking.h"

#include "store/trades.h"

/* ---- the log ---- */

/* "decide yes": what an entry of the log does to an ask's state; NULL: it follows from what is known and missing. */
static inline const char *verb_of_move(const char *kind, const cJSON *data)
{
    static const char *const verbs[][2] = {
        {"ask.started", "start"},   {"ask.paused", "pause"},     {"ask.resumed", "resume"}, {"ask.shelved", "shelve"},
        {"ask.shipped", "ship"},    {"ask.outcome", "outcome"},  {"ask.merged", "merge"},   {"ask.withdrawn", "withdraw"},
        {"ask.returned", "return"}, {"ask.reopened", "reopen"},  {NULL, NULL}};
    if (strcmp(kind, "ask.decided") == 0) {
        const char *decision = json_str(data, "decision");
        return g_strcmp0(decision, "yes") == 0 ? "decide yes" : g_strcmp0(decision, "no") == 0 ? "decide no" : "decide later";
    }
    for (int i = 0; verbs[i][0] != NULL; i++) {
        if (strcmp(kind, verbs[i][0]) == 0)
            return verbs[i][1];
    }
    return NULL;
}

static inline bool is_one_of(const struct world *w, const struct followed *ask, unsigned who, int64_t actor)
{
    struct person person = {0};
    store_get_person(w->s->store, actor, &person);
    bool member = !person.guest, gone = person.forgotten;
    person_done(&person);
    return gone || who == BY_ANYONE || ((who & BY_ASKWHY) && actor == 0) || ((who & BY_ASKER) && ask->asker == actor) ||
           ((who & BY_OWNER) && (ask->owner == actor || (ask->owner == 0 && member))) ||
           ((who & BY_DECIDER) && (ask->decider == actor || (ask->decider == 0 && member)));
}

/* The state moves as a row of the table says, by somebody it names. */
static inline void follow_move(struct world *w, struct followed *ask, int number, int64_t entry, int64_t actor, const char *kind,
                               const char *state, const cJSON *data)
{
    const char *verb = verb_of_move(kind, data);
    bool moves = false, may = false;
    for (const struct transition *t = transitions; t->verb != NULL; t++) {
        bool same = verb != NULL ? strcmp(t->verb, verb) == 0 : strcmp(t->verb, "clear") == 0 || strcmp(t->verb, "wait") == 0;
        if (!same || !transition_starts_from(t, ask->state))
            continue;
        moves = moves || strcmp(t->to, state) == 0;
        /* Where a verb leads to may hang on what is missing, not on who it is. */
        may = may || verb == NULL || is_one_of(w, ask, t->who, actor);
    }
    bool settled = sql_number(w->s->store,
                              "SELECT EXISTS (SELECT 1 FROM permission WHERE channel = ?1)"
                              " OR EXISTS (SELECT 1 FROM trade_setting WHERE channel = ?1)",
                              "i", ask->channel) != 0;
    if (!moves)
        wrong(w, "#%d goes from %s to %s by %s (entry %d), which no row of the table allows", number, ask->state, state, kind,
              (int)entry);
    else if (!may && !settled)
        wrong(w, "#%d goes from %s to %s by %s, which is not for person %d", number, ask->state, state, kind, (int)actor);
    w->moves++;
}

static inline void follow_entry(struct world *w, sqlite3_stmt *row)
{
    const char *kind = (const char *)sqlite3_column_text(row, 1), *text = (const char *)sqlite3_column_text(row, 6);
    const char *state = (const char *)sqlite3_column_text(row, 5);
    int64_t number = sqlite3_column_int64(row, 3), actor = sqlite3_column_int64(row, 2), person = sqlite3_column_int64(row, 4);
    g_autoptr(cJSON) data = text != NULL ? cJSON_Parse(text) : NULL;
    if (w->kinds != NULL && !g_hash_table_contains(w->kinds, kind))
        g_hash_table_add(w->kinds, g_strdup(kind));
    if (strcmp(kind, "put.nameless") == 0 && (actor != 0 || person != 0))
        wrong(w, "a question without a name says whose it is");
    for (int i = 0; i < W_PEOPLE && strcmp(kind, "person.forgotten") == 0; i++) {
        if (w->known_as[i] == person)
            w->forgotten[i] = w->tokens->len;
    }
    if (number == 0)
        return;
    if (strcmp(kind, "ask.raised") == 0) {
        struct followed ask = {.channel = sqlite3_column_int64(row, 7), .asker = person, .raiser = actor,
                               .owner = json_int(data, "owner", 0), .decider = json_int(data, "decider", 0)};
        g_strlcpy(ask.state, "waiting", sizeof ask.state);
        if (number != (int64_t)w->followed->len + 1)
            wrong(w, "#%d is raised behind #%u", (int)number, w->followed->len);
        g_array_append_val(w->followed, ask);
    }
    if (number > w->followed->len) {
        wrong(w, "%s is about #%d, which was never raised", kind, (int)number);
        return;
    }
    struct followed *ask = &g_array_index(w->followed, struct followed, number - 1);
    if (state != NULL && strcmp(state, ask->state) != 0) {
        follow_move(w, ask, (int)number, sqlite3_column_int64(row, 0), actor, kind, state, data);
        g_strlcpy(ask->state, state, sizeof ask->state);
    }
    if (strcmp(kind, "ask.owner") == 0)
        ask->owner = person;
    else if (strcmp(kind, "ask.decider") == 0)
        ask->decider = person;
}

/* In which place's log somebody's words stand. */
static inline void follow_words(struct world *w, const char *text, int64_t channel, int64_t ask)
{
    for (const char *at = text; at != NULL && (at = strstr(at, "zq")) != NULL; at += 2) {
        int id = token_at(w, at);
        if (id < 0)
            continue;
        struct token *token = &g_array_index(w->tokens, struct token, id);
        int place = place_at(w, channel);
        if (token->home == W_NOWHERE) {
            token->home = place;
            token->ask = ask;
        }
        token->in_ask = ask;
        /* What is private to a channel stays there. */
        if (token->home != W_DEALS && place != W_NOWHERE)
            token->went |= 1u << place;
    }
}

/* Reads what the log has had since; how many entries. */
static inline int follow_log(struct world *w)
{
    sqlite3_stmt *row = sql_query(w->s->store,
                                  "SELECT log.id, kind, actor, ask, person, state, data, channel, text, words.author FROM log"
                                  " LEFT JOIN words ON words.id = log.words WHERE log.id > ?1 ORDER BY log.id",
                                  "i", w->logged);
    int entries = 0;
    for (; sql_step(w->s->store, row); entries++) {
        const char *text = (const char *)sqlite3_column_text(row, 8);
        follow_words(w, text, sqlite3_column_int64(row, 7), sqlite3_column_int64(row, 3));
        if (sqlite3_column_int64(row, 2) != sqlite3_column_int64(row, 9))
            share_words(w, text); /* an ask's title is its asker's, whoever typed it */
        w->logged = sqlite3_column_int64(row, 0);
        follow_entry(w, row);
    }
    return entries;
}

/* What was said by who was forgotten since stands nowhere any more. */
static inline void check_forgotten(struct world *w)
{
    static const char *const places[] = {
        "SELECT count(*) FROM words WHERE instr(text, ?1) > 0",
        "SELECT count(*) FROM log WHERE instr(data, ?1) > 0",
        "SELECT count(*) FROM outbox WHERE instr(content, ?1) > 0",
        "SELECT count(*) FROM ask_text WHERE ask_text MATCH ?1",
        "SELECT count(*) FROM channel_setting WHERE instr(questions, ?1) > 0",
    };
    for (guint i = 0; i < w->tokens->len && w->wrong == NULL; i++) {
        const struct token *token = &g_array_index(w->tokens, struct token, i);
        g_autofree char *word = g_strdup_printf("zq%ux", i);
        for (gsize p = 0; p < G_N_ELEMENTS(places) && i < w->forgotten[token->who] && !token->shared; p++) {
            if (sql_number(w->s->store, places[p], "t", word) != 0)
                wrong(w, "%s was forgotten, but %s is there still: %s", w_users[token->who], word, places[p]);
        }
    }
}

/* ---- counting ---- */

/* Queries that count what is not as it must be. */
static const struct {
    const char *rule, *breaches;
} rules[] = {
    {"a counter of a state is not what it counts",
     "SELECT count(*) FROM tally t WHERE name LIKE 'in.%' AND value <>"
     " (SELECT count(*) FROM ask WHERE ask.channel = t.channel AND 'in.' || ask.state = t.name)"},
    {"the counter of what was ever started is not what it counts",
     "SELECT count(*) FROM tally t WHERE name = 'started' AND value <>"
     " (SELECT count(*) FROM ask WHERE ask.channel = t.channel AND started_at IS NOT NULL)"},
    {"the counter of why-coverage is not what it counts",
     "SELECT count(*) FROM tally t WHERE name = 'started_with_why' AND value <> (SELECT count(*) FROM ask"
     " LEFT JOIN ask_detail ON ask_detail.ask = number WHERE ask.channel = t.channel AND started_at IS NOT NULL"
     " AND why_known = 1 AND (why_by = asker OR why_confirmed = 1))"},
    {"the counter of what is being worked on is not what it counts",
     "SELECT count(*) FROM tally t WHERE name = 'serves.all' AND value <>"
     " (SELECT count(*) FROM ask WHERE ask.channel = t.channel AND state = 'started')"},
    {"the counter of work that serves nothing is not what it counts",
     "SELECT count(*) FROM tally t WHERE name = 'serves.none' AND value <> (SELECT count(*) FROM ask"
     " LEFT JOIN ask_aim ON ask_aim.ask = number WHERE ask.channel = t.channel AND state = 'started'"
     " AND goal IS NULL AND metric IS NULL)"},
    {"the counter of work that serves a goal is not what it counts",
     "SELECT count(*) FROM tally t WHERE name GLOB 'serves.goal.*' AND value <> (SELECT count(*) FROM ask"
     " JOIN ask_aim ON ask_aim.ask = number WHERE ask.channel = t.channel AND state = 'started' AND 'serves.goal.' || goal = name)"},
    {"the counter of what was raised is not what it counts",
     "SELECT count(*) FROM tally t WHERE name = 'raised' AND value <> (SELECT count(*) FROM ask WHERE ask.channel = t.channel)"},
    {"who asked how often is not what it counts",
     "SELECT count(*) FROM (SELECT channel, asker, asks FROM origin WHERE asks <> 0 EXCEPT"
     " SELECT channel, asker, count(*) FROM ask GROUP BY channel, asker)"},
    {"an ask's voices are not as many as it says",
     "SELECT count(*) FROM ask WHERE voices <> (SELECT count(*) FROM voice WHERE voice.ask = number)"},
    {"an ask is taken for open that has ended, or for ended",
     "SELECT count(*) FROM ask WHERE open <> (state IN ('waiting', 'clear', 'accepted', 'later', 'started', 'paused'))"},
    {"two questions are open at once",
     "SELECT count(*) FROM (SELECT ask FROM question WHERE state = 'open' GROUP BY ask HAVING count(*) > 1)"},
    {"what is started and set aside is not what the ledger says",
     "SELECT count(*) FROM ask WHERE (state = 'started') <> (SELECT count(*) FROM work WHERE work.ask = number AND upto IS NULL)"
     " OR (state = 'paused') <> (SELECT count(*) FROM trade_off WHERE trade_off.ask = number AND trade_off.ended IS NULL)"},
    {"an ask is part of another one, and does not say so",
     "SELECT count(*) FROM ask WHERE (state = 'merged') <> (merged_into IS NOT NULL)"},
    {"an ask became part of itself",
     "WITH RECURSIVE up (ask, target) AS (SELECT number, merged_into FROM ask WHERE merged_into IS NOT NULL UNION"
     " SELECT up.ask, a.merged_into FROM up JOIN ask a ON a.number = up.target WHERE a.merged_into IS NOT NULL)"
     " SELECT count(*) FROM up WHERE ask = target"},
    {"an ask waits behind one that has ended, or has gone on itself",
     "SELECT count(*) FROM queued q JOIN ask a ON a.number = q.ask JOIN ask b ON b.number = q.behind"
     " WHERE NOT b.open OR a.state NOT IN ('waiting', 'clear', 'accepted', 'later')"},
    {"asks wait behind each other",
     "WITH RECURSIVE up (ask, behind) AS (SELECT ask, behind FROM queued UNION"
     " SELECT up.ask, q.behind FROM up JOIN queued q ON q.ask = up.behind) SELECT count(*) FROM up WHERE ask = behind"},
    {"a need is confirmed that nobody worded", "SELECT count(*) FROM ask WHERE need_confirmed = 1 AND need IS NULL"},
    {"an ask is later, and no day brings it back",
     "SELECT count(*) FROM ask WHERE (state = 'later') AND later_until IS NULL"},
    {"an ask is set aside, and no day brings it back",
     "SELECT count(*) FROM ask WHERE (state = 'paused') <> (revisit_at IS NOT NULL)"},
    {"an ask was shipped, and nobody will ask what came of it",
     "SELECT count(*) FROM ask WHERE state = 'shipped' AND outcome_due IS NULL"},
    {"a checked ask has no outcome, or another one has",
     "SELECT count(*) FROM ask WHERE (state = 'checked') <> (outcome IS NOT NULL)"},
    {"it is somebody's turn in an ask that has ended",
     "SELECT count(*) FROM ask WHERE turn IS NOT NULL AND state IN ('declined', 'shelved', 'merged', 'withdrawn', 'checked')"},
    {"an ask serves a goal that is none of its channel's",
     "SELECT count(*) FROM ask_aim LEFT JOIN aim ON aim.id = goal WHERE goal IS NOT NULL AND aim.kind IS NOT 'goal'"},
    {"an ask would move what is no metric",
     "SELECT count(*) FROM ask_aim LEFT JOIN aim ON aim.id = metric WHERE metric IS NOT NULL AND aim.kind IS NOT 'metric'"},
    {"somebody is voice of their own ask",
     "SELECT count(*) FROM voice JOIN ask ON number = voice.ask WHERE voice.person = asker AND state <> 'merged'"},
};

static inline void check_rules(struct world *w)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules) && w->wrong == NULL; i++) {
        int64_t breaches = sql_number(w->s->store, rules[i].breaches, "");
        if (breaches != 0)
            wrong(w, "%s (%d)", rules[i].rule, (int)breaches);
    }
    for (guint i = 0; i < w->followed->len && w->wrong == NULL; i++) {
        const struct followed *ask = &g_array_index(w->followed, struct followed, i);
        struct ask is;
        if (!store_load_ask(w->s->store, i + 1, &is)) {
            wrong(w, "#%u is not there any more", i + 1);
            return;
        }
        if (strcmp(is.state, ask->state) != 0 || is.owner != ask->owner || is.decider != ask->decider)
            wrong(w, "#%u is %s (owner %d, decider %d), which the log does not say: %s, %d, %d", i + 1, is.state, (int)is.owner,
                  (int)is.decider, ask->state, (int)ask->owner, (int)ask->decider);
        ask_done(&is);
    }
    if (store_failed(w->s->store) != NULL)
        wrong(w, "%s", store_failed(w->s->store)->message);
}

/* ---- who sees what ---- */

static inline void check_lines(struct world *w, GArray *lines, int who, int place, const char *what)
{
    for (guint i = 0; i < lines->len; i++) {
        const struct ask_line *line = &g_array_index(lines, struct ask_line, i);
        struct token as = {.who = W_NOBODY, .home = place_at(w, line->channel), .ask = line->number};
        if (!may_show(w, &as, place, who))
            wrong(w, "%s shows #%d of %s to %s in %s", what, (int)line->number, place_name(as.home), w_users[who],
                  place_name(place));
    }
}

/* What one person finds from one place. */
static inline void check_view(struct world *w, int who, int place)
{
    struct store *store = w->s->store;
    struct viewer viewer = {.person = person_now(w, who), .place = place == W_NOWHERE ? 0 : w->places[place],
                            .guest = who == W_GUEST};
    struct ask_filter all = {0};
    int64_t total = 0;
    if (viewer.person == 0)
        return;
    g_autoptr(GArray) listed = store_list(store, &viewer, &all, 0, 1000, &total);
    if (total != listed->len)
        wrong(w, "%u are listed, %d counted", listed->len, (int)total);
    check_lines(w, listed, who, place, "a list");
    g_autoptr(GArray) found = store_search(store, &viewer, "request", NULL, 0, 1000, &total);
    check_lines(w, found, who, place, "a search");
    g_autoptr(GPtrArray) terms = store_terms("request login banks");
    g_autofree double *weights = g_new0(double, terms->len + 1);
    g_autoptr(GArray) similar = store_similar(store, &viewer, terms, weights, 0);
    check_lines(w, similar, who, place, "what is similar");
    g_autoptr(GArray) exported = store_asks_since(store, &viewer, 0);
    for (guint i = 0; i < exported->len; i++) {
        int64_t number = g_array_index(exported, int64_t, i);
        const struct followed *ask = &g_array_index(w->followed, struct followed, number - 1);
        struct token as = {.who = W_NOBODY, .home = place_at(w, ask->channel), .ask = number};
        if (!may_show(w, &as, place, who))
            wrong(w, "an export holds #%d of %s for %s in %s", (int)number, place_name(as.home), w_users[who],
                  place_name(place));
    }
}

#endif
