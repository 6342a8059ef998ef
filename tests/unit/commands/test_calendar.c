/* Wall clocks of the world: every week has each weekly moment once, whatever the clocks do. */
#include "commands/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS ((int64_t)3600000)
#define WEEK_MS (168 * HOUR_MS)

static int64_t at(const char *rfc3339)
{
    int64_t ms = 0;
    if (!calendar_parse_rfc3339(rfc3339, &ms))
        fail_msg("not a moment: %s", rfc3339);
    return ms;
}

static GDate day(int year, int month, int day_of_month)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day_of_month, (GDateMonth)month, (GDateYear)year);
    return date;
}

static void assert_moment(int64_t moment, const char *expected)
{
    if (moment == at(expected))
        return;
    g_autoptr(GDateTime) shown = g_date_time_new_from_unix_utc(moment / 1000);
    g_autofree char *text = g_date_time_format_iso8601(shown);
    fail_msg("expected %s, got %s", expected, text);
}

static void assert_day_moment(const char *zone, int year, int month, int day_of_month, int minutes, const char *expected)
{
    GDate date = day(year, month, day_of_month);
    assert_moment(calendar_moment(&date, minutes, zone), expected);
}

/* ---- Zones ---- */

static void test_a_zone_is_found_however_it_is_cased(void **state)
{
    (void)state;
    const char *const pairs[][2] = {{"europe/tallinn", "Europe/Tallinn"},
                                    {"Asia/Seoul", "Asia/Seoul"},
                                    {"AMERICA/NEW_YORK", "America/New_York"},
                                    {"asia/calcutta", "Asia/Calcutta"},
                                    {"america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"},
                                    {"utc", "UTC"}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *zone = calendar_zone(pairs[i][0]);
        assert_non_null(zone);
        assert_string_equal(zone, pairs[i][1]);
    }
}

static void test_what_is_no_zone_is_refused(void **state)
{
    (void)state;
    const char *const names[] = {"",          "Europe",         "Europe/",        "Europe/Atlantis",
                                 "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Tallinn", "zone.tab",
                                 "tzdata.zi", "Europe/Tallinn ", "Europe/Tallinn\n", "+03:00", "%s%n"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *zone = calendar_zone(names[i]);
        if (zone != NULL)
            fail_msg("\"%s\" was taken for %s", names[i], zone);
    }
    assert_null(calendar_zone(NULL));
    g_autofree char *endless = g_strnfill(100000, 'a');
    assert_null(calendar_zone(endless));
}

static void test_an_unknown_zone_counts_as_utc(void **state)
{
    (void)state;
    assert_day_moment("Europe/Atlantis", 2026, 11, 23, 9 * 60, "2026-11-23T09:00:00Z");
    assert_day_moment(NULL, 2026, 11, 23, 9 * 60, "2026-11-23T09:00:00Z");
}

static void test_midnight_comes_to_each_zone_in_its_turn(void **state)
{
    (void)state;
    int64_t moment = at("2026-11-22T15:30:00Z");
    GDate seoul = calendar_date(moment, "Asia/Seoul"), tallinn = calendar_date(moment, "Europe/Tallinn");
    assert_int_equal(g_date_get_day(&seoul), 23);
    assert_int_equal(g_date_get_day(&tallinn), 22);
    assert_int_equal(calendar_time_of_day(moment, "Asia/Seoul"), 30);
    assert_int_equal(calendar_time_of_day(moment, "Europe/Tallinn"), 17 * 60 + 30);
    GDate before = calendar_date(at("1969-12-31T23:59:59.999Z"), "UTC");
    assert_int_equal(g_date_get_year(&before), 1969);
}

/* ---- Clock changes ---- */

static void test_a_skipped_wall_time_is_the_first_moment_behind_the_gap(void **state)
{
    (void)state;
    assert_day_moment("Europe/Tallinn", 2027, 3, 28, 2 * 60 + 59, "2027-03-28T00:59:00Z");
    assert_day_moment("Europe/Tallinn", 2027, 3, 28, 3 * 60, "2027-03-28T01:00:00Z");
    assert_day_moment("Europe/Tallinn", 2027, 3, 28, 3 * 60 + 30, "2027-03-28T01:00:00Z");
    assert_day_moment("Europe/Tallinn", 2027, 3, 28, 4 * 60, "2027-03-28T01:00:00Z");
    assert_day_moment("Europe/Tallinn", 2027, 3, 28, 4 * 60 + 1, "2027-03-28T01:01:00Z");
    assert_day_moment("America/New_York", 2027, 3, 14, 2 * 60 + 30, "2027-03-14T07:00:00Z");
}

static void test_clocks_still_change_in_a_generation(void **state)
{
    (void)state;
    assert_day_moment("Europe/Tallinn", 2050, 7, 1, 9 * 60, "2050-07-01T06:00:00Z");
    assert_day_moment("Europe/Tallinn", 2050, 12, 1, 9 * 60, "2050-12-01T07:00:00Z");
    assert_day_moment("America/New_York", 2050, 7, 1, 9 * 60, "2050-07-01T13:00:00Z");
}

static void test_of_a_wall_time_that_comes_twice_the_first_counts(void **state)
{
    (void)state;
    assert_day_moment("Europe/Tallinn", 2026, 10, 25, 3 * 60 + 30, "2026-10-25T00:30:00Z");
    assert_day_moment("Europe/Tallinn", 2026, 10, 25, 4 * 60, "2026-10-25T02:00:00Z");
    assert_day_moment("America/New_York", 2027, 11, 7, 60 + 30, "2027-11-07T05:30:00Z");
}

static void test_lord_howe_moves_its_clocks_by_half_an_hour(void **state)
{
    (void)state;
    assert_day_moment("Australia/Lord_Howe", 2027, 10, 3, 2 * 60 + 15, "2027-10-02T15:30:00Z");
    assert_day_moment("Australia/Lord_Howe", 2027, 10, 3, 2 * 60 + 30, "2027-10-02T15:30:00Z");
    assert_day_moment("Australia/Lord_Howe", 2027, 4, 4, 60 + 45, "2027-04-03T14:45:00Z");
    assert_day_moment("Australia/Lord_Howe", 2027, 4, 4, 2 * 60, "2027-04-03T15:30:00Z");
}

static void test_some_days_have_no_midnight(void **state)
{
    (void)state;
    assert_day_moment("America/Santiago", 2026, 9, 6, 0, "2026-09-06T04:00:00Z");
    assert_day_moment("America/Santiago", 2027, 4, 3, 23 * 60 + 30, "2027-04-04T02:30:00Z");
    assert_day_moment("America/Santiago", 2027, 4, 4, 0, "2027-04-04T04:00:00Z");
    assert_day_moment("Asia/Beirut", 2027, 3, 28, 0, "2027-03-27T22:00:00Z");
    assert_day_moment("Asia/Beirut", 2027, 3, 28, 30, "2027-03-27T22:00:00Z");
}

static void test_samoa_skipped_a_whole_friday(void **state)
{
    (void)state;
    assert_day_moment("Pacific/Apia", 2011, 12, 30, 12 * 60, "2011-12-30T10:00:00Z");
    GDate shown = calendar_date(at("2011-12-30T10:00:00Z"), "Pacific/Apia");
    assert_int_equal(g_date_get_day(&shown), 31);
    int64_t friday = calendar_next_weekly(at("2011-12-29T20:00:00Z"), G_DATE_FRIDAY, 12 * 60, "Pacific/Apia");
    assert_moment(friday, "2011-12-30T10:00:00Z");
    assert_moment(calendar_next_weekly(friday, G_DATE_FRIDAY, 12 * 60, "Pacific/Apia"), "2012-01-05T22:00:00Z");
    assert_moment(calendar_last_weekly(friday, G_DATE_FRIDAY, 12 * 60, "Pacific/Apia"), "2011-12-30T10:00:00Z");
    /* Thursday evening moves on to the working hours of Monday, two days later. */
    assert_moment(calendar_next_working(at("2011-12-30T04:00:00Z"), NULL, "Pacific/Apia"), "2012-01-01T19:00:00Z");
}

/* St. John's once set its clocks back at one past midnight: Sunday began, then Saturday came back. */
static void test_a_week_does_not_begin_twice(void **state)
{
    (void)state;
    const char *zone = "America/St_Johns";
    int64_t saturday_again = at("2010-11-07T03:00:00Z");
    GDate shown = calendar_date(saturday_again, zone);
    assert_int_equal(g_date_get_day(&shown), 6);
    assert_moment(calendar_last_weekly(saturday_again, G_DATE_SUNDAY, 0, zone), "2010-11-07T02:30:00Z");
    assert_moment(calendar_next_weekly(saturday_again, G_DATE_SUNDAY, 0, zone), "2010-11-14T03:30:00Z");
}

static bool shows(GTimeZone *zone, int64_t moment, GDateWeekday weekday, int minutes)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(moment / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    return moment % 60000 == 0 && g_date_time_get_second(local) == 0 &&
           g_date_time_get_day_of_week(local) == (int)weekday &&
           g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local) == minutes;
}

/* The wall clock jumps from before the wanted time to behind it. */
static bool jumps_over(GTimeZone *zone, int64_t moment, int minutes)
{
    g_autoptr(GDateTime) before = g_date_time_new_from_unix_utc(moment / 1000 - 60);
    g_autoptr(GDateTime) after = g_date_time_new_from_unix_utc(moment / 1000);
    g_autoptr(GDateTime) local_before = g_date_time_to_timezone(before, zone);
    g_autoptr(GDateTime) local_after = g_date_time_to_timezone(after, zone);
    return g_date_time_get_hour(local_before) * 60 + g_date_time_get_minute(local_before) < minutes &&
           g_date_time_get_hour(local_after) * 60 + g_date_time_get_minute(local_after) > minutes;
}

static int walk_a_year(const char *zone, GDateWeekday weekday, int minutes)
{
    g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
    int64_t start = at("2026-11-02T00:10:00Z"), end = start + 56 * WEEK_MS;
    int64_t last = calendar_last_weekly(start, weekday, minutes, zone);
    int64_t next = calendar_next_weekly(start, weekday, minutes, zone);
    int seen = 0, gaps = 0;
    for (int64_t now = start; now <= end; now += HOUR_MS) {
        if (now >= next) {
            last = next;
            next = calendar_next_weekly(last, weekday, minutes, zone);
            seen++;
            assert_true(next > last);
            assert_in_range(next - last, WEEK_MS - HOUR_MS, WEEK_MS + HOUR_MS);
            assert_int_equal(calendar_last_weekly(next - 1, weekday, minutes, zone), last);
            assert_int_equal(calendar_last_weekly(next, weekday, minutes, zone), next);
            assert_int_equal(calendar_next_weekly(next - 1, weekday, minutes, zone), next);
            if (!shows(tz, next, weekday, minutes)) {
                assert_true(jumps_over(tz, next, minutes));
                gaps++;
            }
            assert_false(shows(tz, next - HOUR_MS, weekday, minutes));
            assert_false(shows(tz, next - HOUR_MS / 2, weekday, minutes));
        }
        assert_int_equal(calendar_next_weekly(now, weekday, minutes, zone), next);
        assert_int_equal(calendar_last_weekly(now, weekday, minutes, zone), last);
    }
    assert_int_equal(seen, 56);
    return gaps;
}

static void test_every_week_of_a_year_has_its_moment_once(void **state)
{
    (void)state;
    const struct {
        const char *zone;
        int gaps_at_2_15, gaps_at_2_30, gaps_at_3_00;
    } zones[] = {{"Asia/Seoul", 0, 0, 0},
                 {"Europe/Tallinn", 0, 0, 1}, /* 3:00 becomes 4:00 */
                 {"America/New_York", 1, 1, 0},
                 {"Australia/Lord_Howe", 1, 0, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
        const char *zone = zones[i].zone;
        assert_int_equal(walk_a_year(zone, G_DATE_MONDAY, 9 * 60), 0);
        assert_int_equal(walk_a_year(zone, G_DATE_SUNDAY, 2 * 60 + 15), zones[i].gaps_at_2_15);
        assert_int_equal(walk_a_year(zone, G_DATE_SUNDAY, 2 * 60 + 30), zones[i].gaps_at_2_30);
        assert_int_equal(walk_a_year(zone, G_DATE_SUNDAY, 3 * 60), zones[i].gaps_at_3_00);
    }
    /* In the hours that come twice. */
    assert_int_equal(walk_a_year("Europe/Tallinn", G_DATE_SUNDAY, 3 * 60 + 30), 1);
    assert_int_equal(walk_a_year("America/New_York", G_DATE_SUNDAY, 60 + 30), 0);
    assert_int_equal(walk_a_year("Australia/Lord_Howe", G_DATE_SUNDAY, 60 + 45), 0);
    assert_int_equal(walk_a_year("America/Santiago", G_DATE_SATURDAY, 23 * 60 + 30), 0);
}

/* ---- Working hours ---- */

static void test_working_hours_begin_on_the_minute_and_end_before_it(void **state)
{
    (void)state;
    const struct working_hours *hours = &calendar_default_hours;
    assert_false(calendar_is_working(at("2026-11-23T08:59:59.999+02:00"), hours, "Europe/Tallinn"));
    assert_true(calendar_is_working(at("2026-11-23T09:00:00+02:00"), hours, "Europe/Tallinn"));
    assert_true(calendar_is_working(at("2026-11-23T16:59:59.999+02:00"), hours, "Europe/Tallinn"));
    assert_false(calendar_is_working(at("2026-11-23T17:00:00+02:00"), hours, "Europe/Tallinn"));
    assert_false(calendar_is_working(at("2026-11-22T12:00:00+02:00"), hours, "Europe/Tallinn"));
    /* Monday morning in Seoul is still Sunday night in Tallinn. */
    assert_true(calendar_is_working(at("2026-11-23T09:00:00+09:00"), hours, "Asia/Seoul"));
    assert_false(calendar_is_working(at("2026-11-23T09:00:00+09:00"), hours, "Europe/Tallinn"));
}

static void test_who_is_not_at_work_is_met_when_work_begins(void **state)
{
    (void)state;
    const char *zone = "Europe/Tallinn";
    assert_moment(calendar_next_working(at("2026-11-20T16:59:00+02:00"), NULL, zone), "2026-11-20T16:59:00+02:00");
    assert_moment(calendar_next_working(at("2026-11-20T06:00:00+02:00"), NULL, zone), "2026-11-20T09:00:00+02:00");
    assert_moment(calendar_next_working(at("2026-11-20T17:00:00+02:00"), NULL, zone), "2026-11-23T09:00:00+02:00");
    assert_moment(calendar_next_working(at("2026-11-21T12:00:00+02:00"), NULL, zone), "2026-11-23T09:00:00+02:00");
    const struct working_hours sunday = {.from = 22 * 60, .to = 24 * 60, .weekdays = 1u << G_DATE_SUNDAY};
    assert_moment(calendar_next_working(at("2026-11-23T00:00:00+02:00"), &sunday, zone), "2026-11-29T22:00:00+02:00");
}

static void test_working_days_step_over_the_weekend(void **state)
{
    (void)state;
    const char *zone = "America/New_York";
    const struct {
        const char *from;
        int days;
        const char *to;
    } steps[] = {
        {"2026-11-20T16:50:00-05:00", 1, "2026-11-23T16:50:00-05:00"}, /* Friday to Monday */
        {"2026-11-23T09:00:00-05:00", 1, "2026-11-24T09:00:00-05:00"},
        {"2026-11-23T10:15:30.250-05:00", 3, "2026-11-26T10:15:30.250-05:00"},
        {"2026-11-19T10:00:00-05:00", 5, "2026-11-26T10:00:00-05:00"},
        {"2026-11-19T10:00:00-05:00", 12, "2026-12-07T10:00:00-05:00"},
        {"2026-11-20T10:00:00-05:00", 0, "2026-11-20T10:00:00-05:00"},
        {"2026-11-21T12:00:00-05:00", 0, "2026-11-23T09:00:00-05:00"}, /* a Saturday moves to Monday */
        {"2026-11-21T12:00:00-05:00", 1, "2026-11-24T09:00:00-05:00"},
        {"2026-11-20T20:00:00-05:00", 1, "2026-11-24T09:00:00-05:00"}, /* and so does Friday night */
        {"2026-11-20T05:00:00-05:00", 1, "2026-11-23T09:00:00-05:00"},
        {"2026-11-20T10:00:00-05:00", -3, "2026-11-20T10:00:00-05:00"},
        {"2027-03-12T10:00:00-05:00", 1, "2027-03-15T10:00:00-04:00"}, /* clocks forward on Sunday */
        {"2027-11-05T16:50:00-04:00", 1, "2027-11-08T16:50:00-05:00"}, /* and back */
    };
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        assert_moment(calendar_add_working_days(at(steps[i].from), steps[i].days, NULL, zone), steps[i].to);
}

static void test_a_later_moment_never_has_the_earlier_reminder(void **state)
{
    (void)state;
    const char *const zones[] = {"Asia/Seoul", "Europe/Tallinn", "America/Santiago", "Australia/Lord_Howe"};
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
        int64_t before = 0;
        for (int64_t now = at("2027-03-01T00:20:00Z"); now < at("2027-04-20T00:00:00Z"); now += HOUR_MS) {
            int64_t due = calendar_add_working_days(now, 1, NULL, zones[i]);
            assert_true(due >= before && due > now);
            assert_true(calendar_is_working(due, NULL, zones[i]));
            before = due;
        }
    }
}

static void test_shifts_in_the_gap_begin_behind_it(void **state)
{
    (void)state;
    const struct working_hours night = {.from = 3 * 60, .to = 5 * 60, .weekdays = 1u << G_DATE_SUNDAY};
    assert_moment(calendar_next_working(at("2027-03-27T12:00:00Z"), &night, "Europe/Tallinn"), "2027-03-28T01:00:00Z");
    /* A shift that lies wholly in the gap does not happen that week. */
    const struct working_hours hour = {.from = 3 * 60, .to = 4 * 60, .weekdays = 1u << G_DATE_SUNDAY};
    assert_moment(calendar_next_working(at("2027-03-27T12:00:00Z"), &hour, "Europe/Tallinn"), "2027-04-04T00:00:00Z");
}

static void test_hours_that_never_come_are_the_default_ones(void **state)
{
    (void)state;
    const struct working_hours never[] = {{.from = 540, .to = 1020, .weekdays = 0},
                                          {.from = 540, .to = 540, .weekdays = 0xfe},
                                          {.from = 1020, .to = 540, .weekdays = 0xfe},
                                          {.from = -1, .to = 540, .weekdays = 0xfe},
                                          {.from = 0, .to = 100000, .weekdays = 0xfe}};
    for (guint i = 0; i < G_N_ELEMENTS(never); i++)
        assert_moment(calendar_next_working(at("2026-11-21T12:00:00Z"), &never[i], "UTC"), "2026-11-23T09:00:00Z");
}

static void test_times_nobody_lives_in_do_no_harm(void **state)
{
    (void)state;
    const int64_t moments[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    const struct working_hours sunday = {.from = 0, .to = 1, .weekdays = 1u << G_DATE_SUNDAY};
    for (guint i = 0; i < G_N_ELEMENTS(moments); i++) {
        const char *zone = "Pacific/Kiritimati";
        GDate date = calendar_date(moments[i], zone);
        assert_true(g_date_valid(&date));
        int64_t next = calendar_next_weekly(moments[i], G_DATE_SUNDAY, 1439, zone);
        int64_t last = calendar_last_weekly(moments[i], G_DATE_SUNDAY, 1439, zone);
        assert_true(last < next && next - last <= WEEK_MS + 24 * HOUR_MS);
        calendar_add_working_days(moments[i], G_MAXINT, &sunday, zone);
        g_autofree char *shown = calendar_show_moment(moments[i], zone, "en");
        assert_non_null(shown);
    }
}

/* ---- Shown and read ---- */

static void test_dates_are_shown_as_people_write_them(void **state)
{
    (void)state;
    GDate today = day(2026, 11, 21), spring = day(2027, 3, 12), winter = day(2026, 12, 1);
    g_autofree char *far = calendar_show_date(&spring, &today, "en");
    g_autofree char *near = calendar_show_date(&winter, &today, "en");
    g_autofree char *alone = calendar_show_date(&winter, NULL, "en");
    assert_string_equal(far, "12 Mar 2027");
    assert_string_equal(near, "1 Dec");
    assert_string_equal(alone, "1 Dec 2026");
    g_autofree char *moment = calendar_show_moment(at("2026-11-23T00:00:00Z"), "Asia/Seoul", "en");
    assert_string_equal(moment, "Mon 23 Nov, 09:00");
}

static void test_moments_are_read_exactly(void **state)
{
    (void)state;
    assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(at("2001-09-09T01:46:40Z"), 1000000000000);
    assert_int_equal(at("2001-09-09T03:46:40.123456+02:00"), 1000000000123);
    assert_int_equal(at("2001-09-08t20:16:40.5-05:30"), 1000000000500);
    assert_int_equal(at("1969-12-31T23:59:59.9Z"), -100);
    assert_int_equal(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
    assert_int_equal(at("2024-02-29T00:00:00Z"), 1709164800000);
}

static void test_what_is_no_moment_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"", "2026", "2026-11-23", "2026-11-23T09:00:00", "2026-11-23T09:00Z",
                                 "2026-11-23T09:00:00.Z", "2026-11-23T09:00:00+0200", "2026-11-23T09:00:00+24:00",
                                 "2026-11-23T24:00:00Z", "2026-11-31T09:00:00Z", "2027-02-29T09:00:00Z",
                                 "2026-13-01T09:00:00Z", "2026-00-01T09:00:00Z", "0000-01-01T09:00:00Z",
                                 "2026-11-23T09:00:00Z ", " 2026-11-23T09:00:00Z", "2026-11-23T09:00:61Z",
                                 "-026-11-23T09:00:00Z", "2026-11-23T+9:00:00Z"};
    int64_t untouched = 42;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (calendar_parse_rfc3339(texts[i], &untouched))
            fail_msg("\"%s\" was read", texts[i]);
    }
    assert_int_equal(untouched, 42);
}

/* ---- Threads ---- */

static gpointer ask_for_zones(gpointer data)
{
    const char *const zones[] = {"Asia/Seoul", "europe/tallinn", "America/New_York", "Nowhere"};
    for (int i = 0; i < 400; i++)
        *(int64_t *)data += calendar_next_weekly(i * WEEK_MS, G_DATE_MONDAY, 540, zones[i % 4]);
    return NULL;
}

static void test_threads_share_the_zones(void **state)
{
    (void)state;
    GThread *threads[4];
    int64_t sums[4] = {0};
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("asker", ask_for_zones, &sums[i]);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    for (guint i = 1; i < G_N_ELEMENTS(threads); i++)
        assert_int_equal(sums[i], sums[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_zone_is_found_however_it_is_cased),
        cmocka_unit_test(test_what_is_no_zone_is_refused),
        cmocka_unit_test(test_an_unknown_zone_counts_as_utc),
        cmocka_unit_test(test_midnight_comes_to_each_zone_in_its_turn),
        cmocka_unit_test(test_a_skipped_wall_time_is_the_first_moment_behind_the_gap),
        cmocka_unit_test(test_clocks_still_change_in_a_generation),
        cmocka_unit_test(test_of_a_wall_time_that_comes_twice_the_first_counts),
        cmocka_unit_test(test_lord_howe_moves_its_clocks_by_half_an_hour),
        cmocka_unit_test(test_some_days_have_no_midnight),
        cmocka_unit_test(test_samoa_skipped_a_whole_friday),
        cmocka_unit_test(test_a_week_does_not_begin_twice),
        cmocka_unit_test(test_every_week_of_a_year_has_its_moment_once),
        cmocka_unit_test(test_working_hours_begin_on_the_minute_and_end_before_it),
        cmocka_unit_test(test_who_is_not_at_work_is_met_when_work_begins),
        cmocka_unit_test(test_working_days_step_over_the_weekend),
        cmocka_unit_test(test_a_later_moment_never_has_the_earlier_reminder),
        cmocka_unit_test(test_shifts_in_the_gap_begin_behind_it),
        cmocka_unit_test(test_hours_that_never_come_are_the_default_ones),
        cmocka_unit_test(test_times_nobody_lives_in_do_no_harm),
        cmocka_unit_test(test_dates_are_shown_as_people_write_them),
        cmocka_unit_test(test_moments_are_read_exactly),
        cmocka_unit_test(test_what_is_no_moment_is_refused),
        cmocka_unit_test(test_threads_share_the_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
