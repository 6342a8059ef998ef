/* The digest posted on its day, and what people reply to it. */
#include "commands/digest.h"

#include "bot/base/json.h"
#include "commands/nameless.h"
#include "commands/question.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "store/digests.h"

#include <stdio.h>
#include <string.h>

enum { LATE_MS = 10 * 60 * 1000, QUESTION_MAX = 1000, WAITING_MAX = 50 };

GArray *digest_covers(const struct channel *channel)
{
    GArray *covers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(cJSON) set = channel->covers != NULL ? json_parse(channel->covers, strlen(channel->covers), NULL) : NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, set)
    {
        int64_t id = json_int(item, "", 0);
        if (id != 0)
            g_array_append_val(covers, id);
    }
    if (covers->len == 0)
        g_array_append_val(covers, channel->id);
    return covers;
}

char *digest_rhythm(const struct channel *channel, const char *language)
{
    g_autofree char *entry = g_strdup_printf("weekday.%d", channel->day);
    g_autofree char *day = say(language, entry, NULL);
    g_autofree char *time = g_strdup_printf("%d:%02d", channel->minutes / 60, channel->minutes % 60);
    return say(language, "digest.rhythm", "day", day, "time", time, "zone",
               channel->zone != NULL ? channel->zone : "UTC", NULL);
}

/* ---- Posting ---- */

static void add_buttons(struct message *message, const char *language, int64_t digest)
{
    static const char *const buttons[][2] = {{"digestseen", "digest.button.seen"},
                                             {"digestquestion", "digest.button.question"},
                                             {"digestdisagree", "digest.button.disagree"}};
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, digest);
    for (guint i = 0; i < G_N_ELEMENTS(buttons); i++) {
        g_autofree char *label = say(language, buttons[i][1], NULL);
        message_add_button(message, buttons[i][0], value, label, BUTTON_PLAIN);
    }
}

bool digest_post(struct context *ctx, const struct channel *channel, int64_t due_at, bool late, int64_t next)
{
    struct digest_text text;
    bool something = digest_draw(ctx, channel->id, due_at, late, &text);
    struct log_entry entry = {.kind = "digest.posted", .channel = channel->id, .data = json_object()};
    if (next != 0)
        json_put_int(entry.data, "next", next);
    if (something) {
        json_put(entry.data, "tally", g_steal_pointer(&text.tally));
        json_put_int(entry.data, "upto", text.upto);
    }
    if (!something && next == 0) {
        cJSON_Delete(entry.data);
        return false;
    }
    int64_t digest = record_entry(ctx, &entry);
    if (something) {
        add_buttons(text.message, say_language(channel->language), digest);
        int64_t post = send_post(ctx, channel->id, 0, "digest", 0, g_steal_pointer(&text.message));
        store_set_subject(ctx->store, post, digest);
        if (text.rest != NULL)
            send_post(ctx, channel->id, post, "note", 0, g_steal_pointer(&text.rest));
    }
    digest_text_done(&text);
    return something;
}

void digest_due(struct context *ctx, int64_t channel_id)
{
    /* Nobody's event brought us here: what is said belongs to the channel. */
    if (ctx->where.id != channel_id) {
        channel_done(&ctx->where);
        store_get_channel(ctx->store, channel_id, &ctx->where);
    }
    const struct channel *channel = &ctx->where;
    if (channel->id == 0)
        return;
    GDateWeekday day = (GDateWeekday)channel->day;
    int64_t next = calendar_next_weekly(ctx->now, day, channel->minutes, channel->zone);
    if (!channel->digest || !channel->member) {
        /* Out of the channel: what happens meanwhile is told once askwhy is back. */
        struct log_entry entry = {.kind = "digest.posted", .channel = channel_id, .data = json_object()};
        json_put_int(entry.data, "next", next);
        record_entry(ctx, &entry);
        return;
    }
    int64_t last = calendar_last_weekly(ctx->now, day, channel->minutes, channel->zone);
    int64_t due_at = MAX(channel->digest_at, last);
    digest_post(ctx, channel, due_at, ctx->now - due_at > LATE_MS, next);
}

/* ---- Replies ---- */

static void record_reply(struct context *ctx, const struct digest_row *digest, const char *kind)
{
    if (store_digest_replied(ctx->store, digest->id, ctx->who.id, kind))
        return;
    struct log_entry entry = {
        .kind = "digest.reply", .channel = digest->channel, .person = ctx->who.id, .data = data_of("kind", kind)};
    json_put_int(entry.data, "digest", digest->id);
    record_entry(ctx, &entry);
}

static void reply_seen(struct context *ctx, const struct digest_row *digest)
{
    record_reply(ctx, digest, "seen");
    struct digest_row now;
    if (!store_get_digest(ctx->store, digest->id, &now))
        return;
    answer(ctx, say_n(ctx->language, "digest.seen", now.seen, NULL));
    digest_row_done(&now);
}

/* id: the form's; subject: the digest or the question it is about; instead: what can be typed. */
static void open_form(struct context *ctx, const char *id, int64_t subject, char *title, char *label, char *intro,
                      char *instead)
{
    const char *language = ctx->language;
    g_autofree char *state = g_strdup_printf("%" G_GINT64_FORMAT, subject);
    g_autofree char *submit = say(language, "digest.form.submit", NULL);
    g_autofree char *cancel = say(language, "digest.form.cancel", NULL);
    struct form *form = form_new(id, state, title, submit, cancel);
    form->intro = intro;
    form->instead = instead;
    struct field *field = form_add(form, FIELD_TEXT, "words", label, false);
    field->max = QUESTION_MAX;
    if (strcmp(id, "digestquestion") == 0)
        question_add_name_choice(ctx, form);
    send_form(ctx, form);
    g_free(title);
    g_free(label);
}

/* Forms come from nowhere: of a private channel's digest only whoever is in it sends one in. */
static bool stands_at(struct context *ctx, int64_t channel)
{
    if (ctx->event->kind != EVENT_FORM)
        return ctx->where.id == channel;
    look_from(ctx, channel);
    return ctx->viewer.place == channel;
}

/* The digest a button or a form is about, if the person stands where it was posted. */
static bool find_digest(struct context *ctx, const char *value, struct digest_row *digest)
{
    int64_t id = value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
    if (store_get_digest(ctx->store, id, digest)) {
        if (stands_at(ctx, digest->channel))
            return true;
        digest_row_done(digest);
    }
    answer_say(ctx, "digest.gone", NULL);
    return false;
}

static bool find_question(struct context *ctx, const char *value, struct open_question *question)
{
    int64_t id = value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
    if (store_get_open_question(ctx->store, id, question)) {
        bool here = question->digest != 0 && stands_at(ctx, question->channel);
        if (here && !question->answered)
            return true;
        answer_say(ctx, here ? "digest.question.answered" : "digest.gone", NULL);
        open_question_done(question);
        return false;
    }
    answer_say(ctx, "digest.gone", NULL);
    return false;
}

static void open_answer_form(struct context *ctx, const char *value)
{
    const char *language = ctx->language;
    struct open_question question;
    if (!find_question(ctx, value, &question))
        return;
    open_form(ctx, "digestanswer", question.id, say(language, "digest.answer.title", NULL),
              say(language, "digest.answer.label", NULL), show_words(ctx, question.words, 500),
              say(language, "form.instead.answer", "command", ctx->settings->command, NULL));
    open_question_done(&question);
}

void digest_button(struct context *ctx, const char *action, const char *value)
{
    const char *language = ctx->language;
    struct digest_row digest;
    if (strcmp(action, "digestanswer") == 0) {
        open_answer_form(ctx, value);
        return;
    }
    if (!find_digest(ctx, value, &digest))
        return;
    if (strcmp(action, "digestseen") == 0)
        reply_seen(ctx, &digest);
    else if (strcmp(action, "digestdisagree") == 0)
        open_form(ctx, action, digest.id, say(language, "digest.disagree.title", NULL),
                  say(language, "digest.disagree.label", NULL), say(language, "digest.form.intro", NULL),
                  say(language, "form.instead.disagree", "command", ctx->settings->command, NULL));
    else
        open_form(ctx, action, digest.id, say(language, "digest.question.title", NULL),
                  say(language, "digest.question.label", NULL), say(language, "digest.form.intro", NULL),
                  say(language, "form.instead.question", "command", ctx->settings->command, NULL));
    digest_row_done(&digest);
}

static char *language_of(struct context *ctx, int64_t channel_id)
{
    struct channel channel;
    if (!store_get_channel(ctx->store, channel_id, &channel))
        return g_strdup("en");
    char *language = g_strdup(say_language(channel.language));
    channel_done(&channel);
    return language;
}

static void put_question(struct context *ctx, const struct digest_row *digest, const char *kind, const char *words)
{
    record_reply(ctx, digest, kind);
    struct log_entry entry = {.kind = "put.question",
                              .channel = digest->channel,
                              .person = ctx->who.id,
                              .words = words,
                              .data = data_of("kind", kind)};
    json_put_int(entry.data, "digest", digest->id);
    int64_t question = record_entry(ctx, &entry);
    g_autofree char *language = language_of(ctx, digest->channel);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *text = show_quoted(ctx, words, QUESTION_MAX);
    g_autofree char *post = strcmp(kind, "disagreement") == 0
                                ? say(language, "digest.disagreement.post", "person", who, "words", text, NULL)
                                : say(language, "digest.question.post", "person", who, "words", text, NULL);
    struct message *message = message_text(post);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, question);
    g_autofree char *label = say(language, "digest.button.answer", NULL);
    message_add_button(message, "digestanswer", value, label, BUTTON_PLAIN);
    send_post(ctx, digest->channel, store_digest_post(ctx->store, digest->id), "note", 0, message);
    answer_say(ctx, "digest.question.taken", NULL);
}

static void put_answer(struct context *ctx, const char *value, const char *words)
{
    struct open_question question;
    if (!find_question(ctx, value, &question))
        return;
    ctx->reply_channel = question.channel;
    struct log_entry entry = {
        .kind = "put.answered", .channel = question.channel, .words = words, .data = json_object()};
    json_put_int(entry.data, "question", question.id);
    record_entry(ctx, &entry);
    g_autofree char *language = language_of(ctx, question.channel);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    note_quoted(ctx, question.person);
    g_autofree char *asked = show_quoted(ctx, question.words, QUESTION_MAX);
    g_autofree char *text = show_words(ctx, words, QUESTION_MAX);
    g_autofree char *post =
        say(language, "digest.answer.post", "question", asked, "person", who, "answer", text, NULL);
    send_post(ctx, question.channel, store_digest_post(ctx->store, question.digest), "note", 0, message_text(post));
    answer_say(ctx, "digest.answer.taken", NULL);
    open_question_done(&question);
}

void digest_form(struct context *ctx)
{
    const char *words = event_field(ctx->event, "words");
    g_autofree char *trimmed = g_strstrip(g_strdup(words != NULL ? words : ""));
    if (*trimmed == '\0') {
        answer_field_error(ctx, "words", say(ctx->language, "digest.form.empty", NULL));
        return;
    }
    if (g_strcmp0(ctx->event->form, "digestanswer") == 0) {
        put_answer(ctx, ctx->event->state, trimmed);
        return;
    }
    struct digest_row digest;
    if (!find_digest(ctx, ctx->event->state, &digest))
        return;
    if (ctx->nameless) {
        nameless_put(ctx, digest.channel, 0, digest.id, trimmed, "words");
        digest_row_done(&digest);
        return;
    }
    ctx->reply_channel = digest.channel;
    bool disagrees = g_strcmp0(ctx->event->form, "digestdisagree") == 0;
    put_question(ctx, &digest, disagrees ? "disagreement" : "question", trimmed);
    digest_row_done(&digest);
}

/* The last question of this channel that nobody has answered. */
static void answer_last(struct context *ctx, const char *words)
{
    g_autoptr(GArray) waiting = store_waiting_questions(ctx->store, &ctx->viewer, ctx->where.id, WAITING_MAX);
    if (waiting->len == 0) {
        answer_say(ctx, "digest.no.question", NULL);
        ctx->not_understood = true;
    } else {
        const struct open_question *last = &g_array_index(waiting, struct open_question, waiting->len - 1);
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, last->id);
        put_answer(ctx, value, words);
    }
}

void digest_typed(struct context *ctx, const char *kind, const char *words)
{
    struct digest_row digest;
    if (ctx->where.id == 0 || ctx->in_direct || !store_last_digest(ctx->store, ctx->where.id, &digest)) {
        answer_say(ctx, "digest.none.here", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
        return;
    }
    if (strcmp(kind, "seen") == 0)
        reply_seen(ctx, &digest);
    else if (*words == '\0')
        answer_say(ctx, "digest.typed.how", "command", ctx->settings->command, "verb", kind, NULL);
    else if (strcmp(kind, "answer") == 0)
        answer_last(ctx, words);
    else
        put_question(ctx, &digest, strcmp(kind, "disagree") == 0 ? "disagreement" : "question", words);
    digest_row_done(&digest);
}
