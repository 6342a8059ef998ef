/* Who may do what, whatever a channel settled, typed, by a button or with a form: each deed that can be permitted is tried by
 * everybody under every settlement. Who may not is told whom to ask, and nothing happens. */
#include "asks.h"

#include "commands/permission.h"
#include "store/permissions.h"
#include "store/sql.h"

enum role { ASKER, RAISER, OWNER, DECIDER, MEMBER, GUEST, ADMIN, CHANNEL_ADMIN, NAMED, ROLES };
static const char *const role_names[ROLES] = {"the asker", "the raiser",      "the owner", "the decider",
                                              "a member",  "a guest",         "an administrator",
                                              "an administrator of the channel", "whom the operator named"};

enum { TYPED, BUTTON, FORM };
static const struct deed {
    enum permission what;
    int way;
    const char *name;     /* of a button or form */
    const char *text;     /* typed, a button's value or a form's state; {n}: the ask's number, {p}: its channel */
    const char *fields[6]; /* a form's: names and values */
    const char *leads_to; /* a kind of log entry; NULL: a form opens */
} deeds[] = {
    {MAY_RAISE, TYPED, NULL, "Something {i}", {NULL}, "ask.raised"},
    {MAY_RAISE, BUTTON, "raise", "Something again {i}", {NULL}, "ask.raised"},
    {MAY_RAISE, FORM, "new", "", {"title", "Something by form {i}", "channel", "CPRODUCT"}, "ask.raised"},
    {MAY_ANSWER, TYPED, NULL, "why {n} Because they asked for it", {NULL}, "ask.why"},
    {MAY_ANSWER, TYPED, NULL, "impact {n} churn down 5%", {NULL}, "ask.impact"},
    {MAY_ANSWER, TYPED, NULL, "evidence {n} one customer", {NULL}, "ask.evidence"},
    {MAY_ANSWER, BUTTON, "why", "{n}", {NULL}, NULL},
    {MAY_ANSWER, FORM, "why", "{n}:{p}", {"why", "Because they asked for it"}, "ask.why"},
    {MAY_DECIDE, TYPED, NULL, "decide {n} yes because it pays", {NULL}, "ask.decided"},
    {MAY_DECIDE, TYPED, NULL, "decide {n} no because it does not", {NULL}, "ask.decided"},
    {MAY_DECIDE, TYPED, NULL, "decide {n} later until 1 March 2027", {NULL}, "ask.decided"},
    {MAY_DECIDE, TYPED, NULL, "decide {n}", {NULL}, NULL},
    {MAY_DECIDE, BUTTON, "decide", "{n}", {NULL}, NULL},
    {MAY_DECIDE, FORM, "decide", "{n}:{p}", {"decision", "yes", "reason", "It pays"}, "ask.decided"},
    {MAY_START, TYPED, NULL, "start {n} nothing gives way", {NULL}, "ask.started"},
    {MAY_START, BUTTON, "start", "{n} nothing gives way", {NULL}, "ask.started"},
    {MAY_START, FORM, "start", "{n}:{p}", {"what", "nothing"}, "ask.started"},
    {MAY_DIGEST, TYPED, NULL, "digest set tuesday 10:00 Europe/Tallinn", {NULL}, "channel.digest"},
    {MAY_DIGEST, TYPED, NULL, "digest off", {NULL}, "channel.digest"},
    {MAY_SETTINGS, TYPED, NULL, "settings questions why", {NULL}, "channel.questions"},
    {MAY_SETTINGS, TYPED, NULL, "settings calibration on", {NULL}, "channel.calibration"},
    {MAY_SETTINGS, TYPED, NULL, "settings permission raise anyone", {NULL}, "channel.permission"},
};

static const unsigned defaults[PERMISSIONS] = {TO_ANYONE, TO_ANYONE, TO_DECIDER, TO_OWNER, TO_MEMBERS, TO_OWNER | TO_DECIDER};

struct world {
    struct story *s;
    int64_t people[ROLES];
};

/* ---- what ought to be ---- */

static bool ought(enum permission what, unsigned to, enum role role)
{
    bool administers = role == ADMIN || role == CHANNEL_ADMIN || role == NAMED;
    return (to & TO_ANYONE) || (administers && ((to & TO_ADMINS) || what == MAY_SETTINGS)) ||
           ((to & TO_MEMBERS) && role != GUEST) || ((to & TO_OWNER) && role == OWNER) || ((to & TO_DECIDER) && role == DECIDER) ||
           (what == MAY_ANSWER && (role == ASKER || role == RAISER));
}

/* ---- doing ---- */

static void record_settled(struct world *w, enum permission what, unsigned to)
{
    cJSON *data = json_object();
    g_autofree char *words = permission_write(to);
    json_put_str(data, "what", permission_names[what]);
    if (to != 0)
        json_put_str(data, "to", words);
    log_it(w->s, (struct log_entry){.kind = "channel.permission", .channel = w->s->product, .data = data});
}

static void begin(struct world *w, struct story *s)
{
    static char *named[] = {(char *)"@nora", NULL};
    test_settings.administrators = named;
    w->s = s;
    for (int role = 0; role < ROLES; role++) {
        g_autofree char *user = g_strdup_printf("U%d", role);
        w->people[role] = new_person(s, user, role_names[role], "sales");
    }
    store_set_profile(s->store, w->people[GUEST], &(struct profile){.guest = true}, s->now);
    store_set_profile(s->store, w->people[ADMIN], &(struct profile){.admin = true}, s->now);
    store_set_profile(s->store, w->people[NAMED], &(struct profile){.handle = (char *)"nora"}, s->now);
    store_set_channel_admin(s->store, s->product, w->people[CHANNEL_ADMIN], true, s->now);
    cJSON *data = json_object();
    json_put_int(data, "owner", w->people[OWNER]);
    json_put_int(data, "decider", w->people[DECIDER]);
    log_it(s, (struct log_entry){.kind = "channel.defaults", .channel = s->product, .data = data});
}

static int64_t raise_one(struct world *w)
{
    int64_t number = store_next_number(w->s->store);
    cJSON *data = json_object();
    json_put_int(data, "owner", w->people[OWNER]);
    json_put_int(data, "decider", w->people[DECIDER]);
    log_it(w->s, (struct log_entry){.kind = "ask.raised", .actor = w->people[RAISER], .person = w->people[ASKER], .ask = number,
                                    .channel = w->s->product, .words = "A request", .state = "waiting", .data = data});
    return number;
}

struct attempt {
    const struct deed *deed;
    int64_t ask, channel;
};

/* {n}: the ask; {i}: another word each time, for nobody raises the same twice within a minute. */
static char *filled(const char *text, const struct attempt *attempt)
{
    static int times;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, attempt->ask),
                    *place = g_strdup_printf("%" G_GINT64_FORMAT, attempt->channel), *word = g_strdup_printf("%d", ++times);
    GString *out = g_string_new(text);
    g_string_replace(out, "{n}", number, 0);
    g_string_replace(out, "{p}", place, 0);
    g_string_replace(out, "{i}", word, 0);
    return g_string_free(out, FALSE);
}

static void fill_attempt(struct event *event, void *data)
{
    const struct attempt *attempt = data;
    char *words = filled(attempt->deed->text, attempt);
    if (attempt->deed->way == TYPED) {
        event->command = g_strdup("/ask");
        event->text = words;
    } else if (attempt->deed->way == BUTTON) {
        event->action = g_strdup(attempt->deed->name);
        event->value = words;
    } else {
        event->form = g_strdup(attempt->deed->name);
        event->state = words;
        for (gsize i = 0; attempt->deed->fields[i] != NULL; i += 2) {
            g_autofree char *value = filled(attempt->deed->fields[i + 1], attempt);
            event_add_field(event, attempt->deed->fields[i], value);
        }
    }
}

static int64_t forms_opened(struct story *s)
{
    int64_t count = 0;
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    for (guint i = 0; i < rows->len; i++) {
        count += g_array_index(rows, struct outbox_row, i).kind == OUT_FORM;
        outbox_row_done(&g_array_index(rows, struct outbox_row, i));
    }
    return count;
}

static int64_t done(struct world *w, const struct deed *deed, int64_t person)
{
    if (deed->leads_to == NULL)
        return forms_opened(w->s);
    return sql_number(w->s->store, "SELECT count(*) FROM log WHERE kind = ?1 AND actor = ?2", "ti", deed->leads_to, person);
}

/* Nothing of it stays for the next one. */
static void try_it(struct world *w, const struct deed *deed, enum role role, unsigned to, bool expected)
{
    static const enum event_kind kinds[] = {EVENT_COMMAND, EVENT_BUTTON, EVENT_FORM};
    struct attempt attempt = {deed, deed->what == MAY_RAISE ? 0 : raise_one(w), w->s->product};
    int64_t before = done(w, deed, w->people[role]);
    act(w->s, w->people[role], deed->way == FORM ? 0 : w->s->product, kinds[deed->way], run_it, &attempt, fill_attempt);
    bool happened = done(w, deed, w->people[role]) > before;
    g_autofree char *settled = permission_write(to);
    if (happened != expected)
        fail_msg("%s %s %s%s%s, allowed to %s; the answer: %s", role_names[role], happened ? "could" : "could not",
                 deed->name != NULL ? deed->name : "", deed->name != NULL ? " " : "", deed->text, settled,
                 w->s->said != NULL ? w->s->said : "(none)");
    bool told = w->s->said != NULL && (strchr(w->s->said, '@') != NULL || strstr(w->s->said, "administrators") != NULL ||
                                       strstr(w->s->said, "members") != NULL);
    if (!happened && !told && w->s->errors == 0)
        fail_msg("%s is not told whom to ask, trying %s, allowed to %s: %s", role_names[role], deed->text, settled,
                 w->s->said != NULL ? w->s->said : "(nothing)");
}

/* ---- the tests ---- */

static void everybody_tries_everything_under_every_settlement(void **state)
{
    static const unsigned settlements[] = {0, TO_ADMINS, TO_OWNER, TO_DECIDER, TO_MEMBERS, TO_ANYONE, TO_OWNER | TO_DECIDER};
    struct world w;
    begin(&w, *state);
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        const struct deed *deed = &deeds[i];
        for (gsize t = 0; t < G_N_ELEMENTS(settlements); t++) {
            unsigned to = settlements[t] != 0 ? settlements[t] : defaults[deed->what];
            record_settled(&w, deed->what, settlements[t]);
            for (int role = 0; role < ROLES; role++)
                try_it(&w, deed, (enum role)role, to, ought(deed->what, to, (enum role)role));
        }
        record_settled(&w, deed->what, 0);
    }
}

/* Nobody is named for a part: anyone but a guest takes it, unless administrators or members were meant. */
static void what_is_nobodys_is_every_members(void **state)
{
    struct world w;
    begin(&w, *state);
    cJSON *data = json_object();
    log_it(w.s, (struct log_entry){.kind = "channel.defaults", .channel = w.s->product, .data = data});
    static const struct deed decides = {MAY_DECIDE, TYPED, NULL, "decide {n} yes because it pays", {NULL}, "ask.decided"};
    for (int role = 0; role < ROLES; role++) {
        struct attempt attempt = {&decides, store_next_number(w.s->store), w.s->product};
        log_it(w.s, (struct log_entry){.kind = "ask.raised", .actor = w.s->dana, .person = w.s->dana, .ask = attempt.ask,
                                       .channel = w.s->product, .words = "A request", .state = "waiting"});
        int64_t before = done(&w, &decides, w.people[role]);
        act(w.s, w.people[role], w.s->product, EVENT_COMMAND, run_it, &attempt, fill_attempt);
        assert_int_equal(done(&w, &decides, w.people[role]) - before, role == GUEST ? 0 : 1);
    }
}

/* What the chat said of who administers a channel is of that hour, and of that channel. */
static void rights_in_a_channel_are_asked_for_anew(void **state)
{
    static const struct deed settles = {MAY_SETTINGS, TYPED, NULL, "settings questions why", {NULL}, "channel.questions"};
    struct world w;
    begin(&w, *state);
    try_it(&w, &settles, CHANNEL_ADMIN, defaults[MAY_SETTINGS], true);
    w.s->now += 2 * HOUR_MS;
    try_it(&w, &settles, CHANNEL_ADMIN, defaults[MAY_SETTINGS], false);
    store_set_channel_admin(w.s->store, w.s->product, w.people[CHANNEL_ADMIN], true, w.s->now);
    try_it(&w, &settles, CHANNEL_ADMIN, defaults[MAY_SETTINGS], true);
    store_set_channel_admin(w.s->store, w.s->product, w.people[CHANNEL_ADMIN], false, w.s->now);
    try_it(&w, &settles, CHANNEL_ADMIN, defaults[MAY_SETTINGS], false);
}

static int end(void **state)
{
    test_settings.administrators = NULL;
    return story_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everybody_tries_everything_under_every_settlement, story_begin, end),
        cmocka_unit_test_setup_teardown(what_is_nobodys_is_every_members, story_begin, end),
        cmocka_unit_test_setup_teardown(rights_in_a_channel_are_asked_for_anew, story_begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
