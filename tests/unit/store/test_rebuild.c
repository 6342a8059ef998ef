/* The log is the truth: all state derived from it once more is the state that is kept. */
#include "story.h"

#include "store/sql.h"

enum { PEOPLE = 6, CHANNELS = 3, LIVES = 12, STEPS = 250 };

struct world {
    struct story *s;
    GRand *dice;
    int64_t people[PEOPLE], channels[CHANNELS], now, last_digest, last_question;
    int64_t asks;
};

static int roll(struct world *w, int sides)
{
    return g_rand_int_range(w->dice, 0, sides);
}

static int64_t anyone(struct world *w)
{
    return w->people[roll(w, PEOPLE)];
}

static const char *some_words(struct world *w)
{
    static const char *const words[] = {
        "Add SSO for Acme by June", "Churn falls from 5% to 3%", "", "고객이 기다립니다", "It \"quotes\", 'too' \\ and {json}",
        "Üks kahest: 🙂", "a\nb\tc", "NOT OR AND *",
    };
    return words[roll(w, G_N_ELEMENTS(words))];
}

static cJSON *data_with(const char *name, const char *text)
{
    cJSON *data = json_object();
    json_put_str(data, name, text);
    return data;
}

static cJSON *data_with_int(const char *name, int64_t number)
{
    cJSON *data = json_object();
    json_put_int(data, name, number);
    return data;
}

static const char *any_kind_of_question(struct world *w)
{
    static const char *const kinds[] = {"why", "impact", "evidence", "deadline"};
    return kinds[roll(w, 4)];
}

static cJSON *understood_impact(struct world *w)
{
    cJSON *data = data_with_int("known", 1 + roll(w, 2));
    json_put_str(data, "metric", "churn");
    json_put_int(data, "by", w->now + 86400000);
    cJSON_AddNumberToObject(data, "size", g_rand_double(w->dice) * 100);
    cJSON_AddNumberToObject(data, "third", 1.0 / 3);
    return data;
}

static void about_an_ask(struct world *w)
{
    static const char *const moves[][2] = {
        {"ask.clear", "clear"},     {"ask.unclear", "waiting"}, {"ask.started", "started"}, {"ask.shipped", "shipped"},
        {"ask.withdrawn", "withdrawn"}, {"ask.returned", "clear"}, {"ask.started", "started"},
    };
    int64_t number = 1 + roll(w, (int)w->asks);
    struct ask ask;
    assert_true(store_load_ask(w->s->store, number, &ask));
    struct log_entry entry = {.at = w->now, .actor = anyone(w), .ask = number, .channel = ask.channel};
    int64_t asker = ask.asker;
    ask_done(&ask);
    cJSON *data;
    switch (roll(w, 20)) {
    case 14:
        data = data_with_int("by", roll(w, 3) ? 1 + roll(w, (int)w->asks) : 0);
        json_put_int(data, "revisit", w->now + 5);
        entry.kind = "ask.paused", entry.state = "paused", entry.data = data, entry.words = some_words(w);
        break;
    case 15:
        entry.kind = "ask.queued", entry.data = data_with_int("after", 1 + roll(w, (int)w->asks)), entry.words = some_words(w);
        break;
    case 0:
        entry.kind = "ask.why", entry.words = some_words(w), entry.person = roll(w, 2) ? asker : anyone(w);
        entry.data = data_with_int("known", 1 + roll(w, 2));
        break;
    case 1:
        entry.kind = "ask.impact", entry.words = some_words(w), entry.person = anyone(w);
        entry.data = understood_impact(w);
        break;
    case 2:
        entry.kind = "ask.evidence", entry.words = roll(w, 2) ? some_words(w) : NULL, entry.person = anyone(w);
        entry.data = data_with("kind", roll(w, 2) ? "measured" : "opinion");
        break;
    case 3:
        entry.kind = "ask.deadline", entry.words = some_words(w);
        break;
    case 4:
        entry.kind = "ask.unanswered", entry.data = data_with("kind", any_kind_of_question(w));
        break;
    case 5:
        entry.kind = roll(w, 2) ? "ask.owner" : "ask.decider", entry.person = roll(w, 4) ? anyone(w) : 0;
        break;
    case 6: {
        bool later = roll(w, 2);
        data = data_with("decision", later ? "later" : "yes");
        if (later)
            json_put_int(data, "until", w->now + 1000);
        entry.kind = "ask.decided", entry.state = later ? "later" : "accepted", entry.data = data;
        entry.words = some_words(w);
        break;
    }
    case 7: {
        int move = roll(w, G_N_ELEMENTS(moves));
        entry.kind = moves[move][0], entry.state = moves[move][1];
        break;
    }
    case 8:
        entry.kind = "ask.voice", entry.person = anyone(w), entry.words = roll(w, 2) ? some_words(w) : NULL;
        break;
    case 9:
        entry.kind = "ask.renamed", entry.words = some_words(w);
        break;
    case 10:
        data = data_with("kind", any_kind_of_question(w));
        json_put_int(data, "remind_at", w->now + 500);
        entry.kind = "question.asked", entry.person = anyone(w), entry.data = data;
        break;
    case 11:
        data = data_with("kind", any_kind_of_question(w));
        json_put_str(data, "how", "skipped");
        entry.kind = "question.closed", entry.data = data;
        break;
    case 12:
        data = data_with("kind", any_kind_of_question(w));
        json_put_int(data, "reminders", roll(w, 4));
        entry.kind = roll(w, 2) ? "question.waits" : "question.followed", entry.data = data;
        break;
    case 16:
        data = data_with("outcome", "partly");
        if (roll(w, 2))
            json_put(data, "ratio", cJSON_CreateNumber(g_rand_double(w->dice)));
        entry.kind = "ask.outcome", entry.state = "checked", entry.words = some_words(w), entry.data = data;
        break;
    case 17:
        data = data_with_int("asked", roll(w, 4));
        if (roll(w, 2))
            json_put_int(data, "remind_at", w->now + 700);
        entry.kind = "outcome.waits", entry.person = anyone(w), entry.data = data;
        break;
    case 19:
        entry.kind = "ask.goal", entry.data = roll(w, 3) ? data_with_int("goal", 1 + roll(w, 3)) : NULL;
        break;
    case 18:
        data = data_with_int("metric", 1 + roll(w, 3));
        json_put_str(data, "direction", roll(w, 2) ? "up" : "down");
        json_put_bool(data, "by_words", roll(w, 2));
        entry.kind = "ask.metric", entry.data = data;
        break;
    default:
        entry.kind = "put.question", entry.person = roll(w, 2) ? anyone(w) : 0, entry.words = some_words(w);
        entry.data = data_with("kind", "question");
        w->last_question = log_it(w->s, entry);
        return;
    }
    log_it(w->s, entry);
}

static void about_people_and_channels(struct world *w)
{
    struct log_entry entry = {.at = w->now, .actor = anyone(w), .channel = w->channels[roll(w, CHANNELS)]};
    cJSON *data;
    switch (roll(w, 12)) {
    case 11:
        data = data_with_int("revisit", roll(w, 30));
        json_put_bool(data, "shared", roll(w, 2));
        json_put_bool(data, "churn", roll(w, 2));
        entry.kind = "channel.trades", entry.data = data;
        break;
    case 10:
        data = json_object();
        json_put(data, "words", data_with("why", some_words(w)));
        entry.kind = "channel.questions", entry.data = data;
        break;
    case 0:
        entry.kind = "person.function", entry.person = anyone(w), entry.data = data_with("function", "sales");
        break;
    case 1:
        entry.kind = "person.asked", entry.person = anyone(w);
        break;
    case 2:
        data = json_object();
        json_put_bool(data, "on", roll(w, 2));
        entry.kind = "person.reminders", entry.person = anyone(w), entry.data = data;
        break;
    case 3:
        entry.kind = "person.language", entry.person = anyone(w), entry.data = data_with("language", "et");
        break;
    case 4:
        data = data_with_int("owner", anyone(w));
        json_put_int(data, "decider", anyone(w));
        entry.kind = "channel.defaults", entry.data = data;
        break;
    case 5:
        entry.kind = roll(w, 2) ? "channel.introduced" : "channel.language", entry.data = data_with("language", "ko");
        break;
    case 6:
        data = data_with("zone", "Europe/Tallinn");
        json_put_bool(data, "on", true);
        json_put_int(data, "day", 1 + roll(w, 7));
        json_put_int(data, "at", w->now + 7);
        cJSON *covers = json_array();
        json_push(covers, cJSON_CreateNumber((double)w->channels[0]));
        json_put(data, "covers", covers);
        entry.kind = "channel.digest", entry.data = data;
        break;
    case 7:
        data = data_with_int("upto", store_newest_entry(w->s->store));
        json_put(data, "tally", data_with_int("raised", roll(w, 9)));
        if (roll(w, 2))
            json_put_int(data, "next", w->now + 99);
        entry.kind = "digest.posted", entry.data = data;
        w->last_digest = log_it(w->s, entry);
        return;
    case 8:
        data = data_with("kind", roll(w, 2) ? "seen" : "disagreement");
        json_put_int(data, "digest", w->last_digest);
        entry.kind = "digest.reply", entry.person = anyone(w), entry.data = data;
        break;
    default:
        entry.kind = "put.answered", entry.words = some_words(w), entry.data = data_with_int("question", w->last_question);
        break;
    }
    log_it(w->s, entry);
}

static void erase_some_words(struct world *w)
{
    int64_t words = 1 + roll(w, 40);
    store_erase_words(w->s->store, words, w->now);
    int64_t ask = sql_number(w->s->store, "SELECT ask FROM log WHERE words = ?1", "i", words);
    log_it(w->s, (struct log_entry){.at = w->now, .kind = "words.erased", .ask = ask, .data = data_with_int("words", words)});
}

static void live(struct story *s, guint32 seed)
{
    struct world w = {.s = s, .dice = g_rand_new_with_seed(seed), .now = NOON};
    for (int i = 0; i < PEOPLE; i++) {
        g_autofree char *user = g_strdup_printf("U%d", i);
        w.people[i] = person(s, user);
    }
    for (int i = 0; i < CHANNELS; i++) {
        g_autofree char *channel = g_strdup_printf("C%d", i);
        w.channels[i] = place(s, channel, (enum channel_kind)i);
    }
    for (int i = 0; i < STEPS; i++) {
        w.now += roll(&w, 100000);
        int turn = roll(&w, 10);
        if (w.asks == 0 || turn == 0) {
            raise_ask(s, w.channels[roll(&w, CHANNELS)], anyone(&w), anyone(&w), anyone(&w), 0, some_words(&w));
            w.asks++;
        } else if (turn == 1) {
            erase_some_words(&w);
        } else if (turn < 8) {
            about_an_ask(&w);
        } else {
            about_people_and_channels(&w);
        }
    }
    g_rand_free(w.dice);
    commit(s);
}

static char *differences(struct story *s)
{
    g_autoptr(GError) error = NULL;
    char *all = store_check_rebuild(s->store, &error);
    if (error != NULL)
        fail_msg("%s", error->message);
    return all;
}

static void whatever_happens_the_log_tells_it(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= LIVES; seed++) {
        void *fresh;
        story_begin_open(&fresh);
        live(fresh, seed);
        g_autofree char *found = differences(fresh);
        if (found != NULL)
            fail_msg("life %u:\n%s", seed, found);
        story_end(&fresh);
    }
}

static void state_that_does_not_follow_from_the_log_is_found(void **state)
{
    static const struct {
        const char *table, *change;
    } changes[] = {
        {"ask:", "UPDATE ask SET owner = 4711 WHERE number = 1"},
        {"tally:", "UPDATE tally SET value = value + 1 WHERE name = 'raised'"},
        {"question:", "INSERT INTO question (ask, kind, person, state, asked_at) VALUES (999, 'why', 1, 'open', 1)"},
        {"trade_off:", "UPDATE trade_off SET days = days + 1"},
        {"work:", "UPDATE work SET jumped = 2"},
        {"queued:", "INSERT INTO queued (ask, behind, entry, person, at) VALUES (999, 1, 1, 1, 1)"},
        {"trade_setting:", "UPDATE trade_setting SET churn = 3"},
        {"ask_text:", "DELETE FROM ask_text WHERE rowid = 1"},
        {"group_function:", "INSERT INTO group_function (id, platform, called, name, function, channel, person)"
                            " VALUES (4711, 'slack', 'S1', 'crew', 'exec', 1, 1)"},
        {"person_setting:", "INSERT INTO person_setting (person, function) VALUES (4711, 'exec')"},
    };
    struct story *s = *state;
    live(s, 7);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        assert_true(store_part_begin(s->store));
        assert_int_equal(sqlite3_exec(s->store->db, changes[i].change, NULL, NULL, NULL), SQLITE_OK);
        assert_true(store_part_end(s->store));
        commit(s);
        g_autofree char *found = differences(s);
        if (found == NULL || strstr(found, changes[i].table) == NULL)
            fail_msg("%s: %s", changes[i].change, found != NULL ? found : "nothing was found");
    }
}

static void checking_changes_nothing_and_works_beside_a_running_askwhy(void **state)
{
    struct story *s = *state;
    live(s, 3);
    int64_t before = sql_number(s->store, "SELECT count(*) FROM log", "");
    struct store *reader = open_now(s, STORE_READ);
    g_autoptr(GError) error = NULL;
    g_autofree char *found = store_check_rebuild(reader, &error);
    assert_null(found);
    assert_null(error);
    store_close(reader);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM log", ""), before);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_the_log_tells_it),
        STORY(state_that_does_not_follow_from_the_log_is_found),
        STORY(checking_changes_nothing_and_works_beside_a_running_askwhy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
