#include "commands/groups.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/views.h"
#include "store/groups.h"

#include <string.h>

enum { NAME_MAX_CHARACTERS = 80, PEOPLE_REDRAWN = 20 }; /* of the others, cards show it with their next change */

char *groups_read_name(const char *text)
{
    g_autofree char *name = g_strstrip(g_strdup(*text == '@' ? text + 1 : text));
    if (*name == '\0' || g_utf8_strlen(name, -1) > NAME_MAX_CHARACTERS)
        return NULL;
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) && (c >= 0x80 || strchr("._-", (int)c) == NULL))
            return NULL;
    }
    return g_steal_pointer(&name);
}

/* ---- whom it concerns ---- */

static void redraw_cards(struct context *ctx, const GArray *people)
{
    for (guint i = 0; i < people->len && i < PEOPLE_REDRAWN; i++)
        me_redraw_cards(ctx, g_array_index(people, int64_t, i));
}

void groups_learn_of(struct context *ctx, int64_t person, char **groups)
{
    struct person was, is;
    if (!store_get_person(ctx->store, person, &was))
        return;
    store_set_groups(ctx->store, person, groups);
    if (store_get_person(ctx->store, person, &is)) {
        if (g_strcmp0(was.function, is.function) != 0)
            me_redraw_cards(ctx, person);
        person_done(&is);
    }
    person_done(&was);
}

/* ---- what the chat told ---- */

/* Whoever set it, where they did: they wait for it. entry: what went wrong; NULL: nothing did. */
static void tell(struct context *ctx, const struct group_function *group, const char *entry, const char *why)
{
    struct person who;
    if (!store_get_person(ctx->store, group->person, &who))
        return;
    const char *language = say_language(who.language != NULL ? who.language : who.locale);
    person_done(&who);
    g_autofree char *name = g_strconcat("@", group->name, NULL);
    g_autofree char *text = NULL;
    if (entry != NULL)
        text = say(language, entry, "group", name, "why", why, NULL);
    else
        text = say_n(language, "settings.group.done", store_count_members(ctx->store, ctx->event->platform, group->called),
                     "group", name, "function", group->function, NULL);
    send_ephemeral(ctx, group->person, group->channel, NULL, message_text(text));
}

static void forget_group(struct context *ctx, const struct group_function *group)
{
    cJSON *data = data_of("platform", ctx->event->platform);
    json_put_str(data, "called", group->called);
    struct log_entry entry = {.kind = "group.function", .person = group->person, .data = data};
    record_entry(ctx, &entry);
}

/* It is told by its id from now on: people may call it otherwise one day. */
static void record_known(struct context *ctx, struct group_function *group)
{
    const char *id = ctx->event->group;
    g_autofree char *told = ctx->event->group_name != NULL ? groups_read_name(ctx->event->group_name) : NULL;
    const char *name = told != NULL ? told : id;
    if (group->known && strcmp(group->called, id) == 0 && strcmp(group->name, name) == 0)
        return;
    cJSON *data = data_of("platform", ctx->event->platform);
    json_put_str(data, "called", group->called);
    json_put_str(data, "group", id);
    json_put_str(data, "name", name);
    struct log_entry entry = {.kind = "group.known", .data = data};
    record_entry(ctx, &entry);
    g_free(group->called);
    g_free(group->name);
    group->called = g_strdup(id);
    group->name = g_strdup(name);
}

void groups_learn(struct context *ctx)
{
    const struct event *event = ctx->event;
    static char *const nobody[] = {NULL};
    struct group_function group;
    if (!store_find_group(ctx->store, event->platform, event->sought, &group))
        return;
    bool told = event->group != NULL, there = told && *event->group != '\0', first = !group.known;
    if (first && !there) {
        tell(ctx, &group, told ? "settings.group.none" : "settings.group.untold", event->text);
        forget_group(ctx, &group);
    } else if (told) {
        if (there)
            record_known(ctx, &group);
        g_autoptr(GArray) changed = g_array_new(FALSE, FALSE, sizeof(int64_t));
        if (event->members != NULL || !there)
            store_set_members(ctx->store, event->platform, group.called, there ? event->members : (char **)nobody, changed);
        g_autoptr(GArray) all = first ? store_members(ctx->store, event->platform, group.called, PEOPLE_REDRAWN) : NULL;
        redraw_cards(ctx, first ? all : changed);
        if (first)
            tell(ctx, &group, NULL, NULL);
    }
    group_function_done(&group);
}
