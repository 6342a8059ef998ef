#include "tests/fault/deeds.h"

#include "tests/fault/dialect.h"

#include <string.h>

/* How each is done: the action of a button, or a command with the ask's number and words in it. */
static const struct {
    const char *name, *button, *command;
    const char *form; /* the field that takes the words */
} ways[DEED_KINDS] = {
    [DEED_OWN] = {"own button", "own", NULL, NULL},
    [DEED_VOICE] = {"voice form", "voice", NULL, "why"},
    [DEED_VOICE_TYPED] = {"voice typed", NULL, "/ask voice %" G_GINT64_FORMAT " because we lose deals too, %s", NULL},
    [DEED_UNKNOWN] = {"don't know button", "unknown", NULL, NULL},
    [DEED_WHY] = {"why form", "why", NULL, "why"},
    [DEED_WHY_TYPED] = {"answer typed", NULL, NULL, NULL},
    [DEED_DECIDE] = {"decision", NULL, "/ask decide %" G_GINT64_FORMAT " yes because it opens the market, %s", NULL},
    [DEED_START] = {"start", NULL, "/ask start %" G_GINT64_FORMAT " nothing gives way because it is time, %s", NULL},
    [DEED_SHIP] = {"ship", NULL, "/ask ship %" G_GINT64_FORMAT " because all is well, %s", NULL},
    [DEED_SEEN] = {"digest seen", "digestseen", NULL, NULL},
    [DEED_DISAGREE] = {"digest disagreement", "digestdisagree", NULL, "words"},
    [DEED_DIRECT] = {"direct message", "raisein", NULL, NULL},
    [DEED_SHORTCUT] = {"message shortcut", NULL, NULL, NULL},
};

static const char *const answer_commands[ANSWERS] = {"/why %" G_GINT64_FORMAT " %s", "/ask impact %" G_GINT64_FORMAT " %s",
                                                     "/ask evidence %" G_GINT64_FORMAT " %s"};
static const char *const fields[ANSWERS] = {"why", "impact", "evidence"};

const char *deed_name(enum deed_kind kind)
{
    return ways[kind].name;
}

bool deed_has_form(enum deed_kind kind)
{
    return ways[kind].form != NULL;
}

void deed_free(void *data)
{
    struct deed *deed = data;
    g_free(deed->message);
    g_free(deed->words);
    g_free(deed->view);
    g_free(deed);
}

/* ---- doing it ---- */

static const char *channel_of(const struct story *story, const struct deed *deed)
{
    if (deed->kind == DEED_DIRECT)
        return story->world->seats[deed->seat].direct;
    return deed->ask != NULL ? deed->ask->place : story->world->channel;
}

/* False when the button is not there any more. */
static bool press(struct story *story, struct deed *deed)
{
    const char *block_id = NULL;
    const cJSON *message = deed->message != NULL ? g_hash_table_lookup(story->shown, deed->message) : NULL;
    const cJSON *button = dialect_button(message, ways[deed->kind].button, &block_id);
    if (button == NULL)
        return false;
    cJSON *order = order_new("press");
    json_put_str(order, "channel", channel_of(story, deed));
    json_put_str(order, "ts", deed->message);
    json_put_str(order, "block_id", block_id);
    json_put_str(order, "action_id", json_str0(button, "action_id"));
    story_note(story, "%s presses: %s%s%s", story->world->seats[deed->seat].name, ways[deed->kind].name,
               deed->ask != NULL ? " of " : "", deed->ask != NULL ? deed->ask->words : "");
    world_do(story->world, deed->seat, order);
    return true;
}

static void use_shortcut(struct story *story, struct deed *deed)
{
    story_note(story, "%s raises as an ask: %s", story->world->seats[deed->seat].name, deed->ask->title);
    cJSON *order = order_new("shortcut");
    json_put_str(order, "callback_id", "raise_message");
    json_put_str(order, "channel", deed->ask->place);
    json_put_str(order, "ts", deed->message);
    world_do(story->world, deed->seat, order);
}

static void type(struct story *story, const struct deed *deed)
{
    const struct raised *ask = deed->ask;
    g_autofree char *text = NULL;
    if (deed->kind == DEED_WHY_TYPED) {
        g_autofree char *words = g_strdup_printf("%s %s", story_answer_form(ask->n_answers - 1), deed->words);
        text = g_strdup_printf(answer_commands[ask->n_answers - 1], ask->number, words);
    } else {
        text = g_strdup_printf(ways[deed->kind].command, ask->number, deed->words);
    }
    story_post(story, deed->seat, ask->place, NULL, text);
}

/* Done, or done again. False when there is nothing to do it with. */
static bool perform(struct story *story, struct deed *deed)
{
    deed->failed = false;
    deed->begun = true;
    story->forms[deed->seat] += ways[deed->kind].form != NULL;
    if (deed->kind == DEED_SHORTCUT || deed->kind == DEED_DIRECT)
        story_raise_again(story, deed->ask);
    if (deed->kind == DEED_SHORTCUT)
        use_shortcut(story, deed);
    else if (ways[deed->kind].button != NULL)
        return press(story, deed);
    else
        type(story, deed);
    return true;
}

/* ---- forms ---- */

static void submit(struct story *story, struct deed *deed)
{
    cJSON *order = order_new("submit"), *values = json_object();
    struct raised *ask = deed->ask;
    bool mattermost = world_is_mattermost(story->world);
    if (deed->kind == DEED_WHY) {
        if (!deed->sent)
            ask->form_from = ask->n_answers; /* what was not asked in the thread by now never is */
        for (int kind = ask->form_from; kind < ANSWERS; kind++) {
            if (!deed->sent)
                story_new_answer(story, ask);
            g_autofree char *text = g_strdup_printf("%s %s", story_answer_form(kind), ask->answers[kind].words);
            dialect_put_text(mattermost, values, fields[kind], text);
        }
    } else {
        g_autofree char *text = g_strdup_printf("It would change much, %s", deed->words);
        dialect_put_text(mattermost, values, ways[deed->kind].form, text);
    }
    deed->sent = true;
    deed->failed = false;
    json_put_str(order, "view", deed->view);
    json_put(order, "values", values);
    story_note(story, "    (%s sends the form)", story->world->seats[deed->seat].name);
    world_do(story->world, deed->seat, order);
}

static void finish(struct story *story, struct deed *deed)
{
    deed->done = true;
    story->doing[deed->seat] = NULL;
    if (deed->ask != NULL)
        deed->ask->busy = false;
    if (deed->kind == DEED_DIRECT)
        story->wrote_directly[deed->seat] = true;
}

void deeds_close_form(struct story *story, int seat, const char *view)
{
    cJSON *order = order_new("close");
    json_put_str(order, "view", view);
    world_do(story->world, seat, order);
}

void deeds_see_view(struct story *story, int seat, const char *what, const cJSON *see)
{
    struct deed *deed = story->doing[seat];
    bool waits = deed != NULL && ways[deed->kind].form != NULL;
    bool mattermost = world_is_mattermost(story->world), shown = strcmp(what, "view") == 0;
    /* A button pressed twice opens two forms, of which one is filled in. */
    if (shown && mattermost && (!waits || (deed->view != NULL && strcmp(deed->view, json_str0(see, "view.id")) != 0)))
        deeds_close_form(story, seat, json_str0(see, "view.id"));
    if (!waits)
        return;
    if (shown && (mattermost ? deed->view == NULL : !deed->sent)) {
        g_free(deed->view);
        deed->view = g_strdup(json_str(see, "view.id"));
        submit(story, deed);
    } else if (mattermost && json_true(see, "replaced") && g_strcmp0(json_str(see, "view"), deed->view) == 0) {
        g_clear_pointer(&deed->view, g_free); /* before it could be sent; the other is filled in then */
    } else if (strcmp(what, "closed") == 0 && deed->sent && g_strcmp0(json_str(see, "view"), deed->view) == 0) {
        story_note(story, "    (%s's form is accepted)", story->world->seats[seat].name);
        finish(story, deed);
    } else if (strcmp(what, "errors") == 0) {
        g_autofree char *text = json_text(json_get(see, "errors"));
        story_note(story, "    (%s's form is sent back: %s)", story->world->seats[seat].name, text);
        deed->failed = true;
    }
}

/* ---- choosing what to do ---- */

static bool here(const struct story *story, const struct raised *ask)
{
    return ask->place == story->world->channel && ask->card != NULL && !ask->busy && !ask->twice;
}

static bool is_open(const struct story *story, const struct raised *ask)
{
    return here(story, ask) && ask->number != 0 && !ask->ended;
}

static bool unowned(const struct story *story, const struct raised *ask)
{
    return here(story, ask) && !ask->ended && !ask->owned;
}

static bool wants_answer(const struct story *story, const struct raised *ask)
{
    return here(story, ask) && story_may_answer(story, ask);
}

static bool wants_typed_answer(const struct story *story, const struct raised *ask)
{
    return wants_answer(story, ask) && ask->number != 0;
}

static bool undecided(const struct story *story, const struct raised *ask)
{
    return is_open(story, ask) && ask->state == NULL;
}

static bool unstarted(const struct story *story, const struct raised *ask)
{
    return is_open(story, ask) && !ask->owned && g_strcmp0(ask->state, "started") != 0;
}

/* Its answers are in: one that is still on its way might come too late. */
static bool unshipped(const struct story *story, const struct raised *ask)
{
    return is_open(story, ask) && !ask->owned && g_strcmp0(ask->state, "started") == 0 && ask->answered_in != story->cycle;
}

static bool did_before(const struct story *story, enum deed_kind kind, int seat, const struct raised *ask,
                       const char *message)
{
    for (guint i = 0; i < story->deeds->len; i++) {
        const struct deed *deed = g_ptr_array_index(story->deeds, i);
        if (deed->kind == kind && deed->seat == seat && deed->ask == ask &&
            (ask != NULL || g_strcmp0(deed->message, message) == 0))
            return true;
    }
    return false;
}

bool deeds_touch(const struct story *story, const struct raised *ask)
{
    for (guint i = 0; i < story->deeds->len; i++) {
        if (((const struct deed *)g_ptr_array_index(story->deeds, i))->ask == ask)
            return true;
    }
    return false;
}

static struct deed *deed_new(struct story *story, enum deed_kind kind, int seat, struct raised *ask)
{
    struct deed *deed = g_new0(struct deed, 1);
    deed->kind = kind;
    deed->seat = seat;
    deed->ask = ask;
    deed->words = story_new_words(story);
    if (ask != NULL)
        ask->busy = true;
    story->doing[seat] = deed;
    g_ptr_array_add(story->deeds, deed);
    return deed;
}

static bool is_free(const struct story *story, int seat)
{
    return story->doing[seat] == NULL && story->waiting[seat] == NULL && !(seat == SAM && story->form != NULL);
}

static bool begin_on_digest(struct story *story, enum deed_kind kind)
{
    int seat = story_chance(story, SAM);
    if (story->digest == NULL || !is_free(story, seat) || did_before(story, kind, seat, NULL, story->digest))
        return false;
    struct deed *deed = deed_new(story, kind, seat, NULL);
    deed->message = g_strdup(story->digest);
    if (!perform(story, deed))
        finish(story, deed);
    return true;
}

/* Two people: whose words become an ask, and who raises it. */
static bool begin_raising(struct story *story, enum deed_kind kind)
{
    int seat = 1 + story_chance(story, 2), author = kind == DEED_DIRECT ? seat : 3 - seat;
    if (!is_free(story, seat) || (kind == DEED_DIRECT && !story->knows_channel[seat]))
        return false;
    /* Of a first message that was lost nobody knows where to look for it. */
    if (kind == DEED_DIRECT && story->losing && !world_is_mattermost(story->world) && !story->wrote_directly[seat])
        return false;
    struct raised *ask = story_new_ask(story, seat, author);
    ask->told = TOLD_NEVER;
    deed_new(story, kind, seat, ask);
    story_post(story, author, kind == DEED_DIRECT ? story->world->seats[seat].direct : ask->place, NULL, ask->title);
    return true;
}

static bool begin(struct story *story, enum deed_kind kind, bool (*fits)(const struct story *, const struct raised *),
                  int seat)
{
    struct raised *ask = story_choose(story, fits);
    if (ask == NULL)
        return false;
    if (seat < 0)
        seat = ask->asker;
    bool needs_other = kind == DEED_VOICE || kind == DEED_VOICE_TYPED;
    if (!is_free(story, seat) || (needs_other && (seat == ask->asker || did_before(story, DEED_VOICE, seat, ask, NULL) ||
                                                  did_before(story, DEED_VOICE_TYPED, seat, ask, NULL))))
        return false;
    struct deed *deed = deed_new(story, kind, seat, ask);
    deed->message = g_strdup(kind == DEED_UNKNOWN ? ask->question : ask->card);
    if (kind == DEED_OWN)
        ask->owned = true;
    else if (kind == DEED_DECIDE)
        ask->state = "accepted";
    else if (kind == DEED_START)
        ask->state = "started";
    else if (kind == DEED_SHIP) {
        ask->state = "shipped";
        ask->ended = ask->closed = true;
    } else if (kind == DEED_WHY_TYPED) {
        g_free(deed->words);
        deed->words = g_strdup(story_new_answer(story, ask)->words);
    } else if (kind == DEED_UNKNOWN) {
        story_new_answer(story, ask)->unknown = true;
    } else if (kind == DEED_WHY) {
        ask->answered_in = story->cycle;
    }
    if (!perform(story, deed)) {
        /* The page has not shown that button yet. */
        if (kind == DEED_OWN)
            ask->owned = false;
        else if (kind == DEED_UNKNOWN)
            story_no_answer(ask);
        finish(story, deed);
        g_ptr_array_remove(story->deeds, deed);
        return false;
    }
    return true;
}

bool deeds_can(const struct story *story, enum deed_kind kind)
{
    return kind != DEED_SHORTCUT || !world_is_mattermost(story->world);
}

static bool act(struct story *story, enum deed_kind kind)
{
    int somebody = 1 + story_chance(story, 2);
    if (!deeds_can(story, kind))
        return false;
    switch (kind) {
    case DEED_OWN:
        return begin(story, kind, unowned, somebody);
    case DEED_VOICE:
    case DEED_VOICE_TYPED:
        return begin(story, kind, is_open, story_chance(story, SAM));
    case DEED_UNKNOWN:
    case DEED_WHY:
        return begin(story, kind, wants_answer, -1);
    case DEED_WHY_TYPED:
        return begin(story, kind, wants_typed_answer, -1);
    case DEED_DECIDE:
        return begin(story, kind, undecided, SAM);
    case DEED_START:
        return begin(story, kind, unstarted, SAM);
    case DEED_SHIP:
        return begin(story, kind, unshipped, SAM);
    case DEED_SEEN:
    case DEED_DISAGREE:
        return begin_on_digest(story, kind);
    default:
        return begin_raising(story, kind);
    }
}

static int done_so_far(const struct story *story, enum deed_kind kind)
{
    int times = 0;
    for (guint i = 0; i < story->deeds->len; i++)
        times += ((const struct deed *)g_ptr_array_index(story->deeds, i))->kind == kind;
    return times;
}

/* Every other time what was done least here, and can be: some need much to happen before, and a world may be short. */
bool deeds_act(struct story *story)
{
    if (story_chance(story, 2) == 0)
        return act(story, (enum deed_kind)story_chance(story, DEED_KINDS));
    bool tried[DEED_KINDS] = {false};
    for (int i = 0; i < DEED_KINDS; i++) {
        int least = -1;
        for (int kind = 0; kind < DEED_KINDS; kind++) {
            if (!tried[kind] && (least < 0 || done_so_far(story, (enum deed_kind)kind) < done_so_far(story, (enum deed_kind)least)))
                least = kind;
        }
        tried[least] = true;
        if (act(story, (enum deed_kind)least))
            return true;
    }
    return false;
}

/* ---- what comes of it ---- */

bool deeds_again(struct story *story)
{
    bool some = false;
    for (int seat = 0; seat < SEATS; seat++) {
        struct deed *deed = story->doing[seat];
        if (deed == NULL)
            continue;
        bool form = ways[deed->kind].form != NULL;
        if (!deed->begun) {
            continue; /* what it is about was never shown: check.c tells */
        } else if (form && deed->sent && deed->failed) {
            submit(story, deed);
        } else if (form ? deed->sent : !deed->failed) {
            if (!form)
                finish(story, deed);
            continue;
        } else if (!perform(story, deed)) {
            finish(story, deed); /* the button is gone: it has had its effect, or never will */
            continue;
        }
        some = true;
    }
    return some;
}

void deeds_see_message(struct story *story, int seat, const char *channel, const cJSON *message)
{
    const char *ts = json_str0(message, "ts"), *text = json_str0(message, "text");
    bool bot = json_true(message, "bot"), direct = strcmp(channel, story->world->seats[seat].direct) == 0;
    const char *block_id = NULL;
    if (bot && (seat == 0 || direct))
        g_hash_table_replace(story->shown, g_strdup(ts), cJSON_Duplicate(message, true));
    if (bot && seat == 0 && !direct && dialect_button(message, "digestseen", &block_id) != NULL &&
        strcmp(channel, story->world->channel) == 0) {
        g_free(story->digest);
        story->digest = g_strdup(ts);
    }
    struct deed *deed = story->doing[seat];
    if (deed == NULL || deed->begun || deed->ask == NULL)
        return;
    bool offered = deed->kind == DEED_DIRECT && bot && direct && dialect_button(message, "raisein", &block_id) != NULL;
    bool said = deed->kind == DEED_SHORTCUT && !bot && strcmp(channel, deed->ask->place) == 0;
    g_autofree char *blocks = json_text(json_get(message, "blocks"));
    /* Whoever never asked for themselves is offered no channel by its name, but a form to choose one in: left alone. */
    if (deed->kind == DEED_DIRECT && bot && direct && !offered && dialect_button(message, "raiseform", &block_id) != NULL &&
        strstr(text, deed->ask->words) != NULL) {
        deed->ask->told = TOLD_GONE;
        story->doing[seat] = NULL;
        g_ptr_array_remove(story->deeds, deed);
        return;
    }
    if ((!offered && !said) || (strstr(text, deed->ask->words) == NULL && strstr(blocks, deed->ask->words) == NULL))
        return;
    deed->message = g_strdup(ts);
    perform(story, deed);
}

void deeds_see_trouble(struct story *story, int seat, const char *text)
{
    struct deed *deed = story->doing[seat];
    if (deed == NULL)
        return;
    deed->failed = true;
    story_note(story, "    (%s is refused: %s)", story->world->seats[seat].name, text);
}

int deeds_open(const struct story *story)
{
    int open = 0;
    for (int seat = 0; seat < SEATS; seat++)
        open += story->doing[seat] != NULL;
    return open;
}
