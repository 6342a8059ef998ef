/* A loop for the tests of this room: run until something happened. */
#ifndef ASKWHY_TEST_STORY_H
#define ASKWHY_TEST_STORY_H

#include "bot/net/loop.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct loop *loop;
static struct loop_timer *story_guard;
static bool story_stuck;

static inline void story_gave_up(void *data)
{
    (void)data;
    story_stuck = true;
    loop_stop(loop);
}

static inline void story_begin(void)
{
    GError *error = NULL;
    loop = loop_new(NULL, &error);
    assert_null(error);
    assert_non_null(loop);
    story_stuck = false;
    story_guard = loop_timer_new(loop, story_gave_up, NULL);
}

/* Runs until a callback calls loop_stop(); a story that hangs fails. */
static inline void story_run(void)
{
    loop_timer_set_ms(story_guard, 60 * 1000);
    loop_run(loop, NULL, NULL);
    loop_timer_clear(story_guard);
    assert_false(story_stuck);
}

static inline void story_end(void)
{
    loop_timer_free(story_guard);
    loop_free(loop);
    story_guard = NULL;
    loop = NULL;
}

#endif
