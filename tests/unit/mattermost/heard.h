/* Shared by the stories of what comes from Mattermost: posts and frames in its shapes, changed a little, and what
 * askwhy makes of them. */
#ifndef HEARD_H
#define HEARD_H

#include "signed.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "bot/mattermost/mattermost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ASKWHY "zwoft16outffifrpquhnqe4aor"
#define DANA "wgjubda6atn3befh4c6ehsm7ir"
#define ELI "regz73ti37nomco84cmky5q6dr"
#define CHANNEL "7gd3m1po43gnieiw1m6ceow39w"
#define TEAM "aohpgoox9bn6jdiwnzqgtyax4o"
#define ROOT "jntcf3htdpbwzxxtrzfm7ubf6e"
#define POST "audt73eo9j84dnbrx7ku35g1ee"

#define PERSON "\x12"
#define END "\x1e"

static const struct mattermost_self self = {.user = ASKWHY, .handle = "askwhy"};

G_GNUC_UNUSED static void assert_text(const char *actual, const char *expected)
{
    if (expected == NULL)
        assert_null(actual);
    else if (actual == NULL)
        fail_msg("nothing in place of \"%s\"", expected);
    else
        assert_string_equal(actual, expected);
}

G_GNUC_UNUSED static cJSON *json_of(const char *text)
{
    const char *why = NULL;
    cJSON *json = json_parse(text, strlen(text), &why);
    if (json == NULL)
        fail_msg("%s: %s", why, text);
    return json;
}

/* The members of changes over those of object; true removes one, for nothing in these shapes is put so. */
G_GNUC_UNUSED static void change(cJSON *object, const char *changes)
{
    g_autoptr(cJSON) json = json_of(changes);
    while (json->child != NULL) {
        cJSON *each = cJSON_DetachItemViaPointer(json, json->child);
        cJSON_DeleteItemFromObjectCaseSensitive(object, each->string);
        if (cJSON_IsTrue(each))
            cJSON_Delete(each);
        else
            cJSON_AddItemToObject(object, each->string, each);
    }
}

/* Dana's reply in a thread, as a server of version 5.37 writes it. */
G_GNUC_UNUSED static cJSON *a_post(const char *changes)
{
    cJSON *post =
        json_of("{\"id\":\"" POST "\",\"create_at\":1795280975630,\"update_at\":1795280975640,\"edit_at\":0,"
                "\"delete_at\":0,\"is_pinned\":false,\"user_id\":\"" DANA "\",\"channel_id\":\"" CHANNEL "\","
                "\"root_id\":\"" ROOT "\",\"parent_id\":\"" ROOT "\",\"original_id\":\"\","
                "\"message\":\"Acme will churn\",\"type\":\"\",\"props\":{},\"hashtags\":\"\","
                "\"pending_post_id\":\"\",\"reply_count\":1,\"last_reply_at\":0,\"participants\":null,"
                "\"metadata\":{}}");
    change(post, changes);
    return post;
}

/* That post in a frame of this event, with these changes to the frame's data. */
G_GNUC_UNUSED static char *a_frame(const char *event, const char *changes_of_post, const char *changes_of_data)
{
    g_autoptr(cJSON) post = a_post(changes_of_post);
    g_autofree char *text = json_text(post);
    cJSON *data = json_of("{\"channel_display_name\":\"Product asks\",\"channel_name\":\"product-asks\","
                          "\"channel_type\":\"O\",\"sender_name\":\"@dana\",\"set_online\":true,"
                          "\"team_id\":\"" TEAM "\"}");
    json_put(data, "post", cJSON_CreateString(text));
    change(data, changes_of_data);
    g_autoptr(cJSON) frame = json_of("{\"broadcast\":{\"omit_users\":null,\"user_id\":\"\","
                                     "\"channel_id\":\"" CHANNEL "\",\"team_id\":\"\"}}");
    json_put(frame, "event", cJSON_CreateString(event));
    json_put(frame, "data", data);
    json_put_int(frame, "seq", 4);
    return json_text(frame);
}

struct hearer {
    struct names *names;
    struct mattermost_frame frame;
};

G_GNUC_UNUSED static int begin_hearing(void **state)
{
    struct hearer *hearer = g_new0(struct hearer, 1);
    hearer->names = names_new();
    *state = hearer;
    return 0;
}

G_GNUC_UNUSED static int end_hearing(void **state)
{
    struct hearer *hearer = *state;
    mattermost_frame_done(&hearer->frame);
    names_free(hearer->names);
    g_free(hearer);
    return 0;
}

/* A frame that must be usable; its event is the hearer's until the next one. */
G_GNUC_UNUSED static const struct event *hear(struct hearer *hearer, const char *text)
{
    mattermost_frame_done(&hearer->frame);
    mattermost_decode(text, strlen(text), &self, hearer->names, &hearer->frame);
    if (hearer->frame.kind != MATTERMOST_EVENT)
        fail_msg("no usable event: %s\n%s", hearer->frame.reason, text);
    assert_non_null(hearer->frame.event);
    assert_string_equal(hearer->frame.event->platform, "mattermost");
    return hearer->frame.event;
}

G_GNUC_UNUSED static const struct event *hear_post(struct hearer *hearer, const char *event, const char *of_post,
                                                   const char *of_data)
{
    g_autofree char *text = a_frame(event, of_post, of_data);
    return hear(hearer, text);
}

G_GNUC_UNUSED static void hear_nonsense(struct hearer *hearer, const char *text, int64_t seq, const char *reason)
{
    mattermost_frame_done(&hearer->frame);
    mattermost_decode(text, strlen(text), &self, hearer->names, &hearer->frame);
    if (hearer->frame.kind != MATTERMOST_UNUSABLE)
        fail_msg("taken for usable: %.300s", text);
    assert_null(hearer->frame.event);
    assert_int_equal(hearer->frame.seq, seq);
    assert_text(hearer->frame.reason, reason);
}

#endif
