/* People act by chance, and remember what they did; what they see is told them by their pages. */
#include "tests/fault/deeds.h"
#include "tests/fault/dialect.h"

#include <stdio.h>
#include <string.h>

enum {
    SLIP_MS = 55000, /* the same words within a minute are taken as a slip */
};

static const char *const forms[ANSWERS] = {"because Acme's IT forbids passwords,", "churn down 2%,", "Acme told us so,"};

void story_note(struct story *story, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (story->told->len == 0)
        story->told_at = g_get_monotonic_time();
    g_string_append_printf(story->told, "  %6.2f s  ", (double)(g_get_monotonic_time() - story->told_at) / 1e6);
    g_string_append_vprintf(story->told, format, arguments);
    g_string_append_c(story->told, '\n');
    va_end(arguments);
}

int story_chance(struct story *story, int below)
{
    return g_rand_int_range(story->rand, 0, below);
}

char *story_new_words(struct story *story)
{
    return g_strdup_printf("k%04dz", ++story->next_words);
}

void story_post(struct story *story, int seat, const char *channel, const char *thread, const char *text)
{
    cJSON *order = order_new("post");
    json_put_str(order, "channel", channel);
    json_put_str(order, "thread", thread);
    json_put_str(order, "text", text);
    story_note(story, "%s%s: %s", story->world->seats[seat].name, thread != NULL ? " in thread" : "", text);
    world_do(story->world, seat, order);
}

/* ---- asks ---- */

void story_raise_again(const struct story *story, struct raised *ask)
{
    int64_t now = world_now(story->world);
    if (ask->typed_at == 0)
        ask->typed_at = now;
    ask->twice = ask->twice || now - ask->typed_at > SLIP_MS;
}

static void type_ask(struct story *story, struct raised *ask)
{
    story->counts.again += ask->told == TOLD_TROUBLE;
    const struct seat *asker = &story->world->seats[ask->asker];
    g_autofree char *text = ask->raiser == ask->asker ? g_strdup_printf("/ask %s", ask->title)
                                                      : g_strdup_printf("/ask %s for @%s", ask->title, asker->name);
    story_raise_again(story, ask);
    ask->told = TOLD_NOTHING;
    story->waiting[ask->raiser] = ask;
    story_post(story, ask->raiser, ask->place, NULL, text);
}

struct raised *story_new_ask(struct story *story, int raiser, int asker)
{
    struct raised *ask = g_new0(struct raised, 1);
    ask->words = story_new_words(story);
    ask->title = g_strdup_printf("Please build report %s", ask->words);
    bool private = raiser == 0 && asker == 0 && story_chance(story, 3) == 0;
    ask->place = raiser == CEO ? story->world->far : private ? story->world->deals : story->world->channel;
    ask->raiser = raiser;
    ask->asker = asker;
    ask->form_from = -1;
    ask->eager = raiser != CEO && story_chance(story, 3) == 0;
    ask->closed = raiser == CEO;
    ask->answered_in = -1;
    g_ptr_array_add(story->asks, ask);
    return ask;
}

static bool act_ask(struct story *story, bool for_another)
{
    int seat = story_chance(story, SAM);
    if (story->waiting[seat] != NULL || story->doing[seat] != NULL)
        return false;
    type_ask(story, story_new_ask(story, seat, for_another ? (seat + 1) % SAM : seat));
    return true;
}

/* The form behind "New ask", or a bare /ask: opened, filled in and sent as soon as it is seen. */
static bool act_form(struct story *story)
{
    if (story->form != NULL || story->doing[SAM] != NULL)
        return false;
    story->form = story_new_ask(story, SAM, SAM);
    story->forms[SAM]++;
    story_note(story, "sam opens a form for: %s", story->form->title);
    if (world_is_mattermost(story->world)) { /* without shortcuts */
        story_post(story, SAM, story->world->channel, NULL, "/ask");
        return true;
    }
    cJSON *order = order_new("shortcut");
    json_put_str(order, "callback_id", "new_ask");
    world_do(story->world, SAM, order);
    return true;
}

static void submit(struct story *story)
{
    cJSON *order = order_new("submit"), *values = json_object();
    bool mattermost = world_is_mattermost(story->world);
    dialect_put_text(mattermost, values, "title", story->form->title);
    dialect_put_channel(mattermost, values, "channel", story->world->channel);
    json_put_str(order, "view", story->view);
    json_put(order, "values", values);
    story->form_failed = false;
    story_note(story, "    (sam sends the form)");
    world_do(story->world, SAM, order);
}

/* Sent again, when that failed; given up, when it never opened. True when something was done. */
static bool form_again(struct story *story)
{
    if (story->form == NULL)
        return false;
    if (story->view == NULL) {
        story->form->told = TOLD_GONE;
        story->form = NULL;
        return false;
    }
    if (story->form_failed)
        submit(story);
    return true;
}

void story_see_form(struct story *story, const char *what, const cJSON *see)
{
    if (story->form == NULL)
        return;
    if (strcmp(what, "view") == 0 && story->view == NULL) {
        story->view = g_strdup(json_str(see, "view.id"));
        submit(story);
    } else if (strcmp(what, "view") == 0 && world_is_mattermost(story->world) &&
               strcmp(story->view, json_str0(see, "view.id")) != 0) {
        deeds_close_form(story, SAM, json_str0(see, "view.id"));
    } else if (world_is_mattermost(story->world) && json_true(see, "replaced") &&
               g_strcmp0(json_str(see, "view"), story->view) == 0) {
        g_clear_pointer(&story->view, g_free); /* before it could be sent: the other is filled in then */
    } else if (strcmp(what, "closed") == 0 && g_strcmp0(json_str(see, "view"), story->view) == 0) {
        story_note(story, "    (sam's form is accepted)");
        story->form->told = TOLD_NEVER;
        story->form = NULL;
        g_clear_pointer(&story->view, g_free);
    } else if (strcmp(what, "errors") == 0) {
        g_autofree char *text = json_text(json_get(see, "errors"));
        story_note(story, "    (sam's form is sent back: %s)", text);
        story->form_failed = true;
    }
}

static void visit(struct story *story, const char *what)
{
    story_note(story, "ceo: %s askwhy, #leadership", what);
    cJSON *order = order_new(what);
    json_put_str(order, "channel", story->world->far);
    world_do(story->world, CEO, order);
}

void story_invite(struct story *story)
{
    visit(story, "invite");
}

void story_begin(struct story *story)
{
    cJSON *order = order_new("invite");
    json_put_str(order, "channel", story->world->deals);
    world_do(story->world, 0, order);
    cJSON_Delete(world_history(story->world, 0, story->world->deals)); /* by then it has happened */
}

/* Where askwhy is not: it joins to post the card; sent away meanwhile, it posts when it is back. */
static bool act_far(struct story *story, bool away)
{
    if (story_chance(story, 3) == 0)
        visit(story, story_chance(story, 2) == 0 ? "remove" : "invite");
    else if (away || story->waiting[CEO] != NULL)
        return false;
    else
        type_ask(story, story_new_ask(story, CEO, CEO));
    return true;
}

static bool act_mention(struct story *story)
{
    struct raised *ask = story_new_ask(story, SAM, SAM);
    ask->told = TOLD_NEVER;
    g_autofree char *text = g_strdup_printf("@askwhy %s", ask->title);
    story_post(story, SAM, story->world->channel, NULL, text);
    return true;
}

bool story_again(struct story *story)
{
    bool some = form_again(story);
    some = deeds_again(story) || some;
    for (guint i = 0; i < story->asks->len; i++) {
        struct raised *ask = g_ptr_array_index(story->asks, i);
        bool busy = story->waiting[ask->raiser] != NULL || story->doing[ask->raiser] != NULL;
        if (ask->told != TOLD_TROUBLE || busy)
            continue; /* one thing at a time: whose answer it is could not be told */
        type_ask(story, ask);
        some = true;
    }
    return some;
}

bool story_waits(const struct story *story)
{
    bool waits = story->form != NULL || deeds_open(story) > 0;
    for (int i = 0; i < SEATS; i++)
        waits = waits || story->waiting[i] != NULL;
    return waits;
}

/* ---- answers ---- */

const char *story_answer_form(int kind)
{
    return forms[kind];
}

struct answer *story_new_answer(struct story *story, struct raised *ask)
{
    struct answer *answer = &ask->answers[ask->n_answers++];
    answer->words = story_new_words(story);
    answer->gone = g_ptr_array_new_with_free_func(g_free);
    ask->answered_in = story->cycle;
    return answer;
}

static void answer_free(struct answer *answer)
{
    g_free(answer->words);
    g_free(answer->ts);
    g_ptr_array_unref(answer->gone);
    *answer = (struct answer){0};
}

void story_no_answer(struct raised *ask)
{
    answer_free(&ask->answers[--ask->n_answers]);
}

void story_answer(struct story *story, struct raised *ask)
{
    const char *form = forms[ask->n_answers];
    g_autofree char *text = g_strdup_printf("%s %s", form, story_new_answer(story, ask)->words);
    story_post(story, ask->asker, ask->place, ask->card, text);
}

bool story_answer_all(struct story *story)
{
    bool some = false;
    for (guint i = 0; i < story->asks->len; i++) {
        struct raised *ask = g_ptr_array_index(story->asks, i);
        if (ask->n_answers > 0 || ask->card == NULL || ask->ended || ask->twice)
            continue;
        story_answer(story, ask);
        some = true;
    }
    return some;
}

/* One of those that fit, by chance; NULL when none does. */
struct raised *story_choose(struct story *story, bool (*fits)(const struct story *story, const struct raised *ask))
{
    g_autoptr(GPtrArray) fitting = g_ptr_array_new();
    for (guint i = 0; i < story->asks->len; i++) {
        struct raised *ask = g_ptr_array_index(story->asks, i);
        if (fits(story, ask))
            g_ptr_array_add(fitting, ask);
    }
    return fitting->len > 0 ? g_ptr_array_index(fitting, story_chance(story, (int)fitting->len)) : NULL;
}

/* One answer a cycle: two on their way at once may rightly be taken in either order. */
bool story_may_answer(const struct story *story, const struct raised *ask)
{
    return ask->card != NULL && !ask->closed && !ask->busy && ask->n_answers < ANSWERS && ask->answered_in != story->cycle;
}

static bool has_answer(const struct story *story, const struct raised *ask)
{
    /* A form under way may hold the words that stand there now, and send them again. */
    return story->doing[ask->asker] == NULL && ask->n_answers > 0 && ask->answers[ask->n_answers - 1].ts != NULL && !ask->answers[ask->n_answers - 1].deleted;
}

static bool act_answer(struct story *story)
{
    struct raised *ask = story_choose(story, story_may_answer);
    if (ask != NULL)
        story_answer(story, ask);
    return ask != NULL;
}

static bool act_edit(struct story *story)
{
    struct raised *ask = story_choose(story, has_answer);
    if (ask == NULL)
        return false;
    struct answer *answer = &ask->answers[ask->n_answers - 1];
    char *words = story_new_words(story);
    g_autofree char *text = g_strdup_printf("Acme cannot live without it, %s", words);
    story_note(story, "%s edits %s to: %s", story->world->seats[ask->asker].name, answer->words, text);
    g_ptr_array_add(answer->gone, answer->words);
    answer->words = words;
    cJSON *order = order_new("edit");
    json_put_str(order, "channel", ask->place);
    json_put_str(order, "ts", answer->ts);
    json_put_str(order, "text", text);
    world_do(story->world, ask->asker, order);
    return true;
}

static bool act_delete(struct story *story)
{
    struct raised *ask = story_choose(story, has_answer);
    /* Of what was said and deleted while askwhy was away, Mattermost's history does not say what it was. */
    if (ask == NULL || (world_is_mattermost(story->world) && ask->answered_in == story->cycle))
        return false;
    struct answer *answer = &ask->answers[ask->n_answers - 1];
    story_note(story, "%s deletes %s", story->world->seats[ask->asker].name, answer->words);
    answer->deleted = ask->closed = true;
    cJSON *order = order_new("delete");
    json_put_str(order, "channel", ask->place);
    json_put_str(order, "ts", answer->ts);
    world_do(story->world, ask->asker, order);
    return true;
}

/* ---- an administrator ---- */

static bool stands_alone(const struct story *story, const struct raised *ask)
{
    bool rests = ask->card != NULL && ask->card_id != NULL && ask->number != 0 && !ask->busy && !ask->closed && !ask->ended;
    if (!rests || ask->twice || ask->n_answers > 0 || strcmp(ask->place, story->world->channel) != 0)
        return false;
    return !deeds_touch(story, ask);
}

/* A card is deleted, its thread with it, while somebody still has something to say there. */
static bool act_uproot(struct story *story, bool away)
{
    struct raised *ask = world_is_mattermost(story->world) ? story_choose(story, stands_alone) : NULL;
    if (ask == NULL)
        return false;
    story_note(story, "an administrator deletes the card of %s", ask->words);
    ask->uprooted = ask->closed = ask->ended = true;
    story->uprooted++;
    world_remove(story->world, ask->card_id);
    if (!away && story_chance(story, 2) == 0) {
        g_autofree char *text = g_strdup_printf("/why %" G_GINT64_FORMAT " because it was asked for twice", ask->number);
        story_post(story, ask->asker, ask->place, NULL, text);
    }
    return true;
}

/* ---- everything ---- */

/* What leaves no trace: a private look at the digest, talk elsewhere. */
static bool act_small(struct story *story, bool away)
{
    if (away || story_chance(story, 2) == 0)
        story_post(story, 0, story->world->other, NULL, "Lunch, anybody?");
    else
        story_post(story, SAM, story->world->channel, NULL, "/ask digest");
    return true;
}

void story_act(struct story *story, bool away)
{
    bool mattermost = world_is_mattermost(story->world); /* tells in its history what was edited and deleted */
    for (int tries = 0; tries < 20; tries++) {
        int what = story_chance(story, 100);
        bool done = false;
        if (what < 14)
            done = !away && act_ask(story, false);
        else if (what < 20)
            done = act_far(story, away);
        else if (what < 28)
            done = !away && act_ask(story, true);
        else if (what < 34)
            done = act_mention(story);
        else if (what < 39)
            done = !away && act_form(story);
        else if (what < 55)
            done = act_answer(story);
        else if (what < 60)
            done = (!story->losing || mattermost) && act_edit(story);
        else if (what < 63)
            done = (!story->losing || mattermost) && act_delete(story);
        else if (what < 95)
            done = !away && deeds_act(story);
        else if (what < 97)
            done = act_uproot(story, away);
        else
            done = act_small(story, away);
        if (done)
            return;
    }
}

bool story_fills_in(const struct story *story)
{
    bool open = story->form != NULL;
    for (int seat = 0; seat < SEATS; seat++)
        open = open || (story->doing[seat] != NULL && deed_has_form(story->doing[seat]->kind));
    return open && world_is_mattermost(story->world);
}

/* The next Monday, half a minute past 9:00 in Tallinn. */
void story_monday(struct story *story)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Tallinn");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(world_now(story->world) / 1000);
    g_autoptr(GDateTime) now = g_date_time_to_timezone(utc, zone);
    g_autoptr(GDateTime) day = g_date_time_add_days(now, 8 - g_date_time_get_day_of_week(now));
    g_autoptr(GDateTime) monday = g_date_time_new(zone, g_date_time_get_year(day), g_date_time_get_month(day),
                                                  g_date_time_get_day_of_month(day), 9, 0, 30);
    bool worth = false; /* of a week in which nothing happened nobody is told */
    for (guint i = 0; i < story->asks->len && !worth; i++) {
        const struct raised *ask = g_ptr_array_index(story->asks, i);
        worth = ask->number != 0 && strcmp(ask->place, story->world->channel) == 0;
    }
    story->mondays++;
    story->mondays_with_asks += worth;
    story_note(story, "the clock moves to Monday");
    world_move_clock(story->world, g_date_time_to_unix(monday) * 1000);
}

static void ask_free(void *data)
{
    struct raised *ask = data;
    for (int i = 0; i < ask->n_answers; i++)
        answer_free(&ask->answers[i]);
    g_free(ask->question);
    g_free(ask->words);
    g_free(ask->title);
    g_free(ask->card);
    g_free(ask->card_id);
    g_free(ask);
}

struct story *story_new(GRand *rand)
{
    struct story *story = g_new0(struct story, 1);
    story->rand = rand;
    story->asks = g_ptr_array_new_with_free_func(ask_free);
    story->raised = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    story->deeds = g_ptr_array_new_with_free_func(deed_free);
    story->shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cJSON_Delete);
    story->told = g_string_new(NULL);
    return story;
}

void story_free(struct story *story)
{
    g_ptr_array_unref(story->asks);
    g_hash_table_destroy(story->raised);
    g_ptr_array_unref(story->deeds);
    g_hash_table_destroy(story->shown);
    g_free(story->digest);
    g_free(story->view);
    g_string_free(story->told, TRUE);
    g_free(story);
}
