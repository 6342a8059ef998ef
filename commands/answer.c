#include "commands/command.h"

#include "bot/chat/richtext.h"
#include "commands/say.h"

#include <string.h>

void answer_message(struct context *ctx, struct message *message)
{
    if (ctx->reply == NULL) {
        ctx->reply = message;
        return;
    }
    message_join(ctx->reply, message);
}

void answer(struct context *ctx, char *text)
{
    answer_message(ctx, message_text(text));
    g_free(text);
}

void answer_field_error(struct context *ctx, const char *field, char *text)
{
    ctx->errors = g_renew(struct form_value, ctx->errors, ctx->n_errors + 1);
    ctx->errors[ctx->n_errors].name = g_strdup(field);
    ctx->errors[ctx->n_errors++].value = text;
}

void answer_becomes_error(struct context *ctx, const char *field)
{
    if (ctx->reply == NULL)
        return;
    answer_field_error(ctx, field, g_strdup(ctx->reply->fallback));
    g_clear_pointer(&ctx->reply, message_free);
}

int64_t ask_of_thread(struct context *ctx)
{
    struct post root;
    int64_t ask = 0;
    if (ctx->event->thread != NULL && store_find_post(ctx->store, ctx->where.id, ctx->event->thread, &root)) {
        ask = root.ask;
        post_done(&root);
    }
    return ask;
}

const char *ask_language(struct context *ctx, const struct ask *ask)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = say_language(channel.language);
    channel_done(&channel);
    return language;
}

bool need_ask(struct context *ctx, int64_t number, struct ask *ask)
{
    if (store_get_ask(ctx->store, &ctx->viewer, number, ask))
        return true;
    g_autofree char *shown = show_number(number);
    answer_say(ctx, "no.such.ask", "ask", shown, NULL);
    return false;
}

int64_t person_named(struct context *ctx, const char *text)
{
    struct rich_span span;
    while (rich_next(&text, &span)) {
        if (span.marker == RICH_PERSON || span.marker == RICH_PING) {
            g_autofree char *user = g_strndup(span.text, span.length);
            return store_person(ctx->store, ctx->event->platform, ctx->event->workspace, user, NULL);
        }
    }
    return 0;
}

bool may_be_told(struct context *ctx, int64_t ask, int64_t person)
{
    struct viewer viewer = {.person = person};
    struct ask seen;
    bool may = store_get_ask(ctx->store, &viewer, ask, &seen);
    if (may)
        ask_done(&seen);
    return may;
}

void note_named(struct context *ctx, int64_t channel_id, int64_t person)
{
    struct channel channel;
    if (person == ctx->who.id || !store_get_channel(ctx->store, channel_id, &channel))
        return;
    if (channel.kind != CHANNEL_PUBLIC) {
        store_presume_gone(ctx->store, channel_id, person);
        if (store_is_gone(ctx->store, channel_id, person))
            ctx->unseen = person;
    }
    channel_done(&channel);
}

bool is_nobody_to_ask(struct context *ctx, int64_t person)
{
    struct person who;
    if (!store_get_person(ctx->store, person, &who))
        return false;
    bool nobody = who.bot || who.deleted;
    person_done(&who);
    return nobody;
}

char *show_number(int64_t number)
{
    return g_strdup_printf("#%" G_GINT64_FORMAT, number);
}

void note_quoted(struct context *ctx, int64_t person)
{
    if (person == 0 || ctx->on_reader)
        return;
    if (ctx->quoted == NULL)
        ctx->quoted = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_val(ctx->quoted, person);
}

void note_quoted_ask(struct context *ctx, const struct ask *ask)
{
    const int64_t authors[] = {ask->asker, ask->raiser, ask->why_by, ask->impact_by};
    for (gsize i = 0; i < G_N_ELEMENTS(authors); i++)
        note_quoted(ctx, authors[i]);
}

/* False when there is nobody to show: then *shown says so. */
static bool find_shown(struct context *ctx, int64_t person, struct person *who, char **shown)
{
    if (person == 0 || !store_get_person(ctx->store, person, who)) {
        *shown = say(ctx->language, "nobody", NULL);
        return false;
    }
    if (who->forgotten) {
        person_done(who);
        *shown = say(ctx->language, "forgotten", NULL);
        return false;
    }
    note_quoted(ctx, person);
    return true;
}

char *show_person(struct context *ctx, int64_t person)
{
    struct person who;
    char *shown;
    if (!find_shown(ctx, person, &who, &shown))
        return shown;
    shown = g_strconcat("@", who.name, NULL);
    person_done(&who);
    return shown;
}

char *show_person_and_function(struct context *ctx, int64_t person)
{
    struct person who;
    char *shown;
    if (!find_shown(ctx, person, &who, &shown))
        return shown;
    shown = who.function != NULL ? g_strconcat("@", who.name, " (", who.function, ")", NULL)
                                 : g_strconcat("@", who.name, NULL);
    person_done(&who);
    return shown;
}

char *ping_person(struct context *ctx, int64_t person)
{
    struct person who;
    char *shown;
    if (!find_shown(ctx, person, &who, &shown))
        return shown;
    GString *out = g_string_new(NULL);
    rich_append_person(out, RICH_PING, who.user);
    person_done(&who);
    return g_string_free(out, FALSE);
}

/* Markers of people and channels in words become their names. */
static char *name_people(struct context *ctx, const char *words)
{
    GString *out = g_string_new(NULL);
    const char *platform = ctx->event != NULL ? ctx->event->platform : ctx->where.platform;
    struct rich_span span;
    const char *at = words, *before = words;
    for (; rich_next(&at, &span); before = at) {
        g_autofree char *id = NULL;
        if (span.marker == RICH_PERSON || span.marker == RICH_PING || span.marker == RICH_CHANNEL)
            id = g_strndup(span.text, span.length);
        if (span.marker == RICH_PERSON || span.marker == RICH_PING) {
            struct person who = {0};
            if (platform != NULL)
                store_get_person(ctx->store, store_find_person(ctx->store, platform, id), &who);
            g_autofree char *nobody = who.forgotten ? say(ctx->language, "forgotten", NULL) : NULL;
            if (nobody != NULL)
                g_string_append(out, nobody);
            else
                g_string_append_printf(out, "@%s", who.name != NULL ? who.name : id);
            note_quoted(ctx, who.id);
            person_done(&who);
        } else if (span.marker == RICH_CHANNEL) {
            struct channel channel = {0};
            if (platform != NULL)
                store_get_channel(ctx->store, store_find_channel(ctx->store, platform, id), &channel);
            /* A private channel's name is not told elsewhere. */
            if (channel.kind == CHANNEL_PUBLIC && channel.name != NULL)
                g_string_append_printf(out, "#%s", channel.name);
            else
                rich_append_person(out, RICH_CHANNEL, id);
            channel_done(&channel);
        } else {
            g_string_append_len(out, before, at - before);
        }
    }
    return g_string_free(out, FALSE);
}

char *show_words(struct context *ctx, const char *words, glong max)
{
    g_autofree char *named = name_people(ctx, words != NULL ? words : "");
    return rich_shorten(named, max, false);
}

char *show_line(struct context *ctx, const char *words, glong max)
{
    g_autofree char *named = name_people(ctx, words != NULL ? words : "");
    return rich_shorten(named, max, true);
}

char *show_quoted(struct context *ctx, const char *words, glong max)
{
    g_autofree char *shown = show_words(ctx, words, max);
    g_auto(GStrv) lines = g_strsplit(shown, "\n", -1);
    GString *text = g_string_new(NULL);
    for (int i = 0; lines[i] != NULL; i++)
        g_string_append_printf(text, "%s%c%s", i > 0 ? "\n" : "", RICH_QUOTE, lines[i]);
    return g_string_free(text, FALSE);
}

static const char *zone_of(const struct context *ctx)
{
    if (ctx->who.id != 0 && ctx->who.refreshed_at != 0)
        return ctx->who.zone;
    return ctx->where.zone != NULL ? ctx->where.zone : "UTC";
}

GDate today(const struct context *ctx)
{
    return calendar_date(ctx->now, zone_of(ctx));
}

char *show_day(struct context *ctx, int64_t at_ms, const char *language)
{
    GDate day = calendar_date(at_ms, zone_of(ctx));
    GDate now = today(ctx);
    return calendar_show_date(&day, &now, language);
}

char *show_state(const char *language, const char *state)
{
    g_autofree char *entry = g_strconcat("state.", state, NULL);
    return say(language, entry, NULL);
}
