/* An hour of load, or as long as wanted: askwhy's memory, descriptors, threads and write-ahead log stay as they are.
 *
 *     soak [--seconds S] [--rate N] [--seed S] [--still] --askwhy FILE --folder FOLDER
 *
 * The first quarter warms up. Of each later one the medians are looked at: the last may not be above the second.
 */
#include "tests/bench/load/process.h"
#include "tests/soak/slack.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLES = 400, SLACK_PERCENT = 10, SLACK_KB = 1024, WAL_SLACK_KB = 4096, REFRESH_EVERY = 16, CUT_EVERY = 40,
       SOCKETS_MOST = 48 /* requests keep up to 32 connections for the next ones */ };

enum figure { PRIVATE_KB, RESIDENT_KB, FILES, SOCKETS, THREADS, WAL_KB, DATABASE_KB, FIGURES };
static const char *const names[FIGURES] = {"private kB", "resident kB", "files", "sockets", "threads", "log kB", "database kB"};

struct soak {
    char *askwhy, *folder, *database;
    struct slack *slack;
    pid_t pid;
    int seconds, rate, seed, count;
    gboolean still;
    int64_t samples[SAMPLES][FIGURES];
};

static pid_t start(struct soak *soak)
{
    g_autofree char *log = g_build_filename(soak->folder, "askwhy.log", NULL);
    g_autofree char *api = g_strdup_printf("SLACK_API_URL=http://127.0.0.1:%d/api", slack_port(soak->slack));
    g_autofree char *data = g_strconcat("ASKWHY_DATABASE=", soak->database, NULL);
    char *environment[] = {api, data, "SLACK_APP_TOKEN=xapp-1-A0SOAK-1-soak", "SLACK_BOT_TOKEN=xoxb-soak-bot",
                           "SLACK_POSTS_PER_MINUTE=600", "ASKWHY_LOG=warning", NULL};
    char *argv[] = {soak->askwhy, "run", NULL};
    return process_start(argv, environment, soak->folder, log);
}

/* How many entries a folder of the process has, and how many of them are sockets. */
static int64_t entries_of(pid_t pid, const char *what, int64_t *sockets)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, what);
    GDir *dir = g_dir_open(path, 0, NULL);
    int64_t count = 0;
    if (dir == NULL)
        g_error("askwhy is gone; see its log");
    for (const char *name; (name = g_dir_read_name(dir)) != NULL; count++) {
        g_autofree char *entry = g_build_filename(path, name, NULL), *target = g_file_read_link(entry, NULL);
        if (target != NULL && g_str_has_prefix(target, "socket:"))
            ++*sockets;
    }
    g_dir_close(dir);
    return count;
}

static int64_t size_kb(const struct soak *soak, const char *end)
{
    g_autofree char *path = g_strconcat(soak->database, end, NULL);
    GStatBuf file;
    return g_stat(path, &file) == 0 ? file.st_size / 1024 : 0;
}

static void take_sample(struct soak *soak)
{
    int64_t *sample = soak->samples[soak->count++];
    struct memory memory = process_memory(soak->pid);
    sample[PRIVATE_KB] = memory.private_kb;
    sample[RESIDENT_KB] = memory.resident_kb;
    int64_t sockets = 0;
    int64_t open = entries_of(soak->pid, "fd", &sockets);
    sample[FILES] = open - sockets;
    sample[SOCKETS] = sockets;
    sample[THREADS] = entries_of(soak->pid, "task", &sockets);
    sample[WAL_KB] = size_kb(soak, "-wal");
    sample[DATABASE_KB] = size_kb(soak, "");
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

/* Of a quarter, 0 to 3: its median and its largest. */
static void quarter(const struct soak *soak, enum figure figure, int at, int64_t *median, int64_t *most)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int i = soak->count * at / 4; i < soak->count * (at + 1) / 4; i++)
        g_array_append_val(all, soak->samples[i][figure]);
    g_array_sort(all, by_size);
    *median = g_array_index(all, int64_t, all->len / 2);
    *most = g_array_index(all, int64_t, all->len - 1);
    g_array_unref(all);
}

static int64_t allowed(enum figure figure, int64_t median, int64_t most)
{
    switch (figure) {
    case PRIVATE_KB:
        return median + median * SLACK_PERCENT / 100 + SLACK_KB;
    case SOCKETS:
        return SOCKETS_MOST;
    case FILES:
    case THREADS:
        return median;
    case WAL_KB:
        return most + WAL_SLACK_KB;
    default:
        return G_MAXINT64;
    }
}

static int judge(const struct soak *soak)
{
    int bad = 0;
    printf("%-12s %10s %10s %10s %10s   medians of quarters, and the most\n", "", "first", "second", "third", "last");
    for (enum figure figure = 0; figure < FIGURES; figure++) {
        int64_t median[4], most[4];
        for (int i = 0; i < 4; i++)
            quarter(soak, figure, i, &median[i], &most[i]);
        int64_t limit = allowed(figure, median[1], most[1]), last = figure == WAL_KB || figure == SOCKETS ? most[3] : median[3];
        printf("%-12s %10" G_GINT64_FORMAT " %10" G_GINT64_FORMAT " %10" G_GINT64_FORMAT " %10" G_GINT64_FORMAT
               "   %" G_GINT64_FORMAT "%s\n",
               names[figure], median[0], median[1], median[2], median[3], MAX(MAX(most[0], most[1]), MAX(most[2], most[3])),
               last > limit ? "   GROWS" : "");
        bad += last > limit;
    }
    return bad;
}

static void soak_run(struct soak *soak)
{
    int samples = CLAMP(soak->seconds, 40, SAMPLES);
    int64_t each = (int64_t)soak->seconds * 1000 / samples;
    for (int i = 1; i <= samples; i++) {
        slack_run(soak->slack, each, false);
        take_sample(soak);
        if (i % CUT_EVERY == 0)
            slack_cut(soak->slack);
        else if (i % REFRESH_EVERY == 0)
            slack_refresh(soak->slack);
    }
}

/* Everything that was sent comes to its end. */
static int rest(struct soak *soak)
{
    for (int i = 0; i < 60 && slack_waiting(soak->slack) > 0; i++)
        slack_run(soak->slack, 500, true);
    int64_t requests = -1;
    for (int i = 0; i < 60 && slack_tally(soak->slack)->requests != requests; i++) {
        requests = slack_tally(soak->slack)->requests;
        slack_run(soak->slack, 2000, true);
    }
    const struct slack_tally *tally = slack_tally(soak->slack);
    struct memory memory = process_memory(soak->pid);
    printf("%" G_GINT64_FORMAT " envelopes, %" G_GINT64_FORMAT " acknowledged, %" G_GINT64_FORMAT " lost with their socket, %"
           G_GINT64_FORMAT " posts, %" G_GINT64_FORMAT " requests, %" G_GINT64_FORMAT " connections; %.1f s of CPU; at rest %"
           G_GINT64_FORMAT " kB private\n",
           tally->sent, tally->acknowledged, tally->lost, tally->posts, tally->requests, tally->connections,
           process_cpu_s(soak->pid), memory.private_kb);
    if (slack_waiting(soak->slack) > 0)
        printf("%d envelopes were never acknowledged\n", slack_waiting(soak->slack));
    return slack_waiting(soak->slack) > 0;
}

static void remove_database(const struct soak *soak)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(soak->database, ends[i], NULL);
        g_unlink(file);
    }
}

int main(int argc, char **argv)
{
    struct soak soak = {.seconds = 3600, .rate = 20, .seed = 1};
    const GOptionEntry entries[] = {
        {"seconds", 0, 0, G_OPTION_ARG_INT, &soak.seconds, "how long (3600)", "S"},
        {"rate", 0, 0, G_OPTION_ARG_INT, &soak.rate, "what people do in a second (20)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &soak.seed, "of what they do (1)", "S"},
        {"still", 0, 0, G_OPTION_ARG_NONE, &soak.still, "nothing that makes the database larger", NULL},
        {"askwhy", 0, 0, G_OPTION_ARG_FILENAME, &soak.askwhy, "the program", "FILE"},
        {"folder", 0, 0, G_OPTION_ARG_FILENAME, &soak.folder, "for database and log", "FOLDER"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) options = g_option_context_new("- keep askwhy busy and look whether it grows");
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error) || soak.askwhy == NULL || soak.folder == NULL ||
        soak.seconds < 1 || soak.rate < 1) {
        g_printerr("%s\n", error != NULL ? error->message : "--askwhy and --folder are needed");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    soak.database = g_build_filename(soak.folder, "soak.db", NULL);
    remove_database(&soak);
    struct loop *loop = loop_new(NULL, &error);
    if (loop == NULL)
        g_error("%s", error->message);
    soak.slack = slack_begin(loop, (guint32)soak.seed, soak.rate, soak.still);
    soak.pid = start(&soak);
    for (int i = 0; i < 100 && !slack_connected(soak.slack); i++)
        slack_run(soak.slack, 100, true);
    if (!slack_connected(soak.slack))
        g_error("askwhy did not connect; see %s/askwhy.log", soak.folder);
    soak_run(&soak);
    int bad = rest(&soak) + judge(&soak);
    process_end(soak.pid);
    slack_run(soak.slack, 500, true);
    slack_end(soak.slack);
    loop_free(loop);
    remove_database(&soak);
    g_free(soak.database);
    printf("%d passed, %d failed\n", bad == 0, bad);
    return bad > 0;
}
