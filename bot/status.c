#include "bot/status.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/chat/platform.h"
#include "bot/chat/richtext.h"
#include "bot/libraries.h"
#include "commands/calendar.h"
#include "store/digests.h"
#include "store/log.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CLOCK_WRONG_S = STATUS_CLOCK_WRONG_S,
    BACKLOG_OLD_MS = 10 * 60 * 1000,
    PARKED_SHOWN = 20,
};

/* 2026-01-01: a clock before it was never set. */
#define PROGRAM_BEGAN_MS INT64_C(1767225600000)

/* One line, whatever the words in it came from. */
static void print_finding(const char *kind, const char *format, va_list args)
{
    g_autofree char *raw = g_strdup_vprintf(format, args);
    g_autofree char *told = log_redact(raw);
    g_autofree char *valid = g_utf8_make_valid(told, -1);
    g_autofree char *text = rich_clean(valid);
    g_strdelimit(text, "\n\t", ' ');
    printf("%-6s %s\n", kind, text);
    fflush(stdout);
}

void status_tell(const char *kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_finding(kind, format, args);
    va_end(args);
}

void status_ok(struct status *status, const char *format, ...)
{
    (void)status;
    va_list args;
    va_start(args, format);
    print_finding("ok", format, args);
    va_end(args);
}

void status_wrong(struct status *status, const char *format, ...)
{
    status->wrong++;
    va_list args;
    va_start(args, format);
    print_finding("wrong", format, args);
    va_end(args);
}

/* ---- The database ---- */

static char *user_name(uid_t user)
{
    const struct passwd *entry = getpwuid(user);
    return entry != NULL ? g_strdup(entry->pw_name) : g_strdup_printf("user id %u", (unsigned)user);
}

static char *show_time(int64_t at_ms)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(at_ms / 1000);
    return at != NULL ? g_date_time_format(at, "%Y-%m-%d %H:%M UTC") : g_strdup("an impossible time");
}

/* False when there is nothing to open. */
static bool look_at_file(struct status *status, const char *path)
{
    struct stat file;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *me = user_name(geteuid());
    bool there = stat(path, &file) == 0;
    if (!there && errno != ENOENT) {
        status_wrong(status, "database %s: cannot be looked at as %s: %s", path, me, g_strerror(errno));
        return false;
    }
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        status_wrong(status, "database %s: there is no folder %s: make it, or set ASKWHY_DATABASE to another path", path,
                     folder);
        return false;
    }
    if (access(folder, W_OK | X_OK) != 0) {
        status_wrong(status, "database %s: %s cannot write in %s: %s; give it to the user askwhy runs as", path, me, folder,
                     g_strerror(errno));
        return false;
    }
    if (!there) {
        status_ok(status, "database %s: not there yet; `askwhy run` makes it, as %s", path, me);
        return false;
    }
    if (file.st_uid != geteuid()) {
        g_autofree char *owner = user_name(file.st_uid);
        status_wrong(status, "database %s: belongs to %s, and this is %s: run askwhy and this check as %s (sudo -u %s)",
                     path, owner, me, owner, owner);
        return false;
    }
    if (access(path, R_OK | W_OK) != 0) {
        status_wrong(status, "database %s: its owner %s cannot write it: %s; chmod 600 %s", path, me, g_strerror(errno),
                     path);
        return false;
    }
    if ((file.st_mode & 077) != 0)
        status_wrong(status, "database %s: other users can read it; chmod 600 %s", path, path);
    return true;
}

static const char *kind_name(int kind)
{
    static const char *const names[OUT_KINDS] = {
        [OUT_POST] = "a post",         [OUT_UPDATE] = "an edit", [OUT_EPHEMERAL] = "a private answer",
        [OUT_RESPONSE] = "an answer",  [OUT_REACTION] = "a reaction", [OUT_FORM] = "a form",
        [OUT_HOME] = "a home page",    [OUT_OPEN_DM] = "a direct message", [OUT_JOIN] = "joining",
        [OUT_FILE] = "a file",
    };
    return kind >= 0 && kind < OUT_KINDS && names[kind] != NULL ? names[kind] : "a message";
}

static void look_at_parked(struct status *status, struct store *store)
{
    g_autoptr(GArray) all = store_parked(store);
    for (guint i = 0; i < all->len; i++) {
        struct parked *parked = &g_array_index(all, struct parked, i);
        g_autofree char *when = show_time(parked->made_at);
        bool in_channel = *parked->channel != '\0';
        if (i < PARKED_SHOWN)
            status_wrong(status,
                         "message %" G_GINT64_FORMAT ": %s%s%s, from %s, could not be delivered: %s%s", parked->id,
                         kind_name(parked->kind), in_channel ? " in #" : " to one person", parked->channel, when, parked->why,
                         in_channel ? "; then invite askwhy there once more (/invite @askwhy) and it is sent" : "");
        g_free(parked->why);
        g_free(parked->channel);
    }
    if (all->len > PARKED_SHOWN)
        status_wrong(status, "%u more messages could not be delivered", all->len - PARKED_SHOWN);
    if (all->len == 0)
        status_ok(status, "no message was given up");
}

static void look_at_backlog(struct status *status, struct store *store)
{
    g_autoptr(GArray) rows = store_outbox(store, 0);
    int64_t oldest = INT64_MAX;
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        oldest = MIN(oldest, row->made_at);
        outbox_row_done(row);
    }
    g_autofree char *since = show_time(oldest);
    if (rows->len > 0 && clock_now_ms() - oldest > BACKLOG_OLD_MS)
        status_wrong(status, "outbox: %u messages wait, the oldest since %s; is askwhy running? Its log says why "
                             "(outbox.stopped, outbox.failed)", rows->len, since);
    else
        status_ok(status, "outbox: %u messages wait", rows->len);
}

static void look_at_log(struct status *status, struct store *store)
{
    int64_t newest = store_newest_entry(store);
    g_autofree char *when = show_time(newest);
    if (newest > clock_now_ms() + CLOCK_WRONG_S * 1000)
        status_wrong(status, "clock: the log has an entry of %s, which is still to come; set this machine's clock", when);
}

static void look_at_rebuild(struct status *status, struct store *store)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(store, &error);
    if (error != NULL) {
        status_wrong(status, "rebuild: %s", error->message);
    } else if (differences == NULL) {
        status_ok(status, "rebuild: all state follows from the log");
    } else {
        g_auto(GStrv) lines = g_strsplit(g_strchomp(differences), "\n", -1);
        for (int i = 0; lines[i] != NULL; i++)
            status_wrong(status, "rebuild: %s; please report this, and restore a backup if askwhy shows wrong things",
                         lines[i]);
    }
}

void status_database(struct status *status, const char *path, bool rebuild)
{
    if (!look_at_file(status, path))
        return;
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(path, STORE_READ, &error);
    if (store == NULL) {
        status_wrong(status, "database %s", error->message);
        return;
    }
    g_autofree char *damage = store_integrity(store);
    g_autofree char *owner = user_name(geteuid());
    if (damage != NULL)
        status_wrong(status, "database %s: is damaged: %s; stop askwhy and restore a backup with `askwhy restore`", path,
                     g_strchomp(damage));
    else
        status_ok(status, "database %s: sound, schema %d, owned and written by %s", path, store_schema(store), owner);
    store_forget_error(store);
    look_at_parked(status, store);
    look_at_backlog(status, store);
    look_at_log(status, store);
    if (rebuild)
        look_at_rebuild(status, store);
    if (store_failed(store) != NULL)
        status_wrong(status, "database %s", store_failed(store)->message);
    store_close(store);
}

/* ---- The libraries ---- */

void status_libraries(struct status *status)
{
    int wrong = status->wrong;
    for (enum library library = 0; library < LIBRARIES; library++) {
        struct library_version version = library_version(library);
        g_autofree char *why = NULL;
        if (library_judge(library, version.number, &why) != LIBRARY_FINE)
            status_wrong(status, "library: %s", why);
        library_version_done(&version);
    }
    g_autofree char *text = libraries_text();
    if (status->wrong == wrong)
        status_ok(status, "libraries: %s", text);
}

/* ---- The clock ---- */

void status_clock(struct status *status)
{
    g_autofree char *now = show_time(clock_now_ms());
    if (clock_now_ms() < PROGRAM_BEGAN_MS)
        status_wrong(status, "clock: it says %s; set it, and keep it right with an NTP service", now);
    else
        status_ok(status, "clock: %s", now);
    g_autofree char *zone = calendar_zone("Europe/Tallinn");
    if (zone == NULL)
        status_wrong(status, "time zones: /usr/share/zoneinfo has none; install the package tzdata");
}
