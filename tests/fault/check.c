#include "tests/fault/check.h"

#include "store/log.h"
#include "tests/fault/deeds.h"
#include "tests/fault/dialect.h"

#include <sqlite3.h>
#include <string.h>

/* The questions, in the catalogue's words. */
static const char *const questions[ANSWERS] = {
    "What does it make possible, or what goes wrong without it, and for whom?",
    "Which number should move, by how much, by when?",
    "What tells us so: a customer, data, your experience?",
};
static const char reminder[] = "A gentle reminder";
static const char *const answer_events[ANSWERS] = {"ask.why", "ask.impact", "ask.evidence"};

/* One message of the chat. */
struct said {
    const char *channel, *ts, *id, *thread, *op; /* of the histories */
    char *whole;                            /* text and blocks */
    bool bot;
    int marks; /* how many people marked it as answered */
};

struct check {
    struct story *story;
    GString *wrong;
    sqlite3 *db;
    GPtrArray *histories; /* cJSON */
    GPtrArray *said;      /* struct said */
    struct found *found;
};

static void wrong(struct check *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void wrong(struct check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append(check->wrong, "  ");
    g_string_append_vprintf(check->wrong, format, arguments);
    g_string_append_c(check->wrong, '\n');
    va_end(arguments);
}

static void said_free(void *data)
{
    struct said *said = data;
    g_free(said->whole);
    g_free(said);
}

static void read_channel(struct check *check, int seat, const char *channel)
{
    cJSON *history = world_history(check->story->world, seat, channel);
    const cJSON *message, *reaction;
    if (history == NULL) {
        wrong(check, "the history of %s did not come", channel);
        return;
    }
    g_ptr_array_add(check->histories, history);
    cJSON_ArrayForEach(message, json_get(history, "messages"))
    {
        if (json_str(message, "subtype") != NULL)
            continue;
        struct said *said = g_new0(struct said, 1);
        g_autofree char *blocks = json_text(json_get(message, "blocks"));
        *said = (struct said){.channel = json_str(history, "channel"),
                              .ts = json_str(message, "ts"),
                              .id = dialect_id(message),
                              .thread = json_str(message, "thread_ts"),
                              .op = dialect_op(message),
                              .whole = g_strconcat(json_str0(message, "text"), "\n", blocks, NULL),
                              .bot = json_true(message, "bot")};
        cJSON_ArrayForEach(reaction, json_get(message, "reactions"))
        {
            if (strcmp(json_str0(reaction, "name"), "white_check_mark") == 0)
                said->marks = (int)json_int(reaction, "count", 0);
        }
        g_ptr_array_add(check->said, said);
    }
}

static const char *id_of(const struct check *check, const char *ts)
{
    for (guint i = 0; i < check->said->len; i++) {
        const struct said *said = g_ptr_array_index(check->said, i);
        if (strcmp(said->ts, ts) == 0)
            return said->id;
    }
    return ts;
}

/* How many messages of askwhy's in this place hold both texts; thread NULL: at the top level. */
static int count(const struct check *check, const char *channel, const char *thread, const char *text, const char *also,
                 const struct said **found)
{
    int n = 0;
    for (guint i = 0; i < check->said->len; i++) {
        const struct said *said = g_ptr_array_index(check->said, i);
        if (!said->bot || strcmp(said->channel, channel) != 0 || g_strcmp0(said->thread, thread) != 0 ||
            strstr(said->whole, text) == NULL || (also != NULL && strstr(said->whole, also) == NULL) ||
            strstr(said->whole, reminder) != NULL)
            continue;
        if (found != NULL)
            *found = said;
        n++;
    }
    return n;
}

/* ---- the database ---- */

/* The first column of the first row; -1 when the query fails. */
static int64_t number(struct check *check, const char *sql, const char *text)
{
    sqlite3_stmt *row = NULL;
    int64_t found = -1;
    if (sqlite3_prepare_v2(check->db, sql, -1, &row, NULL) == SQLITE_OK) {
        if (text != NULL)
            sqlite3_bind_text(row, 1, text, -1, SQLITE_TRANSIENT);
        int step = sqlite3_step(row);
        found = step == SQLITE_ROW ? sqlite3_column_int64(row, 0) : step == SQLITE_DONE ? 0 : -1;
    }
    if (found < 0)
        wrong(check, "%s: %s", sql, sqlite3_errmsg(check->db));
    sqlite3_finalize(row);
    return found;
}

static void check_rows(struct check *check, const char *what, const char *sql)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(check->db, sql, -1, &row, NULL) != SQLITE_OK)
        wrong(check, "%s: %s", sql, sqlite3_errmsg(check->db));
    while (row != NULL && sqlite3_step(row) == SQLITE_ROW)
        wrong(check, "%s: %s", what, (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
}

static void check_file(struct check *check)
{
    check_rows(check, "integrity_check", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'");
    check_rows(check, "still to be sent",
               "SELECT 'row ' || id || ' kind ' || kind || coalesce(' parked: ' || parked, '') FROM outbox");
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(check->story->world->children->database, STORE_READ, &error);
    g_autofree char *differences = store != NULL ? store_check_rebuild(store, &error) : NULL;
    if (error != NULL || differences != NULL)
        wrong(check, "rebuilding from the log: %s", error != NULL ? error->message : differences);
    store_close(store);
}

/* ---- asks and their threads ---- */

/* Of that kind about an ask; by: NULL for anybody. */
static int64_t events(struct check *check, const char *kind, int64_t ask, const char *by)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT count(*) FROM log l LEFT JOIN person p ON p.id = l.actor WHERE l.kind = ?1 AND l.ask = %" G_GINT64_FORMAT
        "%s%s%s", ask, by != NULL ? " AND p.user = '" : "", by != NULL ? by : "", by != NULL ? "'" : "");
    return number(check, sql, kind);
}

static void check_answer(struct check *check, const struct raised *ask, int64_t stored, int kind)
{
    const struct answer *answer = &ask->answers[kind];
    int64_t recorded = events(check, answer_events[kind], stored, NULL);
    if (recorded < 1 || recorded > 1 + (int64_t)answer->gone->len)
        wrong(check, "%s of #%" G_GINT64_FORMAT " stands in the log %" G_GINT64_FORMAT " times, edited %u times",
              answer_events[kind], stored, recorded, answer->gone->len);
    check->found->answers++;
    if (answer->unknown)
        return;
    int64_t records = number(check, "SELECT count(*) FROM words WHERE text LIKE '%' || ?1 || '%'", answer->words);
    if (records != (answer->deleted ? 0 : 1))
        wrong(check, "the answer %s to #%" G_GINT64_FORMAT " is%s recorded %" G_GINT64_FORMAT " times", answer->words,
              ask->number, answer->deleted ? " deleted, but" : "", records);
    for (guint i = 0; i < answer->gone->len; i++) {
        const char *words = g_ptr_array_index(answer->gone, i);
        if (number(check, "SELECT count(*) FROM words WHERE text LIKE '%' || ?1 || '%'", words) != 0)
            wrong(check, "%s was edited away, but its words are still there", words);
    }
    for (guint i = 0; i < check->said->len && !answer->deleted; i++) {
        const struct said *said = g_ptr_array_index(check->said, i);
        if (answer->ts != NULL && !said->bot && strcmp(said->ts, answer->ts) == 0 && said->marks != 1)
            wrong(check, "the answer %s carries %d marks", answer->words, said->marks);
    }
}

static void check_thread(struct check *check, const struct raised *ask, int64_t stored, const char *channel,
                         const char *card)
{
    int newest = ask->form_from >= 0 ? ask->form_from : ask->n_answers;
    for (int kind = 0; kind < ANSWERS; kind++) {
        int asked = count(check, channel, card, questions[kind], NULL, NULL);
        int expected = kind <= newest ? 1 : 0;
        check->found->first_questions += kind == 0 && asked == 1;
        if (asked != expected && !(ask->closed && asked <= 1))
            wrong(check, "%s was asked question %d %d times, not %d", ask->words, kind + 1, asked, expected);
    }
    for (int kind = 0; kind < ask->n_answers; kind++)
        check_answer(check, ask, stored, kind);
}

/* What the card shows, and what it should. */
static void check_state(struct check *check, const struct raised *ask, int64_t stored, const struct said *card)
{
    static const char *const shown[][2] = {{"waiting", "🟡 waiting"},   {"clear", "🟢 clear"},    {"accepted", "✅ accepted"},
                                           {"started", "🔨 started"}, {"shipped", "🚀 shipped"}};
    bool known = false;
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM ask WHERE number = %" G_GINT64_FORMAT " AND state = ?1", stored);
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
        if (number(check, sql, shown[i][0]) != 1)
            continue;
        known = true;
        if (strstr(card->whole, shown[i][1]) == NULL)
            wrong(check, "the card of #%" G_GINT64_FORMAT " does not show that it is %s", stored, shown[i][0]);
        bool clear = strcmp(shown[i][0], "clear") == 0;
        if (ask->state != NULL ? strcmp(ask->state, shown[i][0]) != 0 : !ask->closed && clear != (ask->n_answers >= 2))
            wrong(check, "#%" G_GINT64_FORMAT " has %d answers, was %s and is %s", stored, ask->n_answers,
                  ask->state != NULL ? ask->state : "not decided", shown[i][0]);
    }
    if (!known)
        wrong(check, "#%" G_GINT64_FORMAT " is in a state nobody put it in", stored);
}

static void check_ask(struct check *check, const struct raised *ask)
{
    const char *channel = ask->place;
    if (ask->told == TOLD_GONE) {
        if (number(check, "SELECT count(*) FROM words WHERE text LIKE '%' || ?1", ask->words) != 0)
            wrong(check, "\"%s\" is recorded, though its form never opened", ask->title);
        return;
    }
    int64_t asks = number(check, "SELECT count(*) FROM ask a JOIN words w ON w.id = a.title WHERE w.text LIKE '%' || ?1",
                          ask->words);
    const struct said *card = NULL;
    int cards = count(check, channel, NULL, ask->words, "asked by", &card);
    if (ask->twice && asks == 2 && cards == 2)
        return;
    if (ask->uprooted) { /* what still had to be said in its thread brings a new card */
        if (asks != 1 || cards > 1)
            wrong(check, "\"%s\", whose card was deleted, is %" G_GINT64_FORMAT " asks with %d cards", ask->title, asks, cards);
        return;
    }
    if (asks != 1 || cards != 1) {
        wrong(check, "\"%s\" is %" G_GINT64_FORMAT " asks with %d cards, not one with one", ask->title, asks, cards);
        return;
    }
    int64_t stored = number(
        check, "SELECT a.number FROM ask a JOIN words w ON w.id = a.title WHERE w.text LIKE '%' || ?1", ask->words);
    if (ask->told_number != 0 && stored != ask->told_number)
        wrong(check, "\"%s\" is #%" G_GINT64_FORMAT ", but its raiser was told #%" G_GINT64_FORMAT, ask->title, stored,
              ask->told_number);
    check->found->asks++;
    check->found->cards++;
    check_state(check, ask, stored, card);
    if (ask->raiser != ask->asker) {
        int told = count(check, check->story->world->seats[ask->asker].direct, NULL, ask->words, "raised an ask for you", NULL);
        if (told != 1)
            wrong(check, "whose ask \"%s\" is was told %d times", ask->title, told);
    }
    check_thread(check, ask, stored, channel, card->ts);
}

/* ---- deeds ---- */

/* Its words stand in one record, and in one message of askwhy's in this thread. */
static void check_words(struct check *check, const struct deed *deed, const char *channel, const char *thread)
{
    int64_t records = number(check, "SELECT count(*) FROM words WHERE text LIKE '%' || ?1 || '%'", deed->words);
    int told = count(check, channel, thread, deed->words, NULL, NULL);
    if (records != 1 || told != 1)
        wrong(check, "%s: its words %s are recorded %" G_GINT64_FORMAT " times and told %d times", deed_name(deed->kind),
              deed->words, records, told);
    for (guint i = 0; i < check->said->len && told != 1; i++) {
        const struct said *said = g_ptr_array_index(check->said, i);
        if (strstr(said->whole, deed->words) != NULL)
            wrong(check, "  in %s, thread %s: %.300s", said->channel, said->thread != NULL ? said->thread : "none", said->whole);
    }
}

static void check_event(struct check *check, const struct deed *deed, const char *event, const char *by)
{
    int64_t stored = deed->ask->number, recorded = events(check, event, stored, by);
    if (recorded != 1)
        wrong(check, "%s by %s: %s of #%" G_GINT64_FORMAT " stands in the log %" G_GINT64_FORMAT " times",
              deed_name(deed->kind), check->story->world->seats[deed->seat].name, event, stored, recorded);
}

static void check_deed(struct check *check, const struct deed *deed)
{
    const struct seat *seat = &check->story->world->seats[deed->seat];
    const struct raised *ask = deed->ask;
    if (!deed->done) {
        wrong(check, "%s by %s%s%s: %s", deed_name(deed->kind), seat->name, ask != NULL ? " on " : "",
              ask != NULL ? ask->words : "", deed->begun ? "it never succeeds" : "it is never offered");
        return;
    }
    check->found->deeds[deed->kind]++;
    switch (deed->kind) {
    case DEED_OWN:
        check_event(check, deed, "ask.owner", seat->user);
        if (count(check, ask->place, ask->card, " owns ", " now.", NULL) != 1)
            wrong(check, "that %s owns %s is not told once", seat->name, ask->words);
        break;
    case DEED_VOICE:
    case DEED_VOICE_TYPED:
        check_event(check, deed, "ask.voice", seat->user);
        check_words(check, deed, ask->place, ask->card);
        break;
    case DEED_DECIDE:
    case DEED_START:
    case DEED_SHIP:
        check_event(check, deed, deed->kind == DEED_DECIDE ? "ask.decided" : deed->kind == DEED_START ? "ask.started" : "ask.shipped",
                    seat->user);
        check_words(check, deed, ask->place, ask->card);
        break;
    case DEED_SEEN: {
        g_autofree char *sql = g_strdup_printf(
            "SELECT count(*) FROM digest_reply r JOIN post p ON p.subject = r.digest AND p.purpose = 'digest' "
            "JOIN person s ON s.id = r.person WHERE p.message = ?1 AND r.kind = 'seen' AND s.user = '%s'", seat->user);
        if (number(check, sql, id_of(check, deed->message)) != 1)
            wrong(check, "that %s has seen a digest is not counted once", seat->name);
        break;
    }
    case DEED_DISAGREE:
        check_words(check, deed, check->story->world->channel, deed->message);
        if (number(check, "SELECT count(*) FROM open_question q JOIN words w ON w.id = q.words WHERE w.text LIKE '%' || ?1",
                   deed->words) != 1)
            wrong(check, "the disagreement %s is not one open question", deed->words);
        break;
    case DEED_DIRECT:
        if (count(check, seat->direct, NULL, ask->words, "Which channel", NULL) != 1)
            wrong(check, "%s was not asked once in which channel to raise %s", seat->name, ask->words);
        break;
    default:
        break; /* what they bring about is looked for with the ask */
    }
}

/* A private channel's words are said there, to those who are in it, and nowhere else. */
static void check_private(struct check *check)
{
    const struct world *world = check->story->world;
    for (guint i = 0; i < check->story->asks->len; i++) {
        const struct raised *ask = g_ptr_array_index(check->story->asks, i);
        for (guint k = 0; k < check->said->len && strcmp(ask->place, world->deals) == 0; k++) {
            const struct said *said = g_ptr_array_index(check->said, k);
            bool inside = strcmp(said->channel, world->deals) == 0 || strcmp(said->channel, world->seats[0].direct) == 0 ||
                          strcmp(said->channel, world->seats[CEO].direct) == 0;
            if (!inside && strstr(said->whole, ask->words) != NULL)
                wrong(check, "%s is an ask of #deals, but is told in %s", ask->words, said->channel);
        }
    }
    if (count(check, world->deals, NULL, "Hello! Raise an ask", NULL, NULL) != 1)
        wrong(check, "askwhy did not introduce itself once in #deals");
}

/* ---- nothing twice ---- */

static bool is_direct(const struct check *check, const char *channel)
{
    for (int i = 0; i < SEATS; i++) {
        if (strcmp(check->story->world->seats[i].direct, channel) == 0)
            return true;
    }
    return false;
}

/* A look at the digest that came too late for its command: of a command called twice there are rightly two. */
static bool is_private_look(const struct check *check, const struct said *said)
{
    return world_is_mattermost(check->story->world) && is_direct(check, said->channel) &&
           (g_str_has_prefix(said->whole, "Only you see this.") || g_str_has_prefix(said->whole, "Nothing to say so far"));
}

static int64_t times_said(const struct check *check, const struct said *said)
{
    int64_t times = 0;
    for (guint i = 0; i < check->said->len; i++) {
        const struct said *other = g_ptr_array_index(check->said, i);
        times += other->bot && strcmp(other->channel, said->channel) == 0 && strcmp(other->whole, said->whole) == 0;
    }
    return times;
}

/* Where private answers stand in a direct channel, the same words come again: whoever takes up each digest is thanked each
 * time, and each form that opens too late is told of, of a button pressed twice two. */
static bool is_private_answer(struct check *check, const struct said *said)
{
    const struct story *story = check->story;
    for (int i = 0; i < SEATS; i++) {
        if (g_strcmp0(story->world->seats[i].direct, said->channel) == 0 && g_str_has_prefix(said->whole, "The form did not open"))
            return times_said(check, said) <= 2 * story->forms[i];
    }
    if (!world_is_mattermost(story->world))
        return false;
    if (is_direct(check, said->channel) && g_str_has_prefix(said->whole, "Thank you. ") && strchr(said->whole, '#') == NULL)
        return times_said(check, said) <= number(check, "SELECT count(*) FROM digest", NULL);
    return false;
}

static void check_once(struct check *check)
{
    g_autoptr(GHashTable) ops = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < check->said->len; i++) {
        const struct said *said = g_ptr_array_index(check->said, i);
        if (!said->bot)
            continue;
        if (said->op == NULL)
            wrong(check, "no operation mark: %s", said->whole);
        else if (!g_hash_table_add(ops, (char *)said->op))
            wrong(check, "the operation %s was sent twice: %s", said->op, said->whole);
        char *place = g_strconcat(said->channel, " ", said->thread != NULL ? said->thread : "", " ", said->whole, NULL);
        bool new = g_hash_table_add(texts, place);
        if (!new && strstr(said->whole, reminder) == NULL && !is_private_look(check, said) &&
            !is_private_answer(check, said))
            wrong(check, "said twice in one place: %s", said->whole);
        if (!is_direct(check, said->channel) && number(check, "SELECT count(*) FROM post WHERE message = ?1", said->id) != 1)
            wrong(check, "a message that the database does not know: %s", said->whole);
    }
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, check->story->raised);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (GPOINTER_TO_INT(value) > 1)
            wrong(check, "\"Raised as #%" G_GINT64_FORMAT "\" was told %d times", *(int64_t *)key, GPOINTER_TO_INT(value));
    }
}

static bool is_uprooted(const struct check *check, int64_t number)
{
    for (guint i = 0; i < check->story->asks->len; i++) {
        const struct raised *ask = g_ptr_array_index(check->story->asks, i);
        if (ask->uprooted && ask->number == number)
            return true;
    }
    return false;
}

static void check_posts(struct check *check)
{
    g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < check->said->len; i++)
        g_hash_table_add(there, (char *)((const struct said *)g_ptr_array_index(check->said, i))->id);
    sqlite3_stmt *row = NULL;
    sqlite3_prepare_v2(check->db, "SELECT message, purpose, ask FROM post", -1, &row, NULL);
    while (row != NULL && sqlite3_step(row) == SQLITE_ROW) {
        const char *message = (const char *)sqlite3_column_text(row, 0), *purpose = (const char *)sqlite3_column_text(row, 1);
        if (message == NULL && !is_uprooted(check, sqlite3_column_int64(row, 2)))
            wrong(check, "a %s of #%" G_GINT64_FORMAT " was never placed", purpose, (int64_t)sqlite3_column_int64(row, 2));
        else if (message != NULL && !g_hash_table_contains(there, message))
            wrong(check, "a %s at %s is in the database, but not in the chat", purpose, message);
    }
    sqlite3_finalize(row);
}

static void check_digests(struct check *check, const char *channel, bool every_week)
{
    int posted = count(check, channel, NULL, "Weekly digest", NULL, NULL), mondays = check->story->mondays;
    int64_t recorded = number(check,
                              "SELECT count(*) FROM digest d JOIN channel c ON c.id = d.channel WHERE c.channel = ?1", channel);
    if (recorded != posted || posted > mondays || (every_week && posted < check->story->mondays_with_asks))
        wrong(check, "%d Mondays, %d digests in %s, %" G_GINT64_FORMAT " recorded", mondays, posted, channel, recorded);
    check->found->digests += posted;
}

char *check_all(struct story *story, struct found *found)
{
    const struct world *world = story->world;
    struct check check = {.story = story, .wrong = g_string_new(NULL), .found = found};
    *found = (struct found){0};
    check.histories = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
    check.said = g_ptr_array_new_with_free_func(said_free);
    read_channel(&check, 0, world->channel);
    read_channel(&check, 0, world->other);
    read_channel(&check, 0, world->deals);
    read_channel(&check, CEO, world->far);
    for (int i = 0; i < SEATS; i++)
        read_channel(&check, i, world->seats[i].direct);
    if (sqlite3_open_v2(world->children->database, &check.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        wrong(&check, "%s: %s", world->children->database, sqlite3_errmsg(check.db));
    } else {
        sqlite3_busy_timeout(check.db, 2000);
        check_file(&check);
        for (guint i = 0; i < story->asks->len; i++)
            check_ask(&check, g_ptr_array_index(story->asks, i));
        for (guint i = 0; i < story->deeds->len; i++)
            check_deed(&check, g_ptr_array_index(story->deeds, i));
        check_rows(&check, "asked twice for which part of the company they speak",
                   "SELECT person FROM log WHERE kind = 'person.asked' GROUP BY person HAVING count(*) > 1");
        if (story_waits(story))
            wrong(&check, "somebody's command was neither answered nor said to have failed");
        check_once(&check);
        check_posts(&check);
        check_digests(&check, world->channel, true);
        check_digests(&check, world->deals, false);
        check_digests(&check, world->far, false);
        check_private(&check);
    }
    sqlite3_close(check.db);
    g_ptr_array_unref(check.said);
    g_ptr_array_unref(check.histories);
    return g_string_free(check.wrong, check.wrong->len == 0);
}
