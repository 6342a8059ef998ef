/* decider 42 @sam: who says yes or no; inform 42 @jun: who hears of each change. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/leaver.h"
#include "commands/record.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "store/details.h"

#include <string.h>

enum { INFORMED_MAX = 20 };

/* ---- the decider ---- */

/* Whose it is hands it on; while it is nobody's, or somebody's who is not seen there, asker and owner may name one; who
 * left may be followed by anyone. */
static bool may_name(struct context *ctx, const struct ask *ask)
{
    int64_t decider = unless_left(ctx, ask, ask->decider);
    bool left = decider != ask->decider;
    if (decider != 0 ? decider == ctx->who.id : has_role(ctx, ask, BY_ASKER | BY_RAISER | BY_OWNER) || (left && !ctx->who.guest))
        return true;
    if (store_is_gone(ctx->store, ask->channel, decider) && has_role(ctx, ask, BY_ASKER | BY_RAISER | BY_OWNER))
        return true;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *name = show_person(ctx, decider != 0 ? decider : ask->owner);
    answer_say(ctx, decider != 0 ? "decider.not.yours" : "decider.not.named", "ask", id, "person", name, "command",
               ctx->settings->command, NULL);
    return false;
}

static void name_decider(struct context *ctx, const struct ask *ask, int64_t whom)
{
    struct log_entry entry = {.kind = "ask.decider", .ask = ask->number, .channel = ask->channel, .person = whom};
    record_entry(ctx, &entry);
    note_named(ctx, ask->channel, whom);
    send_card_redraw(ctx, ask->number);
    bool self = whom == ctx->who.id;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *decider = self ? show_person(ctx, whom) : ping_person(ctx, whom);
    g_autofree char *text = say(ask_language(ctx, ask), "decider.told", "person", decider, "ask", id, "command",
                                ctx->settings->command, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    g_autofree char *shown = show_person(ctx, whom);
    answer_say(ctx, self ? "decider.done.you" : "decider.done", "ask", id, "person", shown, NULL);
}

void verb_decider(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    g_autofree char *now = show_person(ctx, ask.decider);
    int64_t whom = g_ascii_strcasecmp(rest, "me") == 0 ? ctx->who.id : person_named(ctx, rest);
    if (whom == 0 || is_nobody_to_ask(ctx, whom)) {
        answer_say(ctx, ask.decider != 0 ? "decider.now" : "decider.none", "ask", id, "person", now, "command",
                   ctx->settings->command, NULL);
        ctx->not_understood = whom == 0 && *rest != '\0';
    } else if (!store_state_is_open(ask.state))
        answer_wrong_state(ctx, &ask);
    else if (whom == ask.decider)
        answer_say(ctx, "decider.already", "ask", id, "person", now, NULL);
    else if (may_name(ctx, &ask))
        name_decider(ctx, &ask, whom);
    ask_done(&ask);
}

/* ---- those informed ---- */

/* Everybody named in the text, each once; of int64_t. */
static GArray *people_named(struct context *ctx, const char *text)
{
    GArray *people = g_array_new(FALSE, FALSE, sizeof(int64_t));
    struct rich_span span;
    while (rich_next(&text, &span)) {
        if (span.marker != RICH_PERSON && span.marker != RICH_PING)
            continue;
        g_autofree char *user = g_strndup(span.text, span.length);
        int64_t person = store_person(ctx->store, ctx->event->platform, ctx->event->workspace, user, NULL);
        bool known = false;
        for (guint i = 0; i < people->len; i++)
            known = known || g_array_index(people, int64_t, i) == person;
        if (!known && !is_nobody_to_ask(ctx, person) && people->len < INFORMED_MAX)
            g_array_append_val(people, person);
    }
    return people;
}

static char *names_of(struct context *ctx, const GArray *people)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++) {
        g_autofree char *name = show_person(ctx, g_array_index(people, int64_t, i));
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", name);
    }
    return g_string_free(names, FALSE);
}

static bool holds(const GArray *people, int64_t person)
{
    for (guint i = 0; i < people->len; i++) {
        if (g_array_index(people, int64_t, i) == person)
            return true;
    }
    return false;
}

static void set_informed(struct context *ctx, const struct ask *ask, const GArray *people, bool off)
{
    g_autoptr(GArray) now = store_informed(ctx->store, ask->number);
    guint n = now->len;
    for (guint i = 0; i < people->len; i++) {
        int64_t person = g_array_index(people, int64_t, i);
        if (holds(now, person) != off || (!off && n >= INFORMED_MAX))
            continue;
        cJSON *data = off ? json_object() : NULL;
        if (off)
            json_put_bool(data, "off", true);
        n += !off;
        struct log_entry entry = {
            .kind = "ask.informed", .ask = ask->number, .channel = ask->channel, .person = person, .data = data};
        record_entry(ctx, &entry);
        if (!off)
            note_named(ctx, ask->channel, person);
    }
    send_card_redraw(ctx, ask->number);
    g_autofree char *names = names_of(ctx, people);
    g_autofree char *id = show_number(ask->number);
    if (!off && n >= INFORMED_MAX)
        answer_say(ctx, "inform.full", "ask", id, NULL);
    else
        answer_say(ctx, off ? "inform.off" : "inform.done", "ask", id, "people", names, NULL);
}

/* "off", "@jun off", "no" */
static bool says_off(const char *rest)
{
    const char *last = strrchr(rest, ' ');
    last = last != NULL ? last + 1 : rest;
    return g_ascii_strcasecmp(last, "off") == 0 || g_ascii_strcasecmp(rest, "no") == 0;
}

void verb_inform(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    g_autoptr(GArray) people = people_named(ctx, rest);
    bool off = says_off(rest);
    if (people->len == 0 && (off || g_ascii_strcasecmp(rest, "me") == 0))
        g_array_append_val(people, ctx->who.id);
    bool self = people->len == 1 && g_array_index(people, int64_t, 0) == ctx->who.id;
    if (people->len == 0 && *rest == '@') {
        g_autofree char *word = show_line(ctx, rest, 60);
        answer_say(ctx, "person.nobody", "word", word, NULL);
    } else if (people->len == 0) {
        g_autoptr(GArray) informed = store_informed(ctx->store, number);
        g_autofree char *names = names_of(ctx, informed);
        answer_say(ctx, informed->len > 0 ? "inform.now" : "inform.none", "ask", id, "people", names, "command",
                   ctx->settings->command, NULL);
        ctx->not_understood = *rest != '\0';
    } else if (!store_state_is_open(ask.state) && !off) {
        answer_wrong_state(ctx, &ask);
    } else if (!self && !has_role(ctx, &ask, BY_ASKER | BY_RAISER | BY_OWNER | BY_DECIDER)) {
        answer_say(ctx, "inform.not.yours", "ask", id, "command", ctx->settings->command, NULL);
    } else {
        set_informed(ctx, &ask, people, off);
    }
    ask_done(&ask);
}
