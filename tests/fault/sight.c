/* What people see on their pages, and what it tells them of what they did. */
#include "tests/fault/deeds.h"
#include "tests/fault/dialect.h"

#include <string.h>

static int64_t number_in(const char *text, const char *before)
{
    const char *at = strstr(text, before);
    if (at == NULL)
        return 0;
    at += strlen(before);
    at += strspn(at, "*#");
    return g_ascii_strtoll(at, NULL, 10);
}

/* The second answer to a command that was called twice; its person has typed something else since. */
static bool is_of_another(const struct story *story, const struct raised *ask, int64_t number)
{
    for (guint i = 0; i < story->asks->len && world_is_mattermost(story->world); i++) {
        const struct raised *other = g_ptr_array_index(story->asks, i);
        if (other != ask && other->raiser == ask->raiser && other->told_number == number)
            return true;
    }
    return false;
}

static void see_private(struct story *story, int seat, const char *text)
{
    int64_t raised = number_in(text, "Raised as "), already = number_in(text, "Already #");
    if (raised != 0) {
        int64_t *key = g_memdup2(&raised, sizeof raised);
        int count = GPOINTER_TO_INT(g_hash_table_lookup(story->raised, key)) + 1;
        g_hash_table_replace(story->raised, key, GINT_TO_POINTER(count));
    }
    struct raised *ask = story->waiting[seat];
    if (ask == NULL || (raised == 0 && already == 0) || (already != 0 && is_of_another(story, ask, already)))
        return;
    ask->told_number = raised != 0 ? raised : already;
    if (ask->number == 0)
        ask->number = ask->told_number;
    ask->told = TOLD_RAISED;
    story->counts.acknowledged++;
    story->counts.already += already != 0;
    story->knows_channel[seat] = true;
    story->waiting[seat] = NULL;
    story_note(story, "    (%s is told: #%" G_GINT64_FORMAT "%s)", story->world->seats[seat].name, ask->told_number,
               raised != 0 ? "" : " already");
}

static void see_trouble(struct story *story, int seat, const char *text)
{
    struct raised *ask = story->waiting[seat];
    if (story->doing[seat] != NULL) {
        deeds_see_trouble(story, seat, text);
        return;
    }
    if (!dialect_is_ask_trouble(text)) {
        story_note(story, "    (%s is refused: %s)", story->world->seats[seat].name, text);
        story->form_failed = story->form_failed || (seat == SAM && story->view != NULL);
        return;
    }
    if (ask == NULL)
        return;
    ask->told = TOLD_TROUBLE;
    story->counts.failed++;
    story->waiting[seat] = NULL;
    story_note(story, "    (%s is told that it failed)", story->world->seats[seat].name);
}

static bool asks_something(const cJSON *message)
{
    const char *block_id = NULL;
    return dialect_button(message, "unknown", &block_id) != NULL;
}

static void see_message(struct story *story, const char *channel, const cJSON *message)
{
    const char *text = json_str0(message, "text"), *ts = json_str0(message, "ts");
    const char *thread = json_str(message, "thread_ts");
    bool bot = json_true(message, "bot");
    for (guint i = 0; i < story->asks->len; i++) {
        struct raised *ask = g_ptr_array_index(story->asks, i);
        if (strcmp(ask->place, channel) != 0)
            continue;
        if (bot && thread == NULL && dialect_is_card(message) && strstr(text, ask->words) != NULL) {
            bool first = ask->card == NULL;
            if (first) {
                ask->card = g_strdup(ts);
                ask->card_id = g_strdup(dialect_id(message));
            }
            if (ask->number == 0)
                ask->number = number_in(text, "#");
            if (first && ask->eager)
                story_answer(story, ask);
        }
        if (bot && thread != NULL && g_strcmp0(thread, ask->card) == 0 && asks_something(message)) {
            g_free(ask->question);
            ask->question = g_strdup(ts);
        }
        for (int k = 0; k < ask->n_answers && !bot; k++) {
            struct answer *answer = &ask->answers[k];
            if (answer->ts == NULL && strstr(text, answer->words) != NULL)
                answer->ts = g_strdup(ts);
        }
    }
}

/* Of those who are in a channel, one sees for all. */
static bool sees_for_all(const struct story *story, int seat, const char *channel)
{
    const struct world *world = story->world;
    return g_strcmp0(channel, world->far) == 0 ? seat == CEO
                                               : seat == 0 && (strcmp(channel, world->channel) == 0 ||
                                                               g_strcmp0(channel, world->deals) == 0);
}

void story_see(const struct seat *seat, const char *what, const cJSON *see, void *data)
{
    struct story *story = data;
    const char *channel = json_str0(see, "channel");
    bool form = strcmp(what, "view") == 0 || strcmp(what, "closed") == 0 || strcmp(what, "errors") == 0;
    if (strcmp(what, "ephemeral") == 0)
        see_private(story, seat->number, json_str0(see, "message.text"));
    else if (strcmp(what, "trouble") == 0)
        see_trouble(story, seat->number, json_str0(see, "text"));
    else if (form && seat->number == SAM && story->form != NULL)
        story_see_form(story, what, see);
    else if (form)
        deeds_see_view(story, seat->number, what, see);
    if (strcmp(what, "message") != 0)
        return;
    if (sees_for_all(story, seat->number, channel))
        see_message(story, channel, json_get(see, "message"));
    deeds_see_message(story, seat->number, channel, json_get(see, "message"));
}
