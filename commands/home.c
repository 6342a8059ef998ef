/* The home page of a person: their asks, and whose turn each is. */
#include "commands/clarify.h"
#include "commands/list.h"
#include "commands/say.h"

#include <string.h>

enum { HOME_MAX = 10, HOME_TITLE_MAX = 80, HOME_COUNTED = 200 };

struct home {
    struct context *ctx;
    struct person person;
    const char *language;
    struct viewer viewer;
    struct message *message;
};

static char *title_of(struct home *home, const char *words)
{
    char *title = show_line(home->ctx, words, HOME_TITLE_MAX);
    if (*title != '\0')
        return title;
    g_free(title);
    return say(home->language, "erased", NULL);
}

static void add_more(struct home *home, int64_t total)
{
    if (total <= HOME_MAX)
        return;
    const char *entry = total > HOME_COUNTED - HOME_MAX ? "home.many" : "home.more";
    int64_t more = MIN(total, HOME_COUNTED - HOME_MAX) - HOME_MAX;
    g_autofree char *text = say_n(home->language, entry, more, "command", home->ctx->settings->command, NULL);
    message_add(home->message, PART_NOTE, text);
}

static void add_heading(struct home *home, char *text)
{
    message_add(home->message, PART_HEADING, text);
    g_free(text);
}

/* "Which number should move?" is what the person is asked; it can be answered from here. */
static void add_my_turn(struct home *home, const struct ask_line *line)
{
    struct question question = {0};
    store_open_question(home->ctx->store, line->number, &question);
    g_autofree char *number = show_number(line->number);
    g_autofree char *title = title_of(home, line->title);
    struct ask ask = {0};
    struct channel channel = {0};
    if (store_load_ask(home->ctx->store, line->number, &ask))
        store_get_channel(home->ctx->store, ask.channel, &channel);
    g_autofree char *put = question_text(&channel, home->language, question.kind != NULL ? question.kind : "why");
    ask_done(&ask);
    channel_done(&channel);
    g_autofree char *text =
        g_strcmp0(question.kind, "why") == 0      ? say(home->language, "home.turn.why", "ask", number, "title", title, NULL)
        : g_strcmp0(question.kind, "impact") == 0 ? say(home->language, "home.turn.impact", "ask", number, "title", title, NULL)
                                                  : say(home->language, "home.turn.other", "ask", number, "title", title,
                                                        "question", put, NULL);
    message_add(home->message, PART_TEXT, text);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, line->number);
    g_autofree char *label = say(home->language, "home.button.answer", NULL);
    message_add_button(home->message, "why", value, label, BUTTON_PRIMARY);
    question_done(&question);
}

/* Who has to act next on an ask that is not mine to answer; NULL when nobody in particular. */
static char *turn_of(struct home *home, const struct ask *ask)
{
    struct context *ctx = home->ctx;
    int64_t whom = ask->turn;
    if (whom == 0)
        return NULL;
    if (whom == home->person.id)
        return say(home->language, "home.waits.you", NULL);
    g_autofree char *name = show_person(ctx, whom);
    return say(home->language, "home.waits.for", "person", name, NULL);
}

static char *other_line(struct home *home, const struct ask_line *line)
{
    struct ask ask;
    if (!store_get_ask(home->ctx->store, &home->viewer, line->number, &ask))
        return NULL;
    g_autofree char *number = show_number(line->number);
    g_autofree char *state = show_state(home->language, line->state);
    g_autofree char *title = title_of(home, line->title);
    g_autofree char *turn = turn_of(home, &ask);
    ask_done(&ask);
    return say(home->language, "home.line", "ask", number, "state", state, "title", title, "turn",
               turn != NULL ? turn : "", NULL);
}

static bool stands_in(GArray *lines, int64_t number)
{
    for (guint i = 0; i < lines->len; i++) {
        if (g_array_index(lines, struct ask_line, i).number == number)
            return true;
    }
    return false;
}

static void add_reminders(struct home *home)
{
    const char *command = home->ctx->settings->command;
    g_autofree char *text = home->person.reminders ? say(home->language, "home.reminders.on", "command", command, NULL)
                                                   : say(home->language, "home.reminders.off", "command", command, NULL);
    message_add(home->message, PART_DIVIDER, NULL);
    message_add(home->message, PART_NOTE, text);
}

static void add_asks(struct home *home)
{
    struct store *store = home->ctx->store;
    int64_t turns = 0, mine = 0;
    struct ask_filter my_turn = {.asked = home->person.id, .most = HOME_COUNTED},
                      my_asks = {.person = home->person.id, .most = HOME_COUNTED};
    g_autoptr(GArray) first = store_list(store, &home->viewer, &my_turn, 0, HOME_MAX, &turns);
    /* Those of the first list may stand in the second as well, at most all of them. */
    g_autoptr(GArray) second = store_list(store, &home->viewer, &my_asks, 0, 2 * HOME_MAX, &mine);
    if (turns == 0 && mine == 0) {
        g_autofree char *text = say(home->language, "home.empty", "command", home->ctx->settings->command, NULL);
        message_add(home->message, PART_TEXT, text);
        return;
    }
    if (first->len > 0)
        add_heading(home, say(home->language, "home.your.turn", NULL));
    for (guint i = 0; i < first->len; i++)
        add_my_turn(home, &g_array_index(first, struct ask_line, i));
    add_more(home, turns);
    GString *text = g_string_new(NULL);
    int64_t shown = 0, others = mine;
    for (guint i = 0; i < second->len; i++) {
        const struct ask_line *line = &g_array_index(second, struct ask_line, i);
        bool above = stands_in(first, line->number);
        g_autofree char *one = above || shown >= HOME_MAX ? NULL : other_line(home, line);
        others -= above;
        if (one == NULL)
            continue;
        shown++;
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", one);
    }
    if (text->len > 0) {
        add_heading(home, say(home->language, "home.others", NULL));
        message_add(home->message, PART_TEXT, text->str);
        add_more(home, others);
    }
    g_string_free(text, TRUE);
}

struct message *home_draw(struct context *ctx, int64_t person)
{
    struct home home = {.ctx = ctx};
    store_get_person(ctx->store, person, &home.person);
    home.language = say_language(home.person.language != NULL ? home.person.language : home.person.locale);
    home.viewer = (struct viewer){.person = person, .guest = home.person.guest};
    g_autofree char *fallback = say(home.language, "home.title", NULL);
    home.message = message_new(fallback);
    add_asks(&home);
    add_reminders(&home);
    person_done(&home.person);
    return home.message;
}
