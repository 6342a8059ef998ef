#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/clarify.h"
#include "commands/decide.h"
#include "commands/need.h"
#include "commands/outcome.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/views.h"
#include "store/details.h"

#include <string.h>

/* by: what to say of who said it, "" for nothing */
static void add_said(struct context *ctx, struct message *card, const char *language, const char *entry,
                     const char *words, int known, const char *by)
{
    g_autofree char *text = NULL;
    if (known == 2) {
        g_autofree char *unknown = say(language, "not.known", NULL);
        text = say(language, entry, "words", unknown, NULL);
    } else if (words != NULL) {
        g_autofree char *shown = show_words(ctx, words, 700);
        if (*shown == '\0') {
            g_free(shown);
            shown = say(language, "erased", NULL);
        }
        text = say(language, entry, "words", shown, NULL);
    } else {
        return;
    }
    g_autofree char *line = g_strconcat(text, by, NULL);
    message_add(card, PART_TEXT, line);
}

static void add_line(struct context *ctx, struct message *card, const char *language, const char *entry,
                     const char *words, int known)
{
    add_said(ctx, card, language, entry, words, known, "");
}

/* In whose words it is: said by somebody else, it says so. */
static void add_answers(struct context *ctx, struct message *card, const struct ask *ask, const struct ask_details *details,
                        const char *language)
{
    g_autofree char *why = said_by(ctx, ask->why_by, details->why_for, ask->asker, details->why_confirmed);
    g_autofree char *impact = said_by(ctx, ask->impact_by, details->impact_for, ask->asker, false);
    g_autofree char *cost = said_by(ctx, details->cost_for != 0 ? details->cost_by : 0, details->cost_for, ask->asker, false);
    g_autofree char *evidence = said_by(ctx, details->evidence_by, details->evidence_for, ask->asker, false);
    g_autofree char *deadline = said_by(ctx, details->deadline_by, 0, ask->asker, false);
    add_said(ctx, card, language, "card.why", ask->why, ask->why_known, why);
    add_said(ctx, card, language, "card.impact", ask->impact, ask->impact_known, impact);
    add_said(ctx, card, language, "card.cost", details->cost, 1, cost);
    add_said(ctx, card, language, "card.evidence", ask->evidence, ask->evidence_known, evidence);
    add_said(ctx, card, language, "card.deadline", ask->deadline_note, 1, deadline);
}

static char *people_line(struct context *ctx, const struct ask *ask, const char *language)
{
    GString *line = g_string_new(NULL);
    g_autofree char *asker = show_person_and_function(ctx, ask->asker);
    g_autofree char *by = say(language, "card.asker", "person", asker, NULL);
    g_string_append(line, by);
    if (ask->raiser != ask->asker) {
        g_autofree char *raiser = show_person(ctx, ask->raiser);
        g_autofree char *text = say(language, "card.raiser", "person", raiser, NULL);
        g_string_append_printf(line, " · %s", text);
    }
    g_autofree char *owner = show_person(ctx, ask->owner);
    g_autofree char *owns = say(language, ask->owner != 0 ? "card.owner" : "card.no.owner", "person", owner, NULL);
    g_autofree char *decider = show_person(ctx, ask->decider);
    g_autofree char *decides = say(language, ask->decider != 0 ? "card.decider" : "card.no.decider", "person", decider, NULL);
    g_string_append_printf(line, " · %s · %s", owns, decides);
    g_autofree char *informed = roles_informed(ctx, ask, language);
    if (informed != NULL)
        g_string_append_printf(line, " · %s", informed);
    if (ask->decider == 0 && store_state_is_open(ask->state)) {
        g_autofree char *id = show_number(ask->number);
        g_autofree char *hint = say(language, "card.name.decider", "ask", id, "command", ctx->settings->command, NULL);
        g_string_append_printf(line, "\n%s", hint);
    }
    return g_string_free(line, FALSE);
}

/* Work may begin without a yes or a why, but not unseen. Takes state. */
static char *with_what_it_lacks(const struct ask *ask, char *state, const char *language)
{
    bool yes = g_strcmp0(ask->decision, "yes") == 0, why = ask->why_known != 0;
    if (yes && why)
        return state;
    g_autofree char *begun = state;
    g_autofree char *lacks = say(language, yes ? "card.lacks.why" : why ? "card.lacks.yes" : "card.lacks.both", NULL);
    return g_strconcat(begun, " · ", lacks, NULL);
}

static char *state_line(struct context *ctx, const struct ask *ask, const struct channel *channel, const char *language)
{
    g_autofree char *state = show_state(language, ask->state);
    if (strcmp(ask->state, "later") == 0 && ask->later_until != 0) {
        g_autofree char *day = show_day(ctx, ask->later_until, language);
        return say(language, "card.later", "state", state, "date", day, NULL);
    }
    if (strcmp(ask->state, "paused") == 0 && ask->revisit_at != 0 && ask->revisit_asked == 0) {
        g_autofree char *day = show_day(ctx, ask->revisit_at, language);
        return with_what_it_lacks(ask, say(language, "card.later", "state", state, "date", day, NULL), language);
    }
    if (strcmp(ask->state, "shipped") == 0 && ask->outcome_due != 0) {
        g_autofree char *day = show_day(ctx, ask->outcome_due, language);
        return say(language, "card.shipped", "state", state, "date", day, NULL);
    }
    if (strcmp(ask->state, "started") == 0 || strcmp(ask->state, "paused") == 0)
        return with_what_it_lacks(ask, g_steal_pointer(&state), language);
    if (strcmp(ask->state, "waiting") != 0)
        return g_steal_pointer(&state);
    bool no_impact = ask->impact_known == 0 && question_is_asked(channel, "impact");
    const char *entry = ask->why_known != 0 ? "card.misses.impact" : no_impact ? "card.misses.both" : "card.misses.why";
    g_autofree char *missing = say(language, entry, NULL);
    return g_strconcat(state, " · ", missing, NULL);
}

static void add_need(struct context *ctx, struct message *card, const struct ask *ask, const char *language)
{
    g_autofree char *words = show_line(ctx, ask->need, 400);
    if (*words == '\0')
        return;
    g_autofree char *standing = need_standing(ask, language);
    g_autofree char *text = say(language, "card.need.standing", "words", words, "standing", standing, NULL);
    message_add(card, PART_TEXT, text);
}

static void add_decision(struct context *ctx, struct message *card, const struct ask *ask,
                         const struct ask_details *details, const char *language)
{
    if (ask->decision == NULL)
        return;
    g_autofree char *text = show_decision(ctx, ask, language, 400);
    message_add(card, PART_TEXT, text);
    if (strcmp(ask->state, "declined") == 0)
        add_line(ctx, card, language, "card.reopen", details->reopen_if, 1);
    int dissents = store_count_dissents(ctx->store, ask);
    if (dissents > 0) {
        g_autofree char *counted = say_n(language, "card.dissents", dissents, NULL);
        message_add(card, PART_NOTE, counted);
    }
}

struct message *card_draw(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, number, &ask))
        return NULL;
    struct channel channel = {0};
    store_get_channel(ctx->store, ask.channel, &channel);
    const char *language = say_language(channel.language);
    ctx->language = language;

    g_autofree char *id = show_number(ask.number);
    g_autofree char *title = show_line(ctx, ask.title, 250);
    if (*title == '\0') {
        g_free(title);
        title = say(language, "erased", NULL);
    }
    g_autofree char *line = state_line(ctx, &ask, &channel, language);
    bool first = ask.urgent_until != 0 && store_state_is_open(ask.state);
    g_autofree char *state = first ? say(language, "card.urgent", "state", line, NULL) : g_steal_pointer(&line);
    g_autofree char *people = people_line(ctx, &ask, language);
    g_autofree char *fallback = say(language, "card.fallback", "ask", id, "title", title, "state", state, NULL);
    g_autofree char *heading = say(language, "card.heading", "ask", id, "title", title, NULL);

    struct message *card = message_new(fallback);
    message_add(card, PART_TEXT, heading);
    g_autofree char *turn = show_turn(ctx, ask.state, ask.turn, ask.turn_since, ask.outcome_due, ask.round_trips);
    g_autofree char *status = g_strconcat(state, turn, "\n", people, NULL);
    message_add(card, PART_NOTE, status);
    struct ask_details details;
    store_get_details(ctx->store, &ask, &details);
    add_need(ctx, card, &ask, language);
    add_answers(ctx, card, &ask, &details, language);
    add_decision(ctx, card, &ask, &details, language);
    ask_details_done(&details);
    trade_notes(ctx, card, &ask, &(struct viewer){.place = ask.channel}, false);
    add_life_lines(ctx, card, &ask, &(struct viewer){.place = ask.channel}, false);
    g_autofree char *aims = aim_line(ctx, &ask, &(struct viewer){.place = ask.channel}, language);
    if (aims != NULL)
        message_add(card, PART_NOTE, aims);
    g_autofree char *outcome = outcome_line(ctx, &ask, 400);
    if (outcome != NULL)
        add_line(ctx, card, language, "card.outcome", outcome, 1);
    if (ask.voices > 0) {
        g_autofree char *voices = say_n(language, "card.voices", ask.voices, NULL);
        message_add(card, PART_NOTE, voices);
    }
    if (store_state_is_open(ask.state)) {
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask.number);
        if (!ask_is_clear(ctx, &ask)) {
            g_autofree char *label = say(language, ask.why_known == 0 ? "button.why" : "button.impact", NULL);
            message_add_button(card, "why", value, label, BUTTON_PRIMARY);
        }
        if (strcmp(ask.state, "clear") == 0)
            decide_add_button(card, number, language);
        g_autofree char *voice = say(language, "button.voice", NULL);
        message_add_button(card, "voice", value, voice, BUTTON_PLAIN);
        g_autofree char *own = say(language, "button.own", NULL);
        message_add_button(card, "own", value, own, BUTTON_PLAIN);
    }
    channel_done(&channel);
    ask_done(&ask);
    return card;
}
