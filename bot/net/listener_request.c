/* HTTP/1.1 as RFC 9112 has it, without what only helps to make two readers disagree about where a request ends: bare
 * line feeds, folded headers, a length beside chunks, a length twice. */
#include "bot/net/listener_internal.h"

#include <string.h>

enum {
    HEAD_MAX = 16 * 1024,
    HEADERS_MAX = 100,
    METHOD_MAX = 20,
    CHUNK_LINE_MAX = 256,
    EMPTY_LINES_MAX = 2, /* before a request line; some clients end a body with one */
};

void incoming_init(struct incoming *incoming, gsize max_body)
{
    *incoming = (struct incoming){.max_body = max_body, .body = g_string_new(NULL), .line = g_string_new(NULL)};
}

static void forget(struct incoming *incoming)
{
    g_free(incoming->method);
    g_free(incoming->path);
    g_free(incoming->content_type);
    g_free(incoming->authorization);
}

void incoming_reset(struct incoming *incoming)
{
    forget(incoming);
    GString *line = g_string_truncate(incoming->line, 0), *body = incoming->body;
    /* A large one is not kept for an idle connection. */
    if (body->allocated_len > HEAD_MAX) {
        g_string_free(body, TRUE);
        body = g_string_new(NULL);
    }
    g_string_truncate(body, 0);
    *incoming = (struct incoming){.max_body = incoming->max_body, .body = body, .line = line};
}

void incoming_done(struct incoming *incoming)
{
    forget(incoming);
    g_string_free(incoming->body, TRUE);
    g_string_free(incoming->line, TRUE);
}

static bool refuse(struct incoming *incoming, int status)
{
    incoming->state = INCOMING_REFUSED;
    incoming->status = status;
    incoming->keep = false;
    return false;
}

static bool is_token(const char *text)
{
    gsize size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");
    return size > 0 && text[size] == '\0';
}

static bool is_visible(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at >= 0x7f || *at < ' ')
            return false;
    }
    return true;
}

/* Takes up to the end of the line begun in incoming->line. True when it is whole; its end is cut off then. */
static bool take_line(struct incoming *incoming, const char *data, gsize size, gsize *used, gsize max)
{
    const char *end = memchr(data, '\n', size);
    gsize part = end != NULL ? (gsize)(end - data) + 1 : size;
    *used += part;
    if (part > max || incoming->line->len > max - part)
        return refuse(incoming, incoming->state == INCOMING_CHUNK_LINE ? 400 : 431);
    GString *line = g_string_append_len(incoming->line, data, (gssize)part);
    if (incoming->state == INCOMING_START && incoming->empty_lines == 0 && !g_ascii_isalpha(line->str[0]) &&
        line->str[0] != '\r')
        return refuse(incoming, 400); /* a TLS client at a plain door must not have to wait */
    if (end == NULL)
        return false;
    if (line->len < 2 || line->str[line->len - 2] != '\r')
        return refuse(incoming, 400);
    g_string_truncate(line, line->len - 2);
    for (gsize i = 0; i < line->len; i++) {
        if ((line->str[i] >= 0 && line->str[i] < ' ' && line->str[i] != '\t') || line->str[i] == 0x7f)
            return refuse(incoming, 400);
    }
    return true;
}

static bool on_request_line(struct incoming *incoming)
{
    char *line = incoming->line->str;
    if (*line == '\0')
        return ++incoming->empty_lines <= EMPTY_LINES_MAX || refuse(incoming, 400);
    char *target = strchr(line, ' '), *version = target != NULL ? strchr(target + 1, ' ') : NULL;
    if (version == NULL)
        return refuse(incoming, 400);
    *target++ = *version++ = '\0';
    if (!g_str_has_prefix(version, "HTTP/") || strlen(version) != strlen("HTTP/1.1"))
        return refuse(incoming, 400);
    incoming->minor_0 = strcmp(version, "HTTP/1.0") == 0;
    if (!incoming->minor_0 && strcmp(version, "HTTP/1.1") != 0)
        return refuse(incoming, 505);
    if (!is_token(line) || strlen(line) > METHOD_MAX || !is_visible(target))
        return refuse(incoming, 400);
    /* To a proxy it would name the host too. */
    char *host = g_ascii_strncasecmp(target, "http://", 7) == 0    ? target + 7
                 : g_ascii_strncasecmp(target, "https://", 8) == 0 ? target + 8
                                                                   : NULL;
    if (host != NULL)
        target = strchr(host, '/') != NULL ? strchr(host, '/') : host + strlen(host);
    else if (*target != '/' && strcmp(target, "*") != 0)
        return refuse(incoming, 400);
    incoming->method = g_strdup(line);
    incoming->path = g_strndup(target, strcspn(target, "?#"));
    incoming->keep = !incoming->minor_0;
    incoming->state = INCOMING_HEADERS;
    return true;
}

static bool on_length(struct incoming *incoming, const char *value)
{
    gsize digits = strspn(value, "0123456789");
    if (incoming->has_length || incoming->chunked || digits == 0 || value[digits] != '\0')
        return refuse(incoming, 400);
    incoming->has_length = true;
    guint64 length = g_ascii_strtoull(value, NULL, 10); /* the greatest there is when it is too long */
    if (length > incoming->max_body)
        return refuse(incoming, 413);
    incoming->left = (gsize)length;
    return true;
}

static bool on_coding(struct incoming *incoming, const char *value)
{
    if (incoming->has_length || incoming->chunked || incoming->minor_0)
        return refuse(incoming, 400);
    if (g_ascii_strcasecmp(value, "chunked") != 0)
        return refuse(incoming, 501);
    incoming->chunked = true;
    return true;
}

static void on_connection(struct incoming *incoming, const char *value)
{
    g_auto(GStrv) wishes = g_strsplit(value, ",", 16);
    for (int i = 0; wishes[i] != NULL; i++) {
        if (g_ascii_strcasecmp(g_strstrip(wishes[i]), "close") == 0)
            incoming->keep = false;
    }
}

static bool keep_value(struct incoming *incoming, char **kept, const char *value)
{
    if (*kept != NULL || !is_visible(value))
        return refuse(incoming, 400);
    *kept = g_strdup(value);
    return true;
}

static bool on_header(struct incoming *incoming)
{
    char *name = incoming->line->str, *value = strchr(name, ':');
    if (value == NULL || ++incoming->headers > HEADERS_MAX)
        return refuse(incoming, value == NULL ? 400 : 431);
    *value++ = '\0';
    if (!is_token(name)) /* also when it goes on the line before it */
        return refuse(incoming, 400);
    g_strstrip(value);
    if (g_ascii_strcasecmp(name, "Content-Length") == 0)
        return on_length(incoming, value);
    if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0)
        return on_coding(incoming, value);
    if (g_ascii_strcasecmp(name, "Content-Type") == 0)
        return keep_value(incoming, &incoming->content_type, value);
    if (g_ascii_strcasecmp(name, "Authorization") == 0)
        return keep_value(incoming, &incoming->authorization, value);
    if (g_ascii_strcasecmp(name, "Connection") == 0)
        on_connection(incoming, value);
    if (g_ascii_strcasecmp(name, "Host") == 0) {
        if (incoming->has_host)
            return refuse(incoming, 400);
        incoming->has_host = true;
    }
    if (g_ascii_strcasecmp(name, "Expect") == 0) {
        if (g_ascii_strcasecmp(value, "100-continue") != 0)
            return refuse(incoming, 417);
        incoming->expects = !incoming->minor_0;
    }
    return true;
}

static bool on_head_end(struct incoming *incoming)
{
    if (!incoming->has_host && !incoming->minor_0)
        return refuse(incoming, 400);
    incoming->has_body = incoming->chunked || incoming->left > 0;
    incoming->waits = incoming->expects && incoming->has_body;
    incoming->state = INCOMING_HEAD;
    return true;
}

static bool on_chunk_line(struct incoming *incoming)
{
    const char *line = incoming->line->str;
    gsize digits = strspn(line, "0123456789abcdefABCDEF");
    if (digits == 0 || (line[digits] != '\0' && strchr("; \t", line[digits]) == NULL))
        return refuse(incoming, 400);
    guint64 size = g_ascii_strtoull(line, NULL, 16);
    if (size > incoming->max_body - incoming->body->len)
        return refuse(incoming, 413);
    incoming->left = (gsize)size;
    incoming->state = size > 0 ? INCOMING_CHUNK : INCOMING_TRAILERS;
    return true;
}

static bool on_line(struct incoming *incoming)
{
    bool empty = incoming->line->len == 0;
    switch (incoming->state) {
    case INCOMING_START:
        return on_request_line(incoming);
    case INCOMING_HEADERS:
        return empty ? on_head_end(incoming) : on_header(incoming);
    case INCOMING_CHUNK_LINE:
        return on_chunk_line(incoming);
    case INCOMING_CHUNK_END:
        incoming->state = INCOMING_CHUNK_LINE;
        return empty || refuse(incoming, 400);
    case INCOMING_TRAILERS: /* of no interest */
        if (empty)
            incoming->state = INCOMING_WHOLE;
        return true;
    default:
        return false;
    }
}

static gsize take_body(struct incoming *incoming, const char *data, gsize size)
{
    gsize part = MIN(size, incoming->left);
    g_string_append_len(incoming->body, data, (gssize)part);
    incoming->left -= part;
    if (incoming->left == 0)
        incoming->state = incoming->state == INCOMING_CHUNK ? INCOMING_CHUNK_END : INCOMING_WHOLE;
    return part;
}

gsize incoming_feed(struct incoming *incoming, const char *data, gsize size)
{
    gsize used = 0;
    if (incoming->state == INCOMING_HEAD)
        incoming->state = incoming->chunked    ? INCOMING_CHUNK_LINE
                          : incoming->left > 0 ? INCOMING_BODY
                                               : INCOMING_WHOLE;
    while (used < size && incoming->state < INCOMING_WHOLE && incoming->state != INCOMING_HEAD) {
        if (incoming->state == INCOMING_BODY || incoming->state == INCOMING_CHUNK) {
            used += take_body(incoming, data + used, size - used);
            continue;
        }
        bool chunk = incoming->state == INCOMING_CHUNK_LINE || incoming->state == INCOMING_CHUNK_END;
        gsize max = chunk ? CHUNK_LINE_MAX : HEAD_MAX - incoming->head;
        if (!take_line(incoming, data + used, size - used, &used, max))
            break;
        if (!chunk)
            incoming->head += incoming->line->len + 2;
        on_line(incoming);
        g_string_truncate(incoming->line, 0);
    }
    return used;
}
