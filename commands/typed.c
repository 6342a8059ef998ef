/* What is typed: the verb is run, the ask raised, or its person asked which of them is meant. */
#include "commands/typed.h"

#include "commands/meant.h"
#include "commands/nameless.h"
#include "commands/say.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/digests.h"

#include <string.h>

enum { BUTTON_TEXT_MAX = 1800 };

/* ---- Raising ---- */

void raise_text(struct context *ctx, const char *text)
{
    if (ctx->where.id == 0 || ctx->in_direct) {
        raise_ask_where(ctx, text);
        return;
    }
    GDate now = today(ctx);
    struct raise raise;
    raise_understand(text, &now, &raise);
    int64_t asker = raise.asker != NULL
                        ? store_person(ctx->store, ctx->event->platform, ctx->event->workspace, raise.asker, NULL)
                        : ctx->who.id;
    raise_ask(ctx, ctx->where.id, asker, raise.title, ctx->event->permalink, NULL, false);
    raise_done(&raise);
}

void verb_new(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    if (*rest == '\0')
        raise_open_form(ctx, NULL, NULL, 0);
    else
        raise_text(ctx, rest);
}

/* ---- Offering ---- */

static void add_button(struct context *ctx, struct message *message, const char *action, const char *text, const char *entry,
                       const char *what)
{
    if (strlen(text) > BUTTON_TEXT_MAX)
        return;
    g_autofree char *label = say(ctx->language, entry, "what", what, NULL);
    message_add_button(message, action, text, label, BUTTON_PLAIN);
}

static void offer_raise(struct context *ctx, struct message *message, const char *text)
{
    add_button(ctx, message, "raise", text, "button.raise", NULL);
    answer_message(ctx, message);
}

/* "qestion 42 anonymously …" shall not become an ask with a name. */
static bool offer_nameless(struct context *ctx, const char *text)
{
    struct question_text question;
    if (!question_understand(text, &question))
        return false;
    bool meant = question.nearly && question.nameless;
    question_text_done(&question);
    if (meant)
        answer_say(ctx, "nameless.did.you.mean", "command", ctx->settings->command, NULL);
    return meant;
}

/* Begins with a verb but does not go on like one: usage, and the offer to take it as an ask. */
static void offer_usage(struct context *ctx, const struct verb *verb, const char *text)
{
    g_autofree char *entry = g_strconcat("help.", verb->name, NULL);
    g_autofree char *usage = say(ctx->language, entry, "command", ctx->settings->command, "why",
                                 ctx->settings->why_command, NULL);
    g_autofree char *says = say(ctx->language, "usage", "verb", verb->name, "usage", usage, NULL);
    offer_raise(ctx, message_text(says), text);
}

/* Nothing is done before they say which: both as buttons, and as what to type. */
static void offer_either(struct context *ctx, const struct meant *meant, int64_t ask, const char *text)
{
    const char *verb = meant->verb->name, *command = ctx->settings->command;
    g_autofree char *id = show_number(ask);
    g_autofree char *what = ask != 0 ? g_strdup_printf("%s %s", verb, id) : g_strdup(verb);
    g_autofree char *how = g_strdup_printf(ask != 0                           ? "%s …"
                                           : meant->verb->flags & VERB_SIGN ? "%s: …"
                                                                              : "%s",
                                           what);
    bool takes = meant->verb->flags & VERB_ASK;
    g_autofree char *doing = takes ? g_strdup_printf("%s %s", what, meant->rest) : g_strdup(text);
    g_autofree char *says = say(ctx->language, "either", "command", command, "what", what, "how", how, NULL);
    struct message *message = message_text(says);
    add_button(ctx, message, "doit", doing, "button.do", what);
    offer_raise(ctx, message, text);
}

/* What was typed behind the verb and its number stands outside of what looks typed. */
static void offer_nearly(struct context *ctx, const char *instead, const char *text)
{
    gsize length = strcspn(instead, " ");
    const char *behind = instead + length + strspn(instead + length, " ");
    words_ask_number(&behind);
    g_autofree char *head = g_strchomp(g_strndup(instead, (gsize)(behind - instead)));
    g_autofree char *rest = show_line(ctx, behind, 80);
    g_autofree char *says = say(ctx->language, *rest != '\0' ? "did.you.mean.rest" : "did.you.mean", "command",
                                ctx->settings->command, "verb", head, "rest", rest, NULL);
    offer_raise(ctx, message_text(says), text);
}

static void talk(struct context *ctx, const struct meant *meant, const char *text, bool to_it)
{
    answer_say(ctx, meant->greets ? "small.talk.hello" : "small.talk", "command", ctx->settings->command, NULL);
    if (to_it)
        return;
    g_autofree char *or = say(ctx->language, "or.an.ask", NULL);
    offer_raise(ctx, message_text(or), text);
}

/* ask: the one whose number or thread it is, 0 for none. */
static void offer_doubtful(struct context *ctx, int64_t ask, bool in_thread, const char *text)
{
    g_autofree char *id = show_number(ask);
    g_autofree char *says = say(ctx->language,
                                in_thread  ? "doubtful.thread"
                                : ask != 0 ? "doubtful.number"
                                           : "doubtful",
                                "ask", id, "command", ctx->settings->command, NULL);
    offer_raise(ctx, message_text(says), text);
}

/* ---- Doing ---- */

static bool may_be_seen(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (number == 0 || !store_get_ask(ctx->store, &ctx->viewer, number, &ask))
        return false;
    ask_done(&ask);
    return true;
}

/* An ask that is not there, or the digest of a place that had none: who looks for it perhaps meant something else. */
static bool does_nothing(struct context *ctx, const struct meant *meant)
{
    struct digest_row digest;
    if (meant->ask != 0)
        return !may_be_seen(ctx, meant->ask);
    if (!(meant->verb->flags & VERB_DIGEST))
        return false;
    if (ctx->where.id == 0 || ctx->in_direct || !store_last_digest(ctx->store, ctx->where.id, &digest))
        return true;
    digest_row_done(&digest);
    return false;
}

static void run_verb(struct context *ctx, const struct meant *meant, int64_t thread, const char *text)
{
    const struct verb *verb = meant->verb;
    int64_t ask = verb->flags & VERB_THREAD ? thread
                  : !(verb->flags & VERB_ASK) ? 0
                  : meant->ask != 0           ? meant->ask
                                              : thread;
    verb->run(ctx, ask, meant->rest);
    if ((ctx->not_understood || meant->kind == MEANT_LOOKING) && ctx->reply != NULL) {
        g_autofree char *or = say(ctx->language, "or.an.ask", NULL);
        offer_raise(ctx, message_text(or), text);
    }
}

static void run_meant(struct context *ctx, const struct meant *meant, int64_t thread, bool to_it, const char *text)
{
    switch (meant->kind) {
    case MEANT_EITHER:
        ctx->not_understood = does_nothing(ctx, meant);
        if (ctx->not_understood)
            run_verb(ctx, meant, thread, text);
        else
            offer_either(ctx, meant, meant->ask != 0 ? meant->ask : meant->verb->flags & VERB_ASK ? thread : 0, text);
        break;
    case MEANT_COMMAND:
    case MEANT_LOOKING:
        run_verb(ctx, meant, thread, text);
        break;
    case MEANT_USAGE:
        offer_usage(ctx, meant->verb, text);
        break;
    case MEANT_NEARLY:
        offer_nearly(ctx, meant->instead, text);
        break;
    case MEANT_TALK:
        talk(ctx, meant, text, to_it);
        break;
    case MEANT_DOUBTFUL:
        if (thread != 0)
            offer_doubtful(ctx, thread, true, text);
        else if (meant->ask == 0 || may_be_seen(ctx, meant->ask))
            offer_doubtful(ctx, meant->ask, false, text);
        else
            raise_text(ctx, text);
        break;
    case MEANT_ASK:
        raise_text(ctx, meant->rest);
        break;
    }
}

void typed_run(struct context *ctx, const char *typed)
{
    g_autofree char *text = words_normalise(typed);
    if (*text == '\0') {
        verb_new(ctx, 0, "");
        return;
    }
    bool to_it = ctx->event->kind != EVENT_COMMAND;
    int64_t thread = ask_of_thread(ctx);
    GDate now = today(ctx);
    struct meant meant;
    meant_understand(text, (to_it ? TYPED_TO_IT : 0) | (ctx->where.id == 0 || ctx->in_direct ? TYPED_PRIVATELY : 0), thread,
                     &now, &meant);
    if (meant.verb != NULL || !offer_nameless(ctx, text))
        run_meant(ctx, &meant, thread, to_it, text);
    meant_done(&meant);
}

void typed_do_button(struct context *ctx, const char *value)
{
    GDate now = today(ctx);
    struct meant meant;
    g_autofree char *text = words_normalise(value);
    meant_understand(text, 0, 0, &now, &meant);
    if (meant.verb != NULL && (meant.kind == MEANT_EITHER || meant.kind == MEANT_COMMAND))
        run_verb(ctx, &meant, 0, text);
    else
        answer_say(ctx, "button.stale", NULL);
    meant_done(&meant);
}
