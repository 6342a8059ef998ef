/* What was measured, and the table of its medians. */
#ifndef ASKWHY_BENCH_REPORT_H
#define ASKWHY_BENCH_REPORT_H

enum { LEVELS = 3 }; /* of load */

enum column { ASKWHY, OTHER, LIMIT, COLUMNS };

enum load { COMPLETE_PER_S, ACKNOWLEDGED_PER_S, ACK_P50_MS, ACK_P99_MS, CPU_S_PER_10000, LOADS };

enum metric {
    START_MS,
    REST_MB,
    REST_PRIVATE_MB,
    PEAK_MB,
    PEAK_PRIVATE_MB,
    REFRESH_MS,
    REFRESH_LOST,
    DROP_MS,
    DROP_LOST,
    EVENTS_MS,
    EVENTS_SENT,
    EVENTS_MISSING,
    SQLITE_PER_S,
    SQLITE_CPU_S,
    POSTS_PER_S,
    POSTS_CPU_S,
    FIRST_LOAD,
    METRICS = FIRST_LOAD + LEVELS * LOADS
};
#define LOAD(level, load) (FIRST_LOAD + (level)*LOADS + (load))

struct report;

/* names: of the columns; heading: what is above the table, without the newline at its end. They stay the caller's. */
struct report *report_new(const char *const names[COLUMNS], const char *heading);
void report_free(struct report *report);
void report_add(struct report *report, enum column column, int metric, double value);
void report_count(struct report *report, enum column column, int acknowledged, int posts);
void report_print(const struct report *report, const int levels[LEVELS], int rounds, double seconds);

#endif
