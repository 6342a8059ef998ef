#include "commands/states.h"

#include "commands/aims.h"
#include "commands/leaver.h"
#include "commands/permission.h"
#include "commands/say.h"
#include "commands/trade.h"
#include "store/merged.h"

#include <string.h>

#define OPEN "waiting clear accepted later started paused"

const char *const all_states[] = {"waiting", "clear",   "accepted", "declined", "later",  "started",   "paused",
                                  "shelved", "shipped", "checked",  "merged",   "withdrawn", NULL};

/* The README's picture is drawn from it: tests/unit/commands/test_states.c says how it must look after a change. */
const struct transition transitions[] = {
    /* verb          from                              to           who                              tells */
    {"raise",        "",                               "waiting",   BY_ANYONE,                       TELLS_ASKER},
    {"clear",        "waiting",                        "clear",     BY_ASKER | BY_OWNER | BY_ASKWHY, TELLS_DECIDER},
    {"wait",         "clear",                          "waiting",   BY_ASKWHY,                       TELLS_NOBODY},
    {"decide yes",   "waiting clear later",            "accepted",  BY_DECIDER,                      TELLS_ASKER | TELLS_VOICES},
    {"decide no",    "waiting clear accepted later",   "declined",  BY_DECIDER,                      TELLS_ASKER | TELLS_VOICES},
    {"decide later", "waiting clear accepted later",   "later",     BY_DECIDER,                      TELLS_ASKER | TELLS_VOICES},
    {"return",       "later",                          "clear",     BY_ASKWHY,                       TELLS_DECIDER},
    {"start",        "waiting clear accepted later",   "started",   BY_OWNER,                        TELLS_NOBODY},
    {"pause",        "started paused",                 "paused",    BY_OWNER | BY_DECIDER,           TELLS_ASKER | TELLS_OWNER},
    {"resume",       "paused",                         "started",   BY_OWNER | BY_DECIDER,           TELLS_ASKER | TELLS_OWNER},
    {"shelve",       "paused",                         "shelved",   BY_OWNER | BY_DECIDER | BY_ASKWHY,
     TELLS_ASKER | TELLS_OWNER | TELLS_VOICES},
    {"ship",         "started",                        "shipped",   BY_OWNER,                        TELLS_NOBODY},
    {"outcome",      "shipped checked",                "checked",   BY_OWNER | BY_METRIC_OWNER,      TELLS_ASKER | TELLS_OWNER},
    {"merge",        OPEN,                             "merged",    BY_ASKER | BY_OWNER | BY_DECIDER, TELLS_ASKER | TELLS_OTHER},
    {"withdraw",     OPEN,                             "withdrawn", BY_ASKER,                        TELLS_OWNER | TELLS_VOICES},
    {"reopen",       "declined shelved",               "clear",     BY_ANYONE,                       TELLS_ASKER | TELLS_DECIDER},
    {"reopen",       "merged withdrawn",               "clear",     BY_ASKER | BY_OWNER | BY_DECIDER, TELLS_ASKER | TELLS_DECIDER},
    {"reopen",       "declined shelved merged withdrawn", "waiting", BY_ASKWHY,                      TELLS_ASKER},
    {NULL, NULL, NULL, 0, 0},
};

static bool has_word(const char *words, const char *word)
{
    gsize length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

bool transition_starts_from(const struct transition *transition, const char *state)
{
    return has_word(transition->from, state);
}

bool has_role(struct context *ctx, const struct ask *ask, unsigned who)
{
    if (who == BY_ANYONE)
        return true;
    int64_t me = ctx->who.id, measures = who & BY_METRIC_OWNER ? aim_metric_owner(ctx, ask, NULL) : 0;
    bool member = !ctx->who.guest;
    int64_t owner = is_nobody_to_ask(ctx, ask->owner) ? 0 : ask->owner;
    int64_t decider = who & BY_DECIDER ? unless_left(ctx, ask, ask->decider) : 0;
    return ((who & BY_ASKER) && ask->asker == me) || ((who & BY_RAISER) && ask->raiser == me) ||
           (measures != 0 && measures == me) ||
           ((who & BY_OWNER) && (owner == me || (owner == 0 && measures == 0 && member))) ||
           ((who & BY_DECIDER) && (decider == me || (decider == 0 && member))) ||
           ((who & BY_ASKWHY) && me == 0);
}

const struct transition *transition_of(const char *verb, const char *state)
{
    const struct transition *first = NULL;
    for (const struct transition *t = transitions; t->verb != NULL; t++) {
        if (strcmp(t->verb, verb) != 0)
            continue;
        if (transition_starts_from(t, state))
            return t;
        if (first == NULL)
            first = t;
    }
    if (first == NULL)
        g_error("no transition %s", verb);
    return first;
}

/* What a channel settles for itself; PERMISSIONS: nothing but roles. */
static enum permission permission_of(const struct transition *t)
{
    return g_str_has_prefix(t->verb, "decide ") ? MAY_DECIDE : strcmp(t->verb, "start") == 0 ? MAY_START : PERMISSIONS;
}

static bool may_make(struct context *ctx, const struct ask *ask, const struct transition *t)
{
    enum permission what = permission_of(t);
    return what != PERMISSIONS ? may(ctx, ask->channel, what, ask) : has_role(ctx, ask, t->who);
}

/* The verbs people type that lead on from a state, each once: "`start`, `withdraw`". ask NULL: whoever they are. */
char *state_verbs(struct context *ctx, const char *state, const struct ask *ask)
{
    GString *shown = g_string_new(NULL), *words = g_string_new(NULL);
    for (const struct transition *t = transitions; t->verb != NULL; t++) {
        g_autofree char *word = g_strndup(t->verb, strcspn(t->verb, " "));
        if (!transition_starts_from(t, state) || t->who == BY_ASKWHY || verb_find(word) == NULL ||
            has_word(words->str, word) || (ask != NULL && !may_make(ctx, ask, t)))
            continue;
        g_autofree char *code = say(ctx->language, "state.verb", "verb", word, NULL);
        g_string_append_printf(shown, "%s%s", shown->len > 0 ? ", " : "", code);
        g_string_append_printf(words, " %s", word);
    }
    g_string_free(words, TRUE);
    return g_string_free(shown, FALSE);
}

void answer_wrong_state(struct context *ctx, const struct ask *ask)
{
    g_autofree char *number = show_number(ask->number);
    if (strcmp(ask->state, "merged") == 0) {
        g_autofree char *other = trade_name(ctx, store_merged_target(ctx->store, ask->number), &ctx->viewer, ctx->language);
        answer_say(ctx, "wrong.state.merged", "ask", number, "other", other, NULL);
        return;
    }
    g_autofree char *state = show_state(ctx->language, ask->state);
    g_autofree char *verbs = state_verbs(ctx, ask->state, ask);
    answer_say(ctx, *verbs != '\0' ? "wrong.state.but" : "wrong.state", "ask", number, "state", state, "verbs", verbs, NULL);
}

static void answer_wrong_role(struct context *ctx, const struct ask *ask, unsigned who)
{
    g_autofree char *number = show_number(ask->number);
    bool several = (who & BY_ASKER) && (who & BY_OWNER);
    bool owner = (who & BY_OWNER) != 0, decider = !owner && (who & BY_DECIDER);
    g_autofree char *name = show_person(ctx, owner ? ask->owner : decider ? ask->decider : ask->asker);
    answer_say(ctx, several ? "not.part" : owner ? "not.owner" : decider ? "not.decider" : "not.asker", "ask", number,
               "person", name, "command", ctx->settings->command, NULL);
}

const struct transition *may_move(struct context *ctx, const struct ask *ask, const char *verb)
{
    const struct transition *found = transition_of(verb, ask->state);
    if (!transition_starts_from(found, ask->state)) {
        if (strcmp(found->to, ask->state) == 0) {
            g_autofree char *number = show_number(ask->number);
            g_autofree char *state = show_state(ctx->language, ask->state);
            answer_say(ctx, "already.in.state", "ask", number, "state", state, NULL);
        } else {
            answer_wrong_state(ctx, ask);
        }
        return NULL;
    }
    if (!may_make(ctx, ask, found)) {
        if (permission_of(found) != PERMISSIONS)
            may_or_say(ctx, ask->channel, permission_of(found), ask);
        else
            answer_wrong_role(ctx, ask, found->who);
        return NULL;
    }
    return found;
}
