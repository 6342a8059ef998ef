/* merge: an ask goes into another one, with those who need it, their whys and its evidence, as far as these may be seen there. */
#include "bot/base/json.h"
#include "commands/clarify.h"
#include "commands/merge.h"
#include "commands/own_words.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/details.h"
#include "store/merged.h"
#include "store/voices.h"

#include <string.h>

static bool place_sees(struct context *ctx, int64_t place, int64_t number)
{
    struct viewer viewer = {.place = place};
    struct ask seen;
    bool sees = store_get_ask(ctx->store, &viewer, number, &seen);
    if (sees)
        ask_done(&seen);
    return sees;
}

/* ---- what goes along ---- */

/* by: who said it for them, 0 for nobody. */
static void add_voice_of(struct context *ctx, const struct ask *into, int64_t person, int64_t words, int64_t by)
{
    g_autofree char *said = store_voice_words(ctx->store, into->number, person);
    if (person == into->asker || (said != NULL && store_has_voice(ctx->store, into->number, person)))
        return; /* their own words there stand */
    struct log_entry entry = {.kind = "ask.voice",
                              .ask = into->number,
                              .channel = into->channel,
                              .person = person,
                              .words_id = words,
                              .data = json_object()};
    if (by != 0)
        json_put_int(entry.data, "by", by);
    record_entry(ctx, &entry);
}

static void add_answer(struct context *ctx, struct ask *into, const char *kind, int64_t person, int64_t words, const char *is)
{
    cJSON *data = json_object();
    json_put_int(data, "known", 1);
    json_put_str(data, "kind", is);
    struct log_entry entry = {
        .kind = kind, .ask = into->number, .channel = into->channel, .person = person, .words_id = words, .data = data};
    record_entry(ctx, &entry);
}

/* Words are pointed to, not copied: whoever erases theirs erases them here, too. */
static void move_along(struct context *ctx, const struct ask *ask, struct ask *into)
{
    struct said_ids said;
    store_said_ids(ctx->store, ask->number, &said);
    bool same = ask->asker == into->asker;
    if (!same)
        add_voice_of(ctx, into, ask->asker, ask->why_known == 1 ? said.why : 0,
                     ask->why_known == 1 && ask->why_by != ask->asker ? ask->why_by : 0);
    g_autoptr(GArray) voices = store_voices(ctx->store, ask->number);
    for (guint i = 0; i < voices->len; i++) {
        const struct voice *voice = &g_array_index(voices, struct voice, i);
        add_voice_of(ctx, into, voice->person, voice->words_id, voice->said_by);
    }
    if (ask->evidence_known == 1 && into->evidence_known == 0) {
        add_answer(ctx, into, "ask.evidence", ask->asker, said.evidence, ask->evidence_kind);
        clarify_settle(ctx, into, QUESTION_EVIDENCE);
    }
    if (same && ask->why_known == 1 && into->why_known == 0) {
        struct ask_details details;
        store_get_details(ctx->store, ask, &details);
        add_answer(ctx, into, "ask.why", ask->why_by, said.why, NULL);
        struct log_entry confirmed = {
            .kind = "ask.why_confirmed", .ask = into->number, .channel = into->channel, .person = ask->asker};
        if (details.why_confirmed)
            record_entry(ctx, &confirmed);
        ask_details_done(&details);
        clarify_settle(ctx, into, QUESTION_WHY);
    }
}

/* ---- telling ---- */

static void tell_threads(struct context *ctx, const struct ask *ask, const struct ask *into, unsigned tells,
                         const char *reason, bool along)
{
    struct channel here = {0}, there = {0};
    store_get_channel(ctx->store, ask->channel, &here);
    store_get_channel(ctx->store, into->channel, &there);
    struct viewer from = {.place = ask->channel}, at = {.place = into->channel};
    g_autofree char *told = tell_whom(ctx, ask, tells);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *why = show_words(ctx, reason, 2000);
    g_autofree char *other = trade_name(ctx, into->number, &from, say_language(here.language));
    g_autofree char *text = say(say_language(here.language), *why != '\0' ? "merge.told.because" : "merge.told", "told", told,
                                "person", who, "ask", id, "other", other, "reason", why, NULL);
    struct message *message = message_text(text);
    g_autofree char *note = say(say_language(here.language), along ? "merge.along" : "merge.stays", NULL);
    message_add(message, PART_NOTE, note);
    send_to_thread(ctx, ask, "note", message);
    if (along) {
        const char *language = say_language(there.language);
        g_autofree char *name = trade_name(ctx, ask->number, &at, language);
        g_autofree char *asker = show_person_and_function(ctx, ask->asker);
        g_autofree char *words = say(language, *why != '\0' ? "merge.other.because" : "merge.other", "person", who, "other",
                                     name, "asker", asker, "reason", why, NULL);
        send_to_thread(ctx, into, "note", message_text(words));
    }
    channel_done(&here);
    channel_done(&there);
}

/* ---- doing ---- */

static void merge(struct context *ctx, struct ask *ask, struct ask *into, const struct transition *move, const char *reason)
{
    /* What may not be seen where the other one lives does not go there: no words, no names, not that it is. */
    bool along = place_sees(ctx, into->channel, ask->number);
    cJSON *data = json_object();
    json_put_int(data, "into", into->number);
    record_state(ctx, "ask.merged", ask, reason, move->to, data);
    bool waited = strcmp(into->state, "waiting") == 0;
    if (along)
        move_along(ctx, ask, into);
    int64_t number = into->number;
    ask_done(into);
    if (!store_load_ask(ctx->store, number, into))
        return;
    bool cleared = waited && ask_is_clear(ctx, into);
    if (cleared)
        record_state(ctx, "ask.clear", into, NULL, "clear", NULL);
    send_card_redraw(ctx, ask->number);
    tell_threads(ctx, ask, into, move->tells, reason, along);
    if (along)
        send_card_redraw(ctx, number);
    g_autofree char *id = show_number(ask->number), *other = show_number(number);
    answer_say(ctx, along ? "merge.done" : "merge.done.stays", "ask", id, "other", other, NULL);
}

/* False after saying why the one cannot go into the other. */
static bool may_go_into(struct context *ctx, const struct ask *ask, const struct ask *into)
{
    g_autofree char *id = show_number(ask->number), *other = show_number(into->number);
    if (!store_state_is_open(into->state)) {
        answer_say(ctx, "merge.ended", "other", other, NULL);
        answer_wrong_state(ctx, into);
        return false;
    }
    if (!place_sees(ctx, ask->channel, into->number)) {
        answer_say(ctx, "merge.hidden", "ask", id, "other", other, "command", ctx->settings->command, NULL);
        return false;
    }
    return true;
}

/* "into 12 because …", "12", "with #12: …" */
int64_t merge_number(const char **rest)
{
    static const char *const words[] = {"into ", "in ", "with ", "to "};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strncasecmp(*rest, words[i], strlen(words[i])) == 0) {
            *rest += strlen(words[i]);
            break;
        }
    }
    return words_ask_number(rest);
}

bool merge_into(struct context *ctx, struct ask *ask, int64_t other, const char *reason)
{
    struct ask into;
    g_autofree char *id = show_number(ask->number);
    if (other == 0 || other == ask->number) {
        answer_say(ctx, other == 0 ? "merge.how" : "merge.itself", "ask", id, "command", ctx->settings->command, NULL);
        return false;
    }
    const struct transition *move = may_move(ctx, ask, "merge");
    if (move == NULL || !need_ask(ctx, other, &into))
        return false;
    bool may = may_go_into(ctx, ask, &into);
    if (may)
        merge(ctx, ask, &into, move, reason);
    ask_done(&into);
    return may;
}

void merge_similar(struct context *ctx, const char *value)
{
    char *behind = NULL;
    int64_t number = g_ascii_strtoll(value, &behind, 10), other = g_ascii_strtoll(behind, NULL, 10);
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    merge_into(ctx, &ask, other, "");
    ask_done(&ask);
}

void verb_merge(struct context *ctx, int64_t number, const char *rest)
{
    if (*rest == '\0' && can_open_form(ctx)) {
        merge_open_form(ctx, number);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    int64_t other = merge_number(&rest);
    merge_into(ctx, &ask, other, words_reason(rest));
    ctx->not_understood = other == 0 && *rest != '\0';
    ask_done(&ask);
}

/* ---- afterwards ---- */

/* Whose words they are there: who spoke, if they need it, else whose ask it was. */
static int64_t whose_voice(struct context *ctx, const struct ask *ask)
{
    int64_t me = ctx->who.id;
    return ask->asker == me || store_has_voice(ctx->store, ask->number, me) ? me : ask->asker;
}

/* The asker of both: it is an answer of theirs, beside what they said there already. */
static void answer_own(struct context *ctx, struct ask *into, enum question_kind kind, const char *words)
{
    const char *said = ask_words(into, kind);
    if (said != NULL && *said != '\0') {
        own_words_beside(ctx, into, kind, words, NULL, 0);
        return;
    }
    int64_t number = into->number;
    clarify_answer(ctx, into, kind, words, NULL);
    clarify_next(ctx, number, NULL);
}

bool merged_answer(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words, int64_t whom)
{
    struct ask into;
    int64_t target = ask->merged_into != 0 ? store_merged_target(ctx->store, ask->number) : 0;
    if (target == 0 || !store_get_ask(ctx->store, &ctx->viewer, target, &into))
        return false;
    bool open = store_state_is_open(into.state);
    if (open) {
        g_autofree char *id = show_number(ask->number);
        g_autofree char *other = trade_name(ctx, target, &ctx->viewer, ctx->language);
        answer_say(ctx, "merge.went", "ask", id, "other", other, NULL);
        if (whom == 0)
            whom = whose_voice(ctx, ask);
        if (whom == ctx->who.id && whom == into.asker)
            answer_own(ctx, &into, kind, words);
        else
            voice_add(ctx, target, words, whom);
    }
    ask_done(&into);
    return open;
}

static bool is_clarifying(const char *state)
{
    return strcmp(state, "waiting") == 0 || strcmp(state, "clear") == 0;
}

static void tell_part(struct context *ctx, const struct ask *part, const struct ask *into)
{
    struct viewer from = {.place = part->channel};
    const char *language = ask_language(ctx, part);
    g_autofree char *told = tell_whom(ctx, part, TELLS_ASKER);
    g_autofree char *id = show_number(part->number);
    g_autofree char *other = trade_name(ctx, into->number, &from, language);
    g_autofree char *state = show_state(language, into->state);
    g_autofree char *text = say(language, "merge.news", "told", told, "other", other, "ask", id, "state", state, NULL);
    send_to_thread(ctx, part, "note", message_text(text));
}

static void tell_parts(struct context *ctx, int64_t number, const struct ask *into, int deep)
{
    g_autoptr(GArray) parts = store_merged_from(ctx->store, number);
    for (guint i = 0; i < parts->len && deep > 0; i++) {
        struct ask part;
        if (!store_load_ask(ctx->store, g_array_index(parts, int64_t, i), &part))
            continue;
        if (!place_sees(ctx, into->channel, part.number) && place_sees(ctx, part.channel, into->number))
            tell_part(ctx, &part, into);
        tell_parts(ctx, part.number, into, deep - 1);
        ask_done(&part);
    }
}

void merged_tell(struct context *ctx, const struct ask *into, const char *before)
{
    enum { DEEP = 5 };
    if (strcmp(before, into->state) != 0 && !(is_clarifying(before) && is_clarifying(into->state)))
        tell_parts(ctx, into->number, into, DEEP);
}
