/* What gave way to what: the ledger of what was set aside, who waits behind whom, and how much the started list changed.
 *
 * A row names other asks than its own: who shows it asks store_get_ask() with the viewer of the place whether that one
 * may be named, and shows its cause only then. */
#ifndef ASKWHY_STORE_TRADES_H
#define ASKWHY_STORE_TRADES_H

#include "store/digests.h"
#include "store/store.h"

/* How long an ask was worked on until now, from starts to pauses or ends, in days from Monday to Friday. */
int64_t store_days_of_work(struct store *store, int64_t ask, int64_t now);

struct trade {
    int64_t id; /* the log entry */
    int64_t ask, channel;
    int64_t instead; /* the ask that took its place; 0: none did */
    char *words;     /* the cause; NULL: none was given; "" once erased */
    int64_t decided_by, at, days, revisit_at;
    char *ended; /* the state it went to; NULL: still set aside */
    int64_t ended_at;
};
void trade_done(struct trade *trade);
/* Each time this ask was set aside, oldest first; of struct trade. */
GArray *store_trades_of(struct store *store, int64_t ask);
/* What was set aside for this ask, in order; of struct trade. */
GArray *store_trades_for(struct store *store, int64_t instead);
/* The asks still set aside for this one that were not told yet that it has gone on; of int64_t. */
GArray *store_displaced_by(struct store *store, int64_t instead);
/* What was set aside in this span of the log, in order, at most limit; of struct trade. */
GArray *store_trades_in_span(struct store *store, const struct log_span *span, int limit);

/* How many were set aside in the span, and how many days of work with them. */
int64_t store_trades_days(struct store *store, const struct log_span *span, int64_t *trades);

/* How the list of started asks changed in a span of the log. */
struct churn {
    int64_t list;   /* asks on it when the span began */
    int64_t left;   /* of those, how many are off it now though they were not shipped */
    int64_t jumped; /* others that came onto it out of turn: in the place of one, or urgent */
};
void store_churn(struct store *store, const struct log_span *span, struct churn *churn);
/* Who asked for what took the place of others in the span, as far as the viewer may see those asks; of struct cause. */
struct cause {
    int64_t asker;
    char *function; /* NULL: not told */
    int64_t trades;
};
void cause_done(struct cause *cause);
GArray *store_trade_causes(struct store *store, const struct viewer *viewer, const struct log_span *span);

/* The ask this one will start after, 0: none. */
int64_t store_behind(struct store *store, int64_t ask);
/* The asks that will start after this one, in order; of int64_t. */
GArray *store_queued_behind(struct store *store, int64_t ask);

/* Those of a channel that were put behind another in this span and still wait, in order, at most limit; of struct queued. */
struct queued {
    int64_t ask, behind;
    char *words; /* why; NULL: not said; "" once erased */
};
void queued_done(struct queued *queued);
GArray *store_queued_in_span(struct store *store, const struct log_span *span, int limit);

/* The started asks of a channel, the newest first, at most limit; of struct ask_line. */
GArray *store_started_in(struct store *store, const struct viewer *viewer, int64_t channel, int limit);

struct trade_setting {
    bool shared;      /* any started ask of the channel may give way, not only one's own */
    int revisit_days; /* after which what was set aside is asked about again */
    bool churn, by_function;
};
/* The defaults where nothing was set. */
void store_trade_setting(struct store *store, int64_t channel, struct trade_setting *setting);

#endif
