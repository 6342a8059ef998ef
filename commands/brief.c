#include "commands/say.h"
#include "commands/trade.h"
#include "commands/views.h"

#include <string.h>

static void add_words(struct context *ctx, struct message *brief, const char *entry, const char *words, int known,
                      int64_t by, int64_t asker)
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
    if (by != 0 && by != asker) {
        g_autofree char *speaker = show_person(ctx, by);
        g_autofree char *whose = show_person(ctx, asker);
        g_autofree char *said = say(ctx->language, "said.by.for", "person", speaker, "asker", whose, NULL);
        char *joined = g_strdup_printf("%s %s", text, said);
        g_free(text);
        text = joined;
    }
    message_add(brief, PART_TEXT, text);
}

/* The why, everywhere: all that is known of an ask, for a private answer or, once shared, for the channel. */
struct message *brief_draw(struct context *ctx, const struct ask *ask, const struct viewer *viewer)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *title = show_words(ctx, ask->title, 2000);
    g_autofree char *state = show_state(ctx->language, ask->state);
    g_autofree char *asker = show_person_and_function(ctx, ask->asker);
    g_autofree char *owner = show_person(ctx, ask->owner);
    g_autofree char *day = show_day(ctx, ask->raised_at, ctx->language);
    g_autofree char *heading = say(ctx->language, "card.heading", "ask", id, "title", title, NULL);
    g_autofree char *line = say(ctx->language, "brief.line", "state", state, "asker", asker, "owner", owner, "date", day, NULL);

    struct message *brief = message_new(heading);
    message_add(brief, PART_TEXT, heading);
    message_add(brief, PART_NOTE, line);
    add_words(ctx, brief, "card.why", ask->why, ask->why_known, ask->why_by, ask->asker);
    add_words(ctx, brief, "card.impact", ask->impact, ask->impact_known, ask->impact_by, ask->asker);
    if (ask->evidence_known != 0)
        add_words(ctx, brief, "card.evidence", ask->evidence, ask->evidence_known, 0, 0);
    if (ask->deadline_note != NULL)
        add_words(ctx, brief, "card.deadline", ask->deadline_note, 1, 0, 0);
    if (ask->decision != NULL) {
        g_autofree char *who = show_person(ctx, ask->decided_by);
        g_autofree char *reason = show_words(ctx, ask->decision_words, 2000);
        g_autofree char *entry = g_strconcat("card.decision.", ask->decision, *reason != '\0' ? ".because" : "", NULL);
        g_autofree char *text = say(ctx->language, entry, "person", who, "reason", reason, NULL);
        message_add(brief, PART_TEXT, text);
    }
    trade_notes(ctx, brief, ask, viewer, true);
    add_life_lines(ctx, brief, ask, 2000);
    if (ask->permalink != NULL) {
        g_autofree char *link = g_strdup_printf("\x14%s\x1e", ask->permalink);
        g_autofree char *text = say(ctx->language, "brief.original", "link", link, NULL);
        message_add(brief, PART_NOTE, text);
    }
    return brief;
}
