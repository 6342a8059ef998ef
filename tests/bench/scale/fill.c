#include "tests/bench/scale/fill_inside.h"

#include "bot/base/json.h"
#include "commands/calendar.h"
#include "store/digests.h"
#include "store/log.h"
#include "store/sql.h"

#include <string.h>

enum { DAYS_A_YEAR = 365, KEYS_KEPT_DAYS = 14, WORDS = 3000 };

char *fill_user(int64_t person)
{
    return g_strdup_printf("U%08d", (int)person);
}

char *fill_channel(int64_t channel)
{
    return g_strdup_printf("C%08d", (int)channel);
}

bool fill_is_private(int64_t channel)
{
    return channel == FILL_PRIVATE_CHANNEL || channel % 7 == 6;
}

/* ---- Words ---- */

static void make_words(struct filler *f)
{
    static const char *const known[] = {"customers", "export", "report", "single", "sign-on", "billing", "mobile",
                                        "search",    "import", "audit",  "alerts", "pricing", "faster", "dashboard"};
    static const char *const begin[] = {"ba", "co", "de", "fi", "gra", "ho", "in", "ju", "ka", "lo", "mi", "no", "pe", "ro", "sta", "tu"};
    static const char *const end[] = {"l", "nt", "r", "ster", "m", "ve", "ck", "ding"};
    f->words = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_ptr_array_add(f->words, g_strdup(known[i]));
    while (f->words->len < WORDS) {
        guint n = f->words->len;
        g_ptr_array_add(f->words, g_strconcat(begin[n % 16], begin[n / 16 % 16], n / 2048 % 2 ? begin[n / 5 % 16] : "",
                                              end[n / 256 % 8], NULL));
    }
}

/* Few words are common, many are rare. */
static const char *word(struct filler *f)
{
    double u = g_rand_double(f->rand);
    return g_ptr_array_index(f->words, (guint)(u * u * u * WORDS));
}

static void add_words(struct filler *f, GString *text, int count)
{
    for (int i = 0; i < count; i++)
        g_string_append_printf(text, " %s", word(f));
}

static char *title(struct filler *f, int ask)
{
    GString *text = g_string_new("Add");
    add_words(f, text, 4);
    g_string_append_printf(text, " for customers like acme%d", ask);
    return g_string_free(text, FALSE);
}

char *fill_sentence(struct filler *f, const char *begin, int words)
{
    GString *text = g_string_new(begin);
    add_words(f, text, words);
    return g_string_free(text, FALSE);
}

/* ---- Chance ---- */

bool fill_chance(struct filler *f, int percent)
{
    return g_rand_int_range(f->rand, 0, 100) < percent;
}

int fill_somebody(struct filler *f)
{
    return fill_chance(f, 10) ? FILL_BUSY_PERSON : g_rand_int_range(f->rand, 2, f->options.people + 1);
}

static int some_channel(struct filler *f)
{
    int n = g_rand_int_range(f->rand, 0, 100);
    return n < 10   ? FILL_BUSY_CHANNEL
           : n < 15 ? FILL_PRIVATE_CHANNEL
           : n < 20 ? FILL_SILENT_CHANNEL
                    : g_rand_int_range(f->rand, 5, f->options.channels + 1);
}

void fill_later(struct filler *f, int ask, enum what what, int count, int from, int to)
{
    int day = f->day + g_rand_int_range(f->rand, from, to + 1);
    struct step step = {.ask = ask, .what = (uint8_t)what, .count = (uint8_t)count};
    if (f->steps[day] == NULL)
        f->steps[day] = g_array_new(FALSE, FALSE, sizeof(struct step));
    g_array_append_val(f->steps[day], step);
}

/* ---- What happens ---- */

int64_t fill_happen(struct filler *f, struct log_entry entry)
{
    f->at += 1 + g_rand_int_range(f->rand, 0, 40);
    entry.at = f->at;
    return store_append(f->store, &entry);
}

cJSON *fill_data(const char *name, const char *value)
{
    cJSON *data = json_object();
    json_put_str(data, name, value);
    return data;
}

void fill_about(struct filler *f, int ask, int actor, const char *kind, const char *words, const char *state, cJSON *data)
{
    struct life *life = &f->lives[ask];
    fill_happen(f, (struct log_entry){.kind = kind, .actor = actor, .ask = ask, .channel = life->channel,
                                      .person = life->asker, .words = words, .state = state, .data = data});
    if (state != NULL)
        life->state = state;
    /* What was handled lately stands among the keys. */
    if (f->day > f->days - KEYS_KEPT_DAYS) {
        g_autofree char *key = g_strdup_printf("Ev%08x%08x", g_rand_int(f->rand), g_rand_int(f->rand));
        store_inbox_add(f->store, key, f->at);
    }
}

/* Posted through the outbox, like all that is said. */
int64_t fill_say_it(struct filler *f, int ask, const char *purpose, int64_t channel, int64_t thread)
{
    g_autofree char *ts = g_strdup_printf("%" G_GINT64_FORMAT ".%06d", f->at / 1000, (int)(f->posts++ % 1000000));
    int64_t post = store_add_post(f->store, purpose, ask, 0, channel, thread);
    struct outbox_row row = {.platform = (char *)"slack", .channel = channel, .post = post, .thread = thread,
                             .content = (char *)"{\"fallback\":\"x\"}", .due_at = f->at, .made_at = f->at};
    store_sent(f->store, store_enqueue(f->store, &row), post, ts);
    if (ask != 0)
        store_note_quoted(f->store, post, f->lives[ask].asker);
    return post;
}

static void ask_question(struct filler *f, int ask, const char *kind)
{
    cJSON *data = fill_data("kind", kind);
    json_put_int(data, "remind_at", FIRST_DAY_MS + (f->day + 1) * DAY_MS);
    fill_about(f, ask, f->lives[ask].asker, "question.asked", NULL, NULL, data);
    fill_say_it(f, ask, "question", f->lives[ask].channel, f->lives[ask].card);
}

static void answer(struct filler *f, int ask, const char *entry, const char *kind, const char *begin, int words)
{
    struct life *life = &f->lives[ask];
    g_autofree char *text = fill_sentence(f, begin, words);
    struct log_entry log = {.kind = entry, .actor = life->asker, .ask = ask, .channel = life->channel,
                            .person = life->asker, .words = text};
    f->at += 20;
    log.at = f->at;
    log.data = json_object();
    json_put_int(log.data, "known", 1);
    store_append(f->store, &log);
    struct heard heard = {.ask = ask, .words = log.words_id, .person = life->asker, .kind = (char *)kind};
    g_autofree char *ts = g_strdup_printf("%" G_GINT64_FORMAT ".%06d", f->at / 1000, (int)(f->posts++ % 1000000));
    store_set_heard(f->store, life->channel, ts, &heard);
    cJSON *data = fill_data("kind", kind);
    json_put_str(data, "how", "answered");
    fill_about(f, ask, life->asker, "question.closed", NULL, NULL, data);
}

static void raise_one(struct filler *f)
{
    int ask = ++f->asks;
    struct life *life = &f->lives[ask];
    life->channel = some_channel(f);
    life->asker = fill_somebody(f);
    f->raised[life->channel]++;
    int raiser = fill_chance(f, 5) ? fill_somebody(f) : life->asker;
    g_autofree char *text = title(f, ask);
    cJSON *data = json_object();
    json_put_int(data, "owner", 2 + life->channel % 40);
    json_put_int(data, "decider", 2 + life->channel % 30);
    if (fill_chance(f, 15))
        json_put_str(data, "deadline", "2026-12-01");
    fill_about(f, ask, raiser, "ask.raised", text, "waiting", data);
    life->card = fill_say_it(f, ask, "card", life->channel, 0);
    ask_question(f, ask, "why");
    if (fill_chance(f, 75))
        fill_later(f, ask, WHY, 0, 0, 4);
    else
        fill_later(f, ask, REMIND, 1, 1, 3);
    if (fill_chance(f, 12))
        fill_later(f, ask, VOICE, fill_chance(f, 2) ? 60 : 1, 1, 20);
    if (fill_chance(f, 30))
        fill_later(f, ask, OWN, 0, 1, 20);
    if (fill_chance(f, 8))
        fill_later(f, ask, WITHDRAW, 0, 5, 60);
    else if (fill_chance(f, 60))
        fill_later(f, ask, DECIDE, 0, 5, 40);
    fill_plan_more(f, ask);
}

static void decide(struct filler *f, int ask)
{
    bool yes = fill_chance(f, 60), until = !yes && fill_chance(f, 40);
    g_autofree char *reason = fill_sentence(f, "because", 8);
    cJSON *data = fill_data("decision", yes ? "yes" : until ? "later" : "no");
    int days = 30 + g_rand_int_range(f->rand, 0, 50);
    if (until)
        json_put_int(data, "until", FIRST_DAY_MS + (f->day + days) * DAY_MS);
    fill_about(f, ask, fill_somebody(f), "ask.decided", reason, yes ? "accepted" : until ? "later" : "declined", data);
    fill_say_it(f, ask, "note", f->lives[ask].channel, f->lives[ask].card);
    if (until)
        fill_later(f, ask, RETURN, 0, days, days);
    else if (yes && fill_chance(f, 75))
        fill_later(f, ask, START, 0, 1, 30);
    fill_around_decision(f, ask);
    if (!yes && !until && fill_chance(f, 15))
        fill_later(f, ask, REOPEN, 0, 10, 80);
}

static void edit(struct filler *f, int ask)
{
    int64_t words = sql_number(f->store, "SELECT why FROM ask WHERE number = ?1", "i", (int64_t)ask);
    store_erase_words(f->store, words, f->at);
    g_autofree char *text = fill_sentence(f, "So that customers", 14);
    cJSON *data = json_object();
    json_put_int(data, "known", 1);
    fill_about(f, ask, f->lives[ask].asker, "ask.why", text, NULL, data);
}

static void put_question(struct filler *f, int ask)
{
    const struct life *life = &f->lives[ask];
    g_autofree char *text = fill_sentence(f, "Why not", 8);
    int64_t id = fill_happen(f, (struct log_entry){.kind = "put.question", .actor = fill_somebody(f), .person = life->asker,
                                              .ask = fill_chance(f, 70) ? ask : 0,
                                              .channel = life->channel, .words = text,
                                              .data = fill_data("kind", "question")});
    if (!fill_chance(f, 95))
        return;
    cJSON *data = json_object();
    json_put_int(data, "question", id);
    fill_happen(f, (struct log_entry){.kind = "put.answered", .actor = life->asker, .channel = life->channel,
                                 .words = "Since nobody asked for it", .data = data});
}

static void take_step(struct filler *f, const struct step *step)
{
    struct life *life = &f->lives[step->ask];
    int ask = step->ask;
    if (life->ended && step->what != OUTCOME)
        return;
    switch ((enum what)step->what) {
    case WHY:
        answer(f, ask, "ask.why", "why", "So that customers", 16);
        ask_question(f, ask, "impact");
        fill_later(f, ask, fill_chance(f, 80) ? IMPACT : REMIND, 11, 1, 4);
        if (fill_chance(f, 6))
            fill_later(f, ask, EDIT, 0, 0, 3);
        if (fill_chance(f, 4))
            fill_later(f, ask, QUESTION, 0, 1, 20);
        break;
    case IMPACT:
        answer(f, ask, "ask.impact", "impact", "Churn from 5% to 3% by summer,", 5);
        if (fill_is(life, "waiting"))
            fill_about(f, ask, life->asker, "ask.clear", NULL, "clear", NULL);
        ask_question(f, ask, "evidence");
        fill_later(f, ask, fill_chance(f, 70) ? EVIDENCE : REMIND, 21, 1, 4);
        break;
    case EVIDENCE:
        answer(f, ask, "ask.evidence", "evidence", "Three customers said", 10);
        break;
    case REMIND: {
        /* count: which question's, and how many reminders there were. */
        cJSON *data = fill_data("kind", step->count < 10 ? "why" : step->count < 20 ? "impact" : "evidence");
        int count = step->count % 10;
        json_put_int(data, "reminders", count);
        if (count < 3)
            json_put_int(data, "remind_at", FIRST_DAY_MS + (f->day + 4) * DAY_MS);
        fill_about(f, ask, 0, "question.waits", NULL, NULL, data);
        fill_say_it(f, ask, "note", life->channel, life->card);
        if (count < 3)
            fill_later(f, ask, REMIND, step->count + 1, 4, 4);
        break;
    }
    case VOICE:
        for (int i = 0; i < step->count; i++) {
            g_autofree char *text = fill_sentence(f, "We need it for", 8);
            fill_happen(f, (struct log_entry){.kind = "ask.voice", .actor = 2 + (ask + i * 7) % (f->options.people - 1),
                                         .person = 2 + (ask + i * 7) % (f->options.people - 1), .ask = ask,
                                         .channel = life->channel, .words = text});
        }
        break;
    case OWN:
        fill_happen(f, (struct log_entry){.kind = "ask.owner", .actor = life->asker, .person = fill_somebody(f), .ask = ask,
                                     .channel = life->channel});
        break;
    case DECIDE:
        if (fill_is(life, "waiting clear"))
            decide(f, ask);
        break;
    case WITHDRAW:
        if (fill_is(life, "declined shelved"))
            break;
        fill_about(f, ask, life->asker, "ask.withdrawn", NULL, "withdrawn", NULL);
        life->ended = true;
        break;
    case RETURN:
        if (!fill_is(life, "later"))
            break;
        fill_about(f, ask, 0, "ask.returned", NULL, "clear", NULL);
        break;
    case EDIT:
        edit(f, ask);
        break;
    case QUESTION:
        put_question(f, ask);
        break;
    default:
        fill_live_on(f, ask, (enum what)step->what);
        break;
    }
}

/* ---- Digests ---- */

static bool has_digest(int64_t channel)
{
    return channel == FILL_BUSY_CHANNEL || channel == FILL_LEADERSHIP || (channel != FILL_SILENT_CHANNEL && channel % 2 == 0);
}

static void post_digest(struct filler *f, int channel)
{
    cJSON *data = json_object();
    json_put_int(data, "next", FIRST_DAY_MS + (f->day + 7) * DAY_MS);
    if (f->raised[channel] > 0) {
        g_autofree char *name = g_strdup_printf("%d", channel);
        cJSON *tally = json_object();
        json_put(tally, name, store_tally(f->store, channel));
        json_put(data, "tally", tally);
        json_put_int(data, "upto", store_log_end(f->store));
    }
    int64_t id = fill_happen(f, (struct log_entry){.kind = "digest.posted", .channel = channel, .data = data});
    if (f->raised[channel] > 0)
        store_set_subject(f->store, fill_say_it(f, 0, "digest", channel, 0), id);
    f->raised[channel] = 0;
}

static void set_digest(struct filler *f, int64_t channel)
{
    cJSON *data = json_object();
    json_put_bool(data, "on", true);
    json_put_int(data, "day", G_DATE_THURSDAY);
    json_put_int(data, "minutes", 540);
    json_put_str(data, "zone", "UTC");
    json_put_int(data, "at", FIRST_DAY_MS + 7 * DAY_MS);
    if (channel == FILL_LEADERSHIP) {
        cJSON *covers = json_array();
        json_push(covers, cJSON_CreateNumber(FILL_BUSY_CHANNEL));
        for (int i = 0; i < 19; i++)
            json_push(covers, cJSON_CreateNumber(FILL_LEADERSHIP + 1 + 7 * i));
        json_put(data, "covers", covers);
    }
    fill_happen(f, (struct log_entry){.kind = "channel.digest", .channel = channel, .data = data});
}

/* ---- All of it ---- */

static void meet(struct filler *f)
{
    static const char *const functions[] = {"sales", "product", "support", "engineering", "marketing"};
    int64_t now = FIRST_DAY_MS + f->days * DAY_MS;
    for (int i = 1; i <= f->options.people; i++) {
        g_autofree char *user = fill_user(i), *name = g_strdup_printf("Person %d", i);
        struct profile profile = {.name = name, .zone = (char *)"UTC", .locale = (char *)"en"};
        int64_t id = store_person(f->store, "slack", "T1", user, NULL);
        store_set_profile(f->store, id, &profile, now);
        store_note_belonging(f->store, id, "T1");
        fill_happen(f, (struct log_entry){.kind = "person.function", .person = id, .data = fill_data("function", functions[i % 5])});
        fill_happen(f, (struct log_entry){.kind = "person.asked", .person = id});
    }
    for (int i = 1; i <= f->options.channels; i++) {
        g_autofree char *channel = fill_channel(i), *name = g_strdup_printf("channel-%d", i);
        int64_t id = store_channel(f->store, "slack", "T1", channel, name, CHANNEL_UNKNOWN);
        store_set_channel(f->store, id, name, fill_is_private(i) ? CHANNEL_PRIVATE : CHANNEL_PUBLIC, now);
        store_set_member(f->store, id, true);
        cJSON *data = json_object();
        json_put_int(data, "owner", 2 + i % 40);
        json_put_int(data, "decider", 2 + i % 30);
        fill_happen(f, (struct log_entry){.kind = "channel.defaults", .channel = id, .data = data});
        fill_happen(f, (struct log_entry){.kind = "channel.introduced", .channel = id});
        fill_aims(f, id);
        if (has_digest(i))
            set_digest(f, id);
        for (int gone = 0; gone < 5; gone++)
            store_set_gone(f->store, id, g_rand_int_range(f->rand, 2, f->options.people + 1), true);
    }
}

static void live_a_day(struct filler *f)
{
    f->at = FIRST_DAY_MS + f->day * DAY_MS + 9 * 3600 * 1000;
    int until = (int)((int64_t)f->options.asks * (f->day + 1) / f->days);
    while (f->asks < until)
        raise_one(f);
    /* A step may add steps for this very day. */
    for (guint i = 0; f->steps[f->day] != NULL && i < f->steps[f->day]->len; i++) {
        struct step step = g_array_index(f->steps[f->day], struct step, i);
        take_step(f, &step);
    }
    for (int channel = 1; f->day % 7 == 0 && f->day > 0 && channel <= f->options.channels; channel++) {
        if (has_digest(channel))
            post_digest(f, channel);
    }
}

bool fill_database(const char *path, const struct fill_options *options, GError **error)
{
    struct filler filler = {.options = *options, .days = options->years * DAYS_A_YEAR}, *f = &filler;
    f->store = store_open(path, STORE_WRITE, error);
    if (f->store == NULL)
        return false;
    f->rand = g_rand_new_with_seed(42);
    f->lives = g_new0(struct life, options->asks + 1);
    f->steps = g_new0(GArray *, f->days + LATEST_STEP_DAYS + 1);
    f->raised = g_new0(int32_t, options->channels + 1);
    f->aims = g_new0(struct aims, options->channels + 1);
    f->working = g_new0(int32_t, options->channels + 1);
    f->at = FIRST_DAY_MS;
    make_words(f);
    /* Nothing is lost that could not be made again. */
    sqlite3_exec(f->store->db, "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144", NULL, NULL, NULL);
    bool ok = store_begin(f->store);
    meet(f);
    ok = ok && store_commit(f->store);
    for (f->day = 0; f->day < f->days && ok; f->day++) {
        ok = store_begin(f->store);
        live_a_day(f);
        store_want_index(f->store);
        ok = ok && store_commit(f->store);
        if (store_wal_pages(f->store) > 20000)
            store_checkpoint(f->store);
        if (options->tell != NULL && f->day % (f->days / 20) == 0)
            options->tell(f->asks, options->asks);
    }
    if (!ok)
        g_propagate_error(error, g_error_copy(store_failed(f->store)));
    store_checkpoint(f->store);
    store_close(f->store);
    for (int i = 0; i <= f->days + LATEST_STEP_DAYS; i++) {
        if (f->steps[i] != NULL)
            g_array_unref(f->steps[i]);
    }
    g_ptr_array_unref(f->words);
    g_free(f->steps);
    g_free(f->lives);
    g_free(f->raised);
    g_free(f->aims);
    g_free(f->working);
    g_rand_free(f->rand);
    return ok;
}

bool fill_stretch(const char *path, int times, GError **error)
{
    static const char again[] =
        "UPDATE years SET k = k + 1;"
        "UPDATE asks SET number = number + (SELECT asks FROM years), title = title + (SELECT words FROM years),"
        " why = why + (SELECT words FROM years), decision_words = decision_words + (SELECT words FROM years),"
        " state_at = state_at + (SELECT ms FROM years), raised_at = raised_at + (SELECT ms FROM years);"
        "INSERT INTO ask SELECT * FROM asks;"
        "INSERT INTO words SELECT w.id + y.k * y.words, w.author, w.text, w.erased_at FROM years y, words w WHERE w.id <= y.words;"
        "INSERT INTO log SELECT l.id + y.k * y.entries, l.at + y.k * y.ms, l.kind, l.actor, l.ask + y.k * y.asks, l.channel,"
        " l.person, l.words + y.k * y.words, l.state, l.data FROM years y, log l WHERE l.id <= y.entries;"
        "INSERT INTO digest SELECT d.id + y.k * y.entries, d.channel, d.at + y.k * y.ms, d.tally, d.upto + y.k * y.entries, 0, 0, 0"
        " FROM years y, digest d WHERE d.id <= y.entries;"
        "UPDATE channel_setting SET digest_at = digest_at + (SELECT ms FROM years);";
    struct store *store = store_open(path, STORE_WRITE, error);
    if (store == NULL)
        return false;
    sqlite3_exec(store->db,
                 "PRAGMA synchronous = OFF; PRAGMA cache_size = -524288; PRAGMA foreign_keys = OFF;"
                 "CREATE TEMP TABLE years AS SELECT 0 AS k, (SELECT max(number) FROM ask) AS asks, (SELECT max(id) FROM log) AS entries,"
                 " (SELECT max(id) FROM words) AS words, (SELECT max(at) - min(at) FROM log) AS ms;"
                 "CREATE TEMP TABLE asks AS SELECT * FROM ask", NULL, NULL, NULL);
    bool ok = true;
    for (int i = 1; i < times && ok; i++) {
        ok = store_begin(store);
        if (ok && sqlite3_exec(store->db, again, NULL, NULL, NULL) != SQLITE_OK)
            sql_fail(store, "repeating the years");
        ok = ok && store_commit(store);
        store_checkpoint(store);
    }
    if (!ok)
        g_propagate_error(error, g_error_copy(store_failed(store)));
    /* All are indexed for searching, as far as that goes here. */
    sqlite3_exec(store->db, "UPDATE indexed SET upto = (SELECT max(id) FROM log)", NULL, NULL, NULL);
    store_close(store);
    return ok;
}
