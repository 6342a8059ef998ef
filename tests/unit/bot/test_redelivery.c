/* A day in which Slack brings everything four times, shuffled over ten minutes and over several sockets, must end like
 * one in which everything came once and in order; edits and deletions may come before what they are about.
 *
 * What people do is drawn from a seed before anything happens, and played in two worlds. A person acts again only once
 * what they did before has been heard of, for they look at the answer first; an edit or a deletion of their own post
 * they make at once. REDELIVERY_SEEDS: how many days (30); REDELIVERY_SEED: the first.
 */
#include "workday.h"

/* ---- What people will do ---- */

enum way { COMMAND, MENTION, FORM, SHORTCUT };
enum deed { RAISE, REPLY, VOICE, OWN, DECIDE, START, SHIP, WITHDRAW, SKIP, UNKNOWN, CHATTER, COME_AND_GO, INVITATIONS };

struct step {
    enum deed deed;
    enum way way;
    int who, edits, moves;
    bool deleted, stone; /* stone: the deletion comes as a tombstone */
};

struct life {
    int number, channel, asker, steps_n;
    char *title;
    struct step steps[STEPS_MAX];
};

struct plan {
    guint32 seed;
    int lives_n;
    struct life lives[LIVES_MAX];
};

static const char *const answers[] = {"Customer %s can sign without a second visit to their bank",
                                      "%s: churn down 2%% by the end of next year", "Three customers told us: %s",
                                      "After that day %s is of no use to them"};

static struct step draw_step(GRand *rand, const struct life *life, int *replies)
{
    static const enum deed deeds[] = {REPLY, REPLY, REPLY, REPLY, VOICE, VOICE, OWN, DECIDE, START, SHIP,
                                      WITHDRAW, SKIP, UNKNOWN, CHATTER};
    struct step step = {.deed = deeds[g_rand_int_range(rand, 0, G_N_ELEMENTS(deeds))],
                        .way = g_rand_int_range(rand, 0, 2) == 0 ? COMMAND : FORM,
                        .who = g_rand_int_range(rand, 0, PEOPLE)};
    if (step.deed == REPLY || step.deed == SKIP || step.deed == UNKNOWN)
        step.who = life->asker;
    if (step.deed == REPLY && ++*replies > (int)G_N_ELEMENTS(answers))
        step.deed = CHATTER;
    if (step.deed == REPLY || step.deed == CHATTER)
        step.edits = g_rand_int_range(rand, 0, EDITS_MAX + 1);
    step.deleted = step.deed == CHATTER && g_rand_boolean(rand);
    step.stone = g_rand_boolean(rand);
    return step;
}

static void draw_life(GRand *rand, struct life *life)
{
    *life = (struct life){.number = life->number, .asker = g_rand_int_range(rand, 0, PEOPLE), .steps_n = 1};
    int sort = g_rand_int_range(rand, 0, 12);
    bool deleted = sort < 3;
    life->channel = deleted ? DELETED_ONES : g_rand_int_range(rand, OPEN, CLOSED + 1);
    life->steps[0] = (struct step){.deed = RAISE, .way = (enum way)g_rand_int_range(rand, COMMAND, SHORTCUT + 1),
                                   .who = life->asker};
    if (sort == 11) {
        life->channel = CLOSED;
        life->steps[0] = (struct step){.deed = COME_AND_GO, .moves = g_rand_int_range(rand, 1, 5),
                                       .who = PEOPLE + life->number};
        life->title = g_strdup_printf("Coming and going %d", life->number);
        return;
    }
    int replies = 0, steps = g_rand_int_range(rand, 2, STEPS_MAX - 1);
    bool edited = false;
    while (life->steps_n < steps) {
        struct step *step = &life->steps[life->steps_n++];
        *step = draw_step(rand, life, &replies);
        edited = edited || (step->deed == REPLY && step->edits > 0);
    }
    if (deleted)
        life->steps[life->steps_n++] = (struct step){.deed = REPLY, .who = life->asker, .edits = g_rand_int_range(rand, 0, 2),
                                                     .deleted = true, .stone = g_rand_boolean(rand)};
    life->title = g_strdup_printf("%s wish %d%s", edited ? "Edited" : "Plain", life->number,
                                  g_rand_int_range(rand, 0, 3) == 0 ? " by 1 March" : "");
}

static void plan_draw(struct plan *plan, guint32 seed)
{
    GRand *rand = g_rand_new_with_seed(seed);
    *plan = (struct plan){.seed = seed, .lives_n = g_rand_int_range(rand, 2, LIVES_MAX + 1)};
    for (int i = 0; i < plan->lives_n; i++) {
        plan->lives[i].number = i;
        draw_life(rand, &plan->lives[i]);
    }
    if (g_rand_int_range(rand, 0, 3) == 0) {
        struct life *life = &plan->lives[plan->lives_n - 1];
        g_free(life->title);
        *life = (struct life){.number = life->number, .channel = INVITED, .steps_n = 1, .title = g_strdup("Invitations")};
        life->steps[0] = (struct step){.deed = INVITATIONS, .moves = 1 + 2 * g_rand_int_range(rand, 0, 3)};
    }
    g_rand_free(rand);
}

static void plan_done(struct plan *plan)
{
    for (int i = 0; i < plan->lives_n; i++)
        g_free(plan->lives[i].title);
}

/* ---- Deeds as envelopes ---- */

static int64_t number_of(struct world *w, const struct life *life)
{
    return sql_number(w->store, "SELECT number FROM ask JOIN words ON words.id = ask.title WHERE text = ?1", "t", life->title);
}

static char *card_of(struct world *w, int64_t number)
{
    return sql_text(w->store, "SELECT message FROM post WHERE ask = ?1 AND purpose = 'card'", "i", number);
}

static void add(struct world *w, GPtrArray *group, struct envelope *envelope)
{
    g_ptr_array_add(w->kept, envelope);
    g_ptr_array_add(group, envelope);
}

static const struct envelope *add_alone(struct world *w, struct envelope *envelope)
{
    g_ptr_array_add(w->kept, envelope);
    return envelope;
}

static void raise_by(struct world *w, const struct life *life, const struct step *step, GPtrArray *group)
{
    const char *channel = channels[life->channel], *user = people[step->who];
    g_autofree char *ts = new_ts(w), *text = NULL, *view = g_strdup_printf("V%d", w->made);
    switch (step->way) {
    case COMMAND:
        add(w, group, command_envelope(++w->made, channel, user, life->title));
        break;
    case MENTION:
        text = g_strdup_printf("<@" OUR_USER "> %s", life->title);
        add(w, group, post_envelope(++w->made, channel, user, NULL, ts, text, true));
        add(w, group, post_envelope(++w->made, channel, user, NULL, ts, text, false));
        break;
    case FORM:
        /* First without a title, then with one: the form comes back in between. */
        add(w, group, form_envelope(++w->made, user, view, "new", "", "title", "", "channel", channel, NULL));
        add(w, group, form_envelope(++w->made, user, view, "new", "", "title", life->title, "channel", channel, NULL));
        break;
    case SHORTCUT:
        add(w, group, shortcut_envelope(++w->made, channel, user, user, ts, life->title, ts));
        break;
    }
}

/* A post, its edits and its end. */
static void say_and_edit(struct world *w, const struct life *life, const struct step *step, const char *thread,
                         const char *text, GPtrArray *group)
{
    const char *channel = channels[life->channel], *user = people[step->who];
    g_autofree char *ts = new_ts(w), *before = g_strdup(text);
    add(w, group, post_envelope(++w->made, channel, user, thread, ts, text, false));
    for (int i = 0; i < step->edits; i++) {
        g_autofree char *after = g_strdup_printf("%s, edit %d", text, i + 1), *at = new_ts(w);
        add(w, group, edit_envelope(++w->made, channel, user, thread, ts, before, after, at));
        g_free(before);
        before = g_steal_pointer(&after);
    }
    g_autofree char *at = new_ts(w);
    if (step->deleted)
        add(w, group, deletion_envelope(++w->made, channel, user, thread, ts, at, step->stone));
}

static void reply(struct world *w, const struct life *life, const struct step *step, int64_t number, GPtrArray *group)
{
    g_autofree char *card = card_of(w, number), *kind = NULL;
    kind = sql_text(w->store, "SELECT kind FROM question WHERE ask = ?1 AND state = 'open'", "i", number);
    int at = kind == NULL || *kind == 'w' ? 0 : *kind == 'i' ? 1 : *kind == 'e' ? 2 : 3;
    g_autofree char *token = g_strdup_printf("%s%dx%d", step->deleted ? "erased" : "said", life->number,
                                             (int)(step - life->steps));
    g_autofree char *text = g_strdup_printf(answers[at], token);
    say_and_edit(w, life, step, card, text, group);
}

static void voice(struct world *w, const struct life *life, const struct step *step, int64_t number, GPtrArray *group)
{
    const char *channel = channels[life->channel], *user = people[step->who];
    g_autofree char *view = g_strdup_printf("V%d", ++w->made), *card = card_of(w, number), *at = new_ts(w);
    g_autofree char *value = g_strdup_printf("%d", (int)number);
    if (step->way == COMMAND) {
        g_autofree char *text = g_strdup_printf("voice %d because my customers ask for it, too", (int)number);
        add(w, group, command_envelope(++w->made, channel, user, text));
        return;
    }
    g_autofree char *state = g_strdup_printf("%d:%d", (int)number, life->channel + 1);
    add(w, group, button_envelope(++w->made, channel, user, card, NULL, "voice", value, at));
    struct envelope *sent = form_envelope(++w->made, user, view, "voice", state, "why", "I need it as much", NULL);
    sent->opened = true;
    add(w, group, sent);
}

static void type_or_press(struct world *w, const struct life *life, const struct step *step, int64_t number,
                          const char *command, const char *action, GPtrArray *group)
{
    const char *channel = channels[life->channel], *user = people[step->who];
    g_autofree char *card = card_of(w, number), *at = new_ts(w);
    g_autofree char *kind = sql_text(w->store, "SELECT kind FROM question WHERE ask = ?1 AND state = 'open'", "i", number);
    g_autofree char *value = kind != NULL && step->deed != OWN ? g_strdup_printf("%d:%s", (int)number, kind)
                                                               : g_strdup_printf("%d", (int)number);
    g_autofree char *text = command != NULL ? g_strdup_printf(command, (int)number) : NULL;
    if (text != NULL && (step->way == COMMAND || action == NULL))
        add(w, group, command_envelope(++w->made, channel, user, text));
    else
        add(w, group, button_envelope(++w->made, channel, user, card, NULL, action, value, at));
}

static void come_and_go(struct world *w, const struct life *life, const struct step *step, GPtrArray *group)
{
    const char *channel = channels[life->channel], *user = people[step->who];
    g_autofree char *ts = new_ts(w), *text = g_strdup_printf("<@" OUR_USER "> %s", life->title);
    add(w, group, post_envelope(++w->made, channel, user, NULL, ts, text, true));
    for (int i = 0; i < step->moves; i++) {
        story_ms += 1000;
        g_autofree char *at = new_ts(w);
        add(w, group, member_envelope(++w->made, channel, user, i % 2 == 1, at));
    }
}

static void invitations(struct world *w, const struct step *step, GPtrArray *group)
{
    for (int i = 0; i < step->moves; i++) {
        story_ms += 1000;
        g_autofree char *at = new_ts(w);
        add(w, group, member_envelope(++w->made, channels[INVITED], OUR_USER, i % 2 == 0, at));
    }
}

static GPtrArray *do_step(struct world *w, const struct life *life, int at)
{
    const struct step *step = &life->steps[at];
    GPtrArray *group = g_ptr_array_new();
    int64_t number = number_of(w, life);
    if (step->deed < COME_AND_GO && step->deed != RAISE)
        assert_int_not_equal(number, 0);
    g_autofree char *card = card_of(w, number), *talk = NULL;
    switch (step->deed) {
    case RAISE:
        raise_by(w, life, step, group);
        break;
    case REPLY:
        reply(w, life, step, number, group);
        break;
    case VOICE:
        voice(w, life, step, number, group);
        break;
    case OWN:
        type_or_press(w, life, step, number, "own %d", "own", group);
        break;
    case DECIDE:
        type_or_press(w, life, step, number,
                      step->edits > 0 ? "decide %d later until 1 March" : step->stone ? "decide %d no because of the cost"
                                                                                      : "decide %d yes because it pays",
                      NULL, group);
        break;
    case START:
        /* Whether something else is started just then depends on what comes when. */
        type_or_press(w, life, step, number, "start %d nothing gives way", NULL, group);
        break;
    case SHIP:
        type_or_press(w, life, step, number, "ship %d to all", NULL, group);
        break;
    case WITHDRAW:
        type_or_press(w, life, step, number, "withdraw %d", NULL, group);
        break;
    case SKIP:
        type_or_press(w, life, step, number, NULL, "skip", group);
        break;
    case UNKNOWN:
        type_or_press(w, life, step, number, NULL, "unknown", group);
        break;
    case CHATTER:
        /* Of others in the thread, or beside it: none of askwhy's business. */
        talk = g_strdup_printf("Lunch in the usual place, says %s", people[(step->who + 1) % PEOPLE]);
        say_and_edit(w, life, step, step->who != life->asker ? card : NULL, talk, group);
        break;
    case COME_AND_GO:
        come_and_go(w, life, step, group);
        break;
    case INVITATIONS:
        invitations(w, step, group);
        break;
    }
    return group;
}

/* ---- Playing ---- */

struct delivery {
    int64_t at;
    int order, life, attempt;
    const struct envelope *envelope;
};

struct course {
    int step, unheard; /* envelopes of the step under way that were not delivered yet */
};

static gint by_time(gconstpointer a, gconstpointer b)
{
    const struct delivery *left = a, *right = b;
    return left->at != right->at ? (left->at < right->at ? -1 : 1) : left->order - right->order;
}

/* Whatever comes in whatever order: only a form that a press opened is not sent in before that was heard. */
static void schedule(struct world *w, GArray *queue, GPtrArray *group, int life)
{
    int64_t pressed = 0;
    for (guint i = 0; i < group->len; i++) {
        const struct envelope *envelope = g_ptr_array_index(group, i);
        int64_t times[TIMES], first = INT64_MAX;
        for (int n = 0; n < TIMES; n++) {
            times[n] = story_ms + g_rand_int_range(w->rand, 0, SPREAD_MS);
            times[n] = envelope->opened ? MAX(times[n], pressed) : times[n];
            first = MIN(first, times[n]);
        }
        pressed = first;
        for (int n = 0; n < TIMES; n++) {
            int earlier = 0;
            for (int other = 0; other < TIMES; other++)
                earlier += times[other] < times[n] || (times[other] == times[n] && other < n);
            struct delivery delivery = {.at = times[n], .order = ++w->placed, .life = life, .attempt = earlier,
                                        .envelope = envelope};
            g_array_append_val(queue, delivery);
        }
    }
    g_array_sort(queue, by_time);
}

static void begin_step(struct world *w, const struct plan *plan, int life, struct course *course, GArray *queue)
{
    GPtrArray *group = do_step(w, &plan->lives[life], course->step);
    course->unheard = (int)group->len;
    schedule(w, queue, group, life);
    g_ptr_array_free(group, TRUE);
}

static void play_shuffled(struct world *w, const struct plan *plan)
{
    GArray *queue = g_array_new(FALSE, FALSE, sizeof(struct delivery));
    struct course courses[LIVES_MAX] = {0};
    for (int i = 0; i < plan->lives_n; i++)
        begin_step(w, plan, i, &courses[i], queue);
    while (queue->len > 0) {
        struct delivery next = g_array_index(queue, struct delivery, 0);
        g_array_remove_index(queue, 0);
        story_ms = MAX(story_ms, next.at);
        deliver(w, next.envelope, next.attempt);
        struct course *course = &courses[next.life];
        bool over = next.attempt == 0 && --course->unheard == 0 && ++course->step < plan->lives[next.life].steps_n;
        if (over)
            settle(w); /* they have seen the answer */
        else if (g_rand_int_range(w->rand, 0, 3) > 0)
            show(w);
        if (over)
            begin_step(w, plan, next.life, course, queue);
    }
    settle(w);
    g_array_free(queue, TRUE);
}

static void play_in_order(struct world *w, const struct plan *plan)
{
    for (int at = 0; at < STEPS_MAX; at++) {
        for (int i = 0; i < plan->lives_n; i++) {
            if (at >= plan->lives[i].steps_n)
                continue;
            GPtrArray *group = do_step(w, &plan->lives[i], at);
            for (guint n = 0; n < group->len; n++) {
                story_ms += 1000;
                deliver(w, g_ptr_array_index(group, n), 0);
                settle(w);
            }
            g_ptr_array_free(group, TRUE);
        }
    }
}

/* ---- What has become of it ---- */

static void dump(struct world *w, GString *out, const char *what, const char *sql)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(w->store->db, sql, -1, &row, NULL) != SQLITE_OK)
        fail_msg("%s: %s", what, sqlite3_errmsg(w->store->db));
    while (sqlite3_step(row) == SQLITE_ROW) {
        g_string_append_printf(out, "%s:", what);
        for (int i = 0; i < sqlite3_column_count(row); i++)
            g_string_append_printf(out, " | %s", sqlite3_column_text(row, i) != NULL ? (const char *)sqlite3_column_text(row, i) : "-");
        g_string_append_c(out, '\n');
    }
    sqlite3_finalize(row);
}

/* Everything but ids and moments. Where an answer was deleted, its question is open in one world and was asked on
 * in the other: whether the bot heard the words before it forgot them. */
#define ASKS " FROM ask a JOIN words t ON t.id = a.title JOIN channel c ON c.id = a.channel "
#define WHO(column) "(SELECT user FROM person WHERE id = " column ")"
#define WORDS(column) "(SELECT text FROM words WHERE id = " column ")"

static char *outcome(struct world *w)
{
    GString *out = g_string_new(NULL);
    dump(w, out, "ask",
         "SELECT t.text, c.channel, " WHO("a.asker") "," WHO("a.raiser") "," WHO("a.owner") "," WHO("a.decider")
         ", a.state, a.deadline, " WORDS("a.why") "," WHO("a.why_by") "," WORDS("a.impact") "," WHO("a.impact_by") ","
         "a.impact_data," WORDS("a.evidence") ", a.evidence_kind, " WORDS("a.deadline_note") ", a.why_known, a.impact_known,"
         " a.evidence_known, a.decision, " WORDS("a.decision_words") "," WHO("a.decided_by") ", a.later_until,"
         " a.started_at IS NULL, a.shipped_at IS NULL, a.voices" ASKS "WHERE c.channel <> 'CDELETED' ORDER BY t.text");
    dump(w, out, "ask with a deletion",
         "SELECT t.text, " WHO("a.asker") "," WHO("a.owner") ", a.state, a.decision, a.voices" ASKS
         "WHERE c.channel = 'CDELETED' ORDER BY t.text");
    dump(w, out, "question",
         "SELECT t.text, q.kind, q.state, q.followed_up, q.reminders, " WHO("q.person") ASKS
         "JOIN question q ON q.ask = a.number WHERE c.channel <> 'CDELETED' ORDER BY t.text, q.kind");
    dump(w, out, "voice", "SELECT t.text, " WHO("v.person") "," WORDS("v.words") ASKS
         "JOIN voice v ON v.ask = a.number ORDER BY t.text, v.person");
    dump(w, out, "heard", "SELECT t.text, h.kind, " WHO("h.person") "," WORDS("h.words") ASKS
         "JOIN heard h ON h.ask = a.number ORDER BY t.text, h.kind, 4");
    dump(w, out, "posts", "SELECT t.text, p.purpose, count(*), count(p.message)" ASKS
         "JOIN post p ON p.ask = a.number WHERE c.channel <> 'CDELETED' GROUP BY t.text, p.purpose ORDER BY t.text, p.purpose");
    dump(w, out, "cards", "SELECT t.text, count(*)" ASKS
         "JOIN post p ON p.ask = a.number WHERE p.purpose = 'card' GROUP BY t.text ORDER BY t.text");
    dump(w, out, "log of what was never edited", "SELECT t.text, l.kind, count(*)" ASKS
         "JOIN log l ON l.ask = a.number WHERE t.text LIKE 'Plain%' AND c.channel <> 'CDELETED' GROUP BY t.text, l.kind"
         " ORDER BY t.text, l.kind");
    dump(w, out, "log", "SELECT t.text, l.kind, count(*)" ASKS
         "JOIN log l ON l.ask = a.number WHERE l.kind IN ('ask.raised', 'ask.voice', 'ask.owner', 'ask.decided', 'ask.started',"
         " 'ask.shipped', 'ask.withdrawn') GROUP BY t.text, l.kind ORDER BY t.text, l.kind");
    dump(w, out, "tally", "SELECT c.channel, tally.name, value FROM tally JOIN channel c ON c.id = tally.channel"
         " WHERE NOT (c.channel = 'CDELETED' AND (tally.name LIKE 'to.%' OR tally.name LIKE 'started%')) AND value <> 0"
         " ORDER BY c.channel, tally.name");
    dump(w, out, "gone", "SELECT c.channel, p.user FROM presence gone JOIN channel c ON c.id = gone.channel"
         " JOIN person p ON p.id = gone.person WHERE gone.gone = 1 ORDER BY 1, 2");
    dump(w, out, "channel", "SELECT c.channel, c.member, coalesce(s.introduced, 0), s.digest, " WHO("s.owner")
         ", (SELECT count(*) FROM post WHERE post.channel = c.id AND post.ask IS NULL)"
         " FROM channel c LEFT JOIN channel_setting s ON s.channel = c.id ORDER BY c.channel");
    dump(w, out, "person", "SELECT " WHO("person") ", function_asked FROM person_setting ORDER BY 1");
    return g_string_free(out, FALSE);
}

/* What holds in every world, however things came. */
static void look_over(struct world *w)
{
    assert_null(store_failed(w->store));
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, w->waiting);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        fail_msg("%s was never acknowledged", (const char *)key);
    g_hash_table_iter_init(&iter, w->reactions);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (GPOINTER_TO_INT(value) != 1)
            fail_msg("%d reactions to one post", GPOINTER_TO_INT(value));
    }
    assert_int_equal(sql_number(w->store, "SELECT count(*) FROM outbox", ""), 0);
    assert_int_equal(sql_number(w->store, "SELECT count(*) FROM words WHERE text LIKE '%erased%'", ""), 0);
    assert_int_equal(sql_number(w->store, "SELECT count(*) FROM ask_text WHERE ask_text MATCH 'erased*'", ""), 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(w->store, &error);
    assert_null(error);
    if (differences != NULL)
        fail_msg("%s", differences);
}

static char *play(const struct plan *plan, bool shuffled)
{
    struct world *w = world_new(plan->seed, shuffled);
    if (shuffled)
        play_shuffled(w, plan);
    else
        play_in_order(w, plan);
    look_over(w);
    char *end = outcome(w);
    world_free(w);
    return end;
}

/* The first line in which two texts differ, from both. */
static void tell_difference(guint32 seed, const char *in_order, const char *shuffled)
{
    g_auto(GStrv) left = g_strsplit(in_order, "\n", -1), right = g_strsplit(shuffled, "\n", -1);
    int i = 0;
    while (left[i] != NULL && right[i] != NULL && strcmp(left[i], right[i]) == 0)
        i++;
    fail_msg("REDELIVERY_SEED=%u: once and in order\n  %s\nfour times and shuffled\n  %s", seed,
             left[i] != NULL ? left[i] : "(no more)", right[i] != NULL ? right[i] : "(no more)");
}

static guint32 number_from(const char *name, guint32 otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL && *text != '\0' ? (guint32)strtoul(text, NULL, 10) : otherwise;
}

static void what_comes_four_times_and_shuffled_has_one_effect(void **state)
{
    (void)state;
    guint32 first = number_from("REDELIVERY_SEED", 1), seeds = number_from("REDELIVERY_SEEDS", 30);
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    for (guint32 seed = first; seed < first + seeds; seed++) {
        struct plan plan;
        plan_draw(&plan, seed);
        g_autofree char *in_order = play(&plan, false), *shuffled = play(&plan, true);
        if (strcmp(in_order, shuffled) != 0)
            tell_difference(seed, in_order, shuffled);
        plan_done(&plan);
    }
    say_done();
}

/* The card stands in the channel, and the mark that says where has not come back to the batch yet. */
static void what_overtakes_its_post_waits_for_the_card_as_well(void **state)
{
    (void)state;
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    struct world *w = world_new(1, false);
    static const char card[] = "1795348800.000777", first[] = "1795348810.000001", second[] = "1795348810.000002";
    deliver(w, add_alone(w, command_envelope(1, "CPRODUCT", "UDANA", "Add SSO for Acme")), 0);
    dispatch_batch(w->dispatch);
    deliver(w, add_alone(w, deletion_envelope(2, "CPRODUCT", "UDANA", card, first, "1795348811.000001", false)), 0);
    deliver(w, add_alone(w, edit_envelope(3, "CPRODUCT", "UDANA", card, second, "Acme", "Acme pays for it", "1795348812.000001")), 0);
    deliver(w, add_alone(w, post_envelope(4, "CPRODUCT", "UDANA", card, first, "erased words of Acme's", false)), 0);
    deliver(w, add_alone(w, post_envelope(5, "CPRODUCT", "UDANA", card, second, "Acme", false)), 0);
    dispatch_batch(w->dispatch);
    assert_int_equal(sql_number(w->store, "SELECT why_known FROM ask", ""), 0);

    g_autoptr(GArray) rows = store_outbox(w->store, 0);
    g_array_set_clear_func(rows, (GDestroyNotify)outbox_row_done);
    struct outbox_row *row = &g_array_index(rows, struct outbox_row, 0);
    struct outbox_row *about = g_memdup2(row, sizeof *row);
    *row = (struct outbox_row){0};
    g_hash_table_insert(w->shown, g_memdup2(&about->id, sizeof about->id), about);
    struct outbox_mark mark = {.row = about->id, .about = about, .what = MARK_SENT, .message = g_strdup(card)};
    dispatch_mark(w->dispatch, &mark);
    dispatch_clock_moved(w->dispatch);
    dispatch_batch(w->dispatch);
    settle(w);
    look_over(w);
    g_autofree char *said = sql_text(w->store, "SELECT text FROM words JOIN ask ON ask.why = words.id", "");
    assert_string_equal(said, "Acme pays for it");
    assert_int_equal(sql_number(w->store, "SELECT count(*) FROM log WHERE kind = 'ask.why'", ""), 1);
    world_free(w);
    say_done();
}

/* Mia talked in the thread before she was asked; that it comes again afterwards makes it no answer. */
static void what_is_older_than_the_question_is_no_answer_to_it(void **state)
{
    (void)state;
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    struct world *w = world_new(1, false);
    deliver(w, add_alone(w, command_envelope(1, "CPRODUCT", "UDANA", "Add SSO for Acme")), 0);
    settle(w);
    g_autofree char *card = card_of(w, 1), *early = new_ts(w);
    const struct envelope *talk = add_alone(w, post_envelope(2, "CPRODUCT", "UMIA", card, early, "Acme pays for it", false));
    deliver(w, talk, 0);
    settle(w);
    story_ms += SPREAD_MS / 2;
    g_autofree char *later = new_ts(w);
    deliver(w, add_alone(w, post_envelope(3, "CPRODUCT", "UDANA", card, later, "<@UMIA> knows", false)), 0);
    settle(w);
    deliver(w, talk, 1);
    settle(w);
    assert_int_equal(sql_number(w->store, "SELECT why_known FROM ask", ""), 0);
    g_autofree char *now = new_ts(w);
    deliver(w, add_alone(w, post_envelope(4, "CPRODUCT", "UMIA", card, now, "Acme pays for it", false)), 0);
    settle(w);
    assert_int_equal(sql_number(w->store, "SELECT why_known FROM ask", ""), 1);
    look_over(w);
    world_free(w);
    say_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_older_than_the_question_is_no_answer_to_it),
        cmocka_unit_test(what_overtakes_its_post_waits_for_the_card_as_well),
        cmocka_unit_test(what_comes_four_times_and_shuffled_has_one_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
