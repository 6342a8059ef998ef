#include "bot/sandbox/act.h"

#include "bot/sandbox/blocks.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/views.h"

#include <string.h>

const char *act_post(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                     const char *thread, const char *text)
{
    if (!channel_has(channel, person))
        return "You are not in that channel.";
    g_autofree char *typed = g_strstrip(g_strdup(text));
    if (typed[0] == '\0')
        return "There is nothing to send.";
    if (g_utf8_strlen(typed, -1) > sandbox->face->longest)
        return "That is too long for one message.";
    bool in_thread = thread != NULL && thread[0] != '\0';
    const struct post *parent = in_thread ? channel_find(channel, thread) : NULL;
    if (in_thread && parent == NULL)
        return "That thread is gone.";
    if (parent != NULL)
        thread = parent->thread[0] != '\0' ? parent->thread : parent->ts;
    if (typed[0] == '/' && g_ascii_isalpha(typed[1]))
        return sandbox->face->command(sandbox, person, channel, in_thread ? thread : NULL, typed);
    g_autofree char *told = sandbox->face->typed(sandbox->workspace, typed);
    struct post *post = channel_post(sandbox->workspace, channel, person->id, in_thread ? thread : NULL, told, NULL);
    post->client_id = g_uuid_string_random();
    events_posted(sandbox, channel, post);
    return NULL;
}

static struct post *own_post(const struct person *person, struct channel *channel, const char *ts)
{
    struct post *post = channel_has(channel, person) ? channel_find(channel, ts) : NULL;
    return post != NULL && strcmp(post->user, person->id) == 0 && post->subtype == NULL ? post : NULL;
}

const char *act_edit(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                     const char *text)
{
    struct post *post = own_post(person, channel, ts);
    if (post == NULL)
        return "Only your own messages can be edited.";
    g_autofree char *typed = g_strstrip(g_strdup(text));
    if (typed[0] == '\0')
        return "There is nothing to send.";
    g_autoptr(cJSON) before = sandbox->face->remember(channel, post);
    g_autofree char *told = sandbox->face->typed(sandbox->workspace, typed);
    post_write(post, told, NULL);
    post_mark_edited(sandbox->workspace, post);
    events_changed(sandbox, channel, post, before);
    return NULL;
}

const char *act_delete(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts)
{
    struct post *post = own_post(person, channel, ts);
    if (post == NULL)
        return "Only your own messages can be deleted.";
    events_delete(sandbox, channel, post);
    return NULL;
}

const char *act_react(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *name)
{
    struct post *post = channel_has(channel, person) ? channel_find(channel, ts) : NULL;
    if (post == NULL || name[0] == '\0' || strlen(name) > 100)
        return "That message is gone.";
    bool added = post_react(post, name, person->id);
    if (!added)
        post_unreact(post, name, person->id);
    events_reacted(sandbox, channel, post, name, person->id, added);
    return NULL;
}

const char *act_press(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *block_id, const char *action_id, const char *choice)
{
    if (!channel_has(channel, person))
        return "You are not in that channel.";
    struct post *post = channel_find(channel, ts);
    if (post == NULL)
        post = channel_find_ephemeral(channel, ts, person);
    const cJSON *block = NULL;
    const cJSON *element = post != NULL ? blocks_find(post->blocks, block_id, action_id, &block) : NULL;
    if (element == NULL)
        return "That button is gone.";
    return sandbox->face->press(sandbox, person, channel, post, block, element, choice);
}

static struct view *own_view(struct sandbox *sandbox, const struct person *person, const char *id)
{
    struct view *view = views_find(sandbox->views, id);
    return view != NULL && view->person == person ? view : NULL;
}

const char *act_press_view(struct sandbox *sandbox, const struct person *person, const char *id,
                           const char *block_id, const char *action_id, const char *choice)
{
    struct view *view = own_view(sandbox, person, id);
    const cJSON *block = NULL, *element = NULL;
    if (view != NULL)
        element = blocks_find(json_get(view->definition, "blocks"), block_id, action_id, &block);
    if (element == NULL)
        return "That button is gone.";
    return sandbox->face->press_view(sandbox, view, block, element, choice);
}

const char *act_submit(struct sandbox *sandbox, const struct person *person, const char *id, const cJSON *values)
{
    struct view *view = own_view(sandbox, person, id);
    if (view == NULL || view->home || views_top(sandbox->views, person) != view)
        return "That form is closed.";
    view_fill(view, values);
    g_autoptr(cJSON) missing = view_missing(view);
    if (missing != NULL) {
        events_show_errors(sandbox, person, view->id, missing);
        return NULL;
    }
    return sandbox->face->submit(sandbox, view);
}

const char *act_close(struct sandbox *sandbox, const struct person *person, const char *id)
{
    struct view *view = own_view(sandbox, person, id);
    if (view == NULL || view->home)
        return "That form is closed.";
    return sandbox->face->close(sandbox, view);
}

const char *act_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                         struct channel *channel, const char *ts)
{
    const struct face *face = sandbox->face;
    const char *type = channel != NULL ? "message" : "global";
    bool known = false;
    for (int i = 0; i < face->n_shortcuts; i++)
        known = known || (strcmp(face->shortcuts[i].callback_id, callback_id) == 0 &&
                          strcmp(face->shortcuts[i].type, type) == 0);
    if (!known)
        return "There is no such shortcut.";
    struct post *post = NULL;
    if (channel != NULL && (!channel_has(channel, person) || (post = channel_find(channel, ts)) == NULL))
        return "That message is gone.";
    return face->shortcut(sandbox, person, callback_id, channel, post);
}

const char *act_home(struct sandbox *sandbox, const struct person *person)
{
    return sandbox->face->open_home(sandbox, person);
}

const char *act_invite(struct sandbox *sandbox, const struct person *person, struct channel *channel)
{
    if (!channel_has(channel, person) || channel->visibility == DIRECT)
        return "You are not in that channel.";
    if (channel->bot)
        return "askwhy is here already.";
    events_bot_joins(sandbox, channel, person);
    return NULL;
}

const char *act_remove(struct sandbox *sandbox, const struct person *person, struct channel *channel)
{
    if (!channel_has(channel, person) || !channel->bot || channel->visibility == DIRECT)
        return "askwhy is not here.";
    events_bot_leaves(sandbox, channel, person);
    return NULL;
}

const char *act_join(struct sandbox *sandbox, const struct person *person, struct channel *channel, bool in)
{
    if (channel->visibility == DIRECT || channel_has(channel, person) == in)
        return in ? "You are in that channel." : "You are not in that channel.";
    if (in)
        g_ptr_array_add(channel->members, (void *)person);
    sandbox->face->member(sandbox, channel, person, in);
    if (!in)
        g_ptr_array_remove(channel->members, (void *)person);
    return NULL;
}

const char *act_change_person(struct sandbox *sandbox, const struct person *person, bool deleted, const char *real_name,
                              const char *zone)
{
    struct person *changed = person_change(person);
    changed->deleted = deleted;
    if (real_name != NULL)
        changed->real_name = g_intern_string(real_name);
    if (zone != NULL)
        changed->zone = g_intern_string(zone);
    sandbox->face->person(sandbox, person);
    return NULL;
}

const char *act_lead(struct sandbox *sandbox, const struct person *person, bool leads)
{
    struct person *changed = person_change(person);
    const GPtrArray *channels = workspace_channels(sandbox->workspace);
    changed->leads = leads;
    for (guint i = 0; i < channels->len && !leads; i++) {
        struct channel *channel = g_ptr_array_index(channels, i);
        if (channel->leader == person)
            channel->leader = NULL;
    }
    if (workspace_chat(sandbox->workspace) == CHAT_SLACK) {
        changed->admin = leads;
        sandbox->face->person(sandbox, person);
    }
    return NULL;
}

const char *act_group(struct sandbox *sandbox, const struct person *person, const char *handle, bool in)
{
    const struct group *group = group_called(handle);
    if (group == NULL)
        return "There is no such group.";
    if (group_put(group, person, in))
        sandbox->face->grouped(sandbox, group, person, in);
    return NULL;
}
