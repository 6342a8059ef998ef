#include "commands/calendar.h"

#include <pthread.h>
#include <string.h>

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define DAY_MS ((int64_t)86400000)
#define MINUTE_MS ((int64_t)60000)
#define EPOCH_JULIAN 719163 /* g_date_get_julian() of 1970-01-01 */
#define LAST_JULIAN 3652059 /* 9999-12-31 */
#define WORKING_DAYS_MAX 4000

const struct working_hours calendar_default_hours = {
    .from = 9 * 60,
    .to = 17 * 60,
    .weekdays = 1u << G_DATE_MONDAY | 1u << G_DATE_TUESDAY | 1u << G_DATE_WEDNESDAY | 1u << G_DATE_THURSDAY |
                1u << G_DATE_FRIDAY,
};

/* ---- Zones ---- */

static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *zone_names; /* lower-case name → as IANA spells it; never changes once read */
static GHashTable *zones;      /* as IANA spells it → GTimeZone; at most one for each name above */

static void add_zone_name(const char *name)
{
    char *folded = g_ascii_strdown(name, -1);
    if (strstr(name, "..") != NULL || *name == '/' || g_hash_table_contains(zone_names, folded))
        g_free(folded);
    else
        g_hash_table_insert(zone_names, folded, g_strdup(name));
}

/* Takes the names of one list: lines by first word ("" for any), and which column holds the name. */
static void read_zone_list(const char *file, const char *kind, guint column, char separator)
{
    g_autofree char *path = g_build_filename(ZONE_FOLDER, file, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char separators[] = {separator, '\0'};
    for (int i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] == '#')
            continue;
        g_auto(GStrv) words = g_strsplit(lines[i], separators, -1);
        if (g_strv_length(words) > column && (*kind == '\0' || strcmp(words[0], kind) == 0))
            add_zone_name(words[column]);
    }
}

static void read_zone_names(void)
{
    zone_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    zones = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_time_zone_unref);
    read_zone_list("tzdata.zi", "Z", 1, ' ');
    read_zone_list("tzdata.zi", "L", 2, ' ');
    read_zone_list("zone1970.tab", "", 2, '\t');
    read_zone_list("zone.tab", "", 2, '\t');
    add_zone_name("UTC");
}

/* The cached zone and its exact name, NULL when there is none; lock held. The zone is the cache's. */
static GTimeZone *find_zone(const char *name, const char **exact)
{
    if (zone_names == NULL)
        read_zone_names();
    if (name == NULL || strlen(name) > 64)
        return NULL;
    g_autofree char *folded = g_ascii_strdown(name, -1);
    *exact = g_hash_table_lookup(zone_names, folded);
    if (*exact == NULL)
        return NULL;
    GTimeZone *zone = g_hash_table_lookup(zones, *exact);
    if (zone == NULL) {
        zone = g_time_zone_new_identifier(*exact);
        if (zone != NULL)
            g_hash_table_insert(zones, (gpointer)*exact, zone);
    }
    return zone;
}

char *calendar_zone(const char *name)
{
    const char *exact = NULL;
    pthread_mutex_lock(&zones_lock);
    char *found = find_zone(name, &exact) != NULL ? g_strdup(exact) : NULL;
    pthread_mutex_unlock(&zones_lock);
    return found;
}

static GTimeZone *open_zone(const char *name)
{
    const char *exact = NULL;
    pthread_mutex_lock(&zones_lock);
    GTimeZone *zone = find_zone(name, &exact);
    zone = zone != NULL ? g_time_zone_ref(zone) : g_time_zone_new_utc();
    pthread_mutex_unlock(&zones_lock);
    return zone;
}

/* ---- Wall time and moments ----
 *
 * Wall time is counted like UTC: milliseconds since the wall clock showed 1970-01-01 00:00. */

static int64_t floor_div(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

static int interval_at(GTimeZone *zone, int64_t at_ms)
{
    return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, floor_div(at_ms, 1000));
}

static int64_t offset_of(GTimeZone *zone, int interval)
{
    return (int64_t)g_time_zone_get_offset(zone, interval) * 1000;
}

static int64_t wall_of(GTimeZone *zone, int64_t at_ms)
{
    return at_ms + offset_of(zone, interval_at(zone, at_ms));
}

/* The first moment behind from that is not in from's interval any more; to is not in it. */
static int64_t interval_end(GTimeZone *zone, int64_t from, int64_t to)
{
    int interval = interval_at(zone, from);
    int64_t inside = floor_div(from, 1000), outside = floor_div(to, 1000);
    while (outside - inside > 1) {
        int64_t middle = inside + (outside - inside) / 2;
        if (interval_at(zone, middle * 1000) == interval)
            inside = middle;
        else
            outside = middle;
    }
    return outside * 1000;
}

/* The first moment at which the wall clock shows wall or more: in a gap its end, in an overlap the first coming. */
static int64_t moment_of(GTimeZone *zone, int64_t wall)
{
    /* No zone was ever a day away from UTC, but a step over the date line is one. */
    int64_t from = wall - 30 * 3600 * 1000, last = wall + 30 * 3600 * 1000;
    int interval, last_interval = interval_at(zone, last);
    while ((interval = interval_at(zone, from)) != last_interval) {
        int64_t end = interval_end(zone, from, last);
        int64_t moment = wall - offset_of(zone, interval);
        if (moment < end)
            return MAX(moment, from);
        from = end;
    }
    return MAX(wall - offset_of(zone, interval), from);
}

static int64_t wall_of_day(const GDate *day, int minutes)
{
    return ((int64_t)g_date_get_julian(day) - EPOCH_JULIAN) * DAY_MS + minutes * MINUTE_MS;
}

static GDate day_of_wall(int64_t wall)
{
    int64_t julian = CLAMP(floor_div(wall, DAY_MS) + EPOCH_JULIAN, 1, LAST_JULIAN);
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_julian(&day, (guint32)julian);
    return day;
}

static int64_t time_of_wall(int64_t wall)
{
    return wall - floor_div(wall, DAY_MS) * DAY_MS;
}

static GDate day_shifted(const GDate *day, int days)
{
    return day_of_wall(wall_of_day(day, 0) + days * DAY_MS);
}

/* Times beyond some ten thousand years count as their edge, with room for WORKING_DAYS_MAX weeks behind:
 * hostile numbers must not overflow. */
static int64_t clamp_time(int64_t at_ms)
{
    return CLAMP(at_ms, (int64_t)(2 - EPOCH_JULIAN) * DAY_MS, (int64_t)(LAST_JULIAN - 40000 - EPOCH_JULIAN) * DAY_MS);
}

GDate calendar_date(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    return day_of_wall(wall_of(tz, clamp_time(at_ms)));
}

int calendar_time_of_day(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    return (int)(time_of_wall(wall_of(tz, clamp_time(at_ms))) / MINUTE_MS);
}

int64_t calendar_moment(const GDate *day, int minutes, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    return moment_of(tz, wall_of_day(day, minutes));
}

/* The weekly wall time in the week around at_ms, none of them later than a week behind it. */
static int64_t weekly_wall_near(GTimeZone *zone, int64_t at_ms, GDateWeekday day, int minutes)
{
    GDate today = day_of_wall(wall_of(zone, at_ms));
    int ahead = ((int)day - (int)g_date_get_weekday(&today) + 7) % 7;
    return wall_of_day(&today, minutes) + ahead * DAY_MS;
}

/* A wall clock set back over midnight shows a day twice, so the neighbouring weeks are looked at, too. */
int64_t calendar_next_weekly(int64_t after_ms, GDateWeekday day, int minutes, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    after_ms = clamp_time(after_ms);
    int64_t wall = weekly_wall_near(tz, after_ms, day, minutes) - 7 * DAY_MS;
    int64_t moment = moment_of(tz, wall);
    while (moment <= after_ms)
        moment = moment_of(tz, wall += 7 * DAY_MS);
    return moment;
}

int64_t calendar_last_weekly(int64_t at_ms, GDateWeekday day, int minutes, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    at_ms = clamp_time(at_ms);
    int64_t wall = weekly_wall_near(tz, at_ms, day, minutes) + 7 * DAY_MS;
    int64_t moment = moment_of(tz, wall);
    while (moment > at_ms)
        moment = moment_of(tz, wall -= 7 * DAY_MS);
    return moment;
}

/* ---- Working hours ---- */

static unsigned all_weekdays(void)
{
    return 0x7fu << G_DATE_MONDAY;
}

/* Hours nobody could ever work in would be waited for in vain. */
static const struct working_hours *usable(const struct working_hours *hours)
{
    if (hours == NULL || (hours->weekdays & all_weekdays()) == 0 || hours->from < 0 || hours->to > 24 * 60 ||
        hours->from >= hours->to)
        return &calendar_default_hours;
    return hours;
}

static bool is_working_day(const GDate *day, const struct working_hours *hours)
{
    return (hours->weekdays & (1u << g_date_get_weekday(day))) != 0;
}

static bool is_working(GTimeZone *zone, int64_t at_ms, const struct working_hours *hours)
{
    int64_t wall = wall_of(zone, at_ms), time = time_of_wall(wall);
    GDate day = day_of_wall(wall);
    return is_working_day(&day, hours) && time >= hours->from * MINUTE_MS && time < hours->to * MINUTE_MS;
}

static int64_t next_working(GTimeZone *zone, int64_t at_ms, const struct working_hours *hours)
{
    if (is_working(zone, at_ms, hours))
        return at_ms;
    GDate today = day_of_wall(wall_of(zone, at_ms));
    /* A month of weeks: one week's hours may fall into a gap. */
    for (int i = 0; i < 28; i++) {
        GDate day = day_shifted(&today, i);
        if (!is_working_day(&day, hours))
            continue;
        int64_t start = moment_of(zone, wall_of_day(&day, hours->from));
        if (start >= at_ms && is_working(zone, start, hours))
            return start;
    }
    return at_ms;
}

bool calendar_is_working(int64_t at_ms, const struct working_hours *hours, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    return is_working(tz, clamp_time(at_ms), usable(hours));
}

int64_t calendar_next_working(int64_t at_ms, const struct working_hours *hours, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    return next_working(tz, clamp_time(at_ms), usable(hours));
}

int64_t calendar_add_working_days(int64_t at_ms, int days, const struct working_hours *hours, const char *zone)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    hours = usable(hours);
    /* What comes out of hours counts from the next ones, else a Saturday would be answered before a Friday night. */
    int64_t start = next_working(tz, clamp_time(at_ms), hours);
    int64_t wall = wall_of(tz, start);
    GDate day = day_of_wall(wall);
    int a_week = 0;
    for (int weekday = G_DATE_MONDAY; weekday <= G_DATE_SUNDAY; weekday++)
        a_week += (hours->weekdays >> weekday) & 1u;
    days = CLAMP(days, 0, WORKING_DAYS_MAX);
    day = day_shifted(&day, days / a_week * 7);
    for (int left = days % a_week; left > 0;) {
        day = day_shifted(&day, 1);
        left -= is_working_day(&day, hours);
    }
    return next_working(tz, moment_of(tz, wall_of_day(&day, 0) + time_of_wall(wall)), hours);
}

/* ---- Dates shown and read ---- */

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const weekday_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

char *calendar_show_date(const GDate *day, const GDate *today, G_GNUC_UNUSED const char *language)
{
    const char *month = month_names[g_date_get_month(day) - G_DATE_JANUARY];
    if (today != NULL && g_date_get_year(day) == g_date_get_year(today))
        return g_strdup_printf("%d %s", g_date_get_day(day), month);
    return g_strdup_printf("%d %s %d", g_date_get_day(day), month, g_date_get_year(day));
}

char *calendar_show_moment(int64_t at_ms, const char *zone, G_GNUC_UNUSED const char *language)
{
    g_autoptr(GTimeZone) tz = open_zone(zone);
    int64_t wall = wall_of(tz, clamp_time(at_ms));
    GDate day = day_of_wall(wall);
    int minutes = (int)(time_of_wall(wall) / MINUTE_MS);
    return g_strdup_printf("%s %d %s, %02d:%02d", weekday_names[g_date_get_weekday(&day) - G_DATE_MONDAY],
                           g_date_get_day(&day), month_names[g_date_get_month(&day) - G_DATE_JANUARY], minutes / 60,
                           minutes % 60);
}

/* Exactly digits figures at *text, at most max. */
static bool take_number(const char **text, int digits, int max, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (!g_ascii_isdigit(**text))
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return *number <= max;
}

static bool take_sign(const char **text, const char *signs)
{
    if (**text == '\0' || strchr(signs, **text) == NULL)
        return false;
    (*text)++;
    return true;
}

static int take_fraction(const char **text)
{
    int ms = 0;
    for (int unit = 100; g_ascii_isdigit(**text); unit /= 10, (*text)++)
        ms += (**text - '0') * unit;
    return ms;
}

static bool take_offset(const char **text, int *minutes)
{
    if (take_sign(text, "Zz")) {
        *minutes = 0;
        return true;
    }
    bool west = **text == '-';
    int hours, rest;
    if (!take_sign(text, "+-") || !take_number(text, 2, 23, &hours) || !take_sign(text, ":") ||
        !take_number(text, 2, 59, &rest))
        return false;
    *minutes = (hours * 60 + rest) * (west ? -1 : 1);
    return true;
}

bool calendar_parse_rfc3339(const char *text, int64_t *at_ms)
{
    int year, month, day, hour, minute, second, offset, ms = 0;
    if (!take_number(&text, 4, 9999, &year) || !take_sign(&text, "-") || !take_number(&text, 2, 12, &month) ||
        !take_sign(&text, "-") || !take_number(&text, 2, 31, &day) || !take_sign(&text, "Tt ") ||
        !take_number(&text, 2, 23, &hour) || !take_sign(&text, ":") || !take_number(&text, 2, 59, &minute) ||
        !take_sign(&text, ":") || !take_number(&text, 2, 60, &second))
        return false;
    if (take_sign(&text, ".")) {
        if (!g_ascii_isdigit(*text))
            return false;
        ms = take_fraction(&text);
    }
    if (!take_offset(&text, &offset) || *text != '\0')
        return false;
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return false;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    *at_ms = wall_of_day(&date, hour * 60 + minute - offset) + second * 1000 + ms;
    return true;
}
