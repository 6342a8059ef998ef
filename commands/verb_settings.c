/* settings: what a channel has agreed on. Its default owner and decider may change it, and
 * administrators; or whom they settle on. */
#include "bot/base/json.h"
#include "commands/clarify.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "store/outcomes.h"

#include <string.h>

static void show(struct context *ctx)
{
    g_autofree char *owner = show_person(ctx, ctx->where.owner);
    g_autofree char *decider = show_person(ctx, ctx->where.decider);
    GString *questions = g_string_new(NULL);
    const char *language = say_language(ctx->where.language);
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        if (!question_is_asked(&ctx->where, question_names[kind]))
            continue;
        g_autofree char *text = question_text(&ctx->where, language, question_names[kind]);
        g_autofree char *line = say(ctx->language, "settings.question", "kind", question_names[kind], "text", text, NULL);
        g_string_append_printf(questions, "\n%s", line);
    }
    answer_say(ctx, "settings.now", "owner", owner, "decider", decider, "questions", questions->str, "command",
               ctx->settings->command, NULL);
    answer(ctx, settings_trade_now(ctx));
    bool calibrates = store_calibrates(ctx->store, ctx->where.id);
    answer_say(ctx, calibrates ? "settings.calibration.on" : "settings.calibration.off", "command", ctx->settings->command,
               NULL);
    answer(ctx, settings_permission_now(ctx));
    char *groups = settings_groups_now(ctx);
    if (groups != NULL)
        answer(ctx, groups);
    answer(ctx, settings_retention_now(ctx));
    g_string_free(questions, TRUE);
}

static void set_default(struct context *ctx, bool owner, const char *rest)
{
    int64_t person = person_named(ctx, rest);
    if (person == 0) {
        answer_say(ctx, "settings.how", "command", ctx->settings->command, NULL);
        return;
    }
    cJSON *data = json_object();
    json_put_int(data, "owner", owner ? person : ctx->where.owner);
    json_put_int(data, "decider", owner ? ctx->where.decider : person);
    struct log_entry entry = {.kind = "channel.defaults", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
    note_named(ctx, ctx->where.id, person);
    g_autofree char *who = show_person(ctx, person);
    answer_say(ctx, owner ? "settings.owner.done" : "settings.decider.done", "person", who, NULL);
}

static cJSON *questions_now(struct context *ctx)
{
    const char *text = ctx->where.questions;
    cJSON *data = text != NULL ? json_parse(text, strlen(text), NULL) : NULL;
    return data != NULL ? data : json_object();
}

static void record_questions(struct context *ctx, cJSON *data)
{
    struct log_entry entry = {.kind = "channel.questions", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
    int64_t id = ctx->where.id;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, id, &ctx->where);
    show(ctx);
}

/* "why, impact" or "all". The why is always asked: it is what askwhy is for. */
static void set_questions(struct context *ctx, const char *rest)
{
    g_auto(GStrv) words = g_strsplit_set(rest, " ,", -1);
    cJSON *kinds = json_array();
    bool all = g_ascii_strcasecmp(rest, "all") == 0, wrong = *rest == '\0';
    json_push_str(kinds, question_names[QUESTION_WHY]);
    for (int i = 0; words[i] != NULL && !all; i++) {
        enum question_kind kind;
        if (*words[i] == '\0' || g_ascii_strcasecmp(words[i], "and") == 0)
            continue;
        g_autofree char *word = g_ascii_strdown(words[i], -1);
        if (!question_kind_of(word, &kind))
            wrong = true;
        else if (kind != QUESTION_WHY)
            json_push_str(kinds, question_names[kind]);
    }
    if (wrong) {
        cJSON_Delete(kinds);
        answer_say(ctx, "settings.how", "command", ctx->settings->command, NULL);
        return;
    }
    cJSON *data = questions_now(ctx);
    cJSON_DeleteItemFromObjectCaseSensitive(data, "ask");
    if (all)
        cJSON_Delete(kinds);
    else
        json_put(data, "ask", kinds);
    record_questions(ctx, data);
}

/* "why What would it change, and for whom?"; "why default" goes back to askwhy's own words. */
static void set_question(struct context *ctx, const char *rest)
{
    gsize length = strcspn(rest, " ");
    g_autofree char *name = g_ascii_strdown(rest, (gssize)length);
    const char *text = rest + length;
    text += strspn(text, " ");
    enum question_kind kind;
    if (!question_kind_of(name, &kind) || *text == '\0' || g_utf8_strlen(text, -1) > 500) {
        answer_say(ctx, "settings.how", "command", ctx->settings->command, NULL);
        return;
    }
    cJSON *data = questions_now(ctx);
    cJSON *words = cJSON_DetachItemFromObjectCaseSensitive(data, "words");
    if (words == NULL)
        words = json_object();
    cJSON_DeleteItemFromObjectCaseSensitive(words, name);
    if (g_ascii_strcasecmp(text, "default") != 0) {
        /* Words that everyone will read: nobody is notified by them. */
        g_autofree char *shown = show_words(ctx, text, 500);
        json_put_str(words, name, shown);
    }
    json_put(data, "words", words);
    record_questions(ctx, data);
}

/* Whether the digest compares expected with actual figures, by function. */
static void set_calibration(struct context *ctx, const char *rest)
{
    bool on = g_ascii_strcasecmp(rest, "on") == 0;
    if (!on && g_ascii_strcasecmp(rest, "off") != 0) {
        answer_say(ctx, "settings.calibration.how", "command", ctx->settings->command, NULL);
        return;
    }
    struct log_entry entry = {.kind = "channel.calibration", .channel = ctx->where.id, .data = json_object()};
    json_put_bool(entry.data, "on", on);
    record_entry(ctx, &entry);
    answer_say(ctx, on ? "settings.calibration.on" : "settings.calibration.off", "command", ctx->settings->command, NULL);
}

static bool is_setting(const char *what)
{
    static const char *const settings[] = {"owner", "decider", "questions", "question", "calibration", "permission",
                                           "permissions", "gives-way", "revisit", "churn", "function", "keep", NULL};
    return g_strv_contains(settings, what);
}

void verb_settings(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    if (ctx->where.id == 0 || ctx->in_direct) {
        answer_say(ctx, "settings.where", "command", ctx->settings->command, NULL);
        return;
    }
    gsize length = strcspn(rest, " ");
    g_autofree char *what = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length;
    behind += strspn(behind, " ");
    if (*what == '\0')
        show(ctx);
    else if (settings_people(ctx, what, behind))
        return;
    else if (!may_or_say(ctx, ctx->where.id, MAY_SETTINGS, NULL))
        ctx->not_understood = !is_setting(what);
    else if (strcmp(what, "owner") == 0 || strcmp(what, "decider") == 0)
        set_default(ctx, *what == 'o', behind);
    else if (strcmp(what, "questions") == 0)
        set_questions(ctx, behind);
    else if (strcmp(what, "question") == 0)
        set_question(ctx, behind);
    else if (strcmp(what, "calibration") == 0)
        set_calibration(ctx, behind);
    else if (!settings_trade(ctx, what, behind) && !settings_permission(ctx, what, behind) &&
             !settings_retention(ctx, what, behind)) {
        answer_say(ctx, "settings.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
    }
}
