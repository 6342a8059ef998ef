/* What asks are for: goals that a channel tries to reach, and metrics, numbers with a unit and one owner. Both are aims
 * of the channel they were made in, and seen where its asks are seen.
 */
#ifndef ASKWHY_STORE_AIMS_H
#define ASKWHY_STORE_AIMS_H

#include "store/store.h"

struct aim {
    int64_t id, channel;
    bool metric;    /* else a goal */
    char *name;     /* "" once erased */
    int64_t named_by; /* person; 0: nobody any more */
    int64_t ended_at;
    /* Of metrics; NAN where not known. */
    char *unit;     /* NULL when not said */
    int64_t owner;
    double baseline, target, value;
    int64_t value_at;
};
void aim_done(struct aim *aim);
/* False when there is none, or the viewer may not see it. */
bool store_get_aim(struct store *store, const struct viewer *viewer, int64_t id, struct aim *aim);
/* Those that have not ended, of the viewer's own place first; at most STORE_AIMS_MOST; of struct aim. */
enum { STORE_AIMS_MOST = 200 };
GArray *store_aims(struct store *store, const struct viewer *viewer, bool metrics);

/* What one ask is for; ids are 0 where nothing was said. */
struct ask_aim {
    int64_t goal, metric;
    const char *direction; /* "up", "down"; NULL: not known */
    bool by_words;         /* the metric was named in its expected impact, and in no command */
};
struct ask_aim store_ask_aim(struct store *store, int64_t ask);
/* Open asks the viewer may see that pull this metric the other way, newest first; of int64_t. */
GArray *store_opposed(struct store *store, const struct viewer *viewer, int64_t ask, int64_t metric, const char *direction,
                      int most);
/* What a metric was over time, newest first; of struct metric_value. */
struct metric_value {
    double value;
    int64_t at;
};
GArray *store_metric_values(struct store *store, int64_t metric, int most);

#endif
