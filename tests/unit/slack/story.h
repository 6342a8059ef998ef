/* Shared by the stories of this folder: frames from files, decoded as askwhy (U0ASKWHY) sees them. */
#ifndef STORY_H
#define STORY_H

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "bot/slack/slack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct slack_self self = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"};

G_GNUC_UNUSED static char *read_frame(const char *name)
{
    g_autofree char *path = g_strdup_printf(TESTS_DIR "/unit/slack/frames/%s.json", name);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    return text;
}

/* What the frame of this name says; the caller frees it. */
G_GNUC_UNUSED static struct event *event_of(const char *name)
{
    g_autofree char *text = read_frame(name);
    struct slack_frame frame;
    slack_decode(text, strlen(text), &self, &frame);
    if (frame.kind != SLACK_ENVELOPE)
        fail_msg("%s is no usable envelope: %s", name, frame.reason);
    assert_non_null(frame.envelope);
    struct event *event = g_steal_pointer(&frame.event);
    assert_string_equal(event->envelope, frame.envelope);
    assert_string_equal(event->platform, "slack");
    slack_frame_done(&frame);
    return event;
}

G_GNUC_UNUSED static void assert_text(const char *actual, const char *expected)
{
    if (expected == NULL)
        assert_null(actual);
    else if (actual == NULL)
        fail_msg("nothing in place of \"%s\"", expected);
    else
        assert_string_equal(actual, expected);
}

#endif
