/* What became of a shipped ask, from the day it is asked for until it is told, and told anew. */
#include "commands/outcome.h"

#include "bot/base/json.h"
#include "commands/aims.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <math.h>
#include <string.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

enum { EXPECTED_MAX = 400, WORDS_MAX = 2000 };

const char *const outcome_names[] = {NULL, "as_expected", "partly", "below", "unknown"};

enum outcome_kind outcome_kind_of(const char *name)
{
    for (int kind = OUTCOME_AS_EXPECTED; kind <= OUTCOME_UNKNOWN; kind++) {
        if (g_strcmp0(outcome_names[kind], name) == 0)
            return (enum outcome_kind)kind;
    }
    return OUTCOME_UNSAID;
}

/* ---- whom, when ---- */

static bool can_be_asked(struct context *ctx, int64_t person)
{
    return person != 0 && !is_nobody_to_ask(ctx, person);
}

/* The owner, else whose number it was to move, else whoever has most to do with it. */
static int64_t whom_to_ask(struct context *ctx, const struct ask *ask)
{
    const int64_t candidates[] = {ask->owner, aim_metric_owner(ctx, ask, NULL), ask->decider, ask->asker, ask->raiser};
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        if (can_be_asked(ctx, candidates[i]))
            return candidates[i];
    }
    return 0;
}

static bool may_tell(struct context *ctx, const struct ask *ask)
{
    struct outcome outcome;
    bool asked = store_get_outcome(ctx->store, ask->number, &outcome) && outcome.person == ctx->who.id;
    outcome_done(&outcome);
    return asked || has_role(ctx, ask, transition_of("outcome", ask->state)->who);
}

bool outcome_may_tell(struct context *ctx, const struct ask *ask)
{
    if (!transition_starts_from(transition_of("outcome", ask->state), ask->state)) {
        answer_wrong_state(ctx, ask);
        return false;
    }
    if (!may_tell(ctx, ask)) {
        g_autofree char *id = show_number(ask->number);
        int64_t first = whom_to_ask(ctx, ask), second = aim_metric_owner(ctx, ask, NULL);
        g_autofree char *owner = show_person(ctx, first), *other = show_person(ctx, second);
        answer_say(ctx, second != 0 && second != first ? "outcome.not.yours.either" : "outcome.not.yours", "ask", id, "person",
                   owner, "other", other, NULL);
        return false;
    }
    return true;
}

/* The day its impact was expected by; invalid when none was said, or only from when. */
static GDate expected_by(const struct ask *ask)
{
    GDate day;
    g_date_clear(&day, 1);
    g_autoptr(cJSON) data = ask->impact_data != NULL ? json_parse(ask->impact_data, strlen(ask->impact_data), NULL) : NULL;
    const char *by = json_str(data, "by");
    int year, month, number;
    if (by != NULL && sscanf(by, "%4d-%2d-%2d", &year, &month, &number) == 3 &&
        g_date_valid_dmy((GDateDay)number, (GDateMonth)month, (GDateYear)year))
        g_date_set_dmy(&day, (GDateDay)number, (GDateMonth)month, (GDateYear)year);
    return day;
}

int64_t outcome_day(struct context *ctx, const struct ask *ask)
{
    struct person person = {0};
    store_get_person(ctx->store, whom_to_ask(ctx, ask), &person);
    const char *zone = person.zone != NULL ? person.zone : "UTC";
    GDate now = calendar_date(ctx->now, zone), day = expected_by(ask);
    if (!g_date_valid(&day) || g_date_compare(&day, &now) <= 0) {
        day = now;
        g_date_add_days(&day, (guint)MAX(ctx->settings->outcome_days, 1));
    }
    int64_t at = calendar_next_working(calendar_moment(&day, ctx->settings->hours.from, zone), &ctx->settings->hours, zone);
    person_done(&person);
    return at;
}

/* ---- asking ---- */

static char *expected_text(struct context *ctx, const struct ask *ask, const char *language)
{
    g_autofree char *words = ask->impact_known == 1 ? show_line(ctx, ask->impact, EXPECTED_MAX) : g_strdup("");
    return *words != '\0' ? say(language, "outcome.expected", "words", words, NULL)
                          : say(language, "outcome.expected.nothing", NULL);
}

static char *question_text_for(struct context *ctx, const struct ask *ask, const char *language, const char *person,
                               bool reminder)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *day = show_day(ctx, ask->shipped_at, language);
    g_autofree char *expected = expected_text(ctx, ask, language);
    return say(language, reminder ? "outcome.remind" : "outcome.ask", "person", person, "ask", id, "date", day, "expected",
               expected, NULL);
}

static void add_buttons(struct message *message, const char *language, int64_t ask)
{
    static const char *const entries[] = {NULL, "button.outcome.as_expected", "button.outcome.partly",
                                          "button.outcome.below", "button.outcome.unknown"};
    for (int kind = OUTCOME_AS_EXPECTED; kind <= OUTCOME_UNKNOWN; kind++) {
        g_autofree char *label = say(language, entries[kind], NULL);
        g_autofree char *action = g_strdup_printf("outcome%d", kind);
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%s", ask, outcome_names[kind]);
        message_add_button(message, action, value, label, BUTTON_PLAIN);
    }
    g_autofree char *later = say(language, "button.outcome.later", NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask);
    message_add_button(message, "outcomelater", value, later, BUTTON_PLAIN);
}

/* The question stays to be read; its buttons go. */
static void settle_question(struct context *ctx, const struct ask *ask, const char *language, int64_t person)
{
    int64_t post = store_post_of_ask(ctx->store, ask->number, "outcome");
    if (post == 0)
        return;
    g_autofree char *who = show_person(ctx, person);
    g_autofree char *text = question_text_for(ctx, ask, language, who, false);
    send_edit(ctx, post, message_text(text));
}

/* One is asked; who else knows the number may tell it, and is not notified. */
static void add_beside(struct context *ctx, struct message *message, const struct ask *ask, int64_t asked, const char *language)
{
    g_autofree char *name = NULL;
    int64_t other = aim_metric_owner(ctx, ask, &name);
    if (other == 0 || other == asked)
        return;
    g_autofree char *who = show_person(ctx, other);
    g_autofree char *note = say(language, "outcome.ask.beside", "person", who, "name", name, NULL);
    message_add(message, PART_NOTE, note);
}

static void put_question(struct context *ctx, const struct ask *ask, const struct person *person, bool reminder)
{
    const char *language = say_language(ctx->where.language);
    if (reminder)
        settle_question(ctx, ask, language, person->id);
    g_autofree char *who = ping_person(ctx, person->id);
    g_autofree char *text = question_text_for(ctx, ask, language, who, reminder);
    struct message *message = message_text(text);
    add_beside(ctx, message, ask, person->id, language);
    add_buttons(message, language, ask->number);
    send_to_thread(ctx, ask, "outcome", message);
}

static void remind_directly(struct context *ctx, const struct ask *ask, const struct person *person)
{
    const char *language = say_language(person->language != NULL ? person->language : person->locale);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *title = show_line(ctx, ask->title, 150);
    g_autofree char *expected = expected_text(ctx, ask, language);
    g_autofree char *text =
        say(language, "outcome.remind.direct", "ask", id, "title", title, "expected", expected, NULL);
    struct message *message = message_text(text);
    add_buttons(message, language, ask->number);
    note_quoted_ask(ctx, ask);
    send_direct(ctx, person->id, ask->number, message);
}

/* Asked once, and reminded of twice at most: in the thread, then directly. */
static const int gaps[] = {3, 5};

static void record_wait(struct context *ctx, const struct ask *ask, int64_t person, int asked, int64_t remind_at)
{
    struct log_entry entry = {
        .kind = "outcome.waits", .ask = ask->number, .channel = ask->channel, .person = person, .data = json_object()};
    json_put_int(entry.data, "asked", asked);
    if (remind_at != 0)
        json_put_int(entry.data, "remind_at", remind_at);
    record_entry(ctx, &entry);
}

static void ask_for(struct context *ctx, const struct ask *ask, const struct outcome *outcome)
{
    const struct working_hours *hours = &ctx->settings->hours;
    struct person person = {0};
    int64_t whom = strcmp(ask->state, "shipped") == 0 ? whom_to_ask(ctx, ask) : 0;
    int asked = whom == outcome->person ? outcome->asked : 0;
    if (whom == 0 || !store_get_person(ctx->store, whom, &person) || (asked > 0 && !person.reminders)) {
        record_wait(ctx, ask, 0, outcome->asked, 0);
    } else if (!calendar_is_working(ctx->now, hours, person.zone)) {
        /* The clock ran on, or the person moved: the next working hour will do. */
        record_wait(ctx, ask, outcome->person, outcome->asked, calendar_next_working(ctx->now, hours, person.zone));
    } else {
        bool again = asked < (int)G_N_ELEMENTS(gaps);
        if (asked == (int)G_N_ELEMENTS(gaps) && may_be_told(ctx, ask->number, person.id))
            remind_directly(ctx, ask, &person);
        else
            put_question(ctx, ask, &person, asked > 0);
        record_wait(ctx, ask, person.id, asked + 1,
                    again ? calendar_add_working_days(ctx->now, gaps[asked], hours, person.zone) : 0);
    }
    person_done(&person);
}

bool outcome_due(struct context *ctx)
{
    int64_t number = store_due_outcome(ctx->store, ctx->now);
    struct ask ask;
    struct outcome outcome;
    if (number == 0 || !store_load_ask(ctx->store, number, &ask))
        return false;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    if (store_get_outcome(ctx->store, number, &outcome))
        ask_for(ctx, &ask, &outcome);
    outcome_done(&outcome);
    ask_done(&ask);
    return true;
}

bool outcome_snooze(struct context *ctx, const struct ask *ask, int days)
{
    struct outcome outcome;
    bool mine = store_get_outcome(ctx->store, ask->number, &outcome) && strcmp(ask->state, "shipped") == 0 &&
                outcome.asked > 0 && may_tell(ctx, ask);
    if (mine) {
        int64_t at = calendar_next_working(ctx->now + MAX(days, 1) * DAY_MS, &ctx->settings->hours,
                                           ctx->who.zone != NULL ? ctx->who.zone : "UTC");
        record_wait(ctx, ask, ctx->who.id, MAX(outcome.asked - 1, 1), days < 0 ? 0 : at);
        g_autofree char *id = show_number(ask->number);
        if (days < 0)
            answer_say(ctx, "snooze.never", "ask", id, NULL);
        else
            answer(ctx, say_n(ctx->language, "snooze.days", MAX(days, 1), "ask", id, NULL));
    }
    outcome_done(&outcome);
    return mine;
}

/* ---- telling ---- */

double outcome_ratio(const char *impact_data, const struct actual *actual, double baseline)
{
    g_autoptr(cJSON) data = impact_data != NULL ? json_parse(impact_data, strlen(impact_data), NULL) : NULL;
    const char *direction = json_str0(data, "direction"), *unit = json_str(data, "unit");
    double expected = (json_number(data, "low", NAN) + json_number(data, "high", NAN)) / 2, came = actual->figure;
    if (!actual->understood || isnan(expected) || (unit != NULL && actual->unit != NULL && strcmp(unit, actual->unit) != 0))
        return NAN;
    bool to = strcmp(direction, "to") == 0, down = strcmp(direction, "down") == 0;
    /* Both as changes. A figure alone is told as the expected one was. */
    bool came_to = actual->direction == IMPACT_TO || (actual->direction == IMPACT_UNSAID && to);
    bool came_down = actual->direction == IMPACT_DOWN || (actual->direction == IMPACT_UNSAID && down);
    expected = to ? expected - baseline : down ? -expected : expected;
    came = came_to ? came - baseline : came_down ? -came : came;
    return expected != 0 ? came / expected : NAN;
}

static cJSON *told_data(struct context *ctx, const struct ask *ask, enum outcome_kind kind, const char *words)
{
    cJSON *data = data_of("outcome", outcome_names[kind]);
    GDate now = today(ctx);
    struct actual actual;
    actual_parse(words, &now, &actual);
    if (actual.understood && kind != OUTCOME_UNKNOWN) {
        json_put(data, "actual", cJSON_CreateNumber(actual.figure));
        json_put_str(data, "unit", actual.unit);
        double ratio = outcome_ratio(ask->impact_data, &actual, aim_metric_baseline(ctx, ask));
        if (!isnan(ratio))
            json_put(data, "ratio", cJSON_CreateNumber(ratio));
    }
    actual_done(&actual);
    return data;
}

static char *kind_text(const char *language, enum outcome_kind kind)
{
    g_autofree char *entry = g_strconcat("outcome.kind.", outcome_names[kind], NULL);
    return say(language, entry, NULL);
}

static char *told_text(const char *language, enum outcome_kind kind, const char *words)
{
    g_autofree char *told = kind_text(language, kind);
    return *words != '\0' ? say(language, "outcome.and.words", "outcome", told, "words", words, NULL)
                          : g_steal_pointer(&told);
}

char *outcome_line(struct context *ctx, const struct ask *ask, glong max)
{
    enum outcome_kind kind = outcome_kind_of(ask->outcome);
    struct outcome outcome;
    if (kind == OUTCOME_UNSAID || !store_get_outcome(ctx->store, ask->number, &outcome))
        return NULL;
    g_autofree char *shown = outcome.words == NULL    ? g_strdup("")
                             : *outcome.words == '\0' ? say(ctx->language, "erased", NULL)
                                                      : show_words(ctx, outcome.words, max);
    outcome_done(&outcome);
    return told_text(ctx->language, kind, shown);
}

static void tell_thread(struct context *ctx, const struct ask *ask, enum outcome_kind kind, const char *words, bool anew)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = say_language(channel.language);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *shown = show_words(ctx, words, WORDS_MAX);
    g_autofree char *told = told_text(language, kind, shown);
    g_autofree char *asker = anew ? g_strdup("") : tell_whom(ctx, ask, transition_of("outcome", "shipped")->tells);
    g_autofree char *text = say(language, anew ? "outcome.told.anew" : "outcome.told", "asker", asker, "person", who, "ask",
                                id, "outcome", told, NULL);
    struct message *message = message_text(text);
    g_autofree char *expected = expected_text(ctx, ask, language);
    message_add(message, PART_NOTE, expected);
    if (!anew)
        settle_question(ctx, ask, language, ctx->who.id);
    send_to_thread(ctx, ask, "note", message);
    channel_done(&channel);
}

/* The same once more: typed or pressed again, because nothing answered the first time. */
static bool told_already(struct context *ctx, const struct ask *ask, enum outcome_kind kind, const char *words)
{
    struct outcome outcome;
    bool same = outcome_kind_of(ask->outcome) == kind && store_get_outcome(ctx->store, ask->number, &outcome);
    if (same) {
        same = g_strcmp0(outcome.words, *words != '\0' ? words : NULL) == 0;
        outcome_done(&outcome);
    }
    return same;
}

void outcome_tell(struct context *ctx, struct ask *ask, enum outcome_kind kind, const char *words)
{
    g_autofree char *id = show_number(ask->number);
    bool anew = strcmp(ask->state, "checked") == 0;
    if (!told_already(ctx, ask, kind, words)) {
        record_state(ctx, "ask.outcome", ask, words, "checked", told_data(ctx, ask, kind, words));
        tell_thread(ctx, ask, kind, words, anew);
        send_card_redraw(ctx, ask->number);
    }
    answer_say(ctx, anew ? "outcome.done.anew" : "outcome.done", "ask", id, "command", ctx->settings->command, NULL);
}
