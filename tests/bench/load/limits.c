#include "tests/bench/load/limits.h"

#include "bot/base/clock.h"
#include "bot/net/listener.h"
#include "bot/net/websocket.h"

#include <curl/curl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

enum { ASKS_A_COMMIT = 32 };

/* ---- SQLite ---- */

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void execute(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", text, sqlite3_errmsg(db));
}

/* ?1 the ask, ?2 the time; what is not compared anywhere is of the usual length. */
static const char *const rows[] = {
    "INSERT INTO inbox (key, at) VALUES ('trig:' || ?1 || '.' || ?1 || '.00000000000000000000000000000000', ?2)",
    "INSERT INTO words (id, author, text) VALUES (?1 + 1000000, ?1 % 500, 'Let people download report bench' || ?1 ||"
    " ' as a spreadsheet')",
    "INSERT INTO log (at, kind, actor, ask, channel, person, words, state, data) VALUES (?2, 'ask.raised', ?1 % 500, ?1,"
    " ?1 % 2000, ?1 % 500, ?1 + 1000000, 'waiting', '{\"owner\":1,\"decider\":1}')",
    "INSERT INTO ask (number, channel, asker, raiser, owner, decider, state, state_at, raised_at, title) VALUES (?1,"
    " ?1 % 2000, ?1 % 500, ?1 % 500, 1, 1, 'waiting', ?2, ?2, ?1 + 1000000)",
    "INSERT INTO tally (channel, name, value) VALUES (?1 % 2000, 'raised', 1) ON CONFLICT (channel, name) DO UPDATE SET"
    " value = value + 1",
    "INSERT INTO ask_text (rowid, title) VALUES (?1, 'Let people download report bench' || ?1 || ' as a spreadsheet')",
    "INSERT INTO post (id, purpose, ask, channel) VALUES (?1 * 2 + 1000000, 'card', ?1, ?1 % 2000)",
    "INSERT INTO outbox (id, op, kind, platform, channel, post, due_at, made_at) VALUES (?1 * 2 + 1000000,"
    " '0123456789abcdef', 0, 'slack', ?1 % 2000, ?1 * 2 + 1000000, ?2, ?2)",
    "INSERT INTO log (at, kind, actor, ask, channel, person, data) VALUES (?2, 'question.asked', ?1 % 500, ?1, ?1 % 2000,"
    " ?1 % 500, '{\"kind\":\"why\",\"remind_at\":1800000000000}')",
    "INSERT INTO question (ask, kind, person, state, asked_at, remind_at) VALUES (?1, 'why', ?1 % 500, 'open', ?2,"
    " 1800000000000)",
    "INSERT INTO post (id, purpose, ask, channel, thread) VALUES (?1 * 2 + 1000001, 'question', ?1, ?1 % 2000,"
    " ?1 * 2 + 1000000)",
    "INSERT INTO outbox (id, op, kind, platform, channel, post, thread, content, due_at, made_at) VALUES"
    " (?1 * 2 + 1000001, '0123456789abcdef', 0, 'slack', ?1 % 2000, ?1 * 2 + 1000001, ?1 * 2 + 1000000,"
    " '{\"parts\":[{\"text\":\"What does it make possible? Who is waiting for it, and what do they do until then?"
    "\"},{\"buttons\":[{\"action\":\"skip\",\"value\":\"1:why\",\"label\":\"Skip\"}]}]}', ?2, ?2)",
};

/* An earlier ask's posts were sent. */
static const char *const marks[] = {
    "UPDATE post SET message = '1700000000.' || id WHERE id IN (?1 * 2 + 1000000, ?1 * 2 + 1000001) AND ?2 > 0",
    "DELETE FROM outbox WHERE id IN (?1 * 2 + 1000000, ?1 * 2 + 1000001) AND ?2 > 0",
};

static void prepare(sqlite3 *db, const char *const *texts, gsize count, sqlite3_stmt **statements)
{
    for (gsize i = 0; i < count; i++) {
        if (sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) != SQLITE_OK)
            g_error("%s: %s", texts[i], sqlite3_errmsg(db));
    }
}

static void run(sqlite3 *db, sqlite3_stmt *const *statements, gsize count, int64_t ask, int64_t now)
{
    for (gsize i = 0; i < count; i++) {
        sqlite3_bind_int64(statements[i], 1, ask);
        sqlite3_bind_int64(statements[i], 2, now);
        if (sqlite3_step(statements[i]) != SQLITE_DONE)
            g_error("%s: %s", sqlite3_sql(statements[i]), sqlite3_errmsg(db));
        sqlite3_reset(statements[i]);
    }
}

struct sqlite_limit limit_sqlite(const char *database, double seconds)
{
    sqlite3 *db;
    if (sqlite3_open(database, &db) != SQLITE_OK)
        g_error("%s: %s", database, sqlite3_errmsg(db));
    execute(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    sqlite3_stmt *insert[G_N_ELEMENTS(rows)], *mark[G_N_ELEMENTS(marks)];
    prepare(db, rows, G_N_ELEMENTS(rows), insert);
    prepare(db, marks, G_N_ELEMENTS(marks), mark);
    int64_t ask = 1000000, first = ask, start = clock_monotonic_us(), passed = 0;
    double cpu = cpu_s();
    while ((double)passed < seconds * 1e6) {
        execute(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < ASKS_A_COMMIT; i++, ask++) {
            run(db, insert, G_N_ELEMENTS(rows), ask, clock_now_ms());
            run(db, mark, G_N_ELEMENTS(marks), ask - ASKS_A_COMMIT, 1);
        }
        execute(db, "COMMIT");
        passed = clock_monotonic_us() - start;
    }
    struct sqlite_limit limit = {.asks_per_s = (double)(ask - first) / ((double)passed / 1e6),
                                 .cpu_s_per_10000 = (cpu_s() - cpu) * 10000 / (double)(ask - first)};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        sqlite3_finalize(insert[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        sqlite3_finalize(mark[i]);
    sqlite3_close(db);
    return limit;
}

/* ---- WebSocket ---- */

struct echo {
    struct loop *loop;
    struct websocket *websocket;
};

static void opened(void *data)
{
    (void)data;
}

static void message(const char *text, gsize size, void *data)
{
    static const char name[] = "\"envelope_id\":\"";
    (void)size;
    struct echo *echo = data;
    const char *at = strstr(text, name);
    if (at == NULL)
        return; /* hello */
    at += strlen(name);
    char ack[128];
    int length = g_snprintf(ack, sizeof ack, "{\"envelope_id\":\"%.*s\"}", (int)strcspn(at, "\""), at);
    websocket_send(echo->websocket, ack, (gsize)length);
}

static void closed(const char *reason, void *data)
{
    struct echo *echo = data;
    g_printerr("echo: %s\n", reason);
    echo->websocket = NULL;
    loop_stop(echo->loop);
}

int limit_echo(const char *url)
{
    static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};
    g_autoptr(GError) error = NULL;
    struct echo echo = {.loop = loop_new(NULL, &error)};
    struct rest *rest = echo.loop != NULL ? rest_new(echo.loop, NULL, &error) : NULL;
    if (rest == NULL)
        g_error("%s", error->message);
    struct websocket_options options = {.url = url};
    echo.websocket = websocket_open(echo.loop, rest, &options, &handler, &echo);
    loop_run(echo.loop, NULL, NULL);
    websocket_free(echo.websocket);
    rest_free(rest);
    loop_free(echo.loop);
    return 0;
}

/* ---- HTTP ---- */

static void answer(const struct listener_request *request, void *data)
{
    listener_answer(data, request->id, 200, "application/json", "{\"text\":\"\"}");
}

int limit_answer(const char *address)
{
    g_autoptr(GError) error = NULL;
    struct loop *loop = loop_new(NULL, &error);
    struct listener_options options = {.address = address};
    struct listener *listener = loop != NULL ? listener_new(loop, &options, &error) : NULL;
    if (listener == NULL)
        g_error("%s", error->message);
    listener_route(listener, "/mattermost/", answer, listener);
    loop_run(loop, NULL, NULL);
    listener_free(listener);
    loop_free(loop);
    return 0;
}

/* ---- posts ---- */

enum { POSTS_AT_ONCE = 32, POST_SIZE = 1400 };

static size_t swallow(char *from, size_t size, size_t count, void *data)
{
    (void)from, (void)data;
    return size * count;
}

int limit_posts(const char *url)
{
    g_autofree char *body = g_strnfill(POST_SIZE, 'x');
    struct curl_slist *headers = curl_slist_append(NULL, "Authorization: Bearer xoxb-bench-bot");
    headers = curl_slist_append(headers, "Expect:");
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < POSTS_AT_ONCE; i++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
        curl_multi_add_handle(multi, easy);
    }
    for (;;) {
        int running, left;
        CURLMsg *message;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            CURL *easy = message->easy_handle;
            if (message->data.result != CURLE_OK)
                g_error("%s", curl_easy_strerror(message->data.result));
            curl_multi_remove_handle(multi, easy);
            curl_multi_add_handle(multi, easy);
        }
        curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}
