#include "tests/bench/mattermost/fake.h"

#include "bot/base/clock.h"
#include "tests/bench/mattermost/link.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define API "/api/v4/"
#define BOT "benchbot000000000000000001"
#define TEAM "benchteam00000000000000000"

enum { KNOCK_MS = 1, INTRODUCTIONS_AWAITED = 32 };
enum { REPLIED = 1, TAKEN = 2 };

struct fake {
    struct wire *wire;
    struct link *link;
    struct traffic *traffic;
    int port;
    bool port_open, no_socket;
    struct loop_timer *knock, *reply;
    int requests, invited, introduced;
    guint others; /* posts of other kinds */
    GByteArray *replied; /* by command: REPLIED, TAKEN */
    guint next_reply;    /* the command answered last; what is below is next */
    int64_t reply_every_ms, last_taken_us, longest_silence_us;
    int replies, taken;
    GString *text, *post;
};

static int64_t now_ms(void)
{
    return g_get_real_time() / 1000;
}

/* ---- commands: HTTP to the bot ---- */

static bool listens(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool there = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return there;
}

static void knock(void *data)
{
    struct fake *fake = data;
    fake->port_open = listens(fake->port);
    if (fake->port_open)
        traffic_fill(fake->traffic);
    else
        loop_timer_set_ms(fake->knock, KNOCK_MS);
}

void fake_call_at(struct fake *fake, int port, bool socket)
{
    fake->port = port;
    fake->port_open = false;
    fake->no_socket = !socket;
    loop_timer_set_ms(fake->knock, KNOCK_MS);
}

/* The fields as the server sends them, in its order. */
static const void *send_command(guint number, guint channel, guint person, void *data)
{
    struct fake *fake = data;
    if (!fake->port_open)
        return NULL;
    char text[128], body[1200];
    g_snprintf(text, sizeof text, BENCH_TEXT, number);
    g_strdelimit(text, " ", '+');
    int size = g_snprintf(
        body, sizeof body,
        "channel_id=benchchannel%014u&channel_name=bench-%u&command=%%2Fask&response_url=http%%3A%%2F%%2F127.0.0.1%%3A%d"
        "%%2Fhooks%%2Fcommands%%2Fbenchhook%017u&team_domain=bench&team_id=" TEAM "&text=%s&token=" FAKE_COMMAND_TOKEN
        "&trigger_id=YmVuY2g%08u%0212uA%%3D%%3D&user_id=benchperson%015u&user_name=person%u",
        channel, channel, wire_port(fake->wire), number, text, number, number, person, person);
    g_string_printf(fake->text,
                    "POST /mattermost/command HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: Mattermost-Bot/1.1\r\n"
                    "Content-Length: %d\r\nAccept: application/json\r\nAuthorization: Token " FAKE_COMMAND_TOKEN "\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\nAccept-Encoding: gzip\r\n\r\n%s",
                    fake->port, size, body);
    return wire_call(fake->wire, fake->port, fake->text->str, fake->text->len, number);
}

static void answered(struct wire_conn *conn, guint call, int status, const char *body, void *data)
{
    (void)conn;
    struct fake *fake = data;
    if (status != 200 || *body == '\0')
        g_error("command %u was answered %d: %s", call, status, body);
    traffic_acknowledged(fake->traffic, call);
}

static void failed(struct wire_conn *conn, guint call, void *data)
{
    (void)call;
    struct fake *fake = data;
    traffic_lost(fake->traffic, conn);
}

/* ---- answers in threads and invitations: the WebSocket ---- */

static guint8 *reply_state(struct fake *fake, guint number)
{
    while (fake->replied->len <= number)
        g_byte_array_append(fake->replied, (const guint8 *)"", 1);
    return &fake->replied->data[number];
}

static void reply_once(struct fake *fake)
{
    if (fake->next_reply == 0)
        g_error("more answers than there are asks");
    guint number = --fake->next_reply, channel = number % BENCH_CHANNELS, person = number % BENCH_PEOPLE;
    *reply_state(fake, number) = REPLIED;
    fake->replies++;
    int64_t now = now_ms();
    char sender[32];
    g_snprintf(sender, sizeof sender, "@person%u", person);
    g_string_printf(fake->post,
                    "{\"id\":\"benchreply%016u\",\"create_at\":%" G_GINT64_FORMAT ",\"update_at\":%" G_GINT64_FORMAT
                    ",\"edit_at\":0,\"delete_at\":0,\"is_pinned\":false,\"user_id\":\"benchperson%015u\",\"channel_id\":"
                    "\"benchchannel%014u\",\"root_id\":\"benchcard%017u\",\"parent_id\":\"benchcard%017u\",\"original_id\":\"\","
                    "\"message\":\"Finance closes the month two days earlier with it\",\"type\":\"\",\"props\":{},"
                    "\"hashtags\":\"\",\"pending_post_id\":\"\",\"reply_count\":2,\"last_reply_at\":0,\"participants\":null,"
                    "\"metadata\":{}}",
                    number, now, now, person, channel, number, number);
    link_tell_post(fake->link, "posted", fake->post->str, sender, channel);
}

static void reply_fired(void *data)
{
    struct fake *fake = data;
    reply_once(fake);
    loop_timer_set_ms(fake->reply, fake->reply_every_ms);
}

void fake_reply(struct fake *fake, int64_t every_ms)
{
    fake->reply_every_ms = every_ms;
    if (every_ms > 0)
        loop_timer_set_ms(fake->reply, every_ms);
    else
        loop_timer_clear(fake->reply);
}

void fake_drop(struct fake *fake, int answers)
{
    for (int i = 0; i < answers; i++)
        reply_once(fake);
    link_cut(fake->link);
}

void fake_forget_replies(struct fake *fake)
{
    fake->next_reply = traffic_count(fake->traffic);
    fake->replies = fake->taken = 0;
    fake->last_taken_us = fake->longest_silence_us = 0;
    g_byte_array_set_size(fake->replied, 0);
}

/* The bot changed the card of an ask or its question, or said more below it. */
static void reply_taken(struct fake *fake, guint number)
{
    if (number >= fake->replied->len || fake->replied->data[number] != REPLIED)
        return;
    fake->replied->data[number] |= TAKEN;
    fake->taken++;
    int64_t now = clock_monotonic_us();
    if (fake->last_taken_us != 0)
        fake->longest_silence_us = MAX(fake->longest_silence_us, now - fake->last_taken_us);
    fake->last_taken_us = now;
}

static void send_invites(struct fake *fake)
{
    while (fake->invited < BENCH_CHANNELS && fake->invited - fake->introduced < INTRODUCTIONS_AWAITED &&
           link_is_open(fake->link)) {
        guint channel = (guint)fake->invited++, person = channel % BENCH_PEOPLE;
        int64_t now = now_ms();
        g_string_printf(fake->post,
                        "{\"id\":\"benchjoin%017u\",\"create_at\":%" G_GINT64_FORMAT ",\"update_at\":%" G_GINT64_FORMAT
                        ",\"edit_at\":0,\"delete_at\":0,\"is_pinned\":false,\"user_id\":\"benchperson%015u\",\"channel_id\":"
                        "\"benchchannel%014u\",\"root_id\":\"\",\"parent_id\":\"\",\"original_id\":\"\",\"message\":"
                        "\"askwhy added to the channel by person%u.\",\"type\":\"system_add_to_channel\",\"props\":{"
                        "\"addedUserId\":\"" BOT "\",\"addedUsername\":\"askwhy\",\"userId\":\"benchperson%015u\","
                        "\"username\":\"person%u\"},\"hashtags\":\"\",\"pending_post_id\":\"\",\"reply_count\":0,"
                        "\"last_reply_at\":0,\"participants\":null,\"metadata\":{}}",
                        channel, now, now, person, channel, person, person, person);
        link_tell_post(fake->link, "posted", fake->post->str, "System", channel);
    }
}

void fake_invite(struct fake *fake)
{
    fake->invited = fake->introduced = 0;
    send_invites(fake);
}

/* ---- REST ---- */

/* The number in an id of ours; G_MAXUINT when there is none. */
static guint number_behind(const char *text, const char *name)
{
    const char *at = text_behind(text, name);
    return at != NULL ? (guint)MIN(g_ascii_strtoull(at, NULL, 10), G_MAXUINT) : G_MAXUINT;
}

/* Behind an object's opening bracket; returns what follows the closing one. */
static const char *behind_object(const char *at)
{
    for (int depth = 1; *at != '\0' && depth > 0; at++) {
        if (*at == '"') {
            for (at++; *at != '\0' && *at != '"'; at++)
                at += *at == '\\' && at[1] != '\0';
        }
        depth += (*at == '{') - (*at == '}');
    }
    return at;
}

/* What body says, as a server tells it (model/integration_action.go, model/slack_attachment.go): of an attachment all
 * fields, of a button neither its address nor its context. */
static void append_told(GString *post, const char *body)
{
    static const char hidden[] = ",\"integration\":{", actions[] = "\"actions\":[",
                      fields[] = "\"id\":0,\"color\":\"\",\"pretext\":\"\",\"author_name\":\"\",\"author_link\":\"\","
                                 "\"author_icon\":\"\",\"title\":\"\",\"title_link\":\"\",\"fields\":null,\"image_url\":\"\","
                                 "\"thumb_url\":\"\",\"footer\":\"\",\"footer_icon\":\"\",\"ts\":null,";
    for (;;) {
        const char *attachment = strstr(body, actions), *button = strstr(body, hidden);
        const char *next = attachment == NULL || (button != NULL && button < attachment) ? button : attachment;
        if (next == NULL)
            break;
        g_string_append_len(post, body, next - body);
        if (next == button) {
            body = behind_object(next + strlen(hidden));
        } else {
            g_string_append(post, fields);
            g_string_append(post, actions);
            body = next + strlen(actions);
        }
    }
    g_string_append(post, body);
}

/* The Post that body asks for, in fake->post: all it says, and what the server adds. */
static void write_post(struct fake *fake, const char *body, const char *id)
{
    int64_t now = now_ms();
    g_string_printf(fake->post,
                    "{\"id\":\"%s\",\"create_at\":%" G_GINT64_FORMAT ",\"update_at\":%" G_GINT64_FORMAT
                    ",\"edit_at\":0,\"delete_at\":0,\"is_pinned\":false,\"user_id\":\"" BOT "\",\"parent_id\":\"\","
                    "\"original_id\":\"\",\"type\":\"slack_attachment\",\"hashtags\":\"\",\"reply_count\":0,"
                    "\"last_reply_at\":0,\"participants\":null,\"metadata\":{},",
                    id, now, now);
    append_told(fake->post, body + strspn(body, "{ "));
}

static void take_post(struct fake *fake, struct wire_conn *conn, const char *body)
{
    guint channel = number_behind(body, "\"channel_id\":\"benchchannel"), thread = number_behind(body, "\"root_id\":\"benchcard");
    guint card = number_behind(body, BENCH_MARK);
    char id[32];
    g_snprintf(id, sizeof id, "benchother%016u", fake->others++);
    if (thread < fake->replied->len && fake->replied->data[thread] != 0) {
        reply_taken(fake, thread);
    } else if (thread != G_MAXUINT) {
        traffic_posted(fake->traffic, thread, channel, true);
        g_snprintf(id, sizeof id, "benchquestion%013u", thread);
    } else if (card != G_MAXUINT) {
        traffic_posted(fake->traffic, card, channel, false);
        g_snprintf(id, sizeof id, "benchcard%017u", card);
    } else {
        fake->introduced++;
        send_invites(fake);
    }
    write_post(fake, body, id);
    wire_answer(conn, 201, fake->post->str);
    link_tell_post(fake->link, "posted", fake->post->str, "@askwhy", channel);
}

static void take_patch(struct fake *fake, struct wire_conn *conn, const char *target, const char *body)
{
    const char *id = target + strlen(API "posts/");
    guint card = number_behind(target, "/benchcard"), number = MIN(card, number_behind(target, "/benchquestion"));
    guint channel = number % BENCH_CHANNELS;
    g_autofree char *patched = g_strndup(id, strcspn(id, "/"));
    g_autofree char *whole = g_strdup_printf("{\"channel_id\":\"benchchannel%014u\",%s", channel, body + strspn(body, "{ "));
    reply_taken(fake, number);
    write_post(fake, whole, patched);
    wire_answer(conn, 200, fake->post->str);
    link_tell_post(fake->link, "post_edited", fake->post->str, "@askwhy", channel);
}

static void append_person(GString *text, guint number)
{
    g_string_append_printf(text,
                           "%s{\"id\":\"benchperson%015u\",\"create_at\":1600000000000,\"update_at\":1600000000000,"
                           "\"delete_at\":0,\"username\":\"person%u\",\"auth_service\":\"\",\"email\":\"\",\"nickname\":\"\","
                           "\"first_name\":\"Person\",\"last_name\":\"%u\",\"position\":\"\",\"roles\":\"system_user\","
                           "\"locale\":\"en\",\"timezone\":{\"automaticTimezone\":\"Europe/Tallinn\",\"manualTimezone\":\"\","
                           "\"useAutomaticTimezone\":\"true\"}}",
                           text->len > 1 ? "," : "", number, number, number);
}

static void answer_people(struct fake *fake, struct wire_conn *conn, const char *asked, const char *name)
{
    g_string_assign(fake->text, "[");
    for (const char *at = text_behind(asked, name); at != NULL; at = text_behind(at, name))
        append_person(fake->text, (guint)g_ascii_strtoull(at, NULL, 10));
    g_string_append_c(fake->text, ']');
    wire_answer(conn, 200, fake->text->str);
}

static void append_channel(GString *text, guint number)
{
    g_string_append_printf(text,
                           "%s{\"id\":\"benchchannel%014u\",\"create_at\":1600000000000,\"update_at\":1600000000000,"
                           "\"delete_at\":0,\"team_id\":\"" TEAM "\",\"type\":\"O\",\"display_name\":\"Bench %u\","
                           "\"name\":\"bench-%u\",\"header\":\"\",\"purpose\":\"\",\"last_post_at\":1600000000000,"
                           "\"total_msg_count\":1,\"extra_update_at\":0,\"creator_id\":\"\",\"scheme_id\":null,"
                           "\"props\":null,\"group_constrained\":null,\"shared\":false}",
                           text->len > 1 ? "," : "", number, number, number);
}

static void answer_channels(struct fake *fake, struct wire_conn *conn)
{
    g_string_assign(fake->text, "[");
    for (int channel = 0; channel < fake->invited; channel++)
        append_channel(fake->text, (guint)channel);
    g_string_append_c(fake->text, ']');
    wire_answer(conn, 200, fake->text->str);
}

static bool is_call(const char *target, const char *path)
{
    return g_str_has_prefix(target + strlen(API), path);
}

static void request(struct wire_conn *conn, const char *target, const char *body, void *data)
{
    struct fake *fake = data;
    fake->requests++;
    if (!g_str_has_prefix(target, API))
        g_error("no call of the API: %s", target);
    if (is_call(target, "posts?") || strcmp(target, API "posts") == 0) {
        take_post(fake, conn, body);
    } else if (is_call(target, "posts/") && g_str_has_suffix(target, "/patch")) {
        take_patch(fake, conn, target, body);
    } else if (is_call(target, "users/me/teams/")) {
        answer_channels(fake, conn);
    } else if (is_call(target, "users/me/teams")) {
        wire_answer(conn, 200, "[{\"id\":\"" TEAM "\",\"name\":\"bench\",\"display_name\":\"Bench\",\"type\":\"O\","
                               "\"delete_at\":0}]");
    } else if (is_call(target, "users/me")) {
        wire_answer(conn, 200, "{\"id\":\"" BOT "\",\"username\":\"askwhy\",\"delete_at\":0,\"roles\":\"system_user\","
                               "\"locale\":\"en\",\"is_bot\":true,\"bot_description\":\"\"}");
    } else if (is_call(target, "users/ids")) {
        answer_people(fake, conn, body, "\"benchperson");
    } else if (is_call(target, "users/usernames")) {
        answer_people(fake, conn, body, "\"person");
    } else if (is_call(target, "config/client")) {
        wire_answer(conn, 200, "{\"MaxPostSize\":\"16383\",\"Version\":\"5.37.0\",\"SiteURL\":\"\"}");
    } else if (is_call(target, "channels/benchchannel") && strstr(target, "/posts") == NULL) {
        g_string_assign(fake->text, "");
        append_channel(fake->text, number_behind(target, "/benchchannel"));
        wire_answer(conn, 200, fake->text->str);
    } else { /* what was said in a gap: nothing */
        wire_answer(conn, 200, "{\"order\":[],\"posts\":{},\"next_post_id\":\"\",\"prev_post_id\":\"\"}");
    }
}

static void opened(struct wire_conn *conn, const char *target, void *data)
{
    struct fake *fake = data;
    link_opened(fake->link, conn, target);
}

static void frame(struct wire_conn *conn, const char *text, gsize size, void *data)
{
    (void)conn;
    struct fake *fake = data;
    link_frame(fake->link, text, size);
}

static void closed(struct wire_conn *conn, void *data)
{
    struct fake *fake = data;
    link_closed(fake->link, conn);
}

/* ---- as seen from outside ---- */

bool fake_connected(void *data)
{
    const struct fake *fake = data;
    return fake->no_socket ? fake->port_open : link_is_open(fake->link);
}

bool fake_left(void *data)
{
    const struct fake *fake = data;
    return !link_is_open(fake->link);
}

bool fake_settled(void *data)
{
    const struct fake *fake = data;
    return fake->introduced >= BENCH_CHANNELS;
}

bool fake_all_taken(void *data)
{
    const struct fake *fake = data;
    return fake->taken >= fake->replies;
}

int fake_replies(const struct fake *fake)
{
    return fake->replies;
}

int fake_replies_taken(const struct fake *fake)
{
    return fake->taken;
}

int64_t fake_longest_silence_us(const struct fake *fake)
{
    return fake->longest_silence_us;
}

int fake_sockets_opened(const struct fake *fake)
{
    return link_count_opened(fake->link);
}

int fake_resumes(const struct fake *fake)
{
    return link_count_resumed(fake->link);
}

int fake_requests(void *data)
{
    const struct fake *fake = data;
    return fake->requests;
}

int fake_port(const struct fake *fake)
{
    return wire_port(fake->wire);
}

struct traffic *fake_traffic(struct fake *fake)
{
    return fake->traffic;
}

struct fake *fake_new(struct loop *loop)
{
    static const struct wire_handler handler = {.request = request,
                                                .opened = opened,
                                                .frame = frame,
                                                .closed = closed,
                                                .answered = answered,
                                                .failed = failed};
    struct fake *fake = g_new0(struct fake, 1);
    fake->link = link_new();
    fake->replied = g_byte_array_new();
    fake->text = g_string_new(NULL);
    fake->post = g_string_new(NULL);
    fake->knock = loop_timer_new(loop, knock, fake);
    fake->reply = loop_timer_new(loop, reply_fired, fake);
    fake->wire = wire_new(loop, &handler, fake);
    fake->traffic = traffic_new(loop, fake->wire, send_command, fake);
    return fake;
}

void fake_free(struct fake *fake)
{
    traffic_keep(fake->traffic, 0);
    wire_free(fake->wire);
    traffic_free(fake->traffic);
    loop_timer_free(fake->knock);
    loop_timer_free(fake->reply);
    link_free(fake->link);
    g_byte_array_unref(fake->replied);
    g_string_free(fake->text, TRUE);
    g_string_free(fake->post, TRUE);
    g_free(fake);
}
