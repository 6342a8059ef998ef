/* goal: what a channel tries to reach, and which of its asks serve it. */
#include "commands/aims.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"

#include <string.h>

enum { NAME_MAX_CHARS = 200 };

static void list(struct context *ctx)
{
    g_autoptr(GArray) goals = store_aims(ctx->store, &ctx->viewer, false);
    if (goals->len == 0) {
        answer_say(ctx, ctx->where.id == 0 || ctx->in_direct ? "goal.list.none" : "goal.list.empty", "command",
                   ctx->settings->command, NULL);
        aim_add_button(ctx, false);
        return;
    }
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < goals->len && lines->len < 6000; i++) {
        g_autofree char *name = aim_name(ctx, &g_array_index(goals, struct aim, i));
        g_string_append_printf(lines, "\n• %s", name);
    }
    answer_say(ctx, "goal.list", "lines", lines->str + 1, "command", ctx->settings->command, NULL);
    g_string_free(lines, TRUE);
    aim_add_button(ctx, false);
}

bool goal_make(struct context *ctx, const char *name)
{
    struct aim same;
    bool several;
    if (g_utf8_strlen(name, -1) > NAME_MAX_CHARS) {
        answer(ctx, say_n(ctx->language, "aim.long", NAME_MAX_CHARS, NULL));
        return false;
    }
    if (*name == '\0') {
        answer_say(ctx, "goal.how", "command", ctx->settings->command, NULL);
        return false;
    }
    bool there = aim_find(ctx, &(struct viewer){.place = ctx->where.id}, false, name, &same, &several) &&
                 g_utf8_collate(same.name, name) == 0;
    aim_done(&same);
    g_autofree char *shown = show_line(ctx, name, NAME_MAX_CHARS);
    if (there) {
        answer_say(ctx, "goal.there", "name", shown, NULL);
        return false;
    }
    struct log_entry entry = {.kind = "aim.added", .channel = ctx->where.id, .words = name, .data = data_of("kind", "goal")};
    record_entry(ctx, &entry);
    answer_say(ctx, "goal.added", "name", shown, "command", ctx->settings->command, NULL);
    return true;
}

static void add(struct context *ctx, const char *name)
{
    if (ctx->where.id == 0 || ctx->in_direct)
        answer_say(ctx, "goal.where", "command", ctx->settings->command, NULL);
    else if (*name == '\0' && can_open_form(ctx))
        aim_open_form(ctx, false);
    else
        goal_make(ctx, name);
}

static void end(struct context *ctx, const char *name)
{
    struct aim goal;
    if (!aim_need(ctx, &ctx->viewer, false, name, &goal))
        return;
    if (aim_is_mine(ctx, &goal)) {
        struct log_entry entry = {.kind = "aim.ended", .channel = goal.channel, .data = json_object()};
        json_put_int(entry.data, "aim", goal.id);
        record_entry(ctx, &entry);
        g_autofree char *shown = aim_name(ctx, &goal);
        answer_say(ctx, "goal.ended", "name", shown, NULL);
    }
    aim_done(&goal);
}

static void tell(struct context *ctx, const struct ask *ask, const char *name)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *text = say(say_language(channel.language), name != NULL ? "goal.told" : "goal.told.none", "person", who,
                                "ask", id, "name", name, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    send_card_redraw(ctx, ask->number);
    channel_done(&channel);
}

/* goal 42 Keep enterprise customers; goal 42 none. */
static void link_ask(struct context *ctx, int64_t number, const char *name)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    struct aim goal = {0};
    struct viewer place = aim_place(ctx, &ask);
    bool none = g_ascii_strcasecmp(name, "none") == 0;
    g_autofree char *id = show_number(number);
    if (*name == '\0') {
        answer_say(ctx, "goal.which", "ask", id, "command", ctx->settings->command, NULL);
    } else if (aim_may_link(ctx, &ask) && (none || aim_need(ctx, &place, false, name, &goal))) {
        g_autofree char *shown = none ? NULL : aim_name(ctx, &goal);
        if (store_ask_aim(ctx->store, number).goal != goal.id) {
            cJSON *data = json_object();
            if (!none)
                json_put_int(data, "goal", goal.id);
            record(ctx, "ask.goal", &ask, data);
            tell(ctx, &ask, shown);
        }
        answer_say(ctx, none ? "goal.done.none" : "goal.done", "ask", id, "name", shown, NULL);
    }
    aim_done(&goal);
    ask_done(&ask);
}

void verb_goal(struct context *ctx, int64_t ask, const char *rest)
{
    gsize length = strcspn(rest, " \n\t");
    g_autofree char *word = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length + strspn(rest + length, " \n\t");
    int64_t number = words_ask_number(&rest);
    if (*word == '\0' || (*behind == '\0' && strcmp(word, "list") == 0)) {
        list(ctx);
    } else if (strcmp(word, "add") == 0) {
        add(ctx, behind);
    } else if (strcmp(word, "end") == 0) {
        end(ctx, behind);
    } else if (number != 0) {
        link_ask(ctx, number, rest);
    } else if (ask != 0) {
        link_ask(ctx, ask, rest);
    } else {
        answer_say(ctx, "goal.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
    }
}
