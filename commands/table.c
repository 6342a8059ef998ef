#include "commands/command.h"

#include <string.h>

const struct verb verb_table[] = {
    {"answer", verb_answer, VERB_BARE | VERB_NUMBER | VERB_WORDS | VERB_DIGEST | VERB_SIGN},
    {"clear", verb_clear, VERB_ASK | VERB_REASON},
    {"decide", verb_decide, VERB_ASK},
    {"decider", verb_decider, VERB_ASK},
    {"digest", verb_digest, VERB_BARE},
    {"disagree", verb_disagree, VERB_BARE | VERB_WORDS | VERB_DIGEST | VERB_SIGN},
    {"dissent", verb_dissent, VERB_ASK | VERB_WORDS},
    {"evidence", verb_evidence, VERB_ASK | VERB_WORDS},
    {"export", verb_export, VERB_BARE},
    {"forget", verb_forget, VERB_BARE},
    {"goal", verb_goal, VERB_BARE | VERB_THREAD | VERB_WORDS},
    {"help", verb_help, VERB_BARE},
    {"impact", verb_impact, VERB_ASK | VERB_WORDS},
    {"inform", verb_inform, VERB_ASK},
    {"list", verb_list, VERB_BARE},
    {"me", verb_me, VERB_BARE},
    {"merge", verb_merge, VERB_ASK},
    {"metric", verb_metric, VERB_BARE | VERB_THREAD | VERB_WORDS},
    {"need", verb_need, VERB_ASK | VERB_WORDS},
    {"new", verb_new, VERB_BARE | VERB_SIGN},
    {"outcome", verb_outcome, VERB_ASK},
    {"own", verb_own, VERB_ASK},
    {"pause", verb_pause, VERB_ASK | VERB_REASON},
    {"question", verb_question, VERB_BARE | VERB_NUMBER | VERB_WORDS | VERB_DIGEST | VERB_SIGN},
    {"reopen", verb_reopen, VERB_ASK | VERB_REASON},
    {"report", verb_report, VERB_BARE},
    {"resume", verb_resume, VERB_ASK | VERB_REASON},
    {"search", verb_search, VERB_BARE | VERB_LOOKS},
    {"seen", verb_seen, VERB_BARE | VERB_REASON | VERB_DIGEST},
    {"settings", verb_settings, VERB_BARE},
    {"shelve", verb_shelve, VERB_ASK | VERB_REASON},
    {"ship", verb_ship, VERB_ASK | VERB_REASON},
    {"show", verb_show, VERB_ASK | VERB_LOOKS},
    {"snooze", verb_snooze, VERB_ASK},
    {"start", verb_start, VERB_ASK | VERB_REASON},
    {"urgent", verb_urgent, VERB_BARE | VERB_NUMBER | VERB_WORDS | VERB_SIGN},
    {"voice", verb_voice, VERB_ASK | VERB_WORDS},
    {"why", verb_why, VERB_ASK | VERB_WORDS},
    {"withdraw", verb_withdraw, VERB_ASK | VERB_REASON},
    {NULL, NULL, 0},
};

const struct verb *verb_find(const char *name)
{
    for (const struct verb *verb = verb_table; name != NULL && verb->name != NULL; verb++) {
        if (g_ascii_strcasecmp(verb->name, name) == 0)
            return verb;
    }
    return NULL;
}

/* "Export to PDF" is an ask: what may follow these, when anything does. */
static const struct {
    const char *verb;
    const char *next[8];
} narrow[] = {
    {"export", {"csv", "json"}},
    {"report", {"this", "of", "here", "since", "last"}},
};

const struct verb *verb_meant(const char *text)
{
    gsize length = strcspn(text, " \n\t");
    g_autofree char *word = g_strndup(text, length);
    const struct verb *verb = verb_find(word);
    if (verb == NULL && length > 1 && strchr(":!,", word[length - 1]) != NULL) {
        word[length - 1] = '\0';
        verb = verb_find(word);
        if (verb != NULL && !(verb->flags & VERB_SIGN))
            verb = NULL;
    }
    const char *rest = text + length;
    rest += strspn(rest, " \n\t");
    g_autofree char *next = g_ascii_strdown(rest, (gssize)strcspn(rest, " \n\t"));
    for (gsize i = 0; verb != NULL && *next != '\0' && i < G_N_ELEMENTS(narrow); i++) {
        if (strcmp(verb->name, narrow[i].verb) == 0 && !g_strv_contains(narrow[i].next, next))
            return NULL;
    }
    return verb;
}
