/* What became of an ask beyond its decision, a line each, for its card and its brief. */
#include "commands/say.h"
#include "commands/views.h"
#include "commands/trade.h"
#include "store/merged.h"
#include "store/reopened.h"
#include "store/voices.h"

#include <string.h>

char *show_decision(struct context *ctx, const struct ask *ask, const char *language, glong max)
{
    g_autofree char *who = show_person(ctx, ask->decided_by);
    g_autofree char *reason = show_words(ctx, ask->decision_words, max);
    g_autofree char *entry = g_strconcat("card.decision.", ask->decision, *reason != '\0' ? ".because" : "", NULL);
    char *text = say(language, entry, "person", who, "reason", reason, NULL);
    struct reopened last;
    if (!store_reopened(ctx->store, ask->number, &last))
        return text;
    if (last.at >= ask->decided_at) {
        g_autofree char *before = text;
        text = say(language, "card.decision.before", "decision", before, NULL);
    }
    reopened_done(&last);
    return text;
}

/* A card tells of it until there is a new decision. */
static void add_reopened(struct context *ctx, struct message *message, const struct ask *ask, bool brief, glong max)
{
    struct reopened last;
    if (!store_reopened(ctx->store, ask->number, &last))
        return;
    if (!brief && ask->decision != NULL && ask->decided_at > last.at) {
        reopened_done(&last);
        return;
    }
    g_autofree char *who = show_person(ctx, last.person);
    g_autofree char *words = show_words(ctx, last.words, max);
    if (*words == '\0') {
        g_free(words);
        words = say(ctx->language, "erased", NULL);
    }
    g_autofree char *text = say(ctx->language, "card.reopened", "person", who, "reason", words, NULL);
    message_add(message, PART_TEXT, text);
    reopened_done(&last);
}

char *show_turn(struct context *ctx, const char *state, int64_t turn, int64_t since, int64_t outcome_due, int round_trips)
{
    static const char *const somebodys[] = {"waiting", "clear", "accepted", "started", "paused", NULL};
    GString *text = g_string_new(NULL);
    /* Its outcome may be asked for later, or never. */
    bool due = strcmp(state, "shipped") != 0 || (outcome_due != 0 && outcome_due <= ctx->now);
    if (turn != 0 && due) {
        g_autofree char *person = show_person(ctx, turn);
        g_autofree char *day = show_day(ctx, since, ctx->language);
        g_autofree char *whose = say(ctx->language, "turn.of", "person", person, "date", day, NULL);
        g_string_append_printf(text, " · %s", whose);
    } else if (g_strv_contains(somebodys, state)) {
        g_autofree char *nobody = say(ctx->language, "turn.of.nobody", NULL);
        g_string_append_printf(text, " · %s", nobody);
    }
    if (round_trips > 0 && store_state_is_open(state)) {
        g_autofree char *rounds = say_n(ctx->language, "turn.rounds", round_trips, NULL);
        g_string_append_printf(text, " · %s", rounds);
    }
    return g_string_free(text, FALSE);
}

static void add_merged(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer,
                       glong max)
{
    struct merged merged;
    if (!store_merged(ctx->store, ask->number, &merged))
        return;
    g_autofree char *who = show_person(ctx, merged.person);
    g_autofree char *other = trade_name(ctx, merged.into, viewer, ctx->language);
    g_autofree char *words = show_words(ctx, merged.words, max);
    g_autofree char *text = say(ctx->language, *words != '\0' ? "card.merged.because" : "card.merged", "person", who,
                                "other", other, "reason", words, NULL);
    message_add(message, PART_TEXT, text);
    merged_done(&merged);
}

/* What went into it: a brief tells its why and evidence, which stay its own words. */
static void add_merged_from(struct context *ctx, struct message *message, const struct ask *ask,
                            const struct viewer *viewer, bool all)
{
    g_autoptr(GArray) numbers = store_merged_from(ctx->store, ask->number);
    for (guint i = 0; i < numbers->len; i++) {
        struct ask part;
        if (!store_get_ask(ctx->store, viewer, g_array_index(numbers, int64_t, i), &part))
            continue;
        g_autofree char *name = trade_name(ctx, part.number, viewer, ctx->language);
        g_autofree char *asker = show_person_and_function(ctx, part.asker);
        g_autofree char *text = say(ctx->language, "card.merged.from", "other", name, "asker", asker, NULL);
        message_add(message, PART_NOTE, text);
        const char *const said[] = {part.why, part.evidence};
        static const char *const entries[] = {"card.why", "card.evidence"};
        for (gsize n = 0; all && n < G_N_ELEMENTS(said); n++) {
            g_autofree char *words = show_words(ctx, said[n], 700);
            g_autofree char *line = say(ctx->language, entries[n], "words", words, NULL);
            if (*words != '\0')
                message_add(message, PART_TEXT, line);
        }
        ask_done(&part);
    }
}

/* A brief tells why each of them needs it. */
static void add_voices(struct context *ctx, struct message *message, const struct ask *ask)
{
    enum { VOICES_SHOWN = 10 };
    g_autoptr(GArray) voices = store_voices(ctx->store, ask->number);
    for (guint i = 0; i < voices->len && i < VOICES_SHOWN; i++) {
        const struct voice *voice = &g_array_index(voices, struct voice, i);
        g_autofree char *who = show_person_and_function(ctx, voice->person);
        g_autofree char *words = show_words(ctx, voice->words, 500);
        g_autofree char *text = say(ctx->language, *words != '\0' ? "brief.voice.because" : "brief.voice", "person", who,
                                    "reason", words, NULL);
        g_autofree char *speaker = show_person(ctx, voice->said_by), *whose = show_person(ctx, voice->person);
        g_autofree char *said = say(ctx->language, "said.by.for", "person", speaker, "asker", whose, NULL);
        g_autofree char *both = g_strconcat(text, voice->said_by != 0 ? " " : "", voice->said_by != 0 ? said : "", NULL);
        message_add(message, PART_TEXT, both);
    }
    if (voices->len > VOICES_SHOWN) {
        g_autofree char *more = say_n(ctx->language, "brief.voices.more", voices->len - VOICES_SHOWN, NULL);
        message_add(message, PART_NOTE, more);
    }
}

void add_life_lines(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer,
                    bool brief)
{
    glong max = brief ? 2000 : 400;
    add_merged(ctx, message, ask, viewer, max);
    add_merged_from(ctx, message, ask, viewer, brief);
    if (brief)
        add_voices(ctx, message, ask);
    add_reopened(ctx, message, ask, brief, max);
}
