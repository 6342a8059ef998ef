/* What is private to a channel stays there, whatever somebody outside types, presses, sends in or looks at. Every verb of
 * verb_table, every button and every form is tried here: a new one fails this test until it has a line in a table below. */
#include "tests/unit/commands/leaks.h"

/* {n}: a private ask's number, or one that is not there. {q}, {d}, {a}, {p}: the same of a question, a digest, an aim and
 * a channel. {w}: a word that stands in private asks, or one that stands nowhere. {m}, {o}: an ask everybody may see, and its
 * channel. */
enum { SAMPLES_MAX = 14 };
struct sample {
    const char *name;
    const char *const texts[SAMPLES_MAX];
};

static const struct sample verb_samples[] = {
    {"answer", {"answer {n} The two largest", "answer {q} Yes", "answer The two largest"}},
    {"clear", {"clear {n}", "clear {n} because we know enough"}},
    {"decide", {"decide {n}", "decide {n} yes because we can", "decide {n} no", "decide {n} later until 1 March", "decide {n} merge {m}",
                "decide {m} merge {n}"}},
    {"decider", {"decider {n} me", "decider {n} \x12UDANA\x1e"}},
    {"digest", {"digest", "digest now", "digest set monday 9:00 Europe/Tallinn for #{w}", "digest set monday 9:00 for \x13" "CDEALS\x1e"}},
    {"disagree", {"disagree Churn matters more", "disagree {n} because of churn"}},
    {"dissent", {"dissent {n}", "dissent {n} because churn matters more", "dissent {n} but I commit: go on"}},
    {"evidence", {"evidence {n} three customers", "evidence {n} talk to Acme"}},
    {"export", {"export csv", "export json", "export csv all", "export json mine", "export csv goal {w}", "export csv by sales",
                "export json owner \x12UIAN\x1e", "export csv {w}"}},
    {"forget", {"forget", "forget {n}"}},
    {"goal", {"goal list", "goal {n} Keep the night shift", "goal {n} none", "goal {m} {w}", "goal add {w}", "goal end {w}", "goal {w}"}},
    {"help", {"help", "help decide", "help {w}", "help {n}"}},
    {"impact", {"impact {n} churn down 2%", "impact {n} cost two weeks", "impact {m} {w} up 5 by June", "impact {m} churn up 5%"}},
    {"inform", {"inform {n} me", "inform {n} \x12UDANA\x1e", "inform {n} off"}},
    {"list", {"list", "list all", "list mine", "list open", "list waiting", "list started", "list by sales", "list owner \x12UIAN\x1e",
              "list from \x12UEVE\x1e", "list goal {w}", "list questions", "list {w}", "list all page 2", "list {n}"}},
    {"me", {"me", "me sales", "me reminders off"}},
    {"merge", {"merge {n}", "merge {n} into {m}", "merge {m} into {n}", "merge {m} into {n} because it is the same", "merge {n} into {n}"}},
    {"metric", {"metric list", "metric {n} churn down", "metric {m} churn up", "metric {m} {w} up", "metric {w} is 3", "metric {w}",
                "metric add {w} unit %", "metric end {w}", "metric {w} target 5"}},
    {"need", {"need {n}", "need {n} They sign in with what they have", "need {n} yes", "need {n} not quite this", "need {n} fixed: all"}},
    {"new", {"new {w} for everybody", "new Add {w}\nbecause", "new"}},
    {"outcome", {"outcome {n}", "outcome {n} partly, 3 of 5", "outcome {n} not known"}},
    {"own", {"own {n}", "own {n} \x12UDANA\x1e"}},
    {"pause", {"pause {n}", "pause {n} until 1 March because the audit goes first"}},
    {"question", {"question {n}", "question {n} Which banks?", "question {n} anonymously Which banks?", "question Which {w}?"}},
    {"reopen", {"reopen {n}", "reopen {n} because Acme signed"}},
    {"report", {"report this month", "report since 1 October", "report of #{w} this month", "report this month for #{w}"}},
    {"resume", {"resume {n}"}},
    {"search", {"search {w}", "search {w} page 2", "search {w} waiting", "search {w} by sales", "search {n}"}},
    {"seen", {"seen", "seen {d}"}},
    {"settings", {"settings", "settings owner me", "settings permission decide owner", "settings retention 30 days",
                  "settings function sales from @{w}", "settings function"}},
    {"shelve", {"shelve {n}"}},
    {"ship", {"ship {n}", "ship {n} to all of them"}},
    {"show", {"show {n}", "show {n} here", "show #{n}", "show {m}"}},
    {"snooze", {"snooze {n}", "snooze {n} 3 days", "snooze {n} never"}},
    {"start", {"start {n}", "start {n} instead of {m}", "start {m} instead of {n} because Acme signed", "start {m} after {n}",
               "start {n} nothing gives way"}},
    {"urgent", {"urgent {n}", "urgent {n} off", "urgent {w} is down"}},
    {"voice", {"voice {n}", "voice {n} because we need it too"}},
    {"why", {"why {n}", "why {n} because they asked", "why {n} They asked for \x12UDANA\x1e", "why {m}"}},
    {"withdraw", {"withdraw {n}", "withdraw {n} because there is another way"}},
};

static const struct sample button_samples[] = {
    {"why", {"{n}"}},
    {"whyyes", {"{n}", "{n}:{q}"}},
    {"voice", {"{n}"}},
    {"own", {"{n}"}},
    {"decide", {"{n}"}},
    {"dissentback", {"{n}"}},
    {"need", {"{n}"}},
    {"needyes", {"{n}", "{n}:{q}"}},
    {"neednot", {"{n}", "{n}:{q}"}},
    {"skip", {"{n}:why", "{n}:impact"}},
    {"unknown", {"{n}:why", "{n}:impact"}},
    {"undo", {"{n}:why", "{n}:impact"}},
    {"snooze", {"{n}:why:3", "{n}:why:0"}},
    {"again", {"{n}"}},
    {"similar", {"{m} {n}", "{n} {m}"}},
    {"keep", {"{n}"}},
    {"raise", {"{w} for everybody"}},
    {"doit", {"withdraw #{n} {w}", "why #{n} {w}", "need #{n} {w}", "start #{n} {w}"}},
    {"raisein", {"{p}:Add something", "{p}:{w}"}},
    {"raiseform", {"Add something"}},
    {"urgentin", {"{p}:Add something", "{p}:{w}"}},
    {"urgentform", {"Add something"}},
    {"share", {"{n}"}},
    {"mergeinto", {"{n}", "{m}"}},
    {"setaside", {"{n}"}},
    {"resume", {"{n}"}},
    {"pausemore", {"{n}"}},
    {"shelve", {"{n}"}},
    {"page", {"1@{p} list all", "0@{p} list all", "0@{p} list goal {w}", "0@{p} search {w}", "1 list all", "0 search {w}"}},
    {"start", {"{n} instead of {m}", "{m} instead of {n}", "{m} after {n} because of it", "{n} nothing gives way"}},
    {"givesway", {"{n}", "{n} because of it", "{m}"}},
    {"function", {"sales"}},
    {"goaladd", {""}},
    {"metricadd", {""}},
    {"outcome", {"{n}", "{n}:partly"}},
    {"outcomelater", {"{n}"}},
    {"question", {"{n}"}},
    {"forget", {"0"}},
    {"retention", {"30"}},
    {"dissentback", {"{n}"}},
    {"answerput", {"{q}"}},
    {"digestseen", {"{d}"}},
    {"digestquestion", {"{d}"}},
    {"digestdisagree", {"{d}"}},
    {"digestanswer", {"{q}"}},
};

/* A form's state and, behind it, its fields. */
struct form_sample {
    const char *name;
    const char *const states[5];
    struct form_value fields[6];
};
static const struct form_sample form_samples[] = {
#define FIELD(name, value) {(char *)(name), (char *)(value), false}
    {"why", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("why", "They asked"), FIELD("impact", "churn up 5%"), FIELD("evidence", "a customer")}},
    {"new", {"", "https://example.com/p1"}, {FIELD("title", "Add {w}"), FIELD("channel", "CPRODUCT"), FIELD("why", "They asked")}},
    {"voice", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("why", "We need it too")}},
    {"start", {"{n}", "{n}:{p}", "{n}:{o}", "{m}:{o}"}, {FIELD("what", "instead {n}"), FIELD("why", "Acme signed")}},
    {"decide", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("decision", "yes"), FIELD("reason", "It opens the market")}},
    {"dissent", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("why", "Churn matters more"), FIELD("commits", "yes")}},
    {"merge", {"{n}", "{n}:{p}", "{n}:{o}", "{m}", "{m}:{o}"}, {FIELD("into", "#{n}"), FIELD("why", "It is the same")}},
    {"pause", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("why", "The audit goes first")}},
    {"goal", {"{p}", "{o}"}, {FIELD("goal", "Keep {w}")}},
    {"metric", {"{p}", "{o}"}, {FIELD("metric", "{w}"), FIELD("unit", "%"), FIELD("target", "3")}},
    {"outcome", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("outcome", "partly"), FIELD("actual", "3"), FIELD("note", "less than hoped")}},
    {"need", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("need", "They sign in with what they have"), FIELD("fixed", "the date")}},
    {"neednot", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("words", "It is not that")}},
    {"question", {"{n}", "{n}:{p}", "{n}:{o}"}, {FIELD("words", "Which banks?"), FIELD("name", "with")}},
    {"answerput", {"{q}", "{q}:{p}", "{q}:{o}"}, {FIELD("words", "The two largest")}},
    {"digestquestion", {"{d}"}, {FIELD("words", "Which banks?"), FIELD("name", "with")}},
    {"digestdisagree", {"{d}"}, {FIELD("words", "Churn matters more")}},
    {"digestanswer", {"{q}"}, {FIELD("words", "The two largest")}},
};

/* ---- trying ---- */

struct stand_ins {
    int64_t n, q, d, a, p;
    const char *w;
};

static char *filled(const struct leak_world *w, const char *sample, const struct stand_ins *by)
{
    GString *text = g_string_new(sample);
    const struct {
        const char *token;
        int64_t number;
    } numbers[] = {{"{n}", by->n}, {"{q}", by->q}, {"{d}", by->d}, {"{a}", by->a}, {"{p}", by->p}, {"{m}", w->open[0]}, {"{o}", w->story->product}};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, numbers[i].number);
        g_string_replace(text, numbers[i].token, number, 0);
    }
    g_string_replace(text, "{w}", by->w, 0);
    return g_string_free(text, FALSE);
}

/* What was typed is known to who typed it: it is taken out again of what came of it, as far as it was in it. */
static char *neutral(const char *brought, const char *sample, const struct stand_ins *by)
{
    char *text = g_strdup(brought);
    const struct {
        const char *token;
        int64_t number;
    } numbers[] = {{"{n}", by->n}, {"{q}", by->q}, {"{d}", by->d}, {"{a}", by->a}};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (strstr(sample, numbers[i].token) == NULL)
            continue;
        g_autofree char *before = text;
        text = renumbered(before, numbers[i].number, numbers[i].token);
    }
    g_autofree char *before = text;
    GString *out = g_string_new(before);
    if (strstr(sample, "{w}") != NULL)
        g_string_replace(out, by->w, "{w}", 0);
    if (strstr(sample, "{p}") != NULL) {
        g_autofree char *state = g_strdup_printf(":%" G_GINT64_FORMAT "\"", by->p);
        g_string_replace(out, state, ":{p}\"", 0);
    }
    return g_string_free(out, FALSE);
}

static struct event *event_of(const struct leak_world *w, const struct outsider *who, enum event_kind kind)
{
    struct person person;
    struct channel place;
    assert_true(store_get_person(w->story->store, who->person, &person));
    assert_true(store_get_channel(w->story->store, who->place, &place));
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup(place.workspace);
    event->user = g_strdup(person.user);
    event->channel = kind == EVENT_FORM ? NULL : g_strdup(place.channel);
    event->channel_kind = place.kind;
    event->message = kind == EVENT_MESSAGE ? g_strdup("1763700000.000100") : NULL;
    event->trigger = g_strdup("trigger");
    person_done(&person);
    channel_done(&place);
    return event;
}

/* form: NULL for a typed text or a button called action. */
static struct event *trial(const struct leak_world *w, const struct outsider *who, const char *action, const struct form_sample *form,
                           const char *sample, const struct stand_ins *by)
{
    struct event *event =
        event_of(w, who, form != NULL ? EVENT_FORM : action != NULL ? EVENT_BUTTON : who->direct ? EVENT_MESSAGE : EVENT_COMMAND);
    g_autofree char *text = filled(w, sample, by);
    if (form != NULL) {
        event->form = g_strdup(form->name);
        event->state = g_steal_pointer(&text);
        for (gsize i = 0; i < G_N_ELEMENTS(form->fields) && form->fields[i].name != NULL; i++) {
            g_autofree char *value = filled(w, form->fields[i].value, by);
            event_add_field(event, form->fields[i].name, value);
        }
    } else if (action != NULL) {
        event->action = g_strdup(action);
        event->value = g_steal_pointer(&text);
    } else {
        event->command = who->direct ? NULL : g_strdup("/ask");
        event->text = g_steal_pointer(&text);
    }
    event->nameless = command_is_nameless(&test_settings, event);
    return event;
}

/* What the sample and its fields say, together: what stands in it was known before. */
static char *known_of(const char *sample, const struct form_sample *form)
{
    GString *known = g_string_new(sample);
    for (gsize i = 0; form != NULL && i < G_N_ELEMENTS(form->fields) && form->fields[i].name != NULL; i++)
        g_string_append(known, form->fields[i].value);
    return g_string_free(known, FALSE);
}

static void try_sample(struct leak_world *w, struct store *reader, const char *action, const struct form_sample *form,
                       const char *sample)
{
    static const char *const words[] = {SECRET "turnover", SECRET "mission", SECRET "first", SECRET "why", SECRET "deals"};
    g_autofree char *known = known_of(sample, form);
    int numbers = strstr(known, "{n}") != NULL ? w->n_secrets : 1, of_words = strstr(known, "{w}") != NULL ? G_N_ELEMENTS(words) : 1;
    const struct stand_ins none = {NO_ASK, NO_ASK, NO_ASK, NO_ASK, NO_ASK, "qynowhere"};
    for (int o = 0; o < w->n_outsiders; o++) {
        const struct outsider *who = &w->outsiders[o];
        bool from_nowhere = form != NULL || g_strcmp0(action, "raisein") == 0 || g_strcmp0(action, "urgentin") == 0;
        if (from_nowhere && who->inside && strstr(sample, "{o}") == NULL)
            continue; /* it is theirs to see privately, unless it was begun in public */
        struct event *event = trial(w, who, action, form, sample, &none);
        g_autofree char *brings = would_bring(w, reader, event);
        g_autofree char *expected = neutral(brings, known, &none);
        event_free(event);
        for (int i = 0; i < numbers * of_words; i++) {
            const struct stand_ins by = {w->secrets[i % numbers], w->question, w->digest, w->aim, w->deals, words[i / numbers]};
            struct event *again = trial(w, who, action, form, sample, &by);
            g_autofree char *brought = would_bring(w, reader, again);
            g_autofree char *text = neutral(brought, known, &by);
            g_autofree char *what = g_strdup_printf("%s, trying \"%s%s%s\"", who->what, action != NULL ? action : "",
                                                    form != NULL ? form->name : "", sample);
            event_free(again);
            assert_tells_nothing(w, text, what);
            if (strcmp(text, expected) != 0)
                fail_msg("%s: with #%d and %s it brings\n%s\nwithout them\n%s", what, (int)by.n, by.w, text, expected);
        }
    }
}

static void try_all(struct leak_world *w, const struct sample *samples, const char *name, bool is_button)
{
    struct store *reader = open_store(w->story->path, STORE_READ);
    for (int t = 0; t < SAMPLES_MAX && samples->texts[t] != NULL; t++)
        try_sample(w, reader, is_button ? name : NULL, NULL, samples->texts[t]);
    store_close(reader);
}

static const struct sample *sample_of(const struct sample *samples, gsize count, const char *name)
{
    for (gsize i = 0; i < count; i++) {
        if (strcmp(samples[i].name, name) == 0)
            return &samples[i];
    }
    fail_msg("nobody has thought of what \"%s\" may tell somebody outside: give it a line in this test", name);
    return NULL;
}
#define SAMPLE_OF(samples, name) sample_of(samples, G_N_ELEMENTS(samples), name)

static void make_world(struct leak_world *w, struct story *s)
{
    begin_world(w, s);
    add_secrets(w);
    bind_secrets(w);
    let_be_found(s);
}

/* ---- the tests ---- */

static void test_the_private_world_has_words_everywhere(void **state)
{
    static const char *const kinds[] = {
        "ask.raised", "ask.why", "ask.impact", "ask.evidence", "ask.decided", "ask.started", "ask.paused", "ask.merged", "ask.reopened",
        "ask.shipped", "ask.outcome", "aim.added", "ask.withdrawn", "ask.voice", "ask.options", "ask.reopen_if", "ask.dissent",
        "ask.need", "ask.need_not_quite", "ask.need_part", "ask.cost", "ask.talk", "put.question", "put.answered"};
    struct story *s = *state;
    struct leak_world w;
    make_world(&w, s);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (sql_number(s->store,
                       "SELECT count(*) FROM log l JOIN words t ON t.id = l.words WHERE l.kind = ?1 AND l.channel = ?2"
                       " AND instr(t.text, ?3) > 0",
                       "tit", kinds[i], w.deals, SECRET) == 0)
            fail_msg("no %s is private", kinds[i]);
    }
    /* And whoever is in it sees them. */
    type_as(s, w.eve, w.deals, "show 7001");
    assert_says(s->said, SECRET "first of them");
    assert_says(s->said, SECRET "why");
    type_as(s, w.eve, w.deals, "search " SECRET "why");
    assert_says(s->said, SECRET "first of them");
}

static void test_no_verb_tells_of_it(void **state)
{
    struct leak_world w;
    make_world(&w, *state);
    for (const struct verb *verb = verb_table; verb->name != NULL; verb++)
        try_all(&w, SAMPLE_OF(verb_samples, verb->name), verb->name, false);
}

static void test_no_button_tells_of_it(void **state)
{
    struct leak_world w;
    make_world(&w, *state);
    for (const struct button_kind *button = button_table; button->action != NULL; button++)
        try_all(&w, SAMPLE_OF(button_samples, button->action), button->action, true);
}

static void test_no_form_tells_of_it(void **state)
{
    struct leak_world w;
    make_world(&w, *state);
    struct store *reader = open_store(w.story->path, STORE_READ);
    for (const struct form_kind *kind = form_table; kind->name != NULL; kind++) {
        const struct form_sample *form = NULL;
        for (gsize i = 0; i < G_N_ELEMENTS(form_samples); i++) {
            if (strcmp(form_samples[i].name, kind->name) == 0)
                form = &form_samples[i];
        }
        if (form == NULL)
            fail_msg("nobody has thought of what the form \"%s\" may tell somebody outside: give it a line in this test", kind->name);
        for (gsize i = 0; i < G_N_ELEMENTS(form->states) && form->states[i] != NULL; i++)
            try_sample(&w, reader, NULL, form, form->states[i]);
    }
    store_close(reader);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_the_private_world_has_words_everywhere),
        STORY(test_no_verb_tells_of_it),
        STORY(test_no_button_tells_of_it),
        STORY(test_no_form_tells_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
