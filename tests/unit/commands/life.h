/* What people do in a random life (test_model.c): each thing is done to askwhy and to the model. */
#ifndef ASKWHY_TEST_LIFE_H
#define ASKWHY_TEST_LIFE_H

#include "asks.h"
#include "model.h"

#include "bot/chat/platform.h"
#include "store/sql.h"
#include "store/trades.h"

#include <stdlib.h>

enum { OPS_MAX = 70 };

enum op_kind { OP_RAISE, OP_TELL, OP_REPLY, OP_EDIT, OP_DELETE, OP_SKIP, OP_UNKNOWN, OP_UNDO, OP_OWN, OP_DECIDE, OP_START,
               OP_SHIP, OP_WITHDRAW, OP_VOICE, OP_FORM, OP_LEAVE, OP_JOIN, OP_SETTINGS, OP_SHOW, OP_SNOOZE, OP_WAIT,
               OP_YEARS, OP_REMINDERS, OP_DISSENT, OP_DECIDER, OP_NEED, OP_INFORM, OP_URGENT, OP_KINDS };

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
    g_autofree char *reopen_if = op->b % 3 == 0 ? g_strdup_printf("%d banks ask", op->id) : NULL;
    g_autofree char *rest = g_strconcat(word, until, reason != NULL ? " because " : "", reason != NULL ? reason : "",
                                        reopen_if != NULL ? ", reopen if " : "", reopen_if, NULL);
    if (type_about(life, op, at + 1, "decide", rest))
        m_decide(&life->m, &life->m.asks[at], op->who, word, reason, reopen_if);
}

static void do_dissent(struct life *life, const struct op *op, int at)
{
    bool commits = op->b % 2 == 0;
    g_autofree char *words = g_strdup_printf("it costs %d", op->id);
    g_autofree char *rest = g_strconcat(commits ? "but I commit: " : "because ", words, NULL);
    if (type_about(life, op, at + 1, "dissent", rest))
        m_dissent(&life->m.asks[at], op->who, words, commits);
}

static void do_part(struct life *life, const struct op *op, int at)
{
    struct m_ask *ask = &life->m.asks[at];
    int whom = (int)(op->b % M_PEOPLE);
    bool yes = op->a % 3 == 0;
    g_autofree char *person = mention_of(whom), *words = g_strdup_printf("Buyers sign in %d times", op->id);
    g_autofree char *off = g_strconcat(person, " off", NULL);
    if (op->kind == OP_DECIDER && type_about(life, op, at + 1, "decider", person))
        m_decider(&life->m, ask, op->who, whom);
    else if (op->kind == OP_INFORM && type_about(life, op, at + 1, "inform", yes ? off : person))
        m_inform(&life->m, ask, op->who, whom, yes);
    else if (op->kind == OP_URGENT && type_about(life, op, at + 1, "urgent", yes ? "off" : ""))
        m_urgent(ask, op->who, !yes);
    else if (op->kind == OP_NEED && type_about(life, op, at + 1, "need", yes ? "yes" : words)) {
        if (yes)
            m_need_yes(ask, op->who);
        else
            m_need(ask, op->who, words);
    }
}

static void do_move(struct life *life, const struct op *op, int at)
{
    static const char *const verbs[] = {"ship", "withdraw"};
    struct m_ask *ask = &life->m.asks[at];
    if (!type_about(life, op, at + 1, verbs[op->kind - OP_SHIP], ""))
        return;
    if (op->kind == OP_SHIP)
        m_ship(&life->m, ask, op->who);
    else
        m_withdraw(&life->m, ask, op->who);
}

/* Alone, or with what gives way to it. */
static void do_start(struct life *life, const struct op *op, int at)
{
    struct model *m = &life->m;
    int other = (int)(op->b / 8 % (guint)m->n_asks), how = (int)(op->b % 6);
    g_autofree char *rest = how < 2    ? g_strdup(op->a % 2 ? "because it pays" : "")
                            : how == 2 ? g_strdup("nothing gives way")
                            : how < 5  ? g_strdup_printf("instead of %d because it pays %d", other + 1, op->id)
                                       : g_strdup_printf("after #%d", other + 1);
    if (!type_about(life, op, at + 1, "start", rest))
        return;
    if (how < 2)
        m_start(m, &m->asks[at], op->who, op->place);
    else if (how == 2 && m_may_start(&m->asks[at], op->who))
        m_begin(&m->asks[at], op->who);
    else if (how > 2 && how < 5)
        m_start_instead(m, &m->asks[at], &m->asks[other], op->who, op->place);
    else if (how == 5)
        m_start_after(m, &m->asks[at], other, op->who, op->place);
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
    g_autofree char *number = g_strdup_printf("%d", at + 1);
    press(life, op->who, op->place, "why", number);
    if (op->place == M_CLOSED)
        life->m.gone[M_CLOSED][op->who] = false;
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
    if (what < 2)
        m_named(m, op->place, op->who, whom);
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

/* What was set aside is asked about on its date; unanswered, it is shelved in the end. */
static void time_shelves(struct life *life)
{
    for (int at = 0; at < life->m.n_asks; at++) {
        struct m_ask *ask = &life->m.asks[at];
        struct ask is;
        if (!g_str_equal(ask->state, "paused") || !store_load_ask(life->s->store, at + 1, &is))
            continue;
        if (g_str_equal(is.state, "shelved"))
            ask->state = "shelved";
        else if (is.revisit_at == 0 || is.revisit_at <= life->m.now)
            wrong(life, "#%d is set aside, and nothing will come of it", at + 1);
        ask_done(&is);
    }
}

static void do_years(struct life *life)
{
    g_autofree char *day = g_strdup_printf("%d-03-02T10:00:00+02:00", life->year);
    g_string_append_printf(life->told, "  it is %s\n", day);
    time_passes(life, moment(day) - life->m.now);
    m_return(&life->m);
    time_shelves(life);
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
        do_start(life, op, at);
        break;
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
        time_shelves(life);
        break;
    case OP_YEARS:
        do_years(life);
        break;
    case OP_REMINDERS:
        note(life, op, "/ask me reminders %s", op->a % 2 == 0 ? "off" : "on");
        type(life, op->who, op->place, op->a % 2 == 0 ? "me reminders off" : "me reminders on");
        break;
    case OP_DISSENT:
        do_dissent(life, op, at);
        break;
    case OP_DECIDER:
    case OP_NEED:
    case OP_INFORM:
    case OP_URGENT:
        do_part(life, op, at);
        break;
    case OP_KINDS:
        break;
    }
}

#endif
