#include "commands/states.h"

#include "commands/say.h"

#include <string.h>

const struct transition transitions[] = {
    /* verb          from                                                      to          who */
    {"clear",        "waiting",                                                "clear",    BY_ASKER | BY_OWNER | BY_ASKWHY},
    {"wait",         "clear",                                                  "waiting",  BY_ASKER | BY_OWNER | BY_ASKWHY},
    {"decide yes",   "waiting clear",                                          "accepted", BY_DECIDER},
    {"decide no",    "waiting clear accepted later",                           "declined", BY_DECIDER},
    {"decide later", "waiting clear accepted",                                 "later",    BY_DECIDER},
    {"return",       "later",                                                  "clear",    BY_ASKWHY},
    {"start",        "waiting clear accepted later",                           "started",  BY_OWNER},
    {"pause",        "started",                                                "paused",   BY_OWNER | BY_DECIDER},
    {"ship",         "started",                                                "shipped",  BY_OWNER},
    {"withdraw",     "waiting clear accepted later started",                   "withdrawn", BY_ASKER},
    {NULL, NULL, NULL, 0},
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

bool has_role(const struct context *ctx, const struct ask *ask, unsigned who)
{
    if (who == BY_ANYONE)
        return true;
    int64_t me = ctx->who.id;
    return ((who & BY_ASKER) && ask->asker == me) || ((who & BY_RAISER) && ask->raiser == me) ||
           ((who & BY_OWNER) && (ask->owner == me || ask->owner == 0)) ||
           ((who & BY_DECIDER) && (ask->decider == me || ask->decider == 0)) ||
           ((who & BY_ASKWHY) && me == 0);
}

const struct transition *may_move(struct context *ctx, const struct ask *ask, const char *verb)
{
    const struct transition *found = NULL;
    for (const struct transition *t = transitions; t->verb != NULL && found == NULL; t++) {
        if (strcmp(t->verb, verb) == 0)
            found = t;
    }
    if (found == NULL)
        g_error("no transition %s", verb);
    g_autofree char *number = show_number(ask->number);
    if (!has_word(found->from, ask->state)) {
        g_autofree char *state = show_state(ctx->language, ask->state);
        answer_say(ctx, strcmp(found->to, ask->state) == 0 ? "already.in.state" : "wrong.state", "ask", number,
                   "state", state, NULL);
        return NULL;
    }
    if (!has_role(ctx, ask, found->who)) {
        unsigned who = found->who;
        int64_t whom = who & BY_DECIDER ? ask->decider : who & BY_OWNER ? ask->owner : ask->asker;
        g_autofree char *name = show_person(ctx, whom);
        answer_say(ctx, who & BY_DECIDER ? "not.decider" : who & BY_OWNER ? "not.owner" : "not.asker", "ask", number,
                   "person", name, "command", ctx->settings->command, NULL);
        return NULL;
    }
    return found;
}
