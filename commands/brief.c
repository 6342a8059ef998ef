#include "commands/aims.h"
#include "commands/need.h"
#include "commands/outcome.h"
#include "commands/own_words.h"
#include "commands/question.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/trade.h"
#include "commands/views.h"
#include "store/details.h"
#include "store/said_beside.h"

#include <string.h>

enum { DISSENTS_MAX = 10 };

static void add_words(struct context *ctx, struct message *brief, const char *entry, const char *words, int known,
                      int64_t by, int64_t asker, int64_t whom, bool confirmed)
{
    g_autofree char *shown = known == 2 ? say(ctx->language, "not.known", NULL) : show_words(ctx, words, 2500);
    if (known == 0 && words == NULL) {
        g_free(shown);
        shown = say(ctx->language, "not.said.yet", NULL);
    } else if (*shown == '\0') {
        g_free(shown);
        shown = say(ctx->language, "erased", NULL);
    }
    g_autofree char *text = say(ctx->language, entry, "words", shown, NULL);
    g_autofree char *said = said_by(ctx, by, whom, asker, confirmed);
    g_autofree char *joined = g_strconcat(text, said, NULL);
    message_add(brief, PART_TEXT, joined);
}

/* What was never said is not mentioned. */
static void add_detail(struct context *ctx, struct message *brief, const char *entry, const char *words)
{
    if (words != NULL)
        add_words(ctx, brief, entry, words, 1, 0, 0, 0, false);
}

static void add_roles(struct context *ctx, struct message *brief, const struct ask *ask)
{
    g_autofree char *decider = show_person(ctx, ask->decider);
    g_autofree char *decides =
        say(ctx->language, ask->decider != 0 ? "card.decider" : "card.no.decider", "person", decider, NULL);
    g_autofree char *informed = roles_informed(ctx, ask, ctx->language);
    g_autofree char *line = informed != NULL ? g_strconcat(decides, " · ", informed, NULL) : g_strdup(decides);
    message_add(brief, PART_NOTE, line);
}

static void add_need(struct context *ctx, struct message *brief, const struct ask *ask, const struct ask_details *details)
{
    if (ask->need != NULL) {
        g_autofree char *words = show_words(ctx, ask->need, 1500);
        g_autofree char *standing = need_standing(ask, ctx->language);
        g_autofree char *shown = *words != '\0' ? g_strdup(words) : say(ctx->language, "erased", NULL);
        g_autofree char *text = say(ctx->language, "card.need.standing", "words", shown, "standing", standing, NULL);
        message_add(brief, PART_TEXT, text);
    }
    add_detail(ctx, brief, "brief.not.quite", details->not_quite);
    add_detail(ctx, brief, "brief.fixed", details->fixed);
    add_detail(ctx, brief, "brief.open", details->open);
    add_detail(ctx, brief, "brief.smallest", details->smallest);
}

static void add_dissents(struct context *ctx, struct message *brief, const struct ask *ask)
{
    g_autoptr(GArray) all = store_dissents(ctx->store, ask);
    for (guint i = 0; i < all->len; i++) {
        const struct dissent *dissent = &g_array_index(all, struct dissent, i);
        if (i == DISSENTS_MAX) {
            g_autofree char *more = say_n(ctx->language, "brief.dissents.more", (int64_t)(all->len - i), NULL);
            message_add(brief, PART_NOTE, more);
            return;
        }
        g_autofree char *who = show_person_and_function(ctx, dissent->person);
        g_autofree char *why = show_words(ctx, dissent->words, 700);
        if (*why == '\0') {
            g_free(why);
            why = say(ctx->language, "erased", NULL);
        }
        g_autofree char *text = say(ctx->language, dissent->commits ? "brief.dissent.commits" : "brief.dissent", "person", who,
                                    "reason", why, NULL);
        message_add(brief, PART_TEXT, text);
    }
}

/* The why, everywhere: all that is known of an ask, for a private answer or, once shared, for the channel. */
struct message *brief_draw(struct context *ctx, const struct ask *ask, const struct viewer *viewer)
{
    const int64_t quoted[] = {ask->asker, ask->why_by, ask->impact_by, ask->decided_by};
    for (gsize i = 0; i < G_N_ELEMENTS(quoted); i++)
        note_quoted(ctx, quoted[i]);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *title = show_words(ctx, ask->title, 2000);
    if (*title == '\0') {
        g_free(title);
        title = say(ctx->language, "erased", NULL);
    }
    g_autofree char *state = show_state(ctx->language, ask->state);
    g_autofree char *asker = show_person_and_function(ctx, ask->asker);
    g_autofree char *owner = show_person(ctx, ask->owner);
    g_autofree char *day = show_day(ctx, ask->raised_at, ctx->language);
    g_autofree char *heading = say(ctx->language, "card.heading", "ask", id, "title", title, NULL);
    g_autofree char *line = say(ctx->language, "brief.line", "state", state, "asker", asker, "owner", owner, "date", day, NULL);

    struct message *brief = message_new(heading);
    message_add(brief, PART_TEXT, heading);
    g_autofree char *turn = show_turn(ctx, ask->state, ask->turn, ask->turn_since, ask->outcome_due, ask->round_trips);
    g_autofree char *status = g_strconcat(line, turn, NULL);
    message_add(brief, PART_NOTE, status);
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    add_roles(ctx, brief, ask);
    add_need(ctx, brief, ask, &details);
    g_autoptr(GArray) beside = store_said_beside(ctx->store, ask->number);
    add_words(ctx, brief, "card.why", ask->why, ask->why_known, ask->why_by, ask->asker, details.why_for,
              details.why_confirmed);
    own_words_add_beside(ctx, brief, ask, QUESTION_WHY, beside);
    add_words(ctx, brief, "card.impact", ask->impact, ask->impact_known, ask->impact_by, ask->asker, details.impact_for,
              false);
    own_words_add_beside(ctx, brief, ask, QUESTION_IMPACT, beside);
    if (details.cost != NULL)
        add_words(ctx, brief, "card.cost", details.cost, 1, details.cost_for != 0 ? details.cost_by : 0, 0, details.cost_for,
                  false);
    if (ask->evidence_known != 0)
        add_words(ctx, brief, "card.evidence", ask->evidence, ask->evidence_known, details.evidence_by, ask->asker,
                  details.evidence_for, false);
    own_words_add_beside(ctx, brief, ask, QUESTION_EVIDENCE, beside);
    g_autofree char *talk = details.talk == NULL && ask->evidence != NULL ? said_talk(ask->evidence) : NULL;
    add_detail(ctx, brief, "brief.talk", details.talk != NULL ? details.talk : talk);
    if (ask->deadline_note != NULL)
        add_words(ctx, brief, "card.deadline", ask->deadline_note, 1, details.deadline_by, ask->asker, 0, false);
    own_words_add_beside(ctx, brief, ask, QUESTION_DEADLINE, beside);
    if (ask->decision != NULL) {
        g_autofree char *text = show_decision(ctx, ask, ctx->language, 2000);
        message_add(brief, PART_TEXT, text);
    }
    trade_notes(ctx, brief, ask, viewer, true);
    add_life_lines(ctx, brief, ask, viewer, true);
    add_detail(ctx, brief, "brief.options", details.options);
    add_detail(ctx, brief, "brief.reopen", details.reopen_if);
    add_dissents(ctx, brief, ask);
    ask_details_done(&details);
    g_autofree char *aims = aim_line(ctx, ask, viewer, ctx->language);
    if (aims != NULL)
        message_add(brief, PART_NOTE, aims);
    g_autofree char *outcome = outcome_line(ctx, ask, 2000);
    if (outcome != NULL) {
        g_autofree char *text = say(ctx->language, "card.outcome", "words", outcome, NULL);
        message_add(brief, PART_TEXT, text);
    }
    question_add_open(ctx, brief, ask);
    if (ask->permalink != NULL) {
        g_autofree char *link = g_strdup_printf("\x14%s\x1e", ask->permalink);
        g_autofree char *text = say(ctx->language, "brief.original", "link", link, NULL);
        message_add(brief, PART_NOTE, text);
    }
    return brief;
}
