/* The rows behind what askwhy says. */
#include "story.h"

#include "bot/chat/platform.h"

static int64_t enqueue(struct story *s, int64_t channel, const char *content)
{
    struct outbox_row row = {.kind = OUT_POST,
                             .platform = (char *)"slack",
                             .channel = channel,
                             .content = (char *)content,
                             .made_at = NOON,
                             .due_at = NOON};
    int64_t id = store_enqueue(s->store, &row);
    assert_int_not_equal(id, 0);
    return id;
}

/* Contents of the rows that can be sent, joined by spaces. */
static char *waiting(struct story *s, int64_t after)
{
    g_autoptr(GArray) rows = store_outbox(s->store, after);
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        g_string_append_printf(all, "%s%s", i > 0 ? " " : "", row->content);
        outbox_row_done(row);
    }
    return g_string_free(all, FALSE);
}

static void assert_waiting(struct story *s, const char *expected)
{
    g_autofree char *is = waiting(s, 0);
    assert_string_equal(is, expected);
}

static void rows_come_in_order_and_whole(void **state)
{
    struct story *s = *state;
    int64_t card = store_add_post(s->store, "card", 1, 0, 7, 0);
    struct outbox_row row = {.kind = OUT_EPHEMERAL,
                             .platform = (char *)"slack",
                             .channel = 7,
                             .post = card,
                             .thread = card,
                             .root = (char *)"1.1",
                             .message = (char *)"2.2",
                             .person = 9,
                             .url = (char *)"https://example.org/",
                             .trigger = (char *)"t",
                             .emoji = (char *)"eyes",
                             .content = (char *)"{}",
                             .due_at = NOON,
                             .made_at = NOON - 1};
    int64_t first = store_enqueue(s->store, &row);
    int64_t second = enqueue(s, 7, "b");
    assert_true(first < second);
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    assert_int_equal(rows->len, 2);
    struct outbox_row *is = &g_array_index(rows, struct outbox_row, 0);
    assert_int_equal(is->id, first);
    assert_int_equal(is->kind, OUT_EPHEMERAL);
    assert_int_equal(is->channel, 7);
    assert_int_equal(is->post, card);
    assert_int_equal(is->thread, card);
    assert_int_equal(is->person, 9);
    assert_string_equal(is->root, "1.1");
    assert_string_equal(is->message, "2.2");
    assert_string_equal(is->url, "https://example.org/");
    assert_string_equal(is->trigger, "t");
    assert_string_equal(is->emoji, "eyes");
    assert_int_equal(is->made_at, NOON - 1);
    /* Each has an operation mark of its own. */
    struct outbox_row *other = &g_array_index(rows, struct outbox_row, 1);
    assert_int_equal(strlen(is->op), 16);
    assert_string_not_equal(is->op, other->op);
    outbox_row_done(is);
    outbox_row_done(other);
    g_autofree char *later = waiting(s, first);
    assert_string_equal(later, "b");
}

static void what_is_sent_is_gone_and_its_post_is_known(void **state)
{
    struct story *s = *state;
    int64_t post = store_add_post(s->store, "card", 1, 0, 7, 0);
    int64_t row = enqueue(s, 7, "a");
    store_sent(s->store, row, post, "1.5");
    assert_waiting(s, "");
    struct post found;
    assert_true(store_find_post(s->store, 7, "1.5", &found));
    assert_int_equal(found.id, post);
    post_done(&found);
    /* Dropped: gone as well, its post stays as it was. */
    store_sent(s->store, enqueue(s, 7, "b"), 0, NULL);
    assert_waiting(s, "");
    assert_true(store_get_post(s->store, post, &found));
    assert_string_equal(found.message, "1.5");
    post_done(&found);
}

static void a_row_number_is_never_used_again(void **state)
{
    struct story *s = *state;
    int64_t first = enqueue(s, 7, "a");
    store_sent(s->store, first, 0, NULL);
    assert_true(enqueue(s, 7, "b") > first);
}

static void what_is_parked_waits_until_its_channel_is_tried_again(void **state)
{
    struct story *s = *state;
    int64_t product = place(s, "product", CHANNEL_PUBLIC), deals = place(s, "deals", CHANNEL_PRIVATE);
    int64_t row = enqueue(s, product, "a");
    store_park(s->store, row, "not_in_channel; invite askwhy");
    store_park(s->store, enqueue(s, deals, "b"), "is_archived");
    assert_waiting(s, "");
    g_autoptr(GArray) parked = store_parked(s->store);
    assert_int_equal(parked->len, 2);
    struct parked *first = &g_array_index(parked, struct parked, 0);
    assert_int_equal(first->id, row);
    assert_string_equal(first->why, "not_in_channel; invite askwhy");
    assert_string_equal(first->channel, "product");
    assert_int_equal(first->made_at, NOON);
    for (guint i = 0; i < parked->len; i++) {
        g_free(g_array_index(parked, struct parked, i).why);
        g_free(g_array_index(parked, struct parked, i).channel);
    }
    assert_int_equal(store_unpark(s->store, product), 1);
    assert_waiting(s, "a");
    assert_int_equal(store_unpark(s->store, product), 0);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(rows_come_in_order_and_whole),
        STORY(what_is_sent_is_gone_and_its_post_is_known),
        STORY(a_row_number_is_never_used_again),
        STORY(what_is_parked_waits_until_its_channel_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
