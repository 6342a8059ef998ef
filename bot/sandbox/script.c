#include "bot/sandbox/script.h"

#include "bot/base/clock.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/link.h"
#include "bot/sandbox/script_internal.h"
#include "bot/sandbox/settle.h"

#include <stdio.h>

enum {
    LOOK_MS = 5,          /* how often it is looked whether a step is over */
    GIVE_UP_MS = 20000,   /* a step that takes longer has failed */
};

struct script {
    struct sandbox *sandbox;
    char *path;
    GPtrArray *steps;
    guint next;       /* the step after the one at hand */
    int held, failed;
    int given_up;     /* deliver_face->given_up() before the step */
    struct notebook *notebook;
    struct player *player;
    struct loop_timer *look;
    struct settling settling;
    bool dying; /* the bot was killed and is not gone yet: first it goes, then another comes to rest */
};

static void finish(struct script *script)
{
    bool good = script->failed == 0;
    if (!script->sandbox->quiet || !good)
        printf("%s: %d expectations held, %d failed\n", script->path, script->held, script->failed);
    fflush(stdout);
    script->sandbox->exit_status = good ? 0 : 1;
    loop_stop(script->sandbox->loop);
}

static void print_news(const struct script *script)
{
    const GPtrArray *news = notebook_news(script->notebook);
    for (guint i = 0; i < news->len; i++)
        news_print(g_ptr_array_index(news, i));
}

static void fail(struct script *script, int line, const char *why)
{
    script->failed++;
    printf("FAILED %s:%d: %s\n", script->path, line, why);
}

/* Prints and checks what the step at hand brought. */
static void conclude(struct script *script, const struct step *step)
{
    int before = script->failed;
    if (!script->sandbox->quiet)
        print_news(script);
    if (script->sandbox->face->given_up(script->sandbox) > script->given_up)
        fail(script, step->line, "an event was never acknowledged");
    for (guint i = 0; i < step->expectations->len; i++) {
        const struct expectation *expectation = g_ptr_array_index(step->expectations, i);
        g_autofree char *why = notebook_check(script->notebook, expectation);
        if (why != NULL)
            fail(script, expectation->line, why);
        else
            script->held++;
    }
    if (script->failed > before && script->sandbox->quiet) {
        printf("%s:%d: %s\nshowed:\n", script->path, step->line, step->source);
        print_news(script);
    }
    fflush(stdout);
}

static void begin_next(struct script *script)
{
    if (script->next == script->steps->len) {
        finish(script);
        return;
    }
    const struct step *step = g_ptr_array_index(script->steps, script->next++);
    if (!step->done_before) /* what happened since the start belongs to the beginning */
        notebook_turn(script->notebook);
    script->given_up = script->sandbox->face->given_up(script->sandbox);
    if (!script->sandbox->quiet)
        printf("%s\n", step->source);
    settling_start(&script->settling, script->sandbox);
    g_autofree char *why = player_do(script->player, step);
    if (why != NULL)
        fail(script, step->line, why);
    script->dying = why == NULL && step->kind == STEP_KILLED;
    fflush(stdout);
    loop_timer_set_ms(script->look, LOOK_MS);
}

/* Then what the bot says by itself at its start belongs to that step, and can be expected below it. */
static bool begins_with_clock(const struct script *script)
{
    const struct step *first = script->steps->len > 0 ? g_ptr_array_index(script->steps, 0) : NULL;
    return first != NULL && first->done_before;
}

static void on_look(void *data)
{
    struct script *script = data;
    const struct step *step = script->next > 0 ? g_ptr_array_index(script->steps, script->next - 1) : NULL;
    if (script->dying && script->sandbox->face->sockets(script->sandbox) == 0 && !link_connected(script->sandbox->link))
        script->dying = false;
    if (!script->dying && settling_over(&script->settling, script->sandbox)) {
        if (step != NULL)
            conclude(script, step);
        else if (!begins_with_clock(script) && !script->sandbox->quiet)
            print_news(script);
        begin_next(script);
        return;
    }
    if (clock_monotonic_us() - script->settling.began_us > GIVE_UP_MS * G_GINT64_CONSTANT(1000)) {
        struct sandbox *sandbox = script->sandbox;
        print_news(script);
        g_autofree char *why = g_strdup_printf(
            "given up after 20 s: %d sockets connected, %d messages not acknowledged, %s", sandbox->face->sockets(sandbox),
            sandbox->face->pending(sandbox),
            sandbox->link == NULL           ? "no link to the bot"
            : !link_connected(sandbox->link) ? "the bot is not on the link"
            : script->settling.asked                  ? "the bot does not say that it is idle"
                                             : "the bot never came to rest");
        fail(script, step != NULL ? step->line : 1, why);
        finish(script);
        return;
    }
    loop_timer_set_ms(script->look, LOOK_MS);
}

struct script *script_new(struct sandbox *sandbox, const char *path, GError **error)
{
    GPtrArray *steps = script_read(sandbox->workspace, path, error);
    if (steps == NULL)
        return NULL;
    struct script *script = g_new0(struct script, 1);
    script->sandbox = sandbox;
    script->path = g_strdup(path);
    script->steps = steps;
    script->notebook = notebook_new(sandbox->workspace);
    script->player = player_new(sandbox, script->notebook);
    for (guint i = 0; i < steps->len; i++) {
        struct step *step = g_ptr_array_index(steps, i);
        if (step->kind != STEP_CLOCK)
            break;
        sandbox_move_clock(sandbox, script_time(step->what, clock_now_ms()));
        step->done_before = true;
    }
    return script;
}

void script_free(struct script *script)
{
    if (script == NULL)
        return;
    loop_timer_free(script->look);
    player_free(script->player);
    notebook_free(script->notebook);
    g_ptr_array_unref(script->steps);
    g_free(script->path);
    g_free(script);
}

void script_start(struct script *script)
{
    script->look = loop_timer_new(script->sandbox->loop, on_look, script);
    settling_start(&script->settling, script->sandbox);
    loop_timer_set_ms(script->look, LOOK_MS);
}

void script_tell(struct script *script, const struct person *only, const struct channel *channel, const cJSON *see)
{
    if (script != NULL)
        notebook_add(script->notebook, script->sandbox->views, only, channel, see);
}

void script_idle(struct script *script, guint64 number)
{
    if (script == NULL)
        return;
    settling_idle(&script->settling, number);
    loop_timer_set_ms(script->look, 0);
}

void script_bot_came(struct script *script)
{
    if (script != NULL)
        settling_forget(&script->settling);
}
