/* From an event to the verb, button or form it means. */
#include "bot/chat/richtext.h"
#include "commands/clarify.h"
#include "commands/decide.h"
#include "commands/need.h"
#include "commands/outcome.h"
#include "commands/nameless.h"
#include "commands/groups.h"
#include "commands/leaver.h"
#include "commands/order.h"
#include "commands/question.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/typed.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/digests.h"
#include "store/permissions.h"

#include <string.h>

/* ---- typed ---- */

static int64_t person_of(struct context *ctx, const char *user)
{
    return store_person(ctx->store, ctx->event->platform, ctx->event->workspace, user, NULL);
}

static void run_command(struct context *ctx)
{
    const char *text = ctx->event->text != NULL ? ctx->event->text : "";
    if (g_strcmp0(ctx->event->command, ctx->settings->why_command) != 0) {
        typed_run(ctx, text);
        return;
    }
    g_autofree char *clean = words_normalise(text);
    const char *rest = clean;
    int64_t ask = words_ask_number(&rest);
    if (ask == 0)
        answer_say(ctx, "why.how", "why", ctx->settings->why_command, NULL);
    else
        verb_why(ctx, ask, rest);
}

/* A post to askwhy may begin like the slash-command does: "ask Add SSO", "/why 42". */
static const char *without_command(const struct context *ctx, const char *clean)
{
    bool slash = *clean == '/';
    const char *word = clean + slash, *command = ctx->settings->command + 1, *why = ctx->settings->why_command + 1;
    gsize length = strcspn(word, " \n\t");
    if (length == strlen(command) && g_ascii_strncasecmp(word, command, length) == 0) {
        word += length;
        return word + strspn(word, " \n\t");
    }
    return slash && length == strlen(why) && g_ascii_strncasecmp(word, why, length) == 0 ? word : clean;
}

static bool begins_with_verb(const char *clean)
{
    return verb_meant(clean) != NULL;
}

/* In an ask's thread a mention without a verb is a reply like any other, where one is waited for. */
static void run_mention(struct context *ctx)
{
    const char *text = ctx->event->text != NULL ? ctx->event->text : "";
    g_autofree char *normal = words_normalise(text);
    const char *clean = without_command(ctx, normal);
    if (clean == normal && *clean != '\0' && !begins_with_verb(clean) && clarify_reply(ctx))
        return;
    if (*clean == '\0')
        answer_message(ctx, help_draw(ctx, ""));
    else
        typed_run(ctx, clean);
}

static void run_message(struct context *ctx)
{
    if (ctx->in_direct) {
        /* Reading after a gap begins with their first message, even when the bot dies before it has read more. */
        const char *begins = ctx->event->cursor != NULL ? ctx->event->cursor : ctx->event->message;
        if (begins != NULL && *ctx->where.newest == '\0')
            store_set_newest(ctx->store, ctx->where.id, begins);
        g_autofree char *normal = words_normalise(ctx->event->text != NULL ? ctx->event->text : "");
        typed_run(ctx, without_command(ctx, normal));
    } else if (ctx->event->thread != NULL)
        clarify_reply(ctx);
}

/* "Raise as an ask": the message's author is the asker, who presses is the raiser. */
static void run_message_shortcut(struct context *ctx)
{
    const struct event *event = ctx->event;
    int64_t author = event->author != NULL ? person_of(ctx, event->author) : ctx->who.id;
    struct post post;
    if (event->message != NULL && store_find_post(ctx->store, ctx->where.id, event->message, &post)) {
        /* askwhy's own words: the ask they are about is there already. */
        g_autofree char *id = show_number(post.ask);
        if (post.ask != 0)
            answer_say(ctx, "raise.is.card", "ask", id, "command", ctx->settings->command, NULL);
        else
            answer_say(ctx, "raise.no.words", NULL);
        post_done(&post);
    } else if (event->text == NULL || *event->text == '\0')
        answer_say(ctx, "raise.no.words", NULL);
    else if (ctx->where.id == 0 || ctx->in_direct)
        raise_open_form(ctx, event->text, event->permalink, author);
    else
        raise_ask(ctx, ctx->where.id, author, event->text, event->permalink, NULL, false);
}

/* ---- news of the outside world ---- */

static void learn_person(struct context *ctx)
{
    const struct event *event = ctx->event;
    int64_t person = person_of(ctx, event->user);
    /* Their first cards went out before their name was known. */
    bool renamed = ctx->who.refreshed_at == 0 || (event->profile.name != NULL && g_strcmp0(event->profile.name, ctx->who.name) != 0);
    store_set_profile(ctx->store, person, &event->profile, ctx->now);
    if (event->profile.groups != NULL)
        groups_learn_of(ctx, person, event->profile.groups);
    if (event->profile.deleted && !ctx->who.deleted)
        leaver_note(ctx, person, 0, NULL);
    if (renamed)
        me_redraw_cards(ctx, person);
    introduce_pending(ctx, person);
}

static void learn_channel(struct context *ctx)
{
    if (ctx->where.kind == CHANNEL_PUBLIC && ctx->event->channel_kind == CHANNEL_PRIVATE)
        store_presume_all_here(ctx->store, ctx->where.id);
    store_set_channel(ctx->store, ctx->where.id, ctx->event->channel_name, ctx->event->channel_kind, ctx->now);
    if (ctx->event->workspace != NULL)
        store_set_workspace(ctx->store, ctx->where.id, ctx->event->workspace);
}

/* What is still to be said in its thread brings it again, when its turn comes. */
static void forget_post(struct context *ctx)
{
    struct post post;
    if (!store_find_post(ctx->store, ctx->where.id, ctx->event->message, &post))
        return;
    store_unplace(ctx->store, post.id);
    post_done(&post);
}

static bool is_post_of_ours(struct store *store, const struct event *event)
{
    struct post post;
    int64_t channel = store_find_channel(store, event->platform, event->channel);
    if (channel == 0 || !store_find_post(store, channel, event->message, &post))
        return false;
    post_done(&post);
    return true;
}

bool command_concerns(struct store *store, const struct event *event)
{
    if (event->kind == EVENT_UNPOSTED)
        return is_post_of_ours(store, event);
    /* Told unasked, of everybody in the chat: only who was met matters. */
    if (event->kind == EVENT_PERSON && event->keys[0] != NULL)
        return store_find_person(store, event->platform, event->user) != 0;
    if (event->kind != EVENT_MESSAGE && event->kind != EVENT_EDITED && event->kind != EVENT_DELETED)
        return event->kind != EVENT_NONE;
    if (event->channel_kind == CHANNEL_DIRECT)
        return event->kind == EVENT_MESSAGE;
    int64_t channel = store_find_channel(store, event->platform, event->channel);
    if (channel == 0)
        return false;
    if (event->kind != EVENT_MESSAGE) {
        g_autoptr(GArray) heard = store_get_heard(store, channel, event->message);
        if (heard->len > 0)
            return true;
    }
    struct post root;
    if (event->thread == NULL || !store_find_post(store, channel, event->thread, &root))
        return false;
    if (event->kind == EVENT_DELETED) {
        /* It may come before what it is about, which then must not be heard any more. */
        bool ours = root.ask != 0;
        post_done(&root);
        return ours;
    }
    /* In an ask's thread people talk too: only who was asked can answer. */
    struct question question = {0};
    int64_t person = store_find_person(store, event->platform, event->user);
    bool asked = root.ask != 0 && person != 0 &&
                 (((store_open_question(store, root.ask, &question) || store_ended_question(store, root.ask, &question)) &&
                   question.person == person) ||
                  store_is_questioned(store, root.ask, person));
    question_done(&question);
    post_done(&root);
    if (!asked || event->kind == EVENT_MESSAGE || !event->addressed)
        return asked;
    /* A command stays what it was when it was given. */
    g_autofree char *clean = words_normalise(event->text != NULL ? event->text : "");
    return !begins_with_verb(clean);
}

/* Who acts somewhere is in that workspace, and in the channel. */
static void note_presence(struct context *ctx)
{
    if (ctx->who.id == 0 || ctx->on_reader)
        return;
    if (ctx->event->workspace != NULL)
        store_note_belonging(ctx->store, ctx->who.id, ctx->event->workspace);
    bool closed = ctx->where.id != 0 && !ctx->in_direct && ctx->where.kind != CHANNEL_PUBLIC;
    if (closed && !order_has_left_since(ctx))
        store_set_gone(ctx->store, ctx->where.id, ctx->who.id, false);
}

void command_run(struct context *ctx)
{
    if (order_is_outdated(ctx))
        return;
    switch (ctx->event->kind) {
    case EVENT_COMMAND:
    case EVENT_MENTION:
    case EVENT_MESSAGE:
    case EVENT_BUTTON:
    case EVENT_MESSAGE_SHORTCUT:
    case EVENT_SHORTCUT:
    case EVENT_HOME:
    case EVENT_INVITED:
    case EVENT_JOINED:
        note_presence(ctx);
        break;
    default:
        break;
    }
    switch (ctx->event->kind) {
    case EVENT_COMMAND:
        run_command(ctx);
        break;
    case EVENT_MENTION:
        run_mention(ctx);
        break;
    case EVENT_MESSAGE:
        run_message(ctx);
        break;
    case EVENT_EDITED:
        clarify_edited(ctx);
        break;
    case EVENT_DELETED:
        clarify_deleted(ctx);
        break;
    case EVENT_UNPOSTED:
        forget_post(ctx);
        break;
    case EVENT_BUTTON:
        pressed_button(ctx);
        break;
    case EVENT_FORM:
        pressed_form(ctx);
        break;
    case EVENT_SHORTCUT:
        raise_open_form(ctx, NULL, NULL, 0);
        break;
    case EVENT_MESSAGE_SHORTCUT:
        run_message_shortcut(ctx);
        break;
    case EVENT_INVITED:
        introduce(ctx);
        break;
    case EVENT_REMOVED:
        if (ctx->where.id != 0)
            store_set_member(ctx->store, ctx->where.id, false);
        else if (ctx->event->workspace != NULL)
            store_leave_workspace(ctx->store, ctx->event->platform, ctx->event->workspace);
        break;
    case EVENT_JOINED:
        store_set_gone(ctx->store, ctx->where.id, ctx->who.id, false);
        break;
    case EVENT_LEFT:
        if (ctx->where.id != 0)
            store_set_gone(ctx->store, ctx->where.id, ctx->who.id, true);
        else if (ctx->event->workspace != NULL)
            store_set_gone_everywhere(ctx->store, ctx->event->platform, ctx->event->workspace, ctx->who.id);
        if (ctx->where.id != 0 || ctx->event->workspace != NULL)
            leaver_note(ctx, ctx->who.id, ctx->where.id, ctx->where.id != 0 ? NULL : ctx->event->workspace);
        break;
    case EVENT_HOME:
        send_home(ctx, ctx->who.id);
        break;
    case EVENT_PERSON:
        learn_person(ctx);
        break;
    case EVENT_CHANNEL:
        learn_channel(ctx);
        break;
    case EVENT_MEMBER:
        if (ctx->who.id != 0 && ctx->where.id != 0)
            store_set_channel_admin(ctx->store, ctx->where.id, ctx->who.id, ctx->event->profile.admin, ctx->now);
        break;
    case EVENT_GROUP:
        groups_learn(ctx);
        break;
    case EVENT_NONE:
    case EVENT_FORM_CLOSED:
    case EVENT_READER_DONE:
        break;
    }
    inform_rest(ctx);
    if (ctx->unseen != 0) {
        g_autofree char *name = show_person(ctx, ctx->unseen);
        answer_say(ctx, "named.unseen", "person", name, NULL);
    }
}
