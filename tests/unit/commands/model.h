/* What askwhy's rules say, played on plain structs: no store, no log, no texts to show. The oracle of test_model.c.
 * Written from the rules (README, commands/states.c's table), not from the commands that shall keep them. */
#ifndef ASKWHY_TEST_MODEL_H
#define ASKWHY_TEST_MODEL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { M_PEOPLE = 6, M_CHANNELS = 3, M_ASKS = 24, M_POSTS = 120 };
enum { M_PUBLIC, M_CLOSED, M_OTHER }; /* channels; the second is private */
enum { M_GUEST = 5 };                 /* the person who sees no more than where they are */
enum { NOBODY = -1, NOWHERE = -1 };   /* NOWHERE: privately, in no channel */
enum m_kind { M_WHY, M_IMPACT, M_EVIDENCE, M_DEADLINE, M_KINDS };
static const char *const m_kind_names[M_KINDS] = {"why", "impact", "evidence", "deadline"};

struct m_question {
    const char *state; /* NULL: never asked */
    int person;
    bool followed;
    int64_t asked_at;
};

struct m_ask {
    int channel, asker, raiser, owner, decider;
    const char *state;
    char *title;
    bool deadline;
    int known[M_KINDS]; /* 0, 1 given, 2 said not to be known; the deadline's: 0 and 1 only */
    char *words[M_KINDS];
    int by[M_KINDS], answer[M_KINDS]; /* answer: which one counts, 0 for none */
    struct m_question questions[M_KINDS];
    const char *decision;
    char *reason;
    int decided_by;
    bool later, started, shipped;
    int behind, trades; /* the ask it will start after, NOBODY for none; how often it was set aside */
    bool voiced[M_PEOPLE];
    char *voices[M_PEOPLE];
    char *reopen_if, *dissents[M_PEOPLE];
    bool commits[M_PEOPLE];
    char *need;
    bool confirmed, informed[M_PEOPLE], urgent;
};

/* What somebody wrote into a thread. */
struct m_post {
    int ask, author, kind; /* kind: of what it holds, M_KINDS for nothing */
    int answer;            /* 0 when forgotten */
    char *ts;
    int64_t at;
    bool noted, gone;      /* noted: it once concerned askwhy */
};

struct model {
    int64_t now;
    int n_asks, n_posts, answers;
    struct m_ask asks[M_ASKS];
    struct m_post posts[M_POSTS];
    bool gone[M_CHANNELS][M_PEOPLE], acted[M_CHANNELS][M_PEOPLE];
    int owner[M_CHANNELS], decider[M_CHANNELS];
    bool asks_impact[M_CHANNELS], asks_rest[M_CHANNELS];
};

enum m_says { SAYS_ANSWER, SAYS_NOTHING, SAYS_UNKNOWN, SAYS_SKIP, SAYS_LATER, SAYS_KNOWS, SAYS_CHAT };

static inline void m_set(char **words, const char *text)
{
    g_free(*words);
    *words = g_strdup(text);
}

static inline void model_done(struct model *m)
{
    for (int i = 0; i < m->n_asks; i++) {
        struct m_ask *ask = &m->asks[i];
        g_free(ask->title);
        g_free(ask->reason);
        for (int k = 0; k < M_KINDS; k++)
            g_free(ask->words[k]);
        for (int p = 0; p < M_PEOPLE; p++)
            g_free(ask->voices[p]);
        g_free(ask->reopen_if);
        g_free(ask->need);
        for (int p = 0; p < M_PEOPLE; p++)
            g_free(ask->dissents[p]);
    }
    for (int i = 0; i < m->n_posts; i++) {
        g_free(m->posts[i].ts);
    }
}

static inline bool m_is(const char *state, const char *of)
{
    g_auto(GStrv) all = g_strsplit(of, " ", -1);
    return g_strv_contains((const char *const *)all, state);
}

static inline bool m_open(const struct m_ask *ask)
{
    return m_is(ask->state, "waiting clear accepted later started paused");
}

static inline bool m_sees(const struct model *m, const struct m_ask *ask, int person, int place)
{
    bool part = ask->asker == person || ask->raiser == person || ask->owner == person || ask->decider == person;
    if (place == ask->channel)
        return true;
    if (ask->channel != M_CLOSED)
        return person != M_GUEST || part;
    return place == NOWHERE && part && !m->gone[ask->channel][person];
}

static inline bool m_asks_for(const struct model *m, int channel, int kind)
{
    return kind == M_WHY || (kind == M_IMPACT ? m->asks_impact[channel] : m->asks_rest[channel]);
}

static inline bool m_clear(const struct model *m, const struct m_ask *ask)
{
    return ask->known[M_WHY] != 0 && (ask->known[M_IMPACT] != 0 || !m_asks_for(m, ask->channel, M_IMPACT));
}

static inline int m_open_question(const struct m_ask *ask)
{
    for (int k = 0; k < M_KINDS; k++) {
        if (g_strcmp0(ask->questions[k].state, "open") == 0)
            return k;
    }
    return M_KINDS;
}

/* What whoever replies there replies to: after an ask's end, what was asked last until they are told that it is not any more. */
static inline int m_replied_question(const struct m_ask *ask)
{
    for (int k = 0; k < M_KINDS; k++) {
        if (g_strcmp0(ask->questions[k].state, m_open(ask) ? "open" : "ended") == 0)
            return k;
    }
    return M_KINDS;
}

static inline void m_put(const struct model *m, struct m_ask *ask, int kind, int person)
{
    ask->questions[kind].asked_at = m->now;
    ask->questions[kind].state = "open";
    ask->questions[kind].person = person;
}

static inline void m_next(const struct model *m, struct m_ask *ask)
{
    if (m_open_question(ask) < M_KINDS || !m_open(ask))
        return;
    for (int k = 0; k < M_KINDS; k++) {
        const char *state = ask->questions[k].state;
        bool needed = k == M_DEADLINE ? ask->deadline && ask->words[k] == NULL : ask->known[k] == 0;
        if (needed && m_asks_for(m, ask->channel, k) && (state == NULL || m_is(state, "postponed ended"))) {
            m_put(m, ask, k, ask->asker);
            return;
        }
    }
}

static inline void m_close(struct m_ask *ask, int kind, const char *how)
{
    if (kind == M_KINDS)
        return;
    struct m_question *question = &ask->questions[kind];
    if (question->state == NULL)
        question->person = ask->asker;
    else if (!g_str_equal(question->state, "open"))
        return;
    question->state = how;
}

/* Somebody's answer; words NULL: not known. */
static inline void m_answer(struct model *m, struct m_ask *ask, int kind, const char *words, int by)
{
    m_set(&ask->words[kind], words);
    ask->known[kind] = words != NULL ? 1 : 2;
    ask->by[kind] = by;
    ask->answer[kind] = ++m->answers;
    m_close(ask, kind, words != NULL ? "answered" : "unknown");
    if (g_str_equal(ask->state, "waiting") && m_clear(m, ask))
        ask->state = "clear";
}

/* The asker's own words: what others say goes beside them. */
static inline bool m_stands(const struct m_ask *ask, int kind, int who)
{
    return who != ask->asker && ask->words[kind] != NULL && ask->by[kind] == ask->asker;
}

static inline void m_unanswer(struct m_ask *ask, int kind)
{
    m_set(&ask->words[kind], NULL);
    ask->known[kind] = ask->answer[kind] = 0;
    ask->by[kind] = NOBODY;
    if (g_str_equal(ask->state, "clear") && (kind == M_WHY || kind == M_IMPACT))
        ask->state = "waiting";
}

/* Somebody gave person a part in an ask there: where nothing was heard of them they may not be. */
static inline void m_named(struct model *m, int channel, int actor, int person)
{
    if (channel == M_CLOSED && person != actor && !m->acted[channel][person])
        m->gone[channel][person] = true;
}

/* ---- what people do ---- */

static inline struct m_ask *m_raise(struct model *m, int who, int asker, int channel, const char *title, bool deadline)
{
    struct m_ask *ask = &m->asks[m->n_asks++];
    *ask = (struct m_ask){.channel = channel, .asker = asker, .raiser = who, .owner = m->owner[channel],
                          .decider = m->decider[channel], .state = "waiting", .title = g_strdup(title),
                          .deadline = deadline, .behind = NOBODY, .decided_by = NOBODY, .by = {NOBODY, NOBODY, NOBODY, NOBODY}};
    m->acted[channel][who] = true;
    m_named(m, channel, who, asker);
    m_next(m, ask);
    return ask;
}

static inline bool m_may_press(const struct m_ask *ask, int kind, int who)
{
    return m_open(ask) && g_strcmp0(ask->questions[kind].state, "open") == 0 &&
           (ask->questions[kind].person == who || ask->asker == who);
}

/* /why 42 <text> and its like. */
static inline void m_tell(struct model *m, struct m_ask *ask, int who, int kind, const char *words)
{
    if (!m_open(ask))
        return;
    bool asked = m_open_question(ask) < M_KINDS, waiting = g_str_equal(ask->state, "waiting");
    /* That it is not known is for the asker and who is asked to say. */
    if (words == NULL && who != ask->asker && !m_may_press(ask, kind, who))
        return;
    if (words == NULL || !m_stands(ask, kind, who))
        m_answer(m, ask, kind, words, who);
    if (asked || (waiting && g_str_equal(ask->state, "clear")))
        m_next(m, ask);
}

/* The thirty-second form: what is given of all kinds at once; words NULL where nothing is. */
static inline void m_form(struct model *m, struct m_ask *ask, int who, char *const words[M_KINDS])
{
    bool asked = m_open_question(ask) < M_KINDS, waiting = g_str_equal(ask->state, "waiting");
    if (!m_open(ask))
        return; /* it came to an end while the form was filled in */
    for (int kind = 0; kind < M_KINDS; kind++) {
        if (words[kind] != NULL && !m_stands(ask, kind, who))
            m_answer(m, ask, kind, words[kind], who);
    }
    if (asked || (waiting && g_str_equal(ask->state, "clear")))
        m_next(m, ask);
}

static inline void m_heard(struct m_post *post, int kind, int answer)
{
    post->kind = kind;
    post->answer = answer;
}

static inline void m_accept(struct model *m, struct m_ask *ask, struct m_post *post, int kind, const char *text)
{
    m_answer(m, ask, kind, text, post->author);
    m_heard(post, kind, m->answers);
    m_next(m, ask);
}

/* The newest words of a post, heard for the first time. */
static inline void m_reply(struct model *m, struct m_post *post, enum m_says says, const char *text, int named)
{
    struct m_ask *ask = &m->asks[post->ask];
    int kind = m_replied_question(ask);
    if (kind == M_KINDS || ask->questions[kind].person != post->author)
        return;
    post->noted = true;
    if (!m_open(ask)) {
        if (says == SAYS_ANSWER || says == SAYS_NOTHING)
            ask->questions[kind].state = "postponed";
        return;
    }
    switch (says) {
    case SAYS_NOTHING:
        if (!ask->questions[kind].followed && (kind == M_WHY || kind == M_IMPACT)) {
            ask->questions[kind].followed = true;
            m_heard(post, kind, ++m->answers);
            return;
        }
        G_GNUC_FALLTHROUGH;
    case SAYS_ANSWER:
        m_accept(m, ask, post, kind, text);
        break;
    case SAYS_UNKNOWN:
        m_answer(m, ask, kind, NULL, post->author);
        m_next(m, ask);
        break;
    case SAYS_SKIP:
        m_close(ask, kind, "skipped");
        m_next(m, ask);
        break;
    case SAYS_KNOWS:
        if (named != post->author) {
            m_put(m, ask, kind, named);
            m_named(m, ask->channel, post->author, named);
        }
        break;
    case SAYS_LATER:
    case SAYS_CHAT:
        break;
    }
}

static inline bool m_counts(const struct model *m, const struct m_post *post)
{
    return post->kind < M_KINDS && post->answer != 0 && m->asks[post->ask].answer[post->kind] == post->answer;
}

static inline void m_edit(struct model *m, struct m_post *post, enum m_says says, const char *text, int named)
{
    struct m_ask *ask = &m->asks[post->ask];
    int open = m_open_question(ask);
    if (post->kind == M_KINDS) {
        /* Older than the question: no answer to it. */
        int replied = m_replied_question(ask);
        bool asked = replied < M_KINDS && ask->questions[replied].person == post->author;
        bool older = asked && post->at < ask->questions[replied].asked_at - 60 * 1000;
        if (!post->noted && asked && !older)
            m_reply(m, post, says, text, named);
        post->noted = post->noted || asked;
        return;
    }
    if (!m_counts(m, post)) {
        post->answer = 0;
        if (open == post->kind && ask->questions[open].person == post->author && m_open(ask) && says == SAYS_ANSWER)
            m_accept(m, ask, post, open, text);
        return;
    }
    post->answer = 0;
    if (says == SAYS_SKIP) {
        m_unanswer(ask, post->kind);
    } else {
        m_answer(m, ask, post->kind, says == SAYS_UNKNOWN ? NULL : text, post->author);
        post->answer = says == SAYS_UNKNOWN ? 0 : m->answers;
    }
}

static inline void m_delete(struct model *m, struct m_post *post)
{
    if (m_counts(m, post))
        m_unanswer(&m->asks[post->ask], post->kind);
    m_heard(post, M_KINDS, 0);
    post->gone = post->noted = true;
}

static inline void m_skip(struct model *m, struct m_ask *ask, int kind, int who)
{
    if (!m_may_press(ask, kind, who))
        return;
    m_close(ask, kind, "skipped");
    m_next(m, ask);
}

static inline void m_unknown(struct model *m, struct m_ask *ask, int kind, int who)
{
    if (!m_may_press(ask, kind, who))
        return;
    m_answer(m, ask, kind, NULL, who);
    m_next(m, ask);
}

static inline void m_undo(struct model *m, struct m_ask *ask, int kind, int who)
{
    struct m_question *question = &ask->questions[kind];
    bool known = kind == M_DEADLINE ? !ask->deadline || ask->words[kind] != NULL : ask->known[kind] != 0;
    bool mine = question->state != NULL && (question->person == who || ask->asker == who);
    if (!mine || g_str_equal(question->state, "open") || !known || !m_open(ask))
        return;
    for (int i = 0; i < m->n_posts; i++) {
        struct m_post *post = &m->posts[i];
        if (&m->asks[post->ask] == ask && post->kind == kind)
            m_heard(post, M_KINDS, 0);
    }
    m_unanswer(ask, kind);
    int open = m_open_question(ask);
    if (open < M_KINDS)
        ask->questions[open].state = "postponed";
    m_put(m, ask, kind, question->person);
}

static inline bool m_drives(const struct m_ask *ask, int who)
{
    return (ask->owner == NOBODY && who != M_GUEST) || ask->owner == who;
}

static inline bool m_decides(const struct m_ask *ask, int who)
{
    return (ask->decider == NOBODY && who != M_GUEST) || ask->decider == who;
}

static inline void m_own(struct model *m, struct m_ask *ask, int who, int whom)
{
    bool may = whom == who || ask->asker == who || ask->raiser == who || m_drives(ask, who) || m_decides(ask, who);
    if (!m_open(ask) || !may || ask->owner == whom)
        return;
    ask->owner = whom;
    m_named(m, ask->channel, who, whom);
}

/* Once an ask has ended, nobody waits behind it any more, nor does it wait. */
static inline void m_gone_on(struct model *m, struct m_ask *ask)
{
    m_close(ask, m_open_question(ask), "ended");
    ask->behind = NOBODY;
    for (int i = 0; i < m->n_asks; i++) {
        if (m->asks[i].behind == (int)(ask - m->asks))
            m->asks[i].behind = NOBODY;
    }
}

/* Another decision than before: what stood around that one is gone. */
static inline void m_decide_anew(struct m_ask *ask)
{
    m_set(&ask->reopen_if, NULL);
    for (int i = 0; i < M_PEOPLE; i++)
        m_set(&ask->dissents[i], NULL);
}

static inline void m_decide(struct model *m, struct m_ask *ask, int who, const char *word, const char *reason,
                            const char *reopen_if)
{
    const char *from = g_str_equal(word, "yes") ? "waiting clear later" : "waiting clear accepted later";
    const char *to = g_str_equal(word, "yes") ? "accepted" : g_str_equal(word, "no") ? "declined" : "later";
    bool again = reason != NULL && ask->reason == NULL && g_strcmp0(ask->decision, word) == 0 &&
                 g_str_equal(ask->state, to);
    bool same = g_strcmp0(ask->decision, word) == 0 && g_str_equal(ask->state, to);
    if (m_decides(ask, who) && same && (reason == NULL || g_strcmp0(reason, ask->reason) == 0) && reopen_if != NULL) {
        m_set(&ask->reopen_if, reopen_if);
        return;
    }
    if (!m_decides(ask, who) || (!again && !m_is(ask->state, from)))
        return;
    bool changes = m_is(ask->state, "accepted declined") && g_strcmp0(ask->decision, word) != 0;
    if (changes && reason == NULL)
        return; /* it names what is new */
    if (ask->decision != NULL && !g_str_equal(ask->decision, word))
        m_decide_anew(ask);
    if (reopen_if != NULL)
        m_set(&ask->reopen_if, reopen_if);
    ask->state = to;
    ask->decision = word;
    m_set(&ask->reason, reason);
    ask->decided_by = who;
    if (g_str_equal(to, "declined"))
        m_gone_on(m, ask);
    ask->later = g_str_equal(word, "later");
}

/* ---- what gives way ---- */

static inline bool m_may_start(const struct m_ask *ask, int who)
{
    return m_is(ask->state, "waiting clear accepted later") && m_drives(ask, who);
}

static inline void m_begin(struct m_ask *ask, int who)
{
    ask->state = "started";
    ask->started = true;
    ask->later = false;
    ask->behind = NOBODY;
    if (ask->owner == NOBODY)
        ask->owner = who;
}

/* start 42, when nothing is said of what gives way: at once only while nothing of theirs that shows there is started. */
static inline void m_start(const struct model *m, struct m_ask *ask, int who, int place)
{
    if (!m_may_start(ask, who))
        return;
    for (int i = 0; i < m->n_asks; i++) {
        const struct m_ask *other = &m->asks[i];
        if (g_str_equal(other->state, "started") && other->owner == who && m_sees(m, other, who, place))
            return;
    }
    m_begin(ask, who);
}

static inline void m_start_instead(const struct model *m, struct m_ask *ask, struct m_ask *other, int who, int place)
{
    bool may = g_str_equal(other->state, "started") && (m_drives(other, who) || m_decides(other, who));
    if (!m_may_start(ask, who) || ask == other || !m_sees(m, other, who, place) || !may)
        return;
    m_begin(ask, who);
    other->state = "paused";
    other->trades++;
}

static inline void m_start_after(const struct model *m, struct m_ask *ask, int other, int who, int place)
{
    if (!m_may_start(ask, who) || !m_sees(m, &m->asks[other], who, place) || !m_open(&m->asks[other]))
        return;
    for (int at = other; at != NOBODY; at = m->asks[at].behind) {
        if (&m->asks[at] == ask)
            return;
    }
    if (ask->behind == other)
        return;
    ask->behind = other;
    if (ask->owner == NOBODY)
        ask->owner = who;
}

static inline void m_ship(struct model *m, struct m_ask *ask, int who)
{
    if (!g_str_equal(ask->state, "started") || !m_drives(ask, who))
        return;
    ask->state = "shipped";
    ask->shipped = true;
    m_gone_on(m, ask);
}

static inline void m_withdraw(struct model *m, struct m_ask *ask, int who)
{
    if (!m_open(ask) || ask->asker != who)
        return;
    m_gone_on(m, ask);
    ask->state = "withdrawn";
    ask->later = false;
}

static inline void m_voice(struct m_ask *ask, int who, const char *words)
{
    if (!m_open(ask) || ask->asker == who)
        return;
    ask->voiced[who] = true;
    if (words != NULL)
        m_set(&ask->voices[who], words);
}

static inline bool m_takes_part(const struct m_ask *ask, int who)
{
    return ask->asker == who || ask->raiser == who || m_drives(ask, who) || m_decides(ask, who);
}

static inline void m_decider(struct model *m, struct m_ask *ask, int who, int whom)
{
    bool may = ask->decider != NOBODY ? ask->decider == who : ask->asker == who || ask->raiser == who || m_drives(ask, who);
    if (!m_open(ask) || !may || ask->decider == whom)
        return;
    ask->decider = whom;
    m_named(m, ask->channel, who, whom);
}

/* The owner words it, the asker confirms; the asker's own words need no confirming. */
static inline void m_need(struct m_ask *ask, int who, const char *words)
{
    if (!m_open(ask) || (ask->asker != who && !m_drives(ask, who)))
        return;
    m_set(&ask->need, words);
    ask->confirmed = ask->asker == who;
}

static inline void m_need_yes(struct m_ask *ask, int who)
{
    if (m_open(ask) && ask->need != NULL && ask->asker == who)
        ask->confirmed = true;
}

static inline void m_inform(struct model *m, struct m_ask *ask, int who, int whom, bool off)
{
    if ((!off && !m_open(ask)) || (whom != who && !m_takes_part(ask, who)) || ask->informed[whom] == !off)
        return;
    ask->informed[whom] = !off;
    if (!off)
        m_named(m, ask->channel, who, whom);
}

static inline void m_urgent(struct m_ask *ask, int who, bool on)
{
    if (m_open(ask) && (ask->asker == who || ask->decider == who))
        ask->urgent = on;
}

static inline void m_dissent(struct m_ask *ask, int who, const char *words, bool commits)
{
    if (m_is(ask->state, "withdrawn merged") || ask->decided_by == who)
        return;
    m_set(&ask->dissents[who], words);
    ask->commits[who] = commits;
}

/* The day has come for which "later" was said. */
static inline void m_return(struct model *m)
{
    for (int i = 0; i < m->n_asks; i++) {
        if (m->asks[i].later && g_str_equal(m->asks[i].state, "later"))
            m->asks[i].state = "clear";
        m->asks[i].later = false;
    }
}

static inline bool m_may_set(const struct model *m, int channel, int who)
{
    bool free = who != M_GUEST && m->owner[channel] == NOBODY && m->decider[channel] == NOBODY;
    return free || m->owner[channel] == who || m->decider[channel] == who;
}

#endif
