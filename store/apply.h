/* From one log entry to derived state: a table of appliers a room, looked up by the entry's kind.
 *
 * Appliers are the only code that writes derived tables. They read nothing but what the log has led to, so that
 * replaying it ends in the same state.
 */
#ifndef ASKWHY_APPLY_H
#define ASKWHY_APPLY_H

#include "store/log.h"

struct entry {
    struct store *store;
    int64_t id;
    const struct log_entry *log;
    const cJSON *data;
};

enum {
    APPLY_RAISES = 1, /* makes the ask, which counts from here */
    APPLY_COUNTS = 2, /* moves counters though the ask's state may stay */
};
struct applier {
    const char *kind;
    void (*apply)(struct entry *e);
    unsigned flags;
};
/* Closed by a NULL kind. */
extern const struct applier ask_appliers[];      /* apply_ask.c */
extern const struct applier life_appliers[];     /* apply_life.c: set aside, merged, reopened */
extern const struct applier detail_appliers[];   /* apply_detail.c: what stands around an ask */
extern const struct applier question_appliers[]; /* apply_question.c */
extern const struct applier aim_appliers[];      /* apply_aim.c: goals, metrics */
extern const struct applier outcome_appliers[];  /* apply_outcome.c */
extern const struct applier setting_appliers[];  /* apply_setting.c: people, channels, digests */
extern const struct applier trade_appliers[];    /* apply_trade.c: what gave way */
extern const struct applier retention_appliers[]; /* apply_retention.c: how long words are kept */

/* apply_detail.c: another decision than before; and by and for whom an answer was said. */
void apply_new_decision(struct store *store, int64_t ask);
void apply_said_for(struct entry *e);
/* The why changes: the asker has not confirmed it. */
void apply_unconfirmed(struct store *store, int64_t ask);
/* What a move of an ask, from the state before, does to the ledger. */
void apply_trade_move(struct entry *e, const char *before);
/* apply_retention.c: something happened to an ask, or a digest was posted: from then on its days count. */
void apply_erasable(struct entry *e);
void apply_erasable_digest(struct entry *e);
bool store_knows_kind(const char *kind);
/* What an ask's expected impact said of a metric is not said any more. */
void apply_unsaid_metric(struct store *store, int64_t ask);

/* apply_turn.c, after what it follows from: whose turn it is now; anew: since now even if it was theirs before. */
void apply_turn(struct entry *e, bool anew);
void apply_turn_asked(struct entry *e); /* before the question is written */
void apply_turn_closed(struct entry *e);
void apply_round_trip(struct entry *e);
/* A counter of a channel, kept in the transaction that moves it. */
void apply_tally(struct store *store, int64_t channel, const char *name, int64_t by);

#endif
