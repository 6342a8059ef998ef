/* Which asks are meant: "mine started by sales" of a list, "is:started by:sales" among the words of a search. */
#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/list.h"
#include "commands/say.h"

#include <string.h>

static const struct {
    const char *word;
    const char *states[8];
} state_words[] = {
    {"open", {NULL}},
    {"waiting", {"waiting"}},
    {"clear", {"clear"}},
    {"accepted", {"accepted"}},
    {"declined", {"declined"}},
    {"later", {"later"}},
    {"started", {"started"}},
    {"shipped", {"shipped"}},
    {"withdrawn", {"withdrawn"}},
    {"done", {"shipped"}},
    {"paused", {"paused"}},
    {"checked", {"checked"}},
    {"all", {"all"}},
};

static bool take_state(struct ask_filter *filter, const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(state_words); i++) {
        if (g_ascii_strcasecmp(state_words[i].word, word) == 0) {
            memcpy(filter->states, state_words[i].states, sizeof filter->states);
            return true;
        }
    }
    return false;
}

static const char *function_named(struct context *ctx, const char *word)
{
    for (char **function = ctx->settings->functions; function != NULL && *function != NULL; function++) {
        if (g_ascii_strcasecmp(*function, word) == 0)
            return *function;
    }
    return NULL;
}

/* A mention or "me"; 0 when it is nobody we know. */
static int64_t person_called(struct context *ctx, const char *word)
{
    if (g_ascii_strcasecmp(word, "me") == 0)
        return ctx->who.id;
    if (*word != RICH_PERSON && *word != RICH_PING)
        return 0;
    g_autofree char *user = g_strndup(word + 1, strcspn(word + 1, "\x1e"));
    return store_find_person(ctx->store, ctx->event->platform, user);
}

/* The goal that the most of the next words name; how many these are, 0 when there is none. */
static int take_goal(struct context *ctx, char **words, struct ask_filter *filter)
{
    for (int n = (int)MIN(g_strv_length(words), 12); n > 0; n--) {
        char *behind = g_steal_pointer(&words[n]);
        g_autofree char *name = g_strjoinv(" ", words);
        words[n] = behind;
        struct aim goal;
        bool several;
        bool found = aim_find(ctx, &ctx->viewer, false, name, &goal, &several);
        filter->goal = goal.id;
        aim_done(&goal);
        if (found)
            return n;
    }
    return 0;
}

static bool set_state(struct context *ctx, const char *value, struct ask_filter *filter)
{
    (void)ctx;
    if (!take_state(filter, value))
        return false;
    bool open = filter->states[0] == NULL;
    for (gsize i = 0; open && store_open_states[i] != NULL; i++)
        filter->states[i] = store_open_states[i]; /* a list means them when it names none, others do not */
    return true;
}

bool filter_read(struct context *ctx, const char *text, struct ask_filter *filter)
{
    const char *command = ctx->settings->command;
    g_auto(GStrv) words = g_strsplit_set(text, " \n\t", -1);
    for (int i = 0; words[i] != NULL; i++) {
        const char *word = words[i], *next = words[i + 1] != NULL ? words[i + 1] : "";
        g_autofree char *shown = show_line(ctx, *next != '\0' ? next : word, 40);
        if (*word == '\0' || set_state(ctx, word, filter) || g_ascii_strcasecmp(word, "asks") == 0)
            continue;
        if (g_ascii_strcasecmp(word, "mine") == 0 || g_ascii_strcasecmp(word, "my") == 0) {
            filter->person = ctx->who.id;
        } else if (g_ascii_strcasecmp(word, "here") == 0) {
            filter->channel = ctx->viewer.place;
        } else if (g_ascii_strcasecmp(word, "by") == 0) {
            filter->function = function_named(ctx, next);
            if (filter->function == NULL) {
                g_autofree char *known = g_strjoinv(", ", ctx->settings->functions);
                answer_say(ctx, "list.no.function", "word", shown, "functions", known, NULL);
                ctx->not_understood = true;
                return false;
            }
            i++;
        } else if (g_ascii_strcasecmp(word, "goal") == 0) {
            int taken = take_goal(ctx, words + i + 1, filter);
            if (taken == 0) {
                g_autofree char *named = g_strjoinv(" ", words + i + 1);
                g_autofree char *goal = show_line(ctx, named, 60);
                answer_say(ctx, *goal != '\0' ? "list.no.goal" : "list.which.goal", "word", goal, "command", command, NULL);
                ctx->not_understood = *goal != '\0';
                return false;
            }
            i += taken;
        } else if (g_ascii_strcasecmp(word, "owner") == 0) {
            filter->owner = person_called(ctx, next);
            if (filter->owner == 0) {
                answer_say(ctx, "list.no.owner", "command", command, NULL);
                ctx->not_understood = true;
                return false;
            }
            i++;
        } else {
            g_autofree char *unknown = show_line(ctx, word, 40);
            answer_say(ctx, "list.how", "word", unknown, "command", command, NULL);
            ctx->not_understood = true;
            return false;
        }
    }
    return true;
}

/* ---- in a search ---- */

static bool set_function(struct context *ctx, const char *value, struct ask_filter *filter)
{
    return (filter->function = function_named(ctx, value)) != NULL;
}

static bool set_asker(struct context *ctx, const char *value, struct ask_filter *filter)
{
    return (filter->asker = person_called(ctx, value)) != 0;
}

static bool set_owner(struct context *ctx, const char *value, struct ask_filter *filter)
{
    return (filter->owner = person_called(ctx, value)) != 0;
}

static bool set_channel(struct context *ctx, const char *value, struct ask_filter *filter)
{
    const char *platform = ctx->event->platform;
    if (g_ascii_strcasecmp(value, "here") == 0)
        filter->channel = ctx->viewer.place;
    else if (*value == RICH_CHANNEL) {
        g_autofree char *id = g_strndup(value + 1, strcspn(value + 1, "\x1e"));
        filter->channel = store_find_channel(ctx->store, platform, id);
    } else
        filter->channel = store_find_channel_named(ctx->store, platform, ctx->event->workspace, value + (*value == '#' || *value == '~'));
    return filter->channel != 0;
}

static const struct {
    const char *key;
    bool (*set)(struct context *ctx, const char *value, struct ask_filter *filter);
} keys[] = {
    {"is:", set_state}, {"by:", set_function}, {"from:", set_asker}, {"owner:", set_owner}, {"in:", set_channel},
};

char *filter_take(struct context *ctx, const char *text, struct ask_filter *filter)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \n\t", -1);
    GString *rest = g_string_new(NULL);
    for (int i = 0; words[i] != NULL; i++) {
        gsize k = 0;
        while (k < G_N_ELEMENTS(keys) && g_ascii_strncasecmp(words[i], keys[k].key, strlen(keys[k].key)) != 0)
            k++;
        if (k == G_N_ELEMENTS(keys)) {
            g_string_append_printf(rest, "%s%s", rest->len > 0 && *words[i] != '\0' ? " " : "", words[i]);
        } else if (!keys[k].set(ctx, words[i] + strlen(keys[k].key), filter)) {
            g_autofree char *shown = show_line(ctx, words[i], 60);
            g_autofree char *functions = g_strjoinv(", ", ctx->settings->functions);
            answer_say(ctx, "search.filter", "word", shown, "functions", functions, NULL);
            g_string_free(rest, TRUE);
            return NULL;
        }
    }
    return g_string_free(rest, FALSE);
}
