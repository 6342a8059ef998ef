/* Wall-clock arithmetic in named zones: digests, working hours, dates shown to people.
 *
 * Zones are IANA names, read from the system's /usr/share/zoneinfo through GLib.
 * Times are UTC milliseconds; an unknown zone counts as UTC.
 * Around DST changes: a wall time that is skipped means the first moment after the gap;
 * one that comes twice means its first coming. So every week has each weekly moment once.
 * Thread: any (zones are cached behind a lock).
 */
#ifndef ASKWHY_CALENDAR_H
#define ASKWHY_CALENDAR_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The exact IANA spelling of a zone however it is cased ("europe/tallinn"), NULL when there is none;
 * free with g_free(). Rejects paths that leave the zone folder. */
char *calendar_zone(const char *name);
GDate calendar_date(int64_t at_ms, const char *zone);
/* What the wall clock shows then, in minutes past midnight. */
int calendar_time_of_day(int64_t at_ms, const char *zone);
/* The moment this day's wall clock shows minutes past midnight in zone. */
int64_t calendar_moment(const GDate *day, int minutes, const char *zone);
/* The first weekly moment strictly after after_ms. */
int64_t calendar_next_weekly(int64_t after_ms, GDateWeekday day, int minutes, const char *zone);
/* The last weekly moment at or before at_ms. */
int64_t calendar_last_weekly(int64_t at_ms, GDateWeekday day, int minutes, const char *zone);

struct working_hours {
    int from, to;     /* minutes since midnight */
    unsigned weekdays; /* bit 1 << G_DATE_MONDAY … */
};
extern const struct working_hours calendar_default_hours; /* 9-17, Monday to Friday */
/* Hours that never come (no weekday, from not before to) count as the default ones. */
bool calendar_is_working(int64_t at_ms, const struct working_hours *hours, const char *zone);
/* at_ms itself when within working hours, else the start of the next ones. */
int64_t calendar_next_working(int64_t at_ms, const struct working_hours *hours, const char *zone);
/* at_ms moved into working hours, then days working days later at the same wall time (or the next
 * working hours when that is skipped): Saturday and one working day is Tuesday 9:00. */
int64_t calendar_add_working_days(int64_t at_ms, int days, const struct working_hours *hours, const char *zone);

/* "12 Mar 2027" without the year when it is this year's; English now, language for later. */
char *calendar_show_date(const GDate *day, const GDate *today, const char *language);
/* "Mon 23 Nov, 09:00" in zone. */
char *calendar_show_moment(int64_t at_ms, const char *zone, const char *language);
/* RFC 3339 with zone offset, as --now takes it; false when malformed. */
bool calendar_parse_rfc3339(const char *text, int64_t *at_ms);

#endif
