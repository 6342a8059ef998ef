/* Random lives of a few asks, people and channels: after everything somebody did, the store must hold what the model
 * (model.h) says, show it to nobody else, and derive the same again from the log.
 *
 * MODEL_LIVES: how many (40); MODEL_SEED: the first. A life that fails is shortened and told as what people did.
 */
#include "life.h"
#include "shorten.h"

#include "store/details.h"

/* ---- comparing ---- */

static const char *person_at(const struct life *life, int64_t id)
{
    for (int i = 0; i < M_PEOPLE; i++) {
        if (life->people[i] == id)
            return users[i];
    }
    return "-";
}

static const char *user_at(int who)
{
    return who == NOBODY ? "-" : users[who];
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* What stands around a decision. */
static void stored_around(struct life *life, const struct ask *ask, GString *out)
{
    struct ask_details details;
    store_get_details(life->s->store, ask, &details);
    g_string_append_printf(out, "reopened if %s\n", or_dash(details.reopen_if));
    ask_details_done(&details);
    g_string_append_printf(out, "need %s%s%s\n", or_dash(ask->need), ask->need_confirmed == 1 ? ", confirmed" : "",
                           ask->urgent_until != 0 ? ", urgent" : "");
    for (int who = 0; who < M_PEOPLE; who++) {
        g_autoptr(GArray) informed = store_informed(life->s->store, ask->number);
        for (guint i = 0; i < informed->len; i++) {
            if (g_array_index(informed, int64_t, i) == life->people[who])
                g_string_append_printf(out, "%s is informed\n", users[who]);
        }
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        g_autoptr(GArray) dissents = store_dissents(life->s->store, ask);
        for (guint i = 0; i < dissents->len; i++) {
            const struct dissent *one = &g_array_index(dissents, struct dissent, i);
            if (one->person == life->people[who])
                g_string_append_printf(out, "%s dissents%s: %s\n", users[who], one->commits ? " and commits" : "", one->words);
        }
    }
}

static void modelled_around(const struct m_ask *ask, GString *out)
{
    g_string_append_printf(out, "reopened if %s\n", or_dash(ask->reopen_if));
    g_string_append_printf(out, "need %s%s%s\n", or_dash(ask->need), ask->confirmed ? ", confirmed" : "",
                           ask->urgent ? ", urgent" : "");
    for (int who = 0; who < M_PEOPLE; who++) {
        if (ask->informed[who])
            g_string_append_printf(out, "%s is informed\n", users[who]);
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        if (ask->dissents[who] != NULL)
            g_string_append_printf(out, "%s dissents%s: %s\n", users[who], ask->commits[who] ? " and commits" : "",
                                   ask->dissents[who]);
    }
}

static char *stored(struct life *life, int at)
{
    struct store *store = life->s->store;
    GString *out = g_string_new(NULL);
    struct ask ask;
    if (!store_load_ask(store, at + 1, &ask))
        return g_string_free(g_string_append(out, "not there"), FALSE);
    const char *words[M_KINDS] = {ask.why, ask.impact, ask.evidence, ask.deadline_note};
    int known[M_KINDS] = {ask.why_known, ask.impact_known, ask.evidence_known, 0};
    g_string_append_printf(out, "%s, %s for %s, owner %s, decider %s, deadline %s\n", ask.state, person_at(life, ask.raiser),
                           person_at(life, ask.asker), person_at(life, ask.owner), person_at(life, ask.decider),
                           ask.deadline != NULL ? "yes" : "no");
    g_string_append_printf(out, "decided %s by %s: %s; later %d started %d shipped %d voices %d\n", or_dash(ask.decision),
                           person_at(life, ask.decided_by), or_dash(ask.decision_words), ask.later_until != 0,
                           ask.started_at != 0, ask.shipped_at != 0, ask.voices);
    g_string_append_printf(out, "behind #%d, set aside %d times\n", (int)store_behind(store, at + 1),
                           (int)sql_number(store, "SELECT count(*) FROM trade_off WHERE ask = ?1", "i", (int64_t)at + 1));
    for (int kind = 0; kind < M_KINDS; kind++) {
        struct question question = {0};
        store_get_question(store, at + 1, m_kind_names[kind], &question);
        int64_t by = kind == M_WHY ? ask.why_by : kind == M_IMPACT ? ask.impact_by : 0;
        g_string_append_printf(out, "%s %d %s by %s; question %s to %s%s\n", m_kind_names[kind], known[kind],
                               or_dash(words[kind]), person_at(life, by), or_dash(question.state),
                               question.state != NULL ? person_at(life, question.person) : "-",
                               question.followed_up ? ", followed up" : "");
        if (question.reminders > 3)
            wrong(life, "#%d: %d reminders", at + 1, question.reminders);
        question_done(&question);
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        g_autofree char *why = sql_text(store,
                                        "SELECT coalesce(text, '-') FROM voice LEFT JOIN words ON words.id = voice.words"
                                        " WHERE ask = ?1 AND person = ?2",
                                        "ii", (int64_t)at + 1, life->people[who]);
        if (why != NULL)
            g_string_append_printf(out, "voice of %s: %s\n", users[who], why);
    }
    stored_around(life, &ask, out);
    ask_done(&ask);
    return g_string_free(out, FALSE);
}

static char *modelled(const struct life *life, int at)
{
    const struct m_ask *ask = &life->m.asks[at];
    GString *out = g_string_new(NULL);
    int voices = 0;
    for (int who = 0; who < M_PEOPLE; who++)
        voices += ask->voiced[who];
    g_string_append_printf(out, "%s, %s for %s, owner %s, decider %s, deadline %s\n", ask->state, users[ask->raiser],
                           users[ask->asker], user_at(ask->owner), user_at(ask->decider), ask->deadline ? "yes" : "no");
    g_string_append_printf(out, "decided %s by %s: %s; later %d started %d shipped %d voices %d\n", or_dash(ask->decision),
                           user_at(ask->decided_by), or_dash(ask->reason), ask->later, ask->started, ask->shipped, voices);
    g_string_append_printf(out, "behind #%d, set aside %d times\n", ask->behind + 1, ask->trades);
    for (int kind = 0; kind < M_KINDS; kind++) {
        const struct m_question *question = &ask->questions[kind];
        g_string_append_printf(out, "%s %d %s by %s; question %s to %s%s\n", m_kind_names[kind],
                               kind == M_DEADLINE ? 0 : ask->known[kind], or_dash(ask->words[kind]),
                               kind <= M_IMPACT ? user_at(ask->by[kind]) : "-", or_dash(question->state),
                               question->state != NULL ? users[question->person] : "-",
                               question->followed ? ", followed up" : "");
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        if (ask->voiced[who])
            g_string_append_printf(out, "voice of %s: %s\n", users[who], or_dash(ask->voices[who]));
    }
    modelled_around(ask, out);
    return g_string_free(out, FALSE);
}

/* What one person is shown in a list, from one place. */
static void compare_list(struct life *life, int who, int place)
{
    struct viewer viewer = {.person = life->people[who], .place = place == NOWHERE ? 0 : life->channels[place],
                            .guest = who == M_GUEST};
    struct ask_filter filter = {0};
    int64_t total = 0;
    g_autoptr(GArray) lines = store_list(life->s->store, &viewer, &filter, 0, 1000, &total);
    bool listed[M_ASKS] = {false};
    for (guint i = 0; i < lines->len; i++)
        listed[g_array_index(lines, struct ask_line, i).number - 1] = true;
    for (int at = 0; at < life->m.n_asks; at++) {
        const struct m_ask *ask = &life->m.asks[at];
        bool should = m_open(ask) && m_sees(&life->m, ask, who, place);
        if (listed[at] != should)
            wrong(life, "#%d is %s for %s in %s", at + 1, should ? "not listed" : "listed", users[who],
                  place == NOWHERE ? "private" : places[place]);
    }
}

static void compare(struct life *life, const struct op *op)
{
    struct model *m = &life->m;
    struct store *store = life->s->store;
    for (int at = 0; at < m->n_asks && life->wrong == NULL; at++) {
        g_autofree char *is = stored(life, at), *should = modelled(life, at);
        if (strcmp(is, should) != 0)
            wrong(life, "#%d should be\n%sbut is\n%s", at + 1, should, is);
    }
    if (sql_number(store, "SELECT count(*) FROM ask", "") != m->n_asks)
        wrong(life, "%d asks were raised", m->n_asks);
    for (int who = 0; who < M_PEOPLE; who++) {
        bool gone = sql_number(store, "SELECT count(*) FROM presence WHERE channel = ?1 AND person = ?2 AND gone = 1", "ii",
                               life->channels[M_CLOSED], life->people[who]) != 0;
        if (gone != m->gone[M_CLOSED][who])
            wrong(life, "%s %s have left %s", users[who], gone ? "should not" : "should", places[M_CLOSED]);
        /* Who was ever heard in a place: as the store knows it. */
        m->acted[M_CLOSED][who] = sql_number(store, "SELECT EXISTS (SELECT 1 FROM presence WHERE channel = ?1 AND person = ?2)",
                                             "ii", life->channels[M_CLOSED], life->people[who]) != 0;
    }
    compare_list(life, op->who, op->place);
    if (sql_number(store, "SELECT count(*) FROM (SELECT ask FROM question WHERE state = 'open' GROUP BY ask HAVING count(*) > 1)",
                   "") != 0)
        wrong(life, "two questions are open at once");
    if (sql_number(store,
                   "SELECT count(*) FROM tally t WHERE name LIKE 'in.%' AND value <> (SELECT count(*) FROM ask"
                   " WHERE ask.channel = t.channel AND 'in.' || ask.state = t.name)",
                   "") != 0)
        wrong(life, "a tally is not what it counts");
    if (sql_number(store,
                   "SELECT count(*) FROM ask WHERE (state = 'started') <> (SELECT count(*) FROM work WHERE work.ask = number"
                   " AND upto IS NULL) OR (state = 'paused') <> (SELECT count(*) FROM trade_off WHERE trade_off.ask = number"
                   " AND trade_off.ended IS NULL)",
                   "") != 0)
        wrong(life, "the ledger is not of what is started and set aside");
    if (store_failed(store) != NULL)
        wrong(life, "%s", store_failed(store)->message);
}

/* ---- a life ---- */

static void life_begin(struct life *life)
{
    void *state = NULL;
    *life = (struct life){.year = 2030, .told = g_string_new(NULL)};
    story_begin(&state);
    struct story *s = life->s = state;
    sqlite3_exec(s->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    store_begin(s->store);
    life->people[0] = s->dana;
    life->people[1] = s->mia;
    life->channels[M_PUBLIC] = s->product;
    for (int i = 2; i < M_PEOPLE; i++) {
        struct profile profile = {.name = (char *)users[i], .zone = (char *)"Europe/Tallinn", .guest = i == M_GUEST};
        life->people[i] = store_person(s->store, "slack", "T1", users[i], users[i]);
        store_note_belonging(life->s->store, life->people[i], "T1");
        store_set_profile(s->store, life->people[i], &profile, s->now);
    }
    life->channels[M_CLOSED] = new_channel(s, places[M_CLOSED], "deals", CHANNEL_PRIVATE);
    life->channels[M_OTHER] = new_channel(s, places[M_OTHER], "other", CHANNEL_PUBLIC);
    store_commit(s->store);
    struct model *m = &life->m;
    m->now = s->now;
    for (int i = 0; i < M_CHANNELS; i++) {
        m->owner[i] = m->decider[i] = NOBODY;
        m->asks_impact[i] = m->asks_rest[i] = true;
    }
    type(life, 0, M_PUBLIC, "show 999");
    life->nothing = g_strdup(s->said);
}

static void life_end(struct life *life)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = life->wrong == NULL ? store_check_rebuild(life->s->store, &error) : NULL;
    if (differences != NULL || error != NULL)
        wrong(life, "derived anew from the log: %s", differences != NULL ? differences : error->message);
    void *state = life->s;
    story_end(&state);
    model_done(&life->m);
    g_free(life->nothing);
}

/* NULL when all was well; else what was wrong and what people had done. */
static char *play(const void *moves, int n)
{
    const struct op *ops = moves;
    struct life life;
    life_begin(&life);
    int i = 0;
    for (; i < n && life.wrong == NULL; i++) {
        play_op(&life, &ops[i]);
        compare(&life, &ops[i]);
    }
    life_end(&life);
    char *what = life.wrong != NULL ? g_strconcat(life.told->str, life.wrong, NULL) : NULL;
    g_string_free(life.told, TRUE);
    g_free(life.wrong);
    return what;
}

static int draw_life(guint32 seed, struct op ops[OPS_MAX])
{
    static const enum op_kind often[] = {OP_RAISE, OP_RAISE, OP_REPLY, OP_REPLY, OP_REPLY, OP_REPLY, OP_EDIT, OP_EDIT,
                                         OP_DELETE, OP_TELL, OP_DECIDE, OP_OWN, OP_START, OP_START, OP_VOICE, OP_UNDO};
    GRand *rand = g_rand_new_with_seed(seed);
    int n = g_rand_int_range(rand, 10, OPS_MAX + 1);
    bool agreed = g_rand_boolean(rand); /* in the first channel, on who owns and who decides */
    for (int i = 0; i < n; i++)
        ops[i] = (struct op){.kind = agreed && i < 2               ? OP_SETTINGS
                                     : i < 4                       ? OP_RAISE
                                     : g_rand_boolean(rand) ? often[g_rand_int_range(rand, 0, G_N_ELEMENTS(often))]
                                                            : (enum op_kind)g_rand_int_range(rand, 0, OP_KINDS),
                             .id = i + 1,
                             .who = g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 3 : M_PEOPLE),
                             .place = g_rand_int_range(rand, NOWHERE, M_CHANNELS),
                             .ask = g_rand_int(rand),
                             .a = g_rand_int(rand),
                             .b = g_rand_int(rand)};
    for (int i = 0; i < 2 && agreed; i++) {
        ops[i].place = M_PUBLIC;
        ops[i].who = (int)(ops[0].b % M_PEOPLE);
        ops[i].a = (guint)i;
    }
    g_rand_free(rand);
    return n;
}

static void lives_go_as_the_model_says(void **state)
{
    (void)state;
    guint32 first = number_from("MODEL_SEED", 1), lives = number_from("MODEL_LIVES", 40);
    for (guint32 seed = first; seed < first + lives; seed++) {
        struct op ops[OPS_MAX];
        int n = draw_life(seed, ops);
        char *what = play(ops, n);
        if (what == NULL)
            continue;
        what = shorten(ops, sizeof *ops, &n, what, play);
        print_error("MODEL_SEED=%u, shortened:\n%s\n", seed, what);
        g_free(what);
        fail();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_go_as_the_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
