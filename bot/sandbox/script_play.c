#include "bot/sandbox/script_internal.h"

#include "bot/base/clock.h"
#include "bot/sandbox/act.h"
#include "bot/sandbox/blocks.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/link.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/show.h"
#include "bot/sandbox/views.h"

#include <signal.h>
#include <string.h>

struct player {
    struct sandbox *sandbox;
    struct notebook *notebook;
    GHashTable *typed; /* person's id → cJSON values typed into the form at hand */
};

static void values_free(void *data)
{
    cJSON_Delete(data);
}

struct player *player_new(struct sandbox *sandbox, struct notebook *notebook)
{
    struct player *player = g_new0(struct player, 1);
    player->sandbox = sandbox;
    player->notebook = notebook;
    player->typed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, values_free);
    return player;
}

void player_free(struct player *player)
{
    if (player == NULL)
        return;
    g_hash_table_unref(player->typed);
    g_free(player);
}

/* How well a label fits: 2 the same, 1 contains it or is its beginning, which is all some chats show; 0 not at all. */
static int fits(const char *label, const char *wanted)
{
    g_autofree char *folded = g_utf8_casefold(label, -1);
    g_autofree char *sought = g_utf8_casefold(wanted, -1);
    if (g_str_has_suffix(folded, "…") && strlen(folded) > strlen("…")) {
        g_autofree char *stem = g_strndup(folded, strlen(folded) - strlen("…"));
        if (g_str_has_prefix(sought, stem))
            return 1;
    }
    return strcmp(folded, sought) == 0 ? 2 : strstr(folded, sought) != NULL ? 1 : 0;
}

struct button_search {
    const struct workspace *workspace;
    const char *label;
    int best;
    const cJSON *block, *element;
    GString *others; /* labels that did not fit, for the error */
};

static void button_visit(const cJSON *block, const cJSON *element, void *data)
{
    struct button_search *search = data;
    if (strcmp(json_str0(element, "type"), "button") != 0)
        return;
    g_autofree char *label = show_object(search->workspace, json_get(element, "text"));
    int fit = fits(label, search->label);
    if (fit > search->best) {
        search->best = fit;
        search->block = block;
        search->element = element;
    } else if (fit == 0) {
        g_string_append_printf(search->others, " [%s]", label);
    }
}

/* Does the post, or the card its thread hangs on, name the ask? */
static bool is_about(const struct player *player, const struct channel *channel, const struct post *post,
                     const char *number)
{
    const struct post *parent = post->thread[0] != '\0' ? channel_find(channel, post->thread) : NULL;
    g_autofree char *text = show_message(player->sandbox->workspace, post->text, post->blocks);
    g_autofree char *above =
        parent != NULL ? show_message(player->sandbox->workspace, parent->text, parent->blocks) : g_strdup("");
    return show_names(text, number) || show_names(above, number);
}

struct target {
    struct channel *channel;
    const struct post *post;
    const cJSON *block, *element;
    int best;
};

static void search_posts(const struct player *player, const struct step *step, struct channel *channel,
                         const GPtrArray *posts, struct target *target, GString *others)
{
    for (guint i = posts->len; i > 0; i--) {
        const struct post *post = g_ptr_array_index(posts, i - 1);
        if (post->only != NULL && post->only != step->person)
            continue;
        bool numbered = step->text != NULL && step->text[0] != '\0';
        if (numbered && !is_about(player, channel, post, step->text))
            continue;
        struct button_search search = {player->sandbox->workspace, step->what, 0, NULL, NULL, others};
        blocks_each(post->blocks, button_visit, &search);
        bool newer = target->post == NULL || post->at > target->post->at;
        if (search.best > target->best || (search.best > 0 && search.best == target->best && newer))
            *target = (struct target){channel, post, search.block, search.element, search.best};
    }
}

/* The form at hand first, then the newest message with such a button, then the home page. */
static char *press(struct player *player, const struct step *step)
{
    struct sandbox *sandbox = player->sandbox;
    const struct person *person = step->person;
    g_autoptr(GString) others = g_string_new(NULL);
    const struct view *views[] = {views_top(sandbox->views, person), views_home(sandbox->views, person)};
    struct target target = {0};
    const GPtrArray *channels = workspace_channels(sandbox->workspace);
    for (guint i = 0; i < channels->len; i++) {
        struct channel *channel = g_ptr_array_index(channels, i);
        if (!channel_has(channel, person))
            continue;
        search_posts(player, step, channel, channel->posts, &target, others);
        search_posts(player, step, channel, channel->ephemerals, &target, others);
    }
    for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
        struct button_search search = {sandbox->workspace, step->what, 0, NULL, NULL, others};
        if (views[i] == NULL || (i == 1 && target.post != NULL))
            continue;
        blocks_each(json_get(views[i]->definition, "blocks"), button_visit, &search);
        if (search.element != NULL)
            return g_strdup(act_press_view(sandbox, person, views[i]->id, json_str0(search.block, "block_id"),
                                           json_str0(search.element, "action_id"), NULL));
    }
    if (target.post == NULL)
        return g_strdup_printf("%s sees no button \"%s\"; there are:%s", person->name, step->what,
                               others->len > 0 ? others->str : " none");
    return g_strdup(act_press(sandbox, person, target.channel, target.post->ts, json_str0(target.block, "block_id"),
                              json_str0(target.element, "action_id"), NULL));
}

static const cJSON *option_named(const struct player *player, const cJSON *element, const char *name)
{
    const cJSON *option = json_get(element, "options"), *found = NULL;
    int best = 0;
    for (option = option != NULL ? option->child : NULL; option != NULL; option = option->next) {
        g_autofree char *label = show_object(player->sandbox->workspace, json_get(option, "text"));
        int fit = fits(label, name);
        if (fit > best) {
            best = fit;
            found = option;
        }
    }
    return found;
}

/* The entry of state.values for what was typed; NULL when it cannot be chosen. */
static cJSON *entry_of(const struct player *player, const cJSON *element, const char *text)
{
    const char *type = json_str0(element, "type");
    cJSON *entry = json_object();
    json_put_str(entry, "type", type);
    const struct person *person = person_by_name(text[0] == '@' ? text + 1 : text);
    const struct channel *channel = channel_by_name(player->sandbox->workspace, text[0] == '#' ? text + 1 : text);
    const cJSON *option = option_named(player, element, text);
    if (strcmp(type, "datepicker") == 0) {
        json_put_str(entry, "selected_date", text);
    } else if (strcmp(type, "timepicker") == 0) {
        json_put_str(entry, "selected_time", text);
    } else if (strcmp(type, "users_select") == 0 && person != NULL) {
        json_put_str(entry, "selected_user", person->id);
    } else if (strcmp(type, "channels_select") == 0 && channel != NULL) {
        json_put_str(entry, "selected_channel", channel->id);
    } else if (strcmp(type, "conversations_select") == 0 && channel != NULL) {
        json_put_str(entry, "selected_conversation", channel->id);
    } else if ((strcmp(type, "static_select") == 0 || strcmp(type, "radio_buttons") == 0) && option != NULL) {
        json_put(entry, "selected_option", cJSON_Duplicate(option, true));
    } else if (strcmp(type, "checkboxes") == 0 && option != NULL) {
        cJSON *options = json_array();
        json_push(options, cJSON_Duplicate(option, true));
        json_put(entry, "selected_options", options);
    } else if (g_str_has_suffix(type, "_input")) {
        json_put_str(entry, "value", text);
    } else {
        cJSON_Delete(entry);
        return NULL;
    }
    return entry;
}

static char *fill(struct player *player, const struct step *step)
{
    const struct view *view = views_top(player->sandbox->views, step->person);
    if (view == NULL)
        return g_strdup_printf("no form is open for %s", step->person->name);
    const cJSON *block = json_get(view->definition, "blocks"), *found = NULL;
    int best = 0;
    g_autoptr(GString) labels = g_string_new(NULL);
    for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next) {
        if (strcmp(json_str0(block, "type"), "input") != 0)
            continue;
        g_autofree char *label = show_object(player->sandbox->workspace, json_get(block, "label"));
        g_string_append_printf(labels, " \"%s\"", label);
        int fit = fits(label, step->what);
        if (fit > best) {
            best = fit;
            found = block;
        }
    }
    if (found == NULL)
        return g_strdup_printf("the form has no field \"%s\"; it has:%s", step->what, labels->str);
    const cJSON *element = json_get(found, "element");
    cJSON *entry = entry_of(player, element, step->text);
    if (entry == NULL)
        return g_strdup_printf("\"%s\" cannot be chosen there", step->text);
    cJSON *values = g_hash_table_lookup(player->typed, step->person->id);
    if (values == NULL) {
        values = json_object();
        g_hash_table_insert(player->typed, (void *)step->person->id, values);
    }
    cJSON *of_block = json_object();
    json_put(of_block, json_str0(element, "action_id"), entry);
    cJSON_DeleteItemFromObjectCaseSensitive(values, json_str0(found, "block_id"));
    json_put(values, json_str0(found, "block_id"), of_block);
    return NULL;
}

static char *submit(struct player *player, const struct step *step)
{
    const struct view *view = views_top(player->sandbox->views, step->person);
    if (view == NULL)
        return g_strdup_printf("no form is open for %s", step->person->name);
    if (step->kind == STEP_CLOSES) {
        g_hash_table_remove(player->typed, step->person->id);
        return g_strdup(act_close(player->sandbox, step->person, view->id));
    }
    /* What earlier submissions typed stays in the view; only what is new since is given. */
    g_autoptr(cJSON) values = cJSON_Duplicate(view->values, true);
    const cJSON *typed = g_hash_table_lookup(player->typed, step->person->id);
    for (const cJSON *block = typed != NULL ? typed->child : NULL; block != NULL; block = block->next) {
        cJSON_DeleteItemFromObjectCaseSensitive(values, block->string);
        json_put(values, block->string, cJSON_Duplicate(block, true));
    }
    g_hash_table_remove(player->typed, step->person->id);
    return g_strdup(act_submit(player->sandbox, step->person, view->id, values));
}

/* The newest message this person may see that contains the text. */
static const struct post *find_message(const struct player *player, const struct person *person, const char *text,
                                       bool own, struct channel **where)
{
    const struct post *found = NULL;
    const GPtrArray *channels = workspace_channels(player->sandbox->workspace);
    for (guint i = 0; i < channels->len; i++) {
        struct channel *channel = g_ptr_array_index(channels, i);
        for (guint j = 0; channel_has(channel, person) && j < channel->posts->len; j++) {
            const struct post *post = g_ptr_array_index(channel->posts, j);
            g_autofree char *shown = show_message(player->sandbox->workspace, post->text, post->blocks);
            if (strstr(shown, text) == NULL || (own && strcmp(post->user, person->id) != 0) ||
                (found != NULL && found->at > post->at))
                continue;
            found = post;
            *where = channel;
        }
    }
    return found;
}

static char *change_message(struct player *player, const struct step *step)
{
    struct channel *channel = NULL;
    const struct post *post = find_message(player, step->person, step->what, true, &channel);
    if (post == NULL)
        return g_strdup_printf("%s wrote no \"%s\"", step->person->name, step->what);
    return g_strdup(step->kind == STEP_EDITS
                        ? act_edit(player->sandbox, step->person, channel, post->ts, step->text)
                        : act_delete(player->sandbox, step->person, channel, post->ts));
}

static char *use_shortcut(struct player *player, const struct step *step)
{
    const struct face *face = player->sandbox->face;
    bool on_message = step->text != NULL && step->text[0] != '\0';
    struct channel *channel = NULL;
    const struct post *post = on_message ? find_message(player, step->person, step->text, false, &channel) : NULL;
    if (on_message && post == NULL)
        return g_strdup_printf("there is no message \"%s\"", step->text);
    for (int i = 0; i < face->n_shortcuts; i++) {
        if (fits(face->shortcuts[i].name, step->what) > 0)
            return g_strdup(act_shortcut(player->sandbox, step->person, face->shortcuts[i].callback_id, channel,
                                         post != NULL ? post->ts : NULL));
    }
    return g_strdup_printf("there is no shortcut \"%s\"", step->what);
}

static char *say(struct player *player, const struct step *step)
{
    if (step->place.thread == NULL)
        return g_strdup(act_post(player->sandbox, step->person, step->place.channel, NULL, step->text));
    const struct channel *channel = NULL;
    char root[24] = "";
    if (!notebook_thread(player->notebook, &step->place, &channel, root))
        return g_strdup("there is no such thread yet");
    struct channel *where = channel_by_id(player->sandbox->workspace, channel->id);
    return g_strdup(act_post(player->sandbox, step->person, where, root, step->text));
}

static char *move_clock(struct player *player, const struct step *step)
{
    int64_t now = clock_now_ms(), to = script_time(step->what, now);
    if (step->done_before)
        return NULL;
    if (to < now)
        return g_strdup("the clock moves forward only");
    sandbox_move_clock(player->sandbox, to);
    return NULL;
}

static char *kill_bot(struct player *player)
{
    pid_t bot = player->sandbox->link != NULL ? link_peer(player->sandbox->link) : 0;
    return bot > 0 && kill(bot, SIGKILL) == 0 ? NULL : g_strdup("no bot is connected to the link");
}

static char *misbehave(struct player *player, const struct step *step)
{
    const char *why = NULL;
    g_autoptr(cJSON) order = json_parse(step->text, strlen(step->text), &why);
    return g_strdup(order != NULL ? misbehave_order(player->sandbox, order) : why);
}

char *player_do(struct player *player, const struct step *step)
{
    struct sandbox *sandbox = player->sandbox;
    switch (step->kind) {
    case STEP_CLOCK:
        return move_clock(player, step);
    case STEP_SAYS:
        return say(player, step);
    case STEP_TELLS:
        return g_strdup(act_post(sandbox, step->person, channel_direct(sandbox->workspace, step->person), NULL,
                                 step->text));
    case STEP_PRESSES:
        return press(player, step);
    case STEP_FILLS:
        return fill(player, step);
    case STEP_SUBMITS:
    case STEP_CLOSES:
        return submit(player, step);
    case STEP_HOME:
        return g_strdup(act_home(sandbox, step->person));
    case STEP_INVITES:
        return g_strdup(act_invite(sandbox, step->person, step->place.channel));
    case STEP_REMOVES:
        return g_strdup(act_remove(sandbox, step->person, step->place.channel));
    case STEP_SHORTCUT:
        return use_shortcut(player, step);
    case STEP_EDITS:
    case STEP_DELETES:
        return change_message(player, step);
    case STEP_JOINS:
    case STEP_LEAVES:
        return g_strdup(act_join(sandbox, step->person, step->place.channel, step->kind == STEP_JOINS));
    case STEP_DEACTIVATED:
    case STEP_ACTIVATED:
        return g_strdup(act_change_person(sandbox, step->person, step->kind == STEP_DEACTIVATED, NULL, NULL));
    case STEP_LEADS:
        step->place.channel->leader = step->person;
        return NULL;
    case STEP_LEADS_ALL:
    case STEP_LEADS_NOTHING:
        return g_strdup(act_lead(sandbox, step->person, step->kind == STEP_LEADS_ALL));
    case STEP_RENAMED:
        return g_strdup(act_change_person(sandbox, step->person, step->person->deleted, step->what, NULL));
    case STEP_MOVES:
        return g_strdup(act_change_person(sandbox, step->person, step->person->deleted, NULL, step->what));
    case STEP_GROUPED:
    case STEP_UNGROUPED:
        return g_strdup(act_group(sandbox, step->person, step->what, step->kind == STEP_GROUPED));
    case STEP_KILLED:
        return kill_bot(player);
    case STEP_MISBEHAVE:
        return misbehave(player, step);
    }
    return g_strdup("unknown step");
}
