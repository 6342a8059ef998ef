#include "tests/bench/load/report.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct report {
    const char *const *names;
    const char *heading;
    GArray *values[COLUMNS][METRICS]; /* double */
    int acknowledged[COLUMNS], posts[COLUMNS];
};

struct report *report_new(const char *const names[COLUMNS], const char *heading)
{
    struct report *report = g_new0(struct report, 1);
    report->names = names;
    report->heading = heading;
    for (int column = 0; column < COLUMNS; column++) {
        for (int metric = 0; metric < METRICS; metric++)
            report->values[column][metric] = g_array_new(FALSE, FALSE, sizeof(double));
    }
    return report;
}

void report_free(struct report *report)
{
    for (int column = 0; column < COLUMNS; column++) {
        for (int metric = 0; metric < METRICS; metric++)
            g_array_unref(report->values[column][metric]);
    }
    g_free(report);
}

void report_add(struct report *report, enum column column, int metric, double value)
{
    g_array_append_val(report->values[column][metric], value);
}

void report_count(struct report *report, enum column column, int acknowledged, int posts)
{
    report->acknowledged[column] += acknowledged;
    report->posts[column] += posts;
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* -1: not measured. */
static double median(const struct report *report, enum column column, int metric)
{
    GArray *values = report->values[column][metric];
    if (values->len == 0)
        return -1;
    g_array_sort(values, by_size);
    double upper = g_array_index(values, double, values->len / 2);
    return values->len % 2 == 1 ? upper : (upper + g_array_index(values, double, values->len / 2 - 1)) / 2;
}

static void print_value(double value)
{
    if (value < 0)
        printf(" %12s", "");
    else
        printf(" %12.*f", value >= 1000 ? 0 : value >= 10 ? 1 : 2, value);
}

/* more: a larger number is the better one, and the last column says how many times. What was not measured is left out. */
static void print_row(const struct report *report, const char *name, int metric, bool more)
{
    double askwhy = median(report, ASKWHY, metric), other = median(report, OTHER, metric);
    double limit = median(report, LIMIT, metric);
    if (askwhy < 0 && other < 0 && limit < 0)
        return;
    printf("%-34s", name);
    print_value(askwhy);
    print_value(other);
    double times = more ? askwhy / other : other / askwhy;
    if (askwhy > 0 && other > 0)
        printf(" %10.1fx", times);
    else
        printf(" %11s", "");
    print_value(limit);
    putchar('\n');
}

void report_print(const struct report *report, const int levels[LEVELS], int rounds, double seconds)
{
    printf("\nSlash-commands over 2,000 channels, medians of %d rounds of %g s.\n%s\n\n", rounds, seconds,
           report->heading);
    printf("%-34s %12s %12s %11s %12s\n", "", report->names[ASKWHY], report->names[OTHER], "better by",
           report->names[LIMIT]);
    for (int level = 0; level < LEVELS; level++) {
        printf("%d in flight\n", levels[level]);
        print_row(report, "  complete / s", LOAD(level, COMPLETE_PER_S), true);
        print_row(report, "  acknowledged / s", LOAD(level, ACKNOWLEDGED_PER_S), true);
        print_row(report, "  acknowledged after ms, p50", LOAD(level, ACK_P50_MS), false);
        print_row(report, "  acknowledged after ms, p99", LOAD(level, ACK_P99_MS), false);
        print_row(report, "  CPU s / 10,000", LOAD(level, CPU_S_PER_10000), false);
    }
    print_row(report, "start to first acknowledgement ms", START_MS, false);
    print_row(report, "resident at rest MB", REST_MB, false);
    print_row(report, "  of it private", REST_PRIVATE_MB, false);
    print_row(report, "resident at peak MB", PEAK_MB, false);
    print_row(report, "  of it private", PEAK_PRIVATE_MB, false);
    print_row(report, "silence at a planned refresh ms", REFRESH_MS, false);
    print_row(report, "  commands lost", REFRESH_LOST, false);
    print_row(report, "silence after a dropped socket ms", DROP_MS, false);
    print_row(report, "  commands lost", DROP_LOST, false);
    print_row(report, "without events, dropped socket ms", EVENTS_MS, false);
    print_row(report, "  answers given in threads", EVENTS_SENT, true);
    print_row(report, "  of them never acted on", EVENTS_MISSING, false);
    print_row(report, "bare SQLite, 32 asks a commit / s", SQLITE_PER_S, true);
    print_row(report, "  CPU s / 10,000", SQLITE_CPU_S, false);
    print_row(report, "bare libcurl, 2 posts an ask / s", POSTS_PER_S, true);
    print_row(report, "  CPU s / 10,000", POSTS_CPU_S, false);
    double limit = median(report, LIMIT, SQLITE_PER_S), best = median(report, ASKWHY, LOAD(1, COMPLETE_PER_S));
    if (limit > 0 && best > 0)
        printf("\naskwhy at %d in flight reaches %.0f%% of the bare SQLite limit.\n", levels[1], best * 100 / limit);
    for (int column = ASKWHY; column <= OTHER; column++) {
        if (report->acknowledged[column] > 0)
            printf("%s: %d commands acknowledged, %d posts counted.\n", report->names[column],
                   report->acknowledged[column], report->posts[column]);
    }
}
