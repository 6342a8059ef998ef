/* What a server of version 5.37.0 really sent, read again (recorded/5.37.*; the account was called askwhy, ids and
 * hashes are the server's). 5.37.frames is one connection through joining, talking, renaming, archiving and being
 * removed; 5.37.since.json the channel read again in the middle of it; the rest is another day's. */
#include "heard.h"
#include "words.h"

#define BOT "f6a5exxwbirhbgeyn7ecye3nuh"
#define D "yc8hgccybi8rzjjf9crc5udxnh"
#define E "regz73ti37nomco84cmky5q6dr"
#define ASKS "onzuu46og3r55modm6c3e5orkc"
#define CARD "99e9z914wbnzinqtxk9usofjma"
#define REPLY "abrepujbrjr53ge4t1s1gc9w3c"
#define KEY "5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d"
#define NOW INT64_C(1795280976000)

static const struct mattermost_self bot = {.user = BOT, .handle = "askwhy"};

static char *recorded(const char *name)
{
    g_autofree char *path = g_strconcat(TESTS_DIR "/unit/mattermost/recorded/5.37.", name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    return text;
}

static int begin(void **state)
{
    *state = names_new();
    return 0;
}

static int end(void **state)
{
    names_free(*state);
    return 0;
}

/* ---- A connection ---- */

static const struct heard {
    int64_t seq;
    enum event_kind kind;
    const char *user, *text;
} story_of_a_connection[] = {
    {1, EVENT_NONE, NULL, NULL},
    {2, EVENT_NONE, NULL, NULL},
    {3, EVENT_INVITED, NULL, NULL}, /* to the team's first channel, and the second */
    {4, EVENT_NONE, NULL, NULL},
    {5, EVENT_NONE, NULL, NULL},
    {6, EVENT_INVITED, NULL, NULL},
    {7, EVENT_INVITED, D, NULL},
    {8, EVENT_JOINED, E, NULL},
    {9, EVENT_JOINED, E, NULL},
    {10, EVENT_NONE, NULL, NULL}, /* our own card */
    {11, EVENT_MESSAGE, D, "Acme will **churn** @eli 💡"},
    {12, EVENT_EDITED, D, "Acme will churn, 40 k"},
    {13, EVENT_MENTION, D, "show 1"},
    {14, EVENT_MESSAGE, D, "@channel lunch"},
    {15, EVENT_MESSAGE, D, "`" PERSON BOT END "` is a bot"},
    {16, EVENT_MESSAGE, E, "and Beta too"},
    {17, EVENT_DELETED, E, NULL},
    {18, EVENT_NONE, NULL, NULL}, /* a reaction, a pin on our card */
    {19, EVENT_NONE, NULL, NULL},
    {20, EVENT_EDITED, D, "Acme will churn, 40 k"}, /* a pin on the reply: the edit of before, told twice */
    {21, EVENT_LEFT, E, NULL},
    {22, EVENT_LEFT, E, NULL},
    {23, EVENT_JOINED, E, NULL},
    {24, EVENT_JOINED, E, NULL},
    {25, EVENT_LEFT, E, NULL},
    {26, EVENT_LEFT, E, NULL},
    {27, EVENT_CHANNEL, NULL, NULL},
    {28, EVENT_NONE, NULL, NULL},
    {29, EVENT_NONE, NULL, NULL},
    {30, EVENT_CHANNEL, NULL, NULL},
    {31, EVENT_CHANNEL, NULL, NULL},
    {32, EVENT_NONE, NULL, NULL},
    {33, EVENT_PERSON, E, NULL},
    {34, EVENT_PERSON, E, NULL},
    {35, EVENT_NONE, NULL, NULL},
    {36, EVENT_MESSAGE, D, "list"},
    {37, EVENT_REMOVED, NULL, NULL},
    {38, EVENT_NONE, NULL, NULL},
    {39, EVENT_NONE, NULL, NULL},
    {40, EVENT_INVITED, NULL, NULL},
    {41, EVENT_REMOVED, NULL, NULL},
    {42, EVENT_NONE, NULL, NULL},
    {43, EVENT_REMOVED, NULL, NULL}, /* from the whole team */
};

static void check_event(const struct mattermost_frame *frame, const struct heard *wanted)
{
    const struct event *event = frame->event;
    if (event->kind != wanted->kind)
        fail_msg("frame %d: event %d in place of %d", (int)wanted->seq, event->kind, wanted->kind);
    assert_int_equal(frame->seq, wanted->seq);
    assert_text(event->user, wanted->user);
    assert_text(event->text, wanted->text);
    if (event->kind == EVENT_CHANNEL) {
        assert_text(event->channel, ASKS);
        assert_text(event->channel_name, "product-asks");
        assert_int_equal(event->channel_kind, wanted->seq == 27 ? CHANNEL_PUBLIC : CHANNEL_PRIVATE);
    }
    if (wanted->seq == 36)
        assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
    if (event->kind == EVENT_PERSON)
        assert_text(event->profile.name, wanted->seq == 33 ? "Lis" : "Eli Kim");
    if (wanted->seq == 32)
        assert_text(frame->changed_channel, ASKS);
    if (event->keys[1] != NULL)
        assert_true(event->cursor != NULL && event->channel != NULL);
}

static void test_a_connection_from_hello_to_good_bye(void **state)
{
    struct names *names = *state;
    g_autofree char *text = recorded("frames");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    g_autofree char *edit_key = NULL;
    gsize next = 0;
    int replies = 0;
    for (gsize i = 0; lines[i] != NULL; i++) {
        struct mattermost_frame frame;
        mattermost_decode(lines[i], strlen(lines[i]), &bot, names, &frame);
        switch (frame.kind) {
        case MATTERMOST_HELLO:
            assert_int_equal(i, 0);
            assert_int_equal(frame.seq, 0);
            assert_text(frame.version, "5.37.0");
            assert_true(mattermost_is_id(frame.connection));
            break;
        case MATTERMOST_REPLY:
            assert_int_equal(frame.reply, ++replies);
            assert_int_equal(frame.ok, replies == 1);
            assert_text(frame.reason, replies == 1 ? NULL : "api.web_socket_router.bad_action.app_error");
            break;
        case MATTERMOST_EVENT:
            assert_true(next < G_N_ELEMENTS(story_of_a_connection));
            check_event(&frame, &story_of_a_connection[next++]);
            if (frame.seq == 12)
                edit_key = g_strdup(frame.event->keys[1]);
            if (frame.seq == 20)
                assert_text(frame.event->keys[1], edit_key);
            /* Eli is not known by name when Dana names them; they are once they speak. */
            if (frame.seq == 16)
                assert_text(names_find(names, "eli"), E);
            break;
        case MATTERMOST_UNUSABLE:
            fail_msg("unusable: %s: %s", frame.reason, lines[i]);
        }
        mattermost_frame_done(&frame);
    }
    assert_int_equal(next, G_N_ELEMENTS(story_of_a_connection));
    assert_int_equal(replies, 2);
}

/* Live or read again, the same things are told under the same keys. */
static void test_what_was_read_again_is_what_was_heard(void **state)
{
    static const struct {
        enum event_kind kind;
        const char *user, *key;
    } wanted[] = {
        {EVENT_DELETED, E, "post:cmmk1x43didkjbxc5415hfxxae:deleted"},
        {EVENT_MESSAGE, D, "post:5q4naiey67dj9pzpxz1axqinwh"},
        {EVENT_MESSAGE, D, "post:gi4iyueh63ywip3tha14rwx4fw"},
        {EVENT_MENTION, D, "post:r4g39b834ins9e1r89pcchpzxh"},
        {EVENT_MESSAGE, D, "post:" REPLY},
        {EVENT_EDITED, D, "post:" REPLY ":1795309584879"},
        {EVENT_JOINED, E, "post:u6jsiieit3yqfqawpcjr56x44y"},
        {EVENT_INVITED, D, "post:arpqkquyjtrp5kqtjwnb7fgd9c"},
        {EVENT_JOINED, D, "post:j89bf93z7bfht8ppha7k938ycr"},
    };
    g_autofree char *text = recorded("since.json");
    g_autoptr(cJSON) list = json_of(text);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    const cJSON *id;
    cJSON_ArrayForEach(id, json_get(list, "order"))
    {
        const cJSON *post = json_get(json_get(list, "posts"), id->valuestring);
        assert_non_null(post);
        mattermost_decode_history(post, CHANNEL_PUBLIC, &bot, *state, 1, events);
    }
    assert_int_equal(events->len, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = g_ptr_array_index(events, i);
        assert_int_equal(event->kind, wanted[i].kind);
        assert_text(event->user, wanted[i].user);
        assert_text(event->keys[1], wanted[i].key);
        assert_text(event->channel, ASKS);
        assert_true(event->replay);
        if (event->kind == EVENT_DELETED || event->kind == EVENT_EDITED)
            assert_text(event->thread, CARD);
    }
}

static void test_people_and_a_channel_as_the_server_tells_of_them(void **state)
{
    static const struct {
        const char *user, *handle, *name, *zone, *locale;
        bool bot;
    } wanted[] = {
        {D, "dana", "Dana Reyes", "America/New_York", "en", false},
        {BOT, "askwhy", "askwhy", NULL, "en", true},
        {E, "eli", "Eli Kim", "Asia/Seoul", "ko", false},
    };
    g_autofree char *text = recorded("people.json"), *channel_text = recorded("channel.json");
    g_autoptr(cJSON) people = json_of(text);
    g_autoptr(cJSON) channel_json = json_of(channel_text);
    assert_int_equal(cJSON_GetArraySize(people), G_N_ELEMENTS(wanted));
    for (int i = 0; i < cJSON_GetArraySize(people); i++) {
        struct event *event = mattermost_decode_person(cJSON_GetArrayItem(people, i), *state);
        assert_non_null(event);
        assert_text(event->user, wanted[i].user);
        assert_text(event->profile.handle, wanted[i].handle);
        assert_text(event->profile.name, wanted[i].name);
        assert_text(event->profile.zone, wanted[i].zone);
        assert_text(event->profile.locale, wanted[i].locale);
        assert_int_equal(event->profile.bot, wanted[i].bot);
        assert_false(event->profile.deleted || event->profile.guest);
        assert_text(names_find(*state, wanted[i].handle), wanted[i].user);
        event_free(event);
    }
    struct event *channel = mattermost_decode_channel(channel_json);
    assert_text(channel->channel, ASKS);
    assert_text(channel->channel_name, "product-asks");
    assert_int_equal(channel->channel_kind, CHANNEL_PRIVATE);
    event_free(channel);
}

/* ---- Another day: a card, a command, its button and its dialog ---- */

static void test_a_mention_in_the_thread_of_our_card(void **state)
{
    g_autofree char *text = recorded("exchange.frames");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    int64_t seq = 0;
    for (gsize i = 0; lines[i] != NULL; i++) {
        struct mattermost_frame frame;
        mattermost_decode(lines[i], strlen(lines[i]), &self, *state, &frame);
        assert_int_not_equal(frame.kind, MATTERMOST_UNUSABLE);
        if (frame.kind == MATTERMOST_REPLY)
            assert_int_equal(frame.reply, 1);
        else
            assert_int_equal(frame.seq, seq++);
        if (frame.seq == 4) {
            const struct event *event = frame.event;
            assert_int_equal(event->kind, EVENT_MENTION);
            assert_text(event->text, "Because Acme will churn " PERSON ASKWHY END);
            assert_text(event->user, DANA);
            assert_text(event->channel, CHANNEL);
            assert_text(event->thread, ROOT);
            assert_text(event->cursor, "1795280975630");
        } else if (frame.event != NULL) {
            assert_int_equal(frame.event->kind, EVENT_NONE);
        }
        mattermost_frame_done(&frame);
    }
    assert_int_equal(seq, 6);
    g_autofree char *card = recorded("post.json");
    g_autoptr(cJSON) own = json_of(card);
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    mattermost_decode_history(own, CHANNEL_PUBLIC, &self, *state, 0, events);
    assert_int_equal(events->len, 0);
}

static void call(enum callback_kind kind, const char *body, const char *authorization, struct names *names,
                 struct callback_verdict *verdict)
{
    static const char *const tokens[] = {"commandtoken00000000000000", NULL};
    static const struct mattermost_options options = {
        .url = "http://127.0.0.1:8065", .command_tokens = tokens, .signing_key = KEY, .words = words_of};
    mattermost_decode_callback(kind, body, strlen(body), authorization, &options, names, NOW, verdict);
}

static void test_the_command(void **state)
{
    g_autofree char *body = recorded("command.form");
    struct callback_verdict verdict;
    call(CALLBACK_COMMAND, body, "Token commandtoken00000000000000", *state, &verdict);
    assert_non_null(verdict.event);
    assert_text(verdict.event->command, "/ask");
    assert_text(verdict.event->text, "Add SSO for Acme by June — \"quoted\" & <b> @channel 한국어");
    assert_text(verdict.event->user, DANA);
    assert_text(verdict.event->user_name, "dana");
    assert_text(verdict.event->channel_name, "product-asks");
    assert_text(verdict.event->response_url, "http://127.0.0.1:8065/hooks/commands/xbj1yx41jpfkjkgm4o7wee4ema");
    callback_verdict_done(&verdict);
}

/* The recorded request with this in place of that. */
static char *with(const char *name, const char *that, const char *this)
{
    g_autofree char *body = recorded(name);
    g_auto(GStrv) parts = g_strsplit(body, that, 2);
    assert_int_equal(g_strv_length(parts), 2);
    return g_strjoinv(this, parts);
}

static void test_the_pressed_button(void **state)
{
    g_autofree char *foreign = recorded("action.json");
    struct callback_verdict verdict;
    call(CALLBACK_ACTION, foreign, "", *state, &verdict);
    assert_null(verdict.event);
    assert_int_equal(verdict.status, 403);
    callback_verdict_done(&verdict);
    g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "why", "1");
    g_autofree char *text = json_text(context), *ours = with("action.json", "{\"item\":1,\"sig\":\"abc\"}", text);
    call(CALLBACK_ACTION, ours, "", *state, &verdict);
    assert_non_null(verdict.event);
    assert_text(verdict.event->action, "why");
    assert_text(verdict.event->value, "1");
    assert_text(verdict.event->message, ROOT);
    assert_text(verdict.event->user, DANA);
    callback_verdict_done(&verdict);
}

static void test_the_dialog(void **state)
{
    g_autofree char *foreign = recorded("dialog.json");
    struct callback_verdict verdict;
    call(CALLBACK_DIALOG, foreign, "", *state, &verdict);
    assert_int_equal(verdict.status, 403);
    callback_verdict_done(&verdict);
    struct form *form = form_new("why", "1", "Why", "Save", "Cancel");
    g_autofree char *signature = sign_form(KEY, DANA, form, "00000000000000aa", NOW + 1);
    form_free(form);
    g_autoptr(cJSON) string = cJSON_CreateString(signature);
    g_autofree char *quoted = json_text(string), *ours = with("dialog.json", "\"item=1\"", quoted);
    call(CALLBACK_DIALOG, ours, "", *state, &verdict);
    assert_non_null(verdict.event);
    assert_int_equal(verdict.event->kind, EVENT_FORM);
    assert_text(verdict.event->form, "why");
    assert_text(event_field(verdict.event, "fn"), "sales");
    assert_text(event_field(verdict.event, "why"), "x");
    assert_text(event_field(verdict.event, "impact"), NULL);
    callback_verdict_done(&verdict);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_a_connection_from_hello_to_good_bye),
        story(test_what_was_read_again_is_what_was_heard),
        story(test_people_and_a_channel_as_the_server_tells_of_them),
        story(test_a_mention_in_the_thread_of_our_card),
        story(test_the_command),
        story(test_the_pressed_button),
        story(test_the_dialog),
    };
    return cmocka_run_group_tests_name("mattermost_recorded", tests, NULL, NULL);
}
