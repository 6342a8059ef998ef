/* why, impact, evidence: without words they show, with words they answer. Also `/why 42`. */
#include "commands/clarify.h"
#include "commands/confirm.h"
#include "commands/merge.h"
#include "commands/own_words.h"
#include "commands/pause.h"
#include "commands/permission.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/views.h"

#include <string.h>

/* What answers a mention may be shown where it was mentioned, or directly: the button names the channel. */
static void add_share_button(struct context *ctx, struct message *brief, int64_t number)
{
    bool named = ctx->event->kind == EVENT_MENTION;
    g_autofree char *label = named ? say(ctx->language, "button.share.in", "channel", ctx->where.name, NULL)
                                   : say(ctx->language, "button.share", NULL);
    g_autofree char *value = named ? g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, number, ctx->where.id)
                                   : g_strdup_printf("%" G_GINT64_FORMAT, number);
    message_add_button(brief, "share", value, label, BUTTON_PLAIN);
}

/* The form of a move, for who may make it now. */
static void add_move_button(struct context *ctx, struct message *brief, const struct ask *ask, const char *verb,
                            const char *action, const char *entry)
{
    const struct transition *move = transition_of(verb, ask->state);
    if (!transition_starts_from(move, ask->state) || !has_role(ctx, ask, move->who))
        return;
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    g_autofree char *label = say(ctx->language, entry, NULL);
    message_add_button(brief, action, value, label, BUTTON_PLAIN);
}

static void show(struct context *ctx, const struct ask *ask)
{
    struct message *brief = brief_draw(ctx, ask, &ctx->viewer);
    /* An ask's words go to a channel only where they may be seen. */
    if (ctx->where.id != 0 && !ctx->in_direct) {
        struct viewer channel = {.place = ctx->where.id};
        struct ask seen;
        if (store_get_ask(ctx->store, &channel, ask->number, &seen)) {
            add_share_button(ctx, brief, ask->number);
            ask_done(&seen);
        }
    }
    g_autofree char *label = say(ctx->language, "button.question", NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    message_add_button(brief, "question", value, label, BUTTON_PLAIN);
    if (ask->asker == ctx->who.id)
        why_add_confirm(ctx, brief, ask, ctx->language);
    add_move_button(ctx, brief, ask, "pause", "setaside", "button.set.aside");
    add_move_button(ctx, brief, ask, "merge", "mergeinto", "button.merge");
    answer_message(ctx, brief);
}

/* The same again: somebody typed it once more because the first time nothing answered them. */
static bool said_already(const struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words)
{
    int64_t by = kind == QUESTION_WHY ? ask->why_by : kind == QUESTION_IMPACT ? ask->impact_by : ctx->who.id;
    return by == ctx->who.id && g_strcmp0(ask_words(ask, kind), words) == 0;
}

static bool is_followed_up(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words)
{
    char *more = clarify_follow_up(ctx, ask, kind, words);
    if (more != NULL)
        answer(ctx, more);
    return more != NULL;
}

static void tell(struct context *ctx, int64_t number, enum question_kind kind, const char *said)
{
    int64_t whom;
    g_autofree char *rest = said_for(ctx, said, &whom);
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (*rest == '\0') {
        show(ctx, &ask);
    } else if (!store_state_is_open(ask.state)) {
        /* Nothing that was said why is lost with an ask that went into another. */
        if (kind != QUESTION_WHY || !merged_answer(ctx, &ask, kind, words_reason(rest), whom))
            answer_wrong_state(ctx, &ask);
    } else if (said_already(ctx, &ask, kind, rest)) {
        g_autofree char *id = show_number(number);
        answer_say(ctx, "answer.noted", "ask", id, NULL);
    } else if (may_answer_or_say(ctx, &ask) && (whom != 0 || !is_followed_up(ctx, &ask, kind, rest))) {
        bool unknown = says_unknown(ctx, kind, rest);
        if (unknown && !may_say_unknown(ctx, &ask, kind)) {
            ask_done(&ask);
            return;
        }
        struct question question;
        bool asked = store_open_question(ctx->store, number, &question), waiting = strcmp(ask.state, "waiting") == 0;
        question_done(&question);
        bool stands = clarify_answer_for(ctx, &ask, kind, unknown ? NULL : rest, NULL, whom);
        if (stands && whom != 0 && whom != ask.asker)
            said_for_tell(ctx, &ask, whom, question_names[kind]);
        else if (stands)
            clarify_tell_asker(ctx, &ask, kind);
        g_autofree char *id = show_number(number);
        g_autofree char *asker = show_person(ctx, ask.asker);
        bool cleared = waiting && strcmp(ask.state, "clear") == 0;
        answer_say(ctx, !stands ? "beside.done" : cleared ? "answer.clear" : "answer.noted", "ask", id, "person", asker, NULL);
        /* Words added to what is known already end no dialogue. */
        if (asked || cleared)
            clarify_next(ctx, number, NULL);
    }
    ask_done(&ask);
}

void verb_why(struct context *ctx, int64_t ask, const char *rest)
{
    if (words_is_yes(rest))
        why_confirm(ctx, ask);
    else
        tell(ctx, ask, QUESTION_WHY, rest);
}

void verb_impact(struct context *ctx, int64_t ask, const char *rest)
{
    g_autofree char *behind = NULL;
    if (!beside_cost(ctx, ask, rest, &behind))
        tell(ctx, ask, QUESTION_IMPACT, rest);
    else if (behind != NULL)
        tell(ctx, ask, QUESTION_IMPACT, behind);
}

void verb_evidence(struct context *ctx, int64_t ask, const char *rest)
{
    if (!beside_talk(ctx, ask, rest))
        tell(ctx, ask, QUESTION_EVIDENCE, rest);
}

/* The button under a brief: the same for the whole channel, in its language and within its sight. */
static void share(struct context *ctx, int64_t number, const struct channel *where)
{
    struct viewer channel = {.place = where->id};
    struct ask ask;
    if (where->id == 0 || where->kind == CHANNEL_DIRECT || !store_get_ask(ctx->store, &channel, number, &ask)) {
        g_autofree char *id = show_number(number);
        answer_say(ctx, "no.such.ask", "ask", id, NULL);
        return;
    }
    const char *mine = ctx->language;
    ctx->language = say_language(where->language);
    struct message *brief = brief_draw(ctx, &ask, &channel);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *by = say(ctx->language, "share.by", "person", who, NULL);
    message_add(brief, PART_NOTE, by);
    ctx->language = mine;
    send_post(ctx, where->id, 0, "note", number, brief);
    ask_done(&ask);
    if (where != &ctx->where)
        answer_say(ctx, "share.posted", "channel", where->name, NULL);
}

void verb_show(struct context *ctx, int64_t number, const char *rest)
{
    if (g_ascii_strcasecmp(rest, "here") == 0) {
        share(ctx, number, &ctx->where);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    show(ctx, &ask);
    ask_done(&ask);
}

/* Whoever left the channel since has no say there. */
static bool may_share_in(struct context *ctx, const struct channel *where)
{
    return where->member && g_strcmp0(where->platform, ctx->event->platform) == 0 &&
           (where->kind == CHANNEL_PUBLIC ? !ctx->who.guest : store_is_here(ctx->store, where->id, ctx->who.id));
}

/* "number" or "number:channel". */
void share_button(struct context *ctx, const char *value)
{
    char *end = NULL;
    int64_t number = g_ascii_strtoll(value, &end, 10);
    struct channel where = {0};
    bool elsewhere = *end == ':' && ctx->in_direct &&
                     store_get_channel(ctx->store, g_ascii_strtoll(end + 1, NULL, 10), &where);
    if (elsewhere && !may_share_in(ctx, &where))
        answer_say(ctx, "button.stale", NULL);
    else
        share(ctx, number, elsewhere ? &where : &ctx->where);
    channel_done(&where);
}
