/* What strangers send to the HTTP listener, request after request on one connection, at once and in pieces. The first
 * byte says how it is cut. */
#include "tests/fuzz/hold.h"

#include "bot/net/listener_internal.h"

enum { BODY_LIMIT = 100 };

static void need_visible(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        need((guchar)*c >= ' ' && (guchar)*c < 0x7f);
}

static void need_bounded(const struct incoming *incoming)
{
    need(incoming->body->len <= BODY_LIMIT && incoming->body->str[incoming->body->len] == '\0');
    need(incoming->line->len <= 17 * 1024 && incoming->head <= 17 * 1024);
    need(incoming->left <= BODY_LIMIT);
    need(incoming->state != INCOMING_REFUSED || (incoming->status >= 400 && incoming->status < 600 && !incoming->keep));
}

static void tell(GString *told, const struct incoming *incoming)
{
    need(incoming->method != NULL && *incoming->method != '\0' && strchr(incoming->method, ' ') == NULL);
    need(*incoming->path == '/' || *incoming->path == '\0' || strcmp(incoming->path, "*") == 0);
    need(strpbrk(incoming->path, " ?#") == NULL);
    const char *kept[] = {incoming->method, incoming->path, incoming->content_type, incoming->authorization};
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (kept[i] != NULL)
            need_visible(kept[i]);
        g_string_append_printf(told, "%s ", kept[i] != NULL ? kept[i] : "-");
    }
    g_string_append_printf(told, "%d %d ", incoming->keep, incoming->waits);
    g_string_append_len(told, incoming->body->str, (gssize)incoming->body->len);
    g_string_append_c(told, '\n');
}

/* cut 0: all at once */
static char *read_all(const char *data, gsize size, uint8_t cut)
{
    GString *told = g_string_new(NULL);
    struct incoming incoming;
    incoming_init(&incoming, BODY_LIMIT);
    bool open = true;
    for (gsize at = 0; at < size && open;) {
        gsize piece = cut == 0 ? size - at : MIN(size - at, 1 + (cut * (at + 1)) % 7), used = 0;
        while (open && (used < piece || incoming.state == INCOMING_HEAD)) {
            gsize took = incoming_feed(&incoming, data + at + used, piece - used);
            need(took <= piece - used && (took > 0 || incoming.state >= INCOMING_HEAD));
            used += took;
            need_bounded(&incoming);
            if (incoming.state == INCOMING_WHOLE) {
                tell(told, &incoming);
                open = incoming.keep;
                incoming_reset(&incoming);
            } else if (incoming.state == INCOMING_REFUSED) {
                g_string_append_printf(told, "refused %d", incoming.status);
                open = false;
            }
        }
        at += used;
    }
    incoming_done(&incoming);
    return g_string_free(told, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    g_autofree char *at_once = read_all((const char *)data + 1, size - 1, 0);
    g_autofree char *in_pieces = read_all((const char *)data + 1, size - 1, (uint8_t)(data[0] | 1));
    need(strcmp(at_once, in_pieces) == 0);
    return 0;
}
