/* Random lives of a few asks, people and channels: after everything somebody did, the store must hold what the model
 * (model.h) says, show it to nobody else, and derive the same again from the log.
 *
 * MODEL_LIVES: how many (40); MODEL_SEED: the first. A life that fails is shortened and told as what people did.
 */
#include "asks.h"
#include "model.h"

#include "bot/chat/platform.h"
#include "store/sql.h"

#include <stdlib.h>

enum { OPS_MAX = 70 };

enum op_kind { OP_RAISE, OP_TELL, OP_REPLY, OP_EDIT, OP_DELETE, OP_SKIP, OP_UNKNOWN, OP_UNDO, OP_OWN, OP_DECIDE, OP_START,
               OP_SHIP, OP_WITHDRAW, OP_VOICE, OP_FORM, OP_LEAVE, OP_JOIN, OP_SETTINGS, OP_SHOW, OP_SNOOZE, OP_WAIT,
               OP_YEARS, OP_REMINDERS, OP_KINDS };

/* Drawn once; what it means depends on what is there when it is played. */
struct op {
    enum op_kind kind;
    int id, who, place;
    guint ask, a, b;
};

struct life {
    struct story *s;
    struct model m;
    int64_t people[M_PEOPLE], channels[M_CHANNELS];
    int year, events;
    char *nothing; /* what is answered about an ask that is not there */
    GString *told; /* what people did */
    char *wrong;   /* NULL while all is well */
};

static const char *const users[M_PEOPLE] = {"UDANA", "UMIA", "USAM", "UCEO", "UJUN", "UGUEST"};
static const char *const places[M_CHANNELS] = {"CPRODUCT", "GDEALS", "COTHER"};

static G_GNUC_PRINTF(2, 3) void wrong(struct life *life, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (life->wrong == NULL)
        life->wrong = g_strdup_vprintf(format, args);
    va_end(args);
}

/* ---- doing it to askwhy ---- */

static struct event *new_event(struct life *life, enum event_kind kind, int who, int place)
{
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup(users[who]);
    event->channel = place == NOWHERE ? g_strconcat("D", users[who], NULL) : g_strdup(places[place]);
    event->channel_kind = place == NOWHERE ? CHANNEL_DIRECT : place == M_CLOSED ? CHANNEL_PRIVATE : CHANNEL_PUBLIC;
    event->at_ms = kind == EVENT_COMMAND ? 0 : life->m.now;
    return event;
}

/* What was written to somebody or somewhere stands there at once. */
static void post_all(struct life *life)
{
    sqlite3_exec(life->s->store->db, "UPDATE post SET message = 'card' || id WHERE message IS NULL; DELETE FROM outbox", NULL,
                 NULL, NULL);
}

/* Takes event. How many entries it brought to the log. */
static int64_t happen_to(struct life *life, struct event *event)
{
    struct story *s = life->s;
    int64_t before = sql_number(s->store, "SELECT coalesce(max(id), 0) FROM log", "");
    g_clear_pointer(&s->said, g_free);
    if (command_concerns(s->store, event)) {
        struct context ctx;
        store_begin(s->store);
        if (context_init(&ctx, s->store, &test_settings, event, life->m.now))
            command_run(&ctx);
        if (ctx.reply != NULL)
            s->said = plain(ctx.reply);
        context_done(&ctx);
        post_all(life);
        if (!store_commit(s->store))
            wrong(life, "%s", store_failed(s->store) != NULL ? store_failed(s->store)->message : "not committed");
    }
    event_free(event);
    return sql_number(s->store, "SELECT count(*) FROM log WHERE id > ?1", "i", before);
}

static void time_passes(struct life *life, int64_t ms)
{
    life->m.now += ms;
    for (int i = 0; i < 1000; i++) {
        struct context ctx;
        store_begin(life->s->store);
        context_init(&ctx, life->s->store, &test_settings, NULL, life->m.now);
        bool more = command_run_due(&ctx);
        context_done(&ctx);
        post_all(life);
        store_commit(life->s->store);
        if (!more)
            return;
    }
    wrong(life, "time brings something without end");
}

static int64_t type(struct life *life, int who, int place, const char *text)
{
    struct event *event = new_event(life, EVENT_COMMAND, who, place);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    event->trigger = g_strdup_printf("t%d", ++life->events);
    return happen_to(life, event);
}

static void press(struct life *life, int who, int place, const char *action, const char *value)
{
    struct event *event = new_event(life, EVENT_BUTTON, who, place);
    event->action = g_strdup(action);
    event->value = g_strdup(value);
    event->message = g_strdup("card1");
    event->trigger = g_strdup_printf("t%d", ++life->events);
    happen_to(life, event);
}

static char *mention_of(int who)
{
    GString *text = g_string_new(NULL);
    rich_append_person(text, RICH_PERSON, users[who]);
    return g_string_free(text, FALSE);
}

/* ---- words ---- */

static char *answer_text(int kind, int id)
{
    static const char *const texts[M_KINDS] = {"Customer %d can not sign without it", "churn down %d%% by next year",
                                               "three customers said so in call %d", "contract %d ends that day"};
    return g_strdup_printf(texts[kind], id);
}

/* What somebody answers, edits to or says instead, when a question of that kind is open. */
static char *draw_words(const struct op *op, int kind, enum m_says *says, int *named)
{
    static const enum m_says all[] = {SAYS_ANSWER, SAYS_ANSWER, SAYS_ANSWER, SAYS_ANSWER, SAYS_NOTHING,
                                      SAYS_UNKNOWN, SAYS_SKIP, SAYS_LATER, SAYS_KNOWS, SAYS_CHAT};
    *says = all[op->a % G_N_ELEMENTS(all)];
    *named = (int)(op->b % M_PEOPLE);
    g_autofree char *person = mention_of(*named);
    switch (*says) {
    case SAYS_NOTHING:
        return g_strdup("ASAP");
    case SAYS_UNKNOWN:
        return g_strdup("don't know");
    case SAYS_SKIP:
        return g_strdup("skip");
    case SAYS_LATER:
        return g_strdup("later");
    case SAYS_KNOWS:
        return g_strconcat(person, " knows", NULL);
    case SAYS_CHAT:
        return g_strdup("thanks");
    case SAYS_ANSWER:
        break;
    }
    return answer_text(kind, op->id);
}

/* ---- each thing people do ---- */

static void note(struct life *life, const struct op *op, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void note(struct life *life, const struct op *op, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append_printf(life->told, "  %s in %s: ", users[op->who], op->place == NOWHERE ? "private" : places[op->place]);
    g_string_append_vprintf(life->told, format, args);
    g_string_append_c(life->told, '\n');
    va_end(args);
}

/* A command about an ask, typed where op says. False when the ask may not be seen from there: then it must be as if
 * there were none. */
static bool type_about(struct life *life, const struct op *op, int number, const char *verb, const char *rest)
{
    g_autofree char *text = g_strdup_printf("%s %d%s%s", verb, number, *rest != '\0' ? " " : "", rest);
    note(life, op, "/ask %s", text);
    bool sees = m_sees(&life->m, &life->m.asks[number - 1], op->who, op->place);
    int64_t entries = type(life, op->who, op->place, text);
    g_autofree char *id = g_strdup_printf("#%d", number);
    g_auto(GStrv) around = g_strsplit(life->nothing, "#999", 2);
    g_autofree char *nothing = g_strjoinv(id, around);
    bool denied = g_strcmp0(life->s->said, nothing) == 0;
    if (sees == denied || (!sees && entries > 0))
        wrong(life, "#%d %s be seen there, but askwhy says: %s", number, sees ? "may" : "may not",
              life->s->said != NULL ? life->s->said : "(nothing)");
    return sees;
}

static void do_raise(struct life *life, const struct op *op)
{
    if (life->m.n_asks == M_ASKS || op->place == NOWHERE)
        return;
    bool deadline = op->a % 4 == 0, other = op->b % 3 == 0;
    int asker = other ? (int)(op->a / 4 % M_PEOPLE) : op->who;
    g_autofree char *title = g_strdup_printf("Request number%d please%s", op->id, deadline ? " by 1 March 2060" : "");
    g_autofree char *person = mention_of(asker);
    g_autofree char *text = other ? g_strdup_printf("%s for %s", title, person) : g_strdup(title);
    note(life, op, "/ask %s", text);
    type(life, op->who, op->place, text);
    m_raise(&life->m, op->who, asker, op->place, title, deadline);
}

static void do_tell(struct life *life, const struct op *op, int at)
{
    static const char *const verbs[] = {"why", "impact", "evidence"};
    int kind = (int)(op->a % 3);
    bool unknown = op->b % 5 == 0;
    g_autofree char *words = unknown ? g_strdup("don't know") : answer_text(kind, op->id);
    if (type_about(life, op, at + 1, verbs[kind], words))
        m_tell(&life->m, &life->m.asks[at], op->who, kind, unknown ? NULL : words);
}

static char *thread_of(struct life *life, int at)
{
    return sql_text(life->s->store, "SELECT message FROM post WHERE ask = ?1 AND purpose = 'card'", "i", (int64_t)at + 1);
}

static void do_reply(struct life *life, const struct op *op, int at)
{
    struct model *m = &life->m;
    struct m_ask *ask = &m->asks[at];
    if (m->n_posts == M_POSTS)
        return;
    enum m_says says;
    int named, kind = m_open_question(ask), who = op->b % 4 > 0 && kind < M_KINDS ? ask->questions[kind].person : op->who;
    bool mention = op->b % 7 == 0;
    g_autofree char *text = draw_words(op, MIN(kind, M_DEADLINE), &says, &named);
    struct m_post *post = &m->posts[m->n_posts++];
    *post = (struct m_post){.ask = at, .author = who, .kind = M_KINDS, .ts = g_strdup_printf("%d.1", 1000 + op->id),
                            .at = m->now};
    struct event *event = new_event(life, mention ? EVENT_MENTION : EVENT_MESSAGE, who, ask->channel);
    event->thread = thread_of(life, at);
    event->message = g_strdup(post->ts);
    event->text = g_strdup(text);
    event->posted_ms = m->now;
    event->addressed = mention;
    g_string_append_printf(life->told, "  %s in the thread of #%d%s: %s\n", users[who], at + 1, mention ? ", to askwhy" : "", text);
    bool concerned = mention || (kind < M_KINDS && ask->questions[kind].person == who);
    happen_to(life, event);
    if (concerned && ask->channel == M_CLOSED)
        m->gone[M_CLOSED][who] = false;
    m_reply(m, post, says, text, named);
    post->noted = post->noted || mention;
}

static struct m_post *post_of(struct life *life, const struct op *op)
{
    struct model *m = &life->m;
    if (m->n_posts == 0)
        return NULL;
    struct m_post *post = &m->posts[op->ask % (guint)m->n_posts];
    return post->gone ? NULL : post;
}

static struct event *event_of_post(struct life *life, enum event_kind kind, const struct m_post *post)
{
    struct event *event = new_event(life, kind, post->author, life->m.asks[post->ask].channel);
    event->thread = thread_of(life, post->ask);
    event->message = g_strdup(post->ts);
    event->posted_ms = post->at;
    return event;
}

static void do_edit(struct life *life, const struct op *op)
{
    struct m_post *post = post_of(life, op);
    if (post == NULL)
        return;
    enum m_says says;
    int named, open = m_open_question(&life->m.asks[post->ask]);
    int kind = post->kind < M_KINDS ? post->kind : MIN(open, M_DEADLINE);
    g_autofree char *text = draw_words(op, kind, &says, &named);
    struct event *event = event_of_post(life, EVENT_EDITED, post);
    event->revision = g_strdup_printf("%010d.1", op->id);
    event->text = g_strdup(text);
    g_string_append_printf(life->told, "  %s edits %s in the thread of #%d: %s\n", users[post->author], post->ts,
                           post->ask + 1, text);
    happen_to(life, event);
    m_edit(&life->m, post, says, text, named);
}

static void do_delete(struct life *life, const struct op *op)
{
    struct m_post *post = post_of(life, op);
    if (post == NULL)
        return;
    g_string_append_printf(life->told, "  %s deletes %s in the thread of #%d\n", users[post->author], post->ts, post->ask + 1);
    happen_to(life, event_of_post(life, EVENT_DELETED, post));
    m_delete(&life->m, post);
}

/* Buttons stand where the ask lives. */
static void do_press(struct life *life, struct op op, int at)
{
    static const char *const actions[] = {"skip", "unknown", "undo"};
    struct m_ask *ask = &life->m.asks[at];
    int open = m_open_question(ask), kind = op.b % 3 > 0 && open < M_KINDS && op.kind != OP_UNDO ? open : (int)(op.a % M_KINDS);
    op.place = ask->channel;
    if (op.b % 2 == 0)
        op.who = ask->asker;
    g_autofree char *value = g_strdup_printf("%d:%s", at + 1, m_kind_names[kind]);
    note(life, &op, "[%s] %s", actions[op.kind - OP_SKIP], value);
    press(life, op.who, op.place, actions[op.kind - OP_SKIP], value);
    if (op.place == M_CLOSED)
        life->m.gone[M_CLOSED][op.who] = false;
    if (op.kind == OP_SKIP)
        m_skip(&life->m, ask, kind, op.who);
    else if (op.kind == OP_UNKNOWN)
        m_unknown(&life->m, ask, kind, op.who);
    else
        m_undo(&life->m, ask, kind, op.who);
}

static void do_own(struct life *life, const struct op *op, int at)
{
    int whom = op->a % 2 == 0 ? op->who : (int)(op->b % M_PEOPLE);
    g_autofree char *person = mention_of(whom);
    if (type_about(life, op, at + 1, "own", op->a % 2 == 0 ? "" : person))
        m_own(&life->m, &life->m.asks[at], op->who, whom);
}

static void do_decide(struct life *life, const struct op *op, int at)
{
    static const char *const words[] = {"yes", "yes", "no", "later"};
    const char *word = words[op->a % G_N_ELEMENTS(words)];
    g_autofree char *reason = op->b % 2 == 0 ? g_strdup_printf("it pays %d", op->id) : NULL;
    g_autofree char *until = g_str_equal(word, "later") ? g_strdup_printf(" until 1 March %d", life->year) : g_strdup("");
    g_autofree char *rest = g_strconcat(word, until, reason != NULL ? " because " : "", reason != NULL ? reason : "", NULL);
    if (type_about(life, op, at + 1, "decide", rest))
        m_decide(&life->m.asks[at], op->who, word, reason);
}

static void do_move(struct life *life, const struct op *op, int at)
{
    static const char *const verbs[] = {"start", "ship", "withdraw"};
    struct m_ask *ask = &life->m.asks[at];
    if (!type_about(life, op, at + 1, verbs[op->kind - OP_START], ""))
        return;
    if (op->kind == OP_START)
        m_start(ask, op->who);
    else if (op->kind == OP_SHIP)
        m_ship(ask, op->who);
    else
        m_withdraw(ask, op->who);
}

static void do_voice(struct life *life, const struct op *op, int at)
{
    g_autofree char *words = op->a % 2 == 0 ? g_strdup_printf("we lose %d customers", op->id) : NULL;
    g_autofree char *rest = words != NULL ? g_strconcat("because ", words, NULL) : g_strdup("");
    if (type_about(life, op, at + 1, "voice", rest))
        m_voice(&life->m.asks[at], op->who, words);
}

static void do_form(struct life *life, const struct op *op, int at)
{
    struct m_ask *ask = &life->m.asks[at];
    struct event *event = new_event(life, EVENT_FORM, op->who, NOWHERE);
    char *words[M_KINDS] = {NULL};
    g_clear_pointer(&event->channel, g_free);
    event->channel_kind = CHANNEL_UNKNOWN;
    event->form = g_strdup("why");
    event->view = g_strdup_printf("V%d", op->id);
    event->state = g_strdup_printf("%d:%d", at + 1, op->place == NOWHERE ? 0 : (int)life->channels[op->place]);
    for (int kind = 0; kind < M_DEADLINE; kind++) {
        words[kind] = (op->a | 1) >> kind & 1 ? answer_text(kind, op->id) : NULL;
        event_add_field(event, m_kind_names[kind], words[kind] != NULL ? words[kind] : "");
    }
    note(life, op, "[the form of #%d]", at + 1);
    bool sees = m_sees(&life->m, ask, op->who, op->place);
    int64_t entries = happen_to(life, event);
    if (sees)
        m_form(&life->m, ask, op->who, words);
    else if (entries > 0)
        wrong(life, "a form about #%d counts, which may not be seen there", at + 1);
    for (int kind = 0; kind < M_KINDS; kind++)
        g_free(words[kind]);
}

static void do_settings(struct life *life, const struct op *op)
{
    struct model *m = &life->m;
    if (op->place == NOWHERE)
        return;
    int whom = (int)(op->b % M_PEOPLE), what = (int)(op->a % 5);
    g_autofree char *person = mention_of(whom);
    g_autofree char *text = what < 2 ? g_strdup_printf("settings %s %s", what == 0 ? "owner" : "decider", person)
                                     : g_strdup_printf("settings questions %s", what == 2   ? "why"
                                                                                : what == 3 ? "why, impact"
                                                                                            : "all");
    note(life, op, "/ask %s", text);
    type(life, op->who, op->place, text);
    if (!m_may_set(m, op->place, op->who))
        return;
    if (what == 0)
        m->owner[op->place] = whom;
    else if (what == 1)
        m->decider[op->place] = whom;
    else {
        m->asks_impact[op->place] = what > 2;
        m->asks_rest[op->place] = what > 3;
    }
}

static void do_presence(struct life *life, struct op op)
{
    op.place = M_CLOSED;
    note(life, &op, "%s", op.kind == OP_LEAVE ? "leaves" : "joins");
    happen_to(life, new_event(life, op.kind == OP_LEAVE ? EVENT_LEFT : EVENT_JOINED, op.who, M_CLOSED));
    life->m.gone[M_CLOSED][op.who] = op.kind == OP_LEAVE;
}

static void do_years(struct life *life)
{
    g_autofree char *day = g_strdup_printf("%d-03-02T10:00:00+02:00", life->year);
    g_string_append_printf(life->told, "  it is %s\n", day);
    time_passes(life, moment(day) - life->m.now);
    m_return(&life->m);
    life->year += 10;
}

static void play_op(struct life *life, const struct op *op)
{
    struct model *m = &life->m;
    m->now += 1000;
    bool about = op->kind != OP_RAISE && op->kind != OP_LEAVE && op->kind != OP_JOIN && op->kind != OP_SETTINGS &&
                 op->kind != OP_WAIT && op->kind != OP_YEARS && op->kind != OP_REMINDERS && op->kind != OP_EDIT &&
                 op->kind != OP_DELETE;
    if (about && m->n_asks == 0)
        return;
    /* Much happens to few asks. */
    guint choice = (guint)(op->ask % 2 == 0 ? MIN(m->n_asks, 2) : m->n_asks);
    int at = choice > 0 ? (int)(op->ask / 2 % choice) : 0;
    /* Who types in a private channel is in it. */
    bool typed = about || op->kind == OP_RAISE || op->kind == OP_SETTINGS || op->kind == OP_REMINDERS;
    bool there = typed && op->place == M_CLOSED && op->kind != OP_REPLY && op->kind != OP_FORM &&
                 !(op->kind >= OP_SKIP && op->kind <= OP_UNDO) && !(op->kind == OP_RAISE && m->n_asks == M_ASKS);
    if (there)
        m->gone[M_CLOSED][op->who] = false;
    switch (op->kind) {
    case OP_RAISE:
        do_raise(life, op);
        break;
    case OP_TELL:
        do_tell(life, op, at);
        break;
    case OP_REPLY:
        do_reply(life, op, at);
        break;
    case OP_EDIT:
        do_edit(life, op);
        break;
    case OP_DELETE:
        do_delete(life, op);
        break;
    case OP_SKIP:
    case OP_UNKNOWN:
    case OP_UNDO:
        do_press(life, *op, at);
        break;
    case OP_OWN:
        do_own(life, op, at);
        break;
    case OP_DECIDE:
        do_decide(life, op, at);
        break;
    case OP_START:
    case OP_SHIP:
    case OP_WITHDRAW:
        do_move(life, op, at);
        break;
    case OP_VOICE:
        do_voice(life, op, at);
        break;
    case OP_FORM:
        do_form(life, op, at);
        break;
    case OP_LEAVE:
    case OP_JOIN:
        do_presence(life, *op);
        break;
    case OP_SETTINGS:
        do_settings(life, op);
        break;
    case OP_SHOW:
        type_about(life, op, at + 1, "show", "");
        break;
    case OP_SNOOZE:
        type_about(life, op, at + 1, "snooze", "3 days");
        break;
    case OP_WAIT:
        g_string_append_printf(life->told, "  %u hours pass\n", op->a % 100);
        time_passes(life, (int64_t)(op->a % 100) * HOUR_MS);
        break;
    case OP_YEARS:
        do_years(life);
        break;
    case OP_REMINDERS:
        note(life, op, "/ask me reminders %s", op->a % 2 == 0 ? "off" : "on");
        type(life, op->who, op->place, op->a % 2 == 0 ? "me reminders off" : "me reminders on");
        break;
    case OP_KINDS:
        break;
    }
}

/* ---- comparing ---- */

static const char *person_at(const struct life *life, int64_t id)
{
    for (int i = 0; i < M_PEOPLE; i++) {
        if (life->people[i] == id)
            return users[i];
    }
    return "-";
}

static const char *user_at(int who)
{
    return who == NOBODY ? "-" : users[who];
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static char *stored(struct life *life, int at)
{
    struct store *store = life->s->store;
    GString *out = g_string_new(NULL);
    struct ask ask;
    if (!store_load_ask(store, at + 1, &ask))
        return g_string_free(g_string_append(out, "not there"), FALSE);
    const char *words[M_KINDS] = {ask.why, ask.impact, ask.evidence, ask.deadline_note};
    int known[M_KINDS] = {ask.why_known, ask.impact_known, ask.evidence_known, 0};
    g_string_append_printf(out, "%s, %s for %s, owner %s, decider %s, deadline %s\n", ask.state, person_at(life, ask.raiser),
                           person_at(life, ask.asker), person_at(life, ask.owner), person_at(life, ask.decider),
                           ask.deadline != NULL ? "yes" : "no");
    g_string_append_printf(out, "decided %s by %s: %s; later %d started %d shipped %d voices %d\n", or_dash(ask.decision),
                           person_at(life, ask.decided_by), or_dash(ask.decision_words), ask.later_until != 0,
                           ask.started_at != 0, ask.shipped_at != 0, ask.voices);
    for (int kind = 0; kind < M_KINDS; kind++) {
        struct question question = {0};
        store_get_question(store, at + 1, m_kind_names[kind], &question);
        int64_t by = kind == M_WHY ? ask.why_by : kind == M_IMPACT ? ask.impact_by : 0;
        g_string_append_printf(out, "%s %d %s by %s; question %s to %s%s\n", m_kind_names[kind], known[kind],
                               or_dash(words[kind]), person_at(life, by), or_dash(question.state),
                               question.state != NULL ? person_at(life, question.person) : "-",
                               question.followed_up ? ", followed up" : "");
        if (question.reminders > 3)
            wrong(life, "#%d: %d reminders", at + 1, question.reminders);
        question_done(&question);
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        g_autofree char *why = sql_text(store,
                                        "SELECT coalesce(text, '-') FROM voice LEFT JOIN words ON words.id = voice.words"
                                        " WHERE ask = ?1 AND person = ?2",
                                        "ii", (int64_t)at + 1, life->people[who]);
        if (why != NULL)
            g_string_append_printf(out, "voice of %s: %s\n", users[who], why);
    }
    ask_done(&ask);
    return g_string_free(out, FALSE);
}

static char *modelled(const struct life *life, int at)
{
    const struct m_ask *ask = &life->m.asks[at];
    GString *out = g_string_new(NULL);
    int voices = 0;
    for (int who = 0; who < M_PEOPLE; who++)
        voices += ask->voiced[who];
    g_string_append_printf(out, "%s, %s for %s, owner %s, decider %s, deadline %s\n", ask->state, users[ask->raiser],
                           users[ask->asker], user_at(ask->owner), user_at(ask->decider), ask->deadline ? "yes" : "no");
    g_string_append_printf(out, "decided %s by %s: %s; later %d started %d shipped %d voices %d\n", or_dash(ask->decision),
                           user_at(ask->decided_by), or_dash(ask->reason), ask->later, ask->started, ask->shipped, voices);
    for (int kind = 0; kind < M_KINDS; kind++) {
        const struct m_question *question = &ask->questions[kind];
        g_string_append_printf(out, "%s %d %s by %s; question %s to %s%s\n", m_kind_names[kind],
                               kind == M_DEADLINE ? 0 : ask->known[kind], or_dash(ask->words[kind]),
                               kind <= M_IMPACT ? user_at(ask->by[kind]) : "-", or_dash(question->state),
                               question->state != NULL ? users[question->person] : "-",
                               question->followed ? ", followed up" : "");
    }
    for (int who = 0; who < M_PEOPLE; who++) {
        if (ask->voiced[who])
            g_string_append_printf(out, "voice of %s: %s\n", users[who], or_dash(ask->voices[who]));
    }
    return g_string_free(out, FALSE);
}

/* What one person is shown in a list, from one place. */
static void compare_list(struct life *life, int who, int place)
{
    struct viewer viewer = {.person = life->people[who], .place = place == NOWHERE ? 0 : life->channels[place],
                            .guest = who == M_GUEST};
    struct ask_filter filter = {0};
    int64_t total = 0;
    g_autoptr(GArray) lines = store_list(life->s->store, &viewer, &filter, 0, 1000, &total);
    bool listed[M_ASKS] = {false};
    for (guint i = 0; i < lines->len; i++)
        listed[g_array_index(lines, struct ask_line, i).number - 1] = true;
    for (int at = 0; at < life->m.n_asks; at++) {
        const struct m_ask *ask = &life->m.asks[at];
        bool should = m_open(ask) && m_sees(&life->m, ask, who, place);
        if (listed[at] != should)
            wrong(life, "#%d is %s for %s in %s", at + 1, should ? "not listed" : "listed", users[who],
                  place == NOWHERE ? "private" : places[place]);
    }
}

static void compare(struct life *life, const struct op *op)
{
    struct model *m = &life->m;
    struct store *store = life->s->store;
    for (int at = 0; at < m->n_asks && life->wrong == NULL; at++) {
        g_autofree char *is = stored(life, at), *should = modelled(life, at);
        if (strcmp(is, should) != 0)
            wrong(life, "#%d should be\n%sbut is\n%s", at + 1, should, is);
    }
    if (sql_number(store, "SELECT count(*) FROM ask", "") != m->n_asks)
        wrong(life, "%d asks were raised", m->n_asks);
    for (int who = 0; who < M_PEOPLE; who++) {
        bool gone = sql_number(store, "SELECT count(*) FROM presence WHERE channel = ?1 AND person = ?2 AND gone = 1", "ii",
                               life->channels[M_CLOSED], life->people[who]) != 0;
        if (gone != m->gone[M_CLOSED][who])
            wrong(life, "%s %s have left %s", users[who], gone ? "should not" : "should", places[M_CLOSED]);
        /* Who was ever heard in a place: as the store knows it. */
        m->acted[M_CLOSED][who] = sql_number(store, "SELECT EXISTS (SELECT 1 FROM presence WHERE channel = ?1 AND person = ?2)",
                                             "ii", life->channels[M_CLOSED], life->people[who]) != 0;
    }
    compare_list(life, op->who, op->place);
    if (sql_number(store, "SELECT count(*) FROM (SELECT ask FROM question WHERE state = 'open' GROUP BY ask HAVING count(*) > 1)",
                   "") != 0)
        wrong(life, "two questions are open at once");
    if (sql_number(store,
                   "SELECT count(*) FROM tally t WHERE name LIKE 'in.%' AND value <> (SELECT count(*) FROM ask"
                   " WHERE ask.channel = t.channel AND 'in.' || ask.state = t.name)",
                   "") != 0)
        wrong(life, "a tally is not what it counts");
    if (store_failed(store) != NULL)
        wrong(life, "%s", store_failed(store)->message);
}

/* ---- a life ---- */

static void life_begin(struct life *life)
{
    void *state = NULL;
    *life = (struct life){.year = 2030, .told = g_string_new(NULL)};
    story_begin(&state);
    struct story *s = life->s = state;
    sqlite3_exec(s->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    store_begin(s->store);
    life->people[0] = s->dana;
    life->people[1] = s->mia;
    life->channels[M_PUBLIC] = s->product;
    for (int i = 2; i < M_PEOPLE; i++) {
        struct profile profile = {.name = (char *)users[i], .zone = (char *)"Europe/Tallinn", .guest = i == M_GUEST};
        life->people[i] = store_person(s->store, "slack", "T1", users[i], users[i]);
        store_set_profile(s->store, life->people[i], &profile, s->now);
    }
    life->channels[M_CLOSED] = new_channel(s, places[M_CLOSED], "deals", CHANNEL_PRIVATE);
    life->channels[M_OTHER] = new_channel(s, places[M_OTHER], "other", CHANNEL_PUBLIC);
    store_commit(s->store);
    struct model *m = &life->m;
    m->now = s->now;
    for (int i = 0; i < M_CHANNELS; i++) {
        m->owner[i] = m->decider[i] = NOBODY;
        m->asks_impact[i] = m->asks_rest[i] = true;
    }
    type(life, 0, M_PUBLIC, "show 999");
    life->nothing = g_strdup(s->said);
}

static void life_end(struct life *life)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = life->wrong == NULL ? store_check_rebuild(life->s->store, &error) : NULL;
    if (differences != NULL || error != NULL)
        wrong(life, "derived anew from the log: %s", differences != NULL ? differences : error->message);
    void *state = life->s;
    story_end(&state);
    model_done(&life->m);
    g_free(life->nothing);
}

/* NULL when all was well; else what was wrong and what people had done. */
static char *play(const struct op *ops, int n)
{
    struct life life;
    life_begin(&life);
    int i = 0;
    for (; i < n && life.wrong == NULL; i++) {
        play_op(&life, &ops[i]);
        compare(&life, &ops[i]);
    }
    life_end(&life);
    char *what = life.wrong != NULL ? g_strconcat(life.told->str, life.wrong, NULL) : NULL;
    g_string_free(life.told, TRUE);
    g_free(life.wrong);
    return what;
}

/* Leaves out what is not needed to fail. */
static char *shorten(struct op *ops, int *n, char *what)
{
    for (int part = *n / 2; part > 0; part /= 2) {
        for (int from = 0; from + part <= *n;) {
            struct op fewer[OPS_MAX];
            memcpy(fewer, ops, sizeof *ops * (gsize)from);
            memcpy(fewer + from, ops + from + part, sizeof *ops * (gsize)(*n - from - part));
            char *still = play(fewer, *n - part);
            if (still == NULL) {
                from += part;
                continue;
            }
            g_free(what);
            what = still;
            *n -= part;
            memcpy(ops, fewer, sizeof *ops * (gsize)*n);
        }
    }
    return what;
}

static int draw_life(guint32 seed, struct op ops[OPS_MAX])
{
    static const enum op_kind often[] = {OP_RAISE, OP_RAISE, OP_REPLY, OP_REPLY, OP_REPLY, OP_REPLY, OP_EDIT, OP_EDIT,
                                         OP_DELETE, OP_TELL, OP_DECIDE, OP_OWN, OP_VOICE, OP_UNDO};
    GRand *rand = g_rand_new_with_seed(seed);
    int n = g_rand_int_range(rand, 10, OPS_MAX + 1);
    bool agreed = g_rand_boolean(rand); /* in the first channel, on who owns and who decides */
    for (int i = 0; i < n; i++)
        ops[i] = (struct op){.kind = agreed && i < 2               ? OP_SETTINGS
                                     : i < 4                       ? OP_RAISE
                                     : g_rand_boolean(rand) ? often[g_rand_int_range(rand, 0, G_N_ELEMENTS(often))]
                                                            : (enum op_kind)g_rand_int_range(rand, 0, OP_KINDS),
                             .id = i + 1,
                             .who = g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 3 : M_PEOPLE),
                             .place = g_rand_int_range(rand, NOWHERE, M_CHANNELS),
                             .ask = g_rand_int(rand),
                             .a = g_rand_int(rand),
                             .b = g_rand_int(rand)};
    for (int i = 0; i < 2 && agreed; i++) {
        ops[i].place = M_PUBLIC;
        ops[i].who = (int)(ops[0].b % M_PEOPLE);
        ops[i].a = (guint)i;
    }
    g_rand_free(rand);
    return n;
}

static guint32 number_from(const char *name, guint32 otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL && *text != '\0' ? (guint32)strtoul(text, NULL, 10) : otherwise;
}

static void lives_go_as_the_model_says(void **state)
{
    (void)state;
    guint32 first = number_from("MODEL_SEED", 1), lives = number_from("MODEL_LIVES", 40);
    for (guint32 seed = first; seed < first + lives; seed++) {
        struct op ops[OPS_MAX];
        int n = draw_life(seed, ops);
        char *what = play(ops, n);
        if (what == NULL)
            continue;
        what = shorten(ops, &n, what);
        print_error("MODEL_SEED=%u, shortened:\n%s\n", seed, what);
        g_free(what);
        fail();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_go_as_the_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
