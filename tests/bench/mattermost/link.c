#include "tests/bench/mattermost/link.h"

#include <string.h>

enum { KEPT = 128, AWAY = 256 };

struct link {
    struct wire_conn *conn; /* NULL: away */
    char *id;               /* NULL: nothing to resume */
    int64_t next;           /* number of the next event */
    GQueue kept;            /* char *, up to the number before; without their numbers, which they keep */
    GQueue away;            /* char *, without numbers so far */
    GString *text;
    int opened, resumed;
};

static void forget(struct link *link)
{
    g_clear_pointer(&link->id, g_free);
    g_queue_clear_full(&link->kept, g_free);
    g_queue_clear_full(&link->away, g_free);
    link->next = 0;
}

static void put(struct link *link, const char *body, int64_t number)
{
    g_string_printf(link->text, "%s,\"seq\":%" G_GINT64_FORMAT "}\n", body, number);
    wire_send(link->conn, link->text->str, link->text->len);
}

/* Takes body. */
static void put_new(struct link *link, char *body)
{
    put(link, body, link->next++);
    g_queue_push_tail(&link->kept, body);
    if (link->kept.length > KEPT)
        g_free(g_queue_pop_head(&link->kept));
}

static void tell(struct link *link, char *body)
{
    if (link->conn != NULL) {
        put_new(link, body);
    } else if (link->id != NULL && link->away.length < AWAY) {
        g_queue_push_tail(&link->away, body);
    } else {
        g_free(body);
        forget(link);
    }
}

/* ---- events ---- */

static void append_quoted(GString *out, const char *json)
{
    for (;;) {
        gsize plain = strcspn(json, "\"\\\n");
        g_string_append_len(out, json, (gssize)plain);
        json += plain;
        if (*json == '\0')
            return;
        g_string_append_c(out, '\\');
        g_string_append_c(out, *json == '\n' ? 'n' : *json);
        json++;
    }
}

void link_tell_post(struct link *link, const char *event, const char *post, const char *sender, guint channel)
{
    GString *body = g_string_sized_new(strlen(post) * 3 / 2 + 400);
    g_string_append_printf(body, "{\"event\":\"%s\",\"data\":{", event);
    if (strcmp(event, "posted") == 0)
        g_string_append_printf(body, "\"channel_display_name\":\"Bench %u\",\"channel_name\":\"bench-%u\",\"channel_type\":\"O\",",
                               channel, channel);
    g_string_append(body, "\"post\":\"");
    append_quoted(body, post);
    g_string_append_c(body, '"');
    /* Names in their order, as Go writes them. */
    if (strcmp(event, "posted") == 0)
        g_string_append_printf(body, ",\"sender_name\":\"%s\",\"set_online\":true,\"team_id\":\"benchteam00000000000000000\"", sender);
    g_string_append_printf(body, "},\"broadcast\":{\"omit_users\":null,\"user_id\":\"\",\"channel_id\":\"benchchannel%014u\","
                                 "\"team_id\":\"\"}",
                           channel);
    tell(link, g_string_free(body, FALSE));
}

/* ---- its life ---- */

static char *parameter(const char *target, const char *name)
{
    const char *at = strstr(target, name);
    return at != NULL ? g_strndup(at + strlen(name), strcspn(at + strlen(name), "&")) : g_strdup("");
}

static void greet(struct link *link)
{
    forget(link);
    link->id = g_strdup_printf("benchconnection%011d", link->opened);
    put_new(link, g_strdup_printf("{\"event\":\"hello\",\"data\":{\"connection_id\":\"%s\",\"server_version\":"
                                  "\"5.37.0.5.37.0.bench.false\"},\"broadcast\":{\"omit_users\":null,\"user_id\":"
                                  "\"benchbot000000000000000001\",\"channel_id\":\"\",\"team_id\":\"\"}",
                                  link->id));
}

void link_opened(struct link *link, struct wire_conn *conn, const char *target)
{
    g_autofree char *id = parameter(target, "connection_id="), *wanted = parameter(target, "sequence_number=");
    int64_t number = g_ascii_strtoll(wanted, NULL, 10), first = link->next - link->kept.length;
    bool resumed = link->conn == NULL && g_strcmp0(link->id, id) == 0 && number > 0 && number >= first && number <= link->next;
    link->conn = conn;
    link->opened++;
    if (!resumed) {
        greet(link);
        return;
    }
    link->resumed++;
    for (; number < link->next; number++)
        put(link, g_queue_peek_nth(&link->kept, (guint)(number - first)), number);
    while (link->away.length > 0)
        put_new(link, g_queue_pop_head(&link->away));
}

/* An action: a ping, or a challenge that shows the token a second time. */
void link_frame(struct link *link, const char *text, gsize size)
{
    const char *at = g_strstr_len(text, (gssize)size, "\"seq\":");
    if (at == NULL || link->conn == NULL)
        g_error("no action: %.*s", (int)MIN(size, 200), text);
    g_string_printf(link->text,
                    "{\"status\":\"OK\",\"seq_reply\":%" G_GINT64_FORMAT
                    ",\"data\":{\"node_id\":\"\",\"text\":\"pong\",\"version\":\"5.37.0\"}}\n",
                    g_ascii_strtoll(at + strlen("\"seq\":"), NULL, 10));
    wire_send(link->conn, link->text->str, link->text->len);
}

void link_closed(struct link *link, const struct wire_conn *conn)
{
    if (link->conn == conn)
        link->conn = NULL;
}

void link_cut(struct link *link)
{
    if (link->conn != NULL)
        wire_cut(link->conn);
}

bool link_is_open(const struct link *link)
{
    return link->conn != NULL;
}

int link_count_opened(const struct link *link)
{
    return link->opened;
}

int link_count_resumed(const struct link *link)
{
    return link->resumed;
}

struct link *link_new(void)
{
    struct link *link = g_new0(struct link, 1);
    link->text = g_string_new(NULL);
    return link;
}

void link_free(struct link *link)
{
    forget(link);
    g_string_free(link->text, TRUE);
    g_free(link);
}
