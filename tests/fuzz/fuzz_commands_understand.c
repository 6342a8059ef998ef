/* Any text through everything that reads what people mean. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bot/chat/richtext.h"
#include "commands/understand/understand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static bool inside(const char *part, gsize length, const char *text)
{
    return part >= text && part + length <= text + strlen(text);
}

static void read_dates(const char *text, const GDate *today)
{
    struct when when;
    if (when_find(text, today, &when)) {
        require(g_date_valid(&when.first) && g_date_valid(&when.last));
        require(g_date_compare(&when.first, &when.last) <= 0);
        require(inside(when.start, when.length, text));
    }
    when_parse(text, today, &when);
    int number = 0;
    GDateWeekday day;
    duration_parse(text, &number);
    if (time_of_day_parse(text, &number))
        require(number >= 0 && number < 24 * 60);
    weekday_parse(text, &day);
}

static void read_impact(const char *text, const GDate *today)
{
    struct impact impact;
    impact_parse(text, today, &impact);
    require(impact.understood == impact.has_size);
    require(!impact.understood || impact.low <= impact.high);
    require(!impact.understood || impact.metric != NULL || impact.unit != NULL);
    require(impact.metric == NULL || (*impact.metric != '\0' && g_utf8_validate(impact.metric, -1, NULL)));
    require(impact.unit == NULL || g_utf8_validate(impact.unit, -1, NULL));
    impact_done(&impact);
}

static void read_reply(const char *text, const GDate *today)
{
    for (int asked = 0; asked < QUESTION_KINDS; asked++) {
        struct reply reply;
        reply_understand(text, (enum question_kind)asked, "askwhy", today, &reply);
        bool with_person = reply.kind == REPLY_KNOWS || reply.kind == REPLY_TO_SOMEONE;
        require(with_person == (reply.person != NULL));
        require((reply.kind == REPLY_ANSWER) == (reply.parts[asked] != NULL));
        for (int i = 0; i < QUESTION_KINDS; i++)
            require(reply.parts[i] == NULL || g_utf8_validate(reply.parts[i], -1, NULL));
        reply_done(&reply);
    }
    evidence_understand(text);
}

static void read_words(const char *text, const GDate *today)
{
    static const char *const names[] = {"decide", "decider", "show", "why", NULL};
    g_autofree char *once = words_normalise(text);
    g_autofree char *twice = words_normalise(once);
    require(strcmp(once, twice) == 0);
    words_nearest(text, names);
    const char *at = text;
    int64_t number = words_ask_number(&at);
    require((number == 0) == (at == text) && inside(at, 0, text));
    require(inside(words_reason(text), 0, text));
    struct raise raise;
    raise_understand(text, today, &raise);
    require(g_utf8_validate(raise.title, -1, NULL));
    require(raise.deadline.start == NULL || inside(raise.deadline.start, raise.deadline.length, raise.title));
    raise_done(&raise);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *bytes = g_strndup((const char *)data, size);
    g_autofree char *text = g_utf8_make_valid(bytes, -1);
    GDate today;
    g_date_clear(&today, 1);
    g_date_set_dmy(&today, 18, G_DATE_NOVEMBER, 2026);
    /* With markers as they come, and as a person's text is cleaned at the edge. */
    g_autofree char *clean = rich_clean(text);
    const char *const texts[] = {text, clean};
    for (int i = 0; i < 2; i++) {
        read_dates(texts[i], &today);
        read_impact(texts[i], &today);
        read_reply(texts[i], &today);
        read_words(texts[i], &today);
    }
    return 0;
}
