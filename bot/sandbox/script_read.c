#include "bot/sandbox/script_internal.h"

#include <stdio.h>
#include <string.h>

/* Named groups fill a step's or an expectation's members. */
static const struct {
    enum step_kind kind;
    const char *pattern;
} step_forms[] = {
    {STEP_CLOCK, "^clock (?<what>.+)$"},
    {STEP_SAYS, "^(?<person>\\w+) in (?<where>#[\\w-]+|thread(?: of #\\d+)?): (?<text>.+)$"},
    {STEP_TELLS, "^(?<person>\\w+) to askwhy: (?<text>.+)$"},
    {STEP_PRESSES, "^(?<person>\\w+) presses \"(?<what>.+)\"(?: on (?<text>#\\d+))?$"},
    {STEP_FILLS, "^(?<person>\\w+) fills \"(?<what>.+?)\" with:(?<text>.*)$"},
    {STEP_SUBMITS, "^(?<person>\\w+) submits$"},
    {STEP_CLOSES, "^(?<person>\\w+) closes$"},
    {STEP_HOME, "^(?<person>\\w+) opens home$"},
    {STEP_INVITES, "^(?<person>\\w+) invites askwhy to (?<where>#[\\w-]+)$"},
    {STEP_REMOVES, "^(?<person>\\w+) removes askwhy from (?<where>#[\\w-]+)$"},
    {STEP_SHORTCUT, "^(?<person>\\w+) uses \"(?<what>.+?)\"(?: on \"(?<text>.+)\")?$"},
    {STEP_EDITS, "^(?<person>\\w+) edits \"(?<what>.+?)\" to: (?<text>.+)$"},
    {STEP_DELETES, "^(?<person>\\w+) deletes \"(?<what>.+)\"$"},
    {STEP_JOINS, "^(?<person>\\w+) joins (?<where>#[\\w-]+)$"},
    {STEP_LEAVES, "^(?<person>\\w+) leaves (?<where>#[\\w-]+)$"},
    {STEP_DEACTIVATED, "^(?<person>\\w+) is deactivated$"},
    {STEP_ACTIVATED, "^(?<person>\\w+) is activated again$"},
    {STEP_LEADS, "^(?<person>\\w+) administers (?<where>#[\\w-]+)$"},
    {STEP_LEADS_ALL, "^(?<person>\\w+) administers the team$"},
    {STEP_LEADS_NOTHING, "^(?<person>\\w+) administers nothing$"},
    {STEP_RENAMED, "^(?<person>\\w+) is renamed to (?<what>.+)$"},
    {STEP_MOVES, "^(?<person>\\w+) moves to (?<what>\\w+/\\w+)$"},
    {STEP_GROUPED, "^(?<person>\\w+) is put into @(?<what>[\\w-]+)$"},
    {STEP_UNGROUPED, "^(?<person>\\w+) is taken out of @(?<what>[\\w-]+)$"},
    {STEP_KILLED, "^bot is killed$"},
    {STEP_MISBEHAVE, "^misbehave (?<text>\\{.+\\})$"},
};

static const struct {
    enum expectation_kind kind;
    const char *pattern;
} expectation_forms[] = {
    {EXPECT_SHOWS, "^(?<person>\\w+) alone sees: (?<text>.+)$"},
    {EXPECT_ONCE, "^(?<person>\\w+) alone sees once: (?<text>.+)$"},
    {EXPECT_NOT, "^(?<person>\\w+) alone sees not: (?<text>.+)$"},
    {EXPECT_EDITED, "^(?<person>\\w+) alone sees edited: (?<text>.+)$"},
    {EXPECT_DELETED, "^(?<person>\\w+) alone sees deleted: (?<text>.+)$"},
    {EXPECT_FILE, "^(?<person>\\w+) alone gets a file with: (?<text>.+)$"},
    {EXPECT_FILE_NOT, "^(?<person>\\w+) alone gets a file without: (?<text>.+)$"},
    {EXPECT_SHOWS, "^(?<where>#[\\w-]+|thread(?: of #\\d+)?) shows: (?<text>.+)$"},
    {EXPECT_ONCE, "^(?<where>#[\\w-]+|thread(?: of #\\d+)?) shows once: (?<text>.+)$"},
    {EXPECT_NOT, "^(?<where>#[\\w-]+|thread(?: of #\\d+)?) shows not: (?<text>.+)$"},
    {EXPECT_EDITED, "^(?<where>#[\\w-]+|thread(?: of #\\d+)?) edited: (?<text>.+)$"},
    {EXPECT_DELETED, "^(?<where>#[\\w-]+|thread(?: of #\\d+)?) deleted: (?<text>.+)$"},
    {EXPECT_NOT, "^nobody sees: (?<text>.+)$"},
    {EXPECT_NOTHING, "^nothing$"},
};

static void expectation_free(void *data)
{
    struct expectation *expectation = data;
    g_free(expectation->source);
    g_free(expectation->place.thread);
    g_free(expectation->text);
    g_free(expectation);
}

static void step_free(void *data)
{
    struct step *step = data;
    g_free(step->source);
    g_free(step->place.thread);
    g_free(step->what);
    g_free(step->text);
    g_ptr_array_unref(step->expectations);
    g_free(step);
}

static GMatchInfo *match(const char *pattern, const char *line)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
    GMatchInfo *info = NULL;
    if (g_regex_match(regex, line, G_REGEX_MATCH_DEFAULT, &info))
        return info;
    g_match_info_free(info);
    return NULL;
}

/* The named group, stripped; NULL when it took no part. */
static char *group(GMatchInfo *info, const char *name)
{
    char *text = g_match_info_fetch_named(info, name);
    return text != NULL ? g_strstrip(text) : NULL;
}

/* NULL, or what is wrong. */
static const char *read_who_and_where(const struct workspace *workspace, GMatchInfo *info,
                                      const struct person **person, struct place *place)
{
    g_autofree char *who = group(info, "person");
    g_autofree char *where = group(info, "where");
    if (who != NULL && who[0] != '\0' && (*person = person_by_name(who)) == NULL)
        return "there is no such person";
    if (where == NULL || where[0] == '\0')
        return NULL;
    if (where[0] != '#') {
        const char *number = strchr(where, '#');
        place->thread = g_strdup(number != NULL ? number : "");
        return NULL;
    }
    place->channel = channel_by_name(workspace, where + 1);
    return place->channel == NULL ? "there is no such channel" : NULL;
}

/* "\n" in a script is a new line. */
static char *read_text(GMatchInfo *info)
{
    g_autofree char *text = group(info, "text");
    if (text == NULL)
        return NULL;
    GString *out = g_string_new(text);
    g_string_replace(out, "\\n", "\n", 0);
    return g_string_free(out, FALSE);
}

static const char *read_step(const struct workspace *workspace, const char *line, int number, GPtrArray *steps)
{
    for (guint i = 0; i < G_N_ELEMENTS(step_forms); i++) {
        g_autoptr(GMatchInfo) info = match(step_forms[i].pattern, line);
        if (info == NULL)
            continue;
        struct step *step = g_new0(struct step, 1);
        step->kind = step_forms[i].kind;
        step->line = number;
        step->source = g_strdup(line);
        step->what = group(info, "what");
        step->text = read_text(info);
        step->expectations = g_ptr_array_new_with_free_func(expectation_free);
        g_ptr_array_add(steps, step);
        if (step->kind == STEP_CLOCK && script_time(step->what, 0) < 0)
            return "that is no time; see docs/sandbox.md";
        return read_who_and_where(workspace, info, &step->person, &step->place);
    }
    return "not a step; see docs/sandbox.md";
}

static const char *read_expectation(const struct workspace *workspace, const char *line, int number,
                                    GPtrArray *expectations)
{
    for (guint i = 0; i < G_N_ELEMENTS(expectation_forms); i++) {
        g_autoptr(GMatchInfo) info = match(expectation_forms[i].pattern, line);
        if (info == NULL)
            continue;
        struct expectation *expectation = g_new0(struct expectation, 1);
        expectation->kind = expectation_forms[i].kind;
        expectation->line = number;
        expectation->source = g_strdup(line);
        expectation->text = read_text(info);
        g_ptr_array_add(expectations, expectation);
        return read_who_and_where(workspace, info, &expectation->person, &expectation->place);
    }
    return "not an expectation; see docs/sandbox.md";
}

/* "on slack: …" is said to one kind of chat only: what follows, NULL when it is meant for the other. */
static const char *for_this_chat(const struct workspace *workspace, const char *line)
{
    static const struct {
        const char *prefix;
        enum chat chat;
    } chats[] = {{"on slack: ", CHAT_SLACK}, {"on mattermost: ", CHAT_MATTERMOST}};
    for (guint i = 0; i < G_N_ELEMENTS(chats); i++) {
        if (g_str_has_prefix(line, chats[i].prefix))
            return workspace_chat(workspace) == chats[i].chat ? line + strlen(chats[i].prefix) : NULL;
    }
    return line;
}

static const char only_on[] = "only on ";

/* "only on slack": the whole script is. */
static bool is_for_another(const struct workspace *workspace, const char *line)
{
    const char *name = workspace_chat(workspace) == CHAT_SLACK ? "slack" : "mattermost";
    return g_str_has_prefix(line, only_on) && strcmp(line + strlen(only_on), name) != 0;
}

GPtrArray *script_read(const struct workspace *workspace, const char *path, GError **error)
{
    g_autofree char *data = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &data, &size, error))
        return NULL;
    if (!g_utf8_validate_len(data, size, NULL)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not UTF-8", path);
        return NULL;
    }
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(step_free);
    g_autoptr(GString) wrong = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(data, "\n", -1);
    bool skips = false; /* the step at hand is for another chat, and what stands below it with it */
    bool chose = false; /* the last line was a step for one chat */
    for (int i = 0; lines[i] != NULL; i++) {
        bool indented = g_ascii_isspace(lines[i][0]);
        const char *whole = g_strstrip(lines[i]), *line = for_this_chat(workspace, whole);
        const char *why = NULL;
        if (whole[0] == '\0' || (whole[0] == '#' && (whole[1] == ' ' || whole[1] == '\0' || whole[1] == '#')))
            continue;
        if (!indented) {
            bool choice = line != whole; /* what stands below several such lines belongs to each of them */
            skips = line == NULL && (!choice || !chose || skips);
            chose = choice;
        } else {
            chose = false;
        }
        if (line == NULL || (skips && indented))
            continue;
        if (is_for_another(workspace, line)) {
            g_ptr_array_set_size(steps, 0);
            return g_steal_pointer(&steps);
        }
        if (g_str_has_prefix(line, only_on))
            continue;
        if (!indented) {
            why = read_step(workspace, line, i + 1, steps);
        } else if (steps->len == 0) {
            why = "an expectation needs a step before it";
        } else {
            struct step *step = g_ptr_array_index(steps, steps->len - 1);
            why = read_expectation(workspace, line, i + 1, step->expectations);
        }
        if (why != NULL)
            g_string_append_printf(wrong, "%s%s:%d: %s: %s", wrong->len > 0 ? "\n" : "", path, i + 1, why, line);
    }
    if (wrong->len > 0) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, wrong->str);
        return NULL;
    }
    return g_steal_pointer(&steps);
}

static int64_t at_time(GDateTime *day, const char *clock, GTimeZone *zone)
{
    int hour = 0, minute = 0;
    if (sscanf(clock, "%d:%d", &hour, &minute) != 2)
        return -1;
    g_autoptr(GDateTime) at = g_date_time_new(zone, g_date_time_get_year(day), g_date_time_get_month(day),
                                              g_date_time_get_day_of_month(day), hour, minute, 0);
    return at != NULL ? g_date_time_to_unix(at) * 1000 : -1;
}

static int64_t time_in(const char *spec, int64_t now_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"minute", 60000}, {"hour", 3600000}, {"day", 86400000}, {"week", 604800000}};
    char *unit = NULL;
    gint64 count = g_ascii_strtoll(spec, &unit, 10);
    unit = g_strchug(unit);
    for (guint i = 0; i < G_N_ELEMENTS(units) && count > 0 && count < 100000; i++) {
        if (g_str_has_prefix(unit, units[i].unit))
            return now_ms + count * units[i].ms;
    }
    return -1;
}

int64_t script_time(const char *spec, int64_t now_ms)
{
    static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
    if (g_str_has_prefix(spec, "in ")) {
        g_autofree char *copy = g_strdup(spec + 3);
        return time_in(copy, now_ms);
    }
    g_auto(GStrv) words = g_strsplit(spec, " ", -1);
    guint count = g_strv_length(words);
    g_autoptr(GTimeZone) zone = count >= 2 ? g_time_zone_new_identifier(words[count - 1]) : NULL;
    if (zone == NULL)
        return -1;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
    g_autoptr(GDateTime) now = g_date_time_to_timezone(utc, zone);
    if (count == 3 && strcmp(words[0], "tomorrow") == 0) {
        g_autoptr(GDateTime) day = g_date_time_add_days(now, 1);
        return at_time(day, words[1], zone);
    }
    if (count == 4 && strcmp(words[0], "next") == 0) {
        for (int ahead = 0; ahead <= 7; ahead++) {
            g_autoptr(GDateTime) day = g_date_time_add_days(now, ahead);
            int64_t at = at_time(day, words[2], zone);
            const char *weekday = weekdays[g_date_time_get_day_of_week(day) - 1];
            if (at > now_ms && strcmp(weekday, words[1]) == 0)
                return at;
        }
        return -1;
    }
    int year = 0, month = 0, number = 0;
    if (count != 3 || sscanf(words[0], "%d-%d-%d", &year, &month, &number) != 3)
        return -1;
    g_autoptr(GDateTime) day = g_date_time_new(zone, year, month, number, 0, 0, 0);
    return day != NULL ? at_time(day, words[1], zone) : -1;
}
