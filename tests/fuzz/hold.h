/* What the targets share: what must hold, the input cut in pieces, what may be said to Slack. */
#ifndef ASKWHY_FUZZ_HOLD_H
#define ASKWHY_FUZZ_HOLD_H

#include "bot/chat/richtext.h"
#include "bot/slack/slack.h"
#include "bot/slack/text.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): a fuzzer wants a crash, whatever the build. */
#define need(holds) ((holds) ? (void)0 : not_held(#holds, __FILE__, __LINE__))
static inline void not_held(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    __builtin_trap();
}

/* What GLib complains of is a fault of the caller. */
__attribute__((constructor)) static void complain_loudly(void)
{
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
}

/* The input as a person's text at the edge: what comes before a NUL, valid UTF-8. */
static inline char *text_of(const uint8_t *data, size_t size)
{
    g_autofree char *bytes = g_strndup((const char *)data, size);
    return g_utf8_make_valid(bytes, -1);
}

static inline bool inside(const char *part, gsize length, const char *text)
{
    return part >= text && part + length <= text + strlen(text);
}

/* The first line of *rest, which moves behind it; "" at the end. */
static inline char *take_line(const char **rest)
{
    gsize length = strcspn(*rest, "\n");
    char *line = g_strndup(*rest, length);
    *rest += length + ((*rest)[length] == '\n');
    return line;
}

static inline void need_no_controls(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        need((guchar)*c >= ' ' || *c == '\n' || *c == '\t');
}

/* What Slack would show calls nobody but by the tokens that are meant. at_people: mentions may stand in it, as in a
 * card that is edited. */
static inline void need_harmless(const char *mrkdwn, bool at_people)
{
    need(g_utf8_validate(mrkdwn, -1, NULL));
    need(strstr(mrkdwn, "<!") == NULL);
    need(at_people || strstr(mrkdwn, "<@") == NULL);
}

/* Nor do a person's words look as if they did. */
static inline void need_quiet(const char *mrkdwn)
{
    static const char *const everybody[] = {"here", "channel", "everyone"};
    for (const char *c = mrkdwn; *c != '\0'; c++) {
        if (*c == '<')
            c += strcspn(c, "|>"); /* an id, an address: not read for names */
        /* Code is shown as it stands; a person's own sign has something invisible beside it. */
        if (*c == '`' && (guchar)c[1] != 0xe2 && strchr(c + 1, '`') != NULL)
            c = strchr(c + 1, '`');
        for (gsize i = 0; *c == '@' && i < G_N_ELEMENTS(everybody); i++)
            need(g_ascii_strncasecmp(c + 1, everybody[i], strlen(everybody[i])) != 0);
        if (*c == '\0')
            return;
    }
}

#endif
