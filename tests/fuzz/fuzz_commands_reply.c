/* Any text as a reply in a thread, as what is raised, as words behind a command. The first byte says what was
 * asked. */
#include "tests/fuzz/hold.h"

#include "commands/understand/understand.h"

static void read_reply(const char *text, enum question_kind asked, const GDate *today)
{
    struct reply reply;
    reply_understand(text, asked, "U0ASKWHY", today, &reply);
    bool with_person = reply.kind == REPLY_KNOWS || reply.kind == REPLY_TO_SOMEONE;
    need(with_person == (reply.person != NULL));
    need((reply.kind == REPLY_ANSWER) == (reply.parts[asked] != NULL));
    need(reply.days >= 0 && (reply.days == 0 || reply.kind == REPLY_LATER));
    for (int i = 0; i < QUESTION_KINDS; i++) {
        const char *part = reply.parts[i];
        need(part == NULL || g_utf8_validate(part, -1, NULL));
        need(part == NULL || strlen(part) <= 2 * strlen(text) + 16);
        /* No mention comes about by taking a reply apart. */
        need(part == NULL || strchr(part, RICH_PING) == NULL || strchr(text, RICH_PING) != NULL);
    }
    reply_done(&reply);
}

static void read_words(const char *text, const GDate *today)
{
    static const char *const names[] = {"decide", "decider", "show", "why", NULL};
    g_autofree char *once = words_normalise(text);
    g_autofree char *twice = words_normalise(once);
    need(strcmp(once, twice) == 0 && g_utf8_validate(once, -1, NULL));
    const char *nearest = words_nearest(text, names);
    need(nearest == NULL || g_strv_contains(names, nearest));
    const char *at = text;
    int64_t number = words_ask_number(&at);
    need(number >= 0 && (number == 0) == (at == text) && inside(at, 0, text));
    need(inside(words_reason(text), 0, text));
    struct raise raise;
    raise_understand(text, today, &raise);
    need(g_utf8_validate(raise.title, -1, NULL) && strlen(raise.title) <= 2 * strlen(text) + 16);
    struct when deadline;
    need(!raise_deadline(raise.title, today, &deadline) || inside(deadline.start, deadline.length, raise.title));
    raise_done(&raise);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    GDate today;
    g_date_clear(&today, 1);
    g_date_set_dmy(&today, 18, G_DATE_NOVEMBER, 2026);
    /* With markers as they come, and as Slack's notation makes them. */
    g_autofree char *text = text_of(data + 1, size - 1);
    g_autofree char *rich = slack_text_to_rich(text);
    enum question_kind asked = (enum question_kind)(data[0] % QUESTION_KINDS);
    read_reply(text, asked, &today);
    read_words(text, &today);
    if (strcmp(text, rich) != 0) {
        read_reply(rich, asked, &today);
        read_words(rich, &today);
    }
    return 0;
}
