/* The log: what can happen, and the one way to make it happen.
 *
 * Every change is one entry. store_append() writes it and lets apply.c derive the
 * state; nothing else writes derived tables, so replaying the log rebuilds them.
 */
#ifndef ASKWHY_STORE_LOG_H
#define ASKWHY_STORE_LOG_H

#include "store/store.h"

#include <cjson/cJSON.h>

/* kind               words            person       data
 * ask.raised         title            asker        owner, decider, deadline, permalink
 * ask.why            the why          who said it  known (1 given, 2 not known), for (a person, when said for one)
 * ask.why_confirmed  –                asker        (what another said is so)
 * ask.impact         the impact       who said it  known, for, and what was understood
 * ask.evidence       the evidence     who said it  known, for, kind
 * ask.deadline       what happens     who said it  known
 * ask.beside         what another says where the asker's own words stand  who said it  kind (why, impact, …), for
 * ask.clear          why, if somebody says so  –    nothing is missing any more
 * ask.unclear        –                –            something is missing again
 * ask.unanswered     –                –            kind: that answer was none
 * ask.owner          –                owner
 * ask.decider        –                decider
 * ask.decided        reason           –            decision, until
 * ask.started        reason           –            instead (asks that gave way), room (true: nothing needs to)
 * ask.paused         the cause        –            revisit (moment), by (the ask that took its place)
 * ask.revisit        –                –            at (moment), asked: whether to go on; shelved when at passes
 * ask.merged         reason           –            into (ask); what goes along are entries about that one
 * ask.resumed        reason           –
 * ask.shelved        reason           –
 * ask.reopened       what is new      –
 * ask.queued         reason           –            after (the ask it will start behind)
 * ask.freed          –                –            by (the ask that took its place, and has gone on: it was told)
 * ask.shipped        note             –            outcome_due
 * ask.outcome        what was told    –            outcome, ratio (actual / expected), actual, unit
 * outcome.waits      –                who is asked remind_at (absent: never again), asked (how often)
 * aim.added          its name         owner        kind (goal, metric), unit, baseline, target
 * aim.ended          –                –            aim
 * metric.changed     –                owner        aim, unit, baseline, target: as they are now
 * metric.value       –                –            aim, value
 * ask.goal           –                –            goal (absent: none)
 * ask.metric         –                –            metric (absent: none), direction (up, down), by_words
 * channel.calibration –               –            on
 * ask.withdrawn      reason           –
 * ask.returned       –                –            a later-date came
 * ask.left           –                who left     at (when it is offered to its channel)
 * ask.offered        –                who left     (it was) back: need not be, should they leave again it is
 * ask.voice          their why        who          by (a person, who said it for them)
 * ask.voice_back     –                who          (they do not need it any more)
 * ask.renamed        title            –
 * ask.options        considered when it was decided  –  –
 * ask.reopen_if      what would reopen the decision  –  –
 * ask.dissent        why they see it differently  who  commits (disagrees and commits)
 * ask.dissent_back   why              who          (what they saw differently does not stand any more)
 * ask.need           the need         who said it  for, confirmed (the asker's own words)
 * ask.need_confirmed –                asker
 * ask.need_not_quite what it is instead  asker
 * ask.need_part      it               –            part (fixed, open, smallest)
 * ask.cost           rough cost       who said it  for, low, high (working hours)
 * ask.talk           whom to talk to  who said it
 * ask.informed       –                who          off (not any more)
 * ask.urgent         –                who          until (its why is owed; absent: it takes its turn)
 * ask.urgent_late    –                –            remind_at, again (was late before; its reminder waits for working hours)
 * ask.urgent_settled –                –            (nothing is owed any more, or they were reminded)
 * question.asked     –                who          kind, remind_at
 * question.closed    –                –            kind, how (answered, unknown, skipped, postponed; ended with the ask)
 * question.waits     –                –            kind, remind_at, reminders (remind_at absent: never again)
 * question.followed  what was said    –            kind
 * put.question       the question     who          digest, kind
 * put.answered       the answer       –            question
 * put.unanswered     –                –            question (its answer was taken back)
 * put.nameless       the question     –            digest; by nobody, and at is the day's beginning
 * person.function    –                who          function
 * person.asked       –                who          (was asked for the function)
 * person.reminders   –                who          on
 * person.language    –                who          language
 * group.function     –                who set it   platform, called, name, function (absent: not any more)
 * group.known        –                –            platform, called (until now), group (its id), name
 * person.forgotten   –                who          (their words and names were erased; the number stays)
 * channel.defaults   –                –            owner, decider
 * channel.introduced –                –
 * channel.questions –                –            ask (kinds), words (kind: text)
 * channel.trades     –                –            shared, revisit (days), churn, functions
 * channel.permission –                –            what, to (whom it is allowed; absent: the default)
 * channel.retention  –                –            days (for which words are kept; absent: until somebody erases them)
 * ask.erased         –                –            (its channel does not keep its words any longer)
 * digest.erased      –                –            digest (the same)
 * channel.language   –                –            language
 * channel.digest     –                –            on, day, minutes, zone, covers, at
 * digest.posted      –                –            tally, upto, next
 * digest.reply       –                who          digest, kind (seen, question, disagreement)
 * words.erased       –                –            words
 */
struct log_entry {
    int64_t at;
    const char *kind;
    int64_t actor, ask, channel, person;
    const char *words;    /* a person's words; stored apart */
    int64_t words_author; /* whose words they are; 0: actor */
    const char *state;    /* the ask's state from now on; NULL: unchanged */
    cJSON *data;          /* taken by store_append(); NULL for none */
    int64_t words_id;     /* set by store_append() when words were given */
};

/* The entry's id; 0 when the store has failed. */
int64_t store_append(struct store *store, struct log_entry *entry);

/* Derives all state anew beside the old and compares. NULL when alike, else the differences, a line each. */
char *store_check_rebuild(struct store *store, GError **error);

#endif
