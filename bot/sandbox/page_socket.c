#include "bot/sandbox/page_socket.h"

#include "bot/base/clock.h"
#include "bot/sandbox/act.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/link.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/server.h"
#include "bot/sandbox/settle.h"
#include "bot/sandbox/views.h"

#include <string.h>

enum { LOOK_MS = 20 }; /* the bot's answer is looked at when it comes */

struct page {
    struct conn *conn;
    const struct person *person; /* NULL before "enter" */
    bool settles;                /* wants to be told when all has come to rest */
    int64_t settle_id;           /* which of its wishes it is */
    guint64 passing;             /* wants to be told when the bot answered this; 0: nothing */
};

struct pages {
    struct sandbox *sandbox;
    GPtrArray *pages;
    struct settling settling;
    struct loop_timer *look; /* made when first needed */
};

struct pages *pages_new(struct sandbox *sandbox)
{
    struct pages *pages = g_new0(struct pages, 1);
    pages->sandbox = sandbox;
    pages->pages = g_ptr_array_new_with_free_func(g_free);
    return pages;
}

void pages_free(struct pages *pages)
{
    if (pages == NULL)
        return;
    if (pages->look != NULL)
        loop_timer_free(pages->look);
    g_ptr_array_unref(pages->pages);
    g_free(pages);
}

void pages_opened(struct pages *pages, struct conn *conn)
{
    struct page *page = g_new0(struct page, 1);
    page->conn = conn;
    g_ptr_array_add(pages->pages, page);
}

static struct page *find_page(struct pages *pages, struct conn *conn, guint *at)
{
    for (guint i = 0; i < pages->pages->len; i++) {
        struct page *page = g_ptr_array_index(pages->pages, i);
        if (page->conn == conn) {
            *at = i;
            return page;
        }
    }
    return NULL;
}

void pages_closed(struct pages *pages, struct conn *conn)
{
    guint at = 0;
    if (find_page(pages, conn, &at) != NULL)
        g_ptr_array_remove_index(pages->pages, at);
}

static void page_send(const struct page *page, const cJSON *see)
{
    g_autofree char *text = json_text(see);
    conn_send(page->conn, text);
}

void pages_tell(struct pages *pages, const struct person *only, const struct channel *channel, const cJSON *see)
{
    for (guint i = 0; i < pages->pages->len; i++) {
        const struct page *page = g_ptr_array_index(pages->pages, i);
        if (page->person == NULL)
            continue;
        if (only != NULL ? page->person == only : channel == NULL || channel_has(channel, page->person))
            page_send(page, see);
    }
}

/* ---- coming to rest ---- */

static void on_look(void *data)
{
    struct pages *pages = data;
    bool wanted = false;
    for (guint i = 0; i < pages->pages->len; i++)
        wanted = wanted || ((const struct page *)g_ptr_array_index(pages->pages, i))->settles;
    if (!wanted)
        return;
    if (!settling_over(&pages->settling, pages->sandbox)) {
        loop_timer_set_ms(pages->look, LOOK_MS);
        return;
    }
    for (guint i = 0; i < pages->pages->len; i++) {
        struct page *page = g_ptr_array_index(pages->pages, i);
        if (!page->settles)
            continue;
        g_autoptr(cJSON) see = json_object();
        json_put_str(see, "see", "settled");
        json_put_int(see, "id", page->settle_id);
        page_send(page, see);
        page->settles = false;
    }
}

/* Counts from now, also for those who wait already. */
static void settle(struct pages *pages, struct page *page)
{
    page->settles = true;
    if (pages->look == NULL)
        pages->look = loop_timer_new(pages->sandbox->loop, on_look, pages);
    settling_start(&pages->settling, pages->sandbox);
    loop_timer_set_ms(pages->look, 0);
}

static void tell_passed(struct page *page)
{
    g_autoptr(cJSON) see = json_object();
    json_put_str(see, "see", "passed");
    page_send(page, see);
    page->passing = 0;
}

void pages_idle(struct pages *pages, guint64 number)
{
    settling_idle(&pages->settling, number);
    if (pages->look != NULL)
        loop_timer_set_ms(pages->look, 0);
    for (guint i = 0; i < pages->pages->len; i++) {
        struct page *page = g_ptr_array_index(pages->pages, i);
        if (page->passing != 0 && page->passing <= number)
            tell_passed(page);
    }
}

void pages_bot_came(struct pages *pages)
{
    settling_forget(&pages->settling);
}

/* ---- orders ---- */

static cJSON *workspace_json(struct sandbox *sandbox, const struct person *me)
{
    cJSON *see = json_object(), *people = json_array(), *channels = json_array(), *bot = json_object();
    int count = 0;
    const struct person *all = workspace_people(&count);
    for (int i = 0; i < count; i++) {
        cJSON *person = json_object();
        json_put_str(person, "id", all[i].id);
        json_put_str(person, "name", all[i].name);
        json_put_str(person, "real_name", all[i].real_name);
        json_put_str(person, "title", all[i].title);
        json_put_str(person, "zone", all[i].zone);
        json_push(people, person);
    }
    const GPtrArray *list = workspace_channels(sandbox->workspace);
    for (guint i = 0; i < list->len; i++) {
        const struct channel *channel = g_ptr_array_index(list, i);
        if (!channel_has(channel, me))
            continue;
        cJSON *json = json_object();
        json_put_str(json, "id", channel->id);
        json_put_str(json, "name", channel->visibility == DIRECT ? SANDBOX_BOT_NAME : channel->name);
        json_put_bool(json, "private", channel->visibility == PRIVATE);
        json_put_bool(json, "direct", channel->visibility == DIRECT);
        json_put_bool(json, "bot_member", channel->bot);
        json_push(channels, json);
    }
    cJSON *shortcuts = json_array();
    const struct shortcut *known = sandbox->face->shortcuts;
    for (int i = 0; i < sandbox->face->n_shortcuts; i++) {
        cJSON *json = json_object();
        json_put_str(json, "callback_id", known[i].callback_id);
        json_put_str(json, "name", known[i].name);
        json_put_str(json, "type", known[i].type);
        json_push(shortcuts, json);
    }
    json_put_str(see, "see", "workspace");
    json_put_str(see, "me", me->id);
    json_put(see, "people", people);
    json_put(see, "channels", channels);
    json_put_str(bot, "id", bot_user());
    json_put_str(bot, "name", SANDBOX_BOT_NAME);
    json_put(see, "bot", bot);
    json_put(see, "shortcuts", shortcuts);
    json_put_str(see, "platform", sandbox->face->name);
    json_put_str(see, "title", sandbox->face->title);
    json_put_bool(see, "home", sandbox->face->home);
    json_put_int(see, "now", clock_now_ms());
    json_put_bool(see, "connected", sandbox->face->sockets(sandbox) > 0);
    return see;
}

static const char *enter(struct sandbox *sandbox, struct page *page, const cJSON *order)
{
    const char *as = json_str0(order, "as");
    const struct person *person = person_by_id(as) != NULL ? person_by_id(as) : person_by_name(as);
    if (person == NULL)
        return "There is no such person.";
    page->person = person;
    g_autoptr(cJSON) see = workspace_json(sandbox, person);
    page_send(page, see);
    const struct view *open = views_top(sandbox->views, person);
    if (open != NULL) {
        g_autoptr(cJSON) form = json_object();
        json_put_str(form, "see", "view");
        json_put(form, "view", view_json(open));
        page_send(page, form);
    }
    return NULL;
}

static const char *history(const struct page *page, const struct channel *channel)
{
    if (!channel_has(channel, page->person))
        return "You are not in that channel.";
    g_autoptr(cJSON) see = json_object();
    cJSON *messages = json_array();
    for (guint i = 0; i < channel->posts->len; i++)
        json_push(messages, post_page_json(g_ptr_array_index(channel->posts, i)));
    json_put_str(see, "see", "history");
    json_put_str(see, "channel", channel->id);
    json_put(see, "messages", messages);
    page_send(page, see);
    return NULL;
}

static const char *move_clock(struct sandbox *sandbox, const cJSON *order)
{
    int64_t to = json_int(order, "to", 0), now = clock_now_ms();
    if (to < now || to - now > G_GINT64_CONSTANT(1000) * 86400 * 3660)
        return "The clock moves forward only, by ten years at most.";
    sandbox_move_clock(sandbox, to);
    return NULL;
}

/* Unlike a clock that is moved: for timers, too. Over when the bot has done what was due. */
static const char *pass(struct sandbox *sandbox, struct page *page, const cJSON *order)
{
    int64_t ms = json_int(order, "ms", 0);
    if (ms <= 0 || ms > 86400 * 1000)
        return "Time passes by milliseconds, by a day at most.";
    if (!link_connected(sandbox->link))
        return "Nobody is on the link.";
    sandbox_move_clock(sandbox, clock_now_ms() + ms);
    link_tell_pass(sandbox->link, ms);
    page->passing = ++sandbox->idle_questions;
    link_ask_idle(sandbox->link, page->passing);
    return NULL;
}

static const char *obey_in_channel(struct sandbox *sandbox, const struct page *page, const char *what,
                                   struct channel *channel, const cJSON *order)
{
    const struct person *person = page->person;
    const char *ts = json_str0(order, "ts"), *text = json_str0(order, "text");
    if (strcmp(what, "history") == 0)
        return history(page, channel);
    if (strcmp(what, "post") == 0)
        return act_post(sandbox, person, channel, json_str(order, "thread"), text);
    if (strcmp(what, "edit") == 0)
        return act_edit(sandbox, person, channel, ts, text);
    if (strcmp(what, "delete") == 0)
        return act_delete(sandbox, person, channel, ts);
    if (strcmp(what, "react") == 0)
        return act_react(sandbox, person, channel, ts, json_str0(order, "name"));
    if (strcmp(what, "press") == 0)
        return act_press(sandbox, person, channel, ts, json_str0(order, "block_id"), json_str0(order, "action_id"),
                         json_str(order, "value"));
    if (strcmp(what, "shortcut") == 0)
        return act_shortcut(sandbox, person, json_str0(order, "callback_id"), channel, ts);
    if (strcmp(what, "invite") == 0)
        return act_invite(sandbox, person, channel);
    if (strcmp(what, "remove") == 0)
        return act_remove(sandbox, person, channel);
    return "The sandbox does not know that.";
}

static const char *obey(struct sandbox *sandbox, struct page *page, const cJSON *order)
{
    const char *what = json_str0(order, "do"), *view = json_str0(order, "view");
    const struct person *person = page->person;
    if (strcmp(what, "enter") == 0)
        return enter(sandbox, page, order);
    if (strcmp(what, "misbehave") == 0)
        return misbehave_order(sandbox, order);
    if (strcmp(what, "clock") == 0)
        return move_clock(sandbox, order);
    if (strcmp(what, "pass") == 0)
        return pass(sandbox, page, order);
    if (strcmp(what, "settle") == 0) {
        page->settle_id = json_int(order, "id", 0);
        settle(sandbox->pages, page);
        return NULL;
    }
    if (person == NULL)
        return "Enter as somebody first.";
    if (json_str(order, "channel") != NULL) {
        struct channel *channel = channel_by_id(sandbox->workspace, json_str(order, "channel"));
        return channel != NULL ? obey_in_channel(sandbox, page, what, channel, order) : "You are not in that channel.";
    }
    if (strcmp(what, "press") == 0)
        return act_press_view(sandbox, person, view, json_str0(order, "block_id"), json_str0(order, "action_id"),
                              json_str(order, "value"));
    if (strcmp(what, "submit") == 0)
        return act_submit(sandbox, person, view, json_get(order, "values"));
    if (strcmp(what, "close") == 0)
        return act_close(sandbox, person, view);
    if (strcmp(what, "shortcut") == 0)
        return act_shortcut(sandbox, person, json_str0(order, "callback_id"), NULL, NULL);
    if (strcmp(what, "home") == 0)
        return act_home(sandbox, person);
    return "The sandbox does not know that.";
}

void pages_message(struct pages *pages, struct conn *conn, const char *text, gsize size)
{
    guint at = 0;
    struct page *page = find_page(pages, conn, &at);
    const char *why = NULL;
    g_autoptr(cJSON) order = json_parse(text, size, &why);
    if (page == NULL)
        return;
    if (cJSON_IsObject(order))
        why = obey(pages->sandbox, page, order);
    else if (why == NULL)
        why = "A message is a JSON object.";
    if (why == NULL)
        return;
    g_autoptr(cJSON) see = json_object();
    json_put_str(see, "see", "trouble");
    json_put_str(see, "text", why);
    page_send(page, see);
}
