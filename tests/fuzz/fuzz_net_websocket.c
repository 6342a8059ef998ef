/* Any address to connect to, and any way a message can come in pieces. The first byte: a for an address, else the
 * size limit; then, for a message, pieces each behind a byte that says how long it is and whether it is the last. */
#include "tests/fuzz/hold.h"

/* libwebsockets' part of a frame is told by the target, and no time passes; everything else of websocket.c is as it
 * is. */
#include "bot/net/loop_internal.h"
static bool final_piece, binary_piece;
#define lws_is_final_fragment(wsi) ((void)(wsi), final_piece)
#define lws_remaining_packet_payload(wsi) ((void)(wsi), (size_t)0)
#define lws_frame_is_binary(wsi) ((void)(wsi), binary_piece)
#define loop_timer_new(loop, fire, data) ((void)(fire), (void)(data), (struct loop_timer *)NULL)
#define loop_timer_set_ms(timer, ms) ((void)(timer))
#define loop_timer_clear(timer) ((void)(timer))
#define loop_timer_free(timer) ((void)(timer))
#include "bot/net/websocket.c"

static GString *expected; /* what was sent of the message that is coming in */
static gsize limit;
static int told;

static void whole(const char *text, gsize size, void *data)
{
    (void)data;
    told++;
    need(size == expected->len && size <= limit && memcmp(text, expected->str, size) == 0 && text[size] == '\0');
}

static void too_large(const char *ends, gsize size, void *data)
{
    (void)data;
    told++;
    gsize head = MIN(size, ENDS), tail = MIN(size - head, ENDS);
    need(expected->len > limit && size <= 2 * ENDS && size <= expected->len && ends[size] == '\0');
    need(memcmp(ends, expected->str, head) == 0);
    need(memcmp(ends + size - tail, expected->str + expected->len - tail, tail) == 0);
}

static void ignore(const char *reason, void *data)
{
    (void)reason;
    (void)data;
}

static void receive(const uint8_t *data, size_t size)
{
    static const struct websocket_handler handler = {.message = whole, .too_large = too_large, .closed = ignore};
    struct websocket *websocket = g_new0(struct websocket, 1);
    *websocket = (struct websocket){.handler = handler, .state = OPEN};
    g_queue_init(&websocket->queue);
    websocket->max_message = limit = data[0] * 64u + 1;
    expected = g_string_new(NULL);
    for (size_t at = 1; at < size && websocket->ended == NULL;) {
        uint8_t how = data[at++];
        gsize length = MIN((gsize)(how & 0x3f), size - at);
        final_piece = (how & 0x80) != 0;
        binary_piece = how == 0xff;
        /* A piece many times over is how a long message comes. */
        for (int times = how & 0x40 ? 40 : 1; times > 0; times--) {
            bool last = final_piece;
            final_piece = last && times == 1;
            g_string_append_len(expected, (const char *)data + at, (gssize)length);
            int before = told;
            received(websocket, (const char *)data + at, length);
            need(binary_piece ? websocket->ended != NULL : told == before + final_piece);
            if (final_piece || binary_piece)
                g_string_truncate(expected, 0);
            final_piece = last;
            if (binary_piece)
                break;
        }
        at += length;
    }
    g_string_free(expected, TRUE);
    websocket_free(websocket);
}

/* What is taken as an address goes into a request's lines: nothing in it may end one. */
static void address(const char *url)
{
    struct websocket *websocket = g_new0(struct websocket, 1);
    if (url_take(websocket, url) == NULL) {
        need(websocket->host != NULL && *websocket->host != '\0' && websocket->path[0] == '/');
        need(websocket->port > 0 && websocket->port <= 65535);
        const char *const parts[] = {websocket->authority, websocket->path};
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
            for (const char *c = parts[i]; *c != '\0'; c++)
                need(*c > ' ' && *c < 0x7f);
        }
        need(strlen(websocket->authority) <= NAME_LIMIT && strlen(websocket->path) <= PATH_LIMIT);
    }
    g_free(websocket->host);
    g_free(websocket->authority);
    g_free(websocket->path);
    proxy_done(&websocket->proxy);
    g_free(websocket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (data[0] == 'a') {
        g_autofree char *url = g_strndup((const char *)data + 1, size - 1);
        address(url);
    } else {
        receive(data, size);
    }
    return 0;
}
