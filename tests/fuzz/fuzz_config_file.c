/* Any bytes as the configuration file, and behind a line "--" as NAME=value lines of the environment. */
#include "tests/fuzz/hold.h"

#include "config/options.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What log_secret() was told, which no message may hold. The list it keeps itself would only grow here, so the
 * linker puts this in its place (--wrap). */
void __wrap_log_secret(const char *value);
static GPtrArray *secrets;

void __wrap_log_secret(const char *value)
{
    if (strlen(value) >= 8)
        g_ptr_array_add(secrets, g_strdup(value));
}

/* Words of ours that a secret may happen to be. */
static bool is_common(const char *secret)
{
    static const char ours[] = "askwhy.conf.example chmod 600 api.slack.com/apps environment default";
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        g_autofree char *in_file = g_strconcat(options[i].name, "_FILE", NULL);
        if (strstr(in_file, secret) != NULL)
            return true;
    }
    return strstr(ours, secret) != NULL || strchr(secret, '/') != NULL;
}

static void need_silent(const char *text)
{
    for (guint i = 0; i < secrets->len; i++) {
        const char *secret = g_ptr_array_index(secrets, i);
        need(is_common(secret) || g_strstr_len(text, -1, secret) == NULL);
    }
}

static void each_silent(const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        need_silent(g_ptr_array_index(list, i));
}

/* Only what concerns askwhy: the rest of the environment is the fuzzer's own. */
static GPtrArray *set_environment(const char *lines)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while (*lines != '\0' && names->len < 20) {
        g_autofree char *line = take_line(&lines);
        char *equals = strchr(line, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        bool unused;
        if (option_find(line, &unused) < 0 && !g_str_has_prefix(line, "ASKWHY_"))
            continue;
        g_setenv(line, equals + 1, TRUE);
        g_ptr_array_add(names, g_strdup(line));
    }
    return names;
}

static void read_all(const struct config *config)
{
    struct config_hours hours = config_hours(config, CONFIG_ASKWHY_WORKING_HOURS);
    need(hours.from >= 0 && hours.from < hours.to && hours.to <= 1440 && hours.weekdays != 0);
    g_auto(GStrv) functions = config_list(config, CONFIG_ASKWHY_FUNCTIONS);
    for (char **function = functions; *function != NULL; function++)
        need(**function != '\0' && g_utf8_strlen(*function, -1) <= 30);
    int sockets = config_int(config, CONFIG_SLACK_SOCKETS), pace = config_int(config, CONFIG_SLACK_POSTS_PER_MINUTE);
    need(sockets >= 1 && sockets <= 10 && pace >= 1 && pace <= 600);
    need(config_string(config, CONFIG_ASKWHY_COMMAND)[0] == '/');
    g_autofree char *manifest = config_slack_manifest(config);
    need(manifest != NULL && g_utf8_validate(manifest, -1, NULL));
}

static void print(const struct config *config)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    config_print_effective(config, out);
    fclose(out);
    need_silent(text);
    free(text);
}

static void load(const char *path)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free), none = g_ptr_array_new_with_free_func(g_free);
    struct config *config = config_load(path, errors);
    print(config);
    each_silent(errors);
    each_silent(config_warnings(config));
    if (errors->len == 0) {
        bool anew;
        struct config *same = config_load(path, none);
        g_autoptr(GPtrArray) changes = config_changes(config, same, &anew);
        need(none->len == 0 && changes->len == 0 && !anew);
        read_all(config);
        config_free(same);
    }
    config_free(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("askwhy.conf", MFD_CLOEXEC);
        fchmod(file, 0600);
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    g_autofree char *all = g_strndup((const char *)data, size);
    /* A secret's file may be any path: none of those that never end. */
    if (strstr(all, "/dev") != NULL || strstr(all, "/proc") != NULL)
        return 0;
    char *environment = strstr(all, "\n--\n");
    gsize length = environment != NULL ? (gsize)(environment - all) : strlen(all);
    secrets = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) names = set_environment(environment != NULL ? environment + 4 : "");
    need(ftruncate(file, 0) == 0 && pwrite(file, all, length, 0) == (ssize_t)length);
    load(path);
    for (guint i = 0; i < names->len; i++)
        g_unsetenv(g_ptr_array_index(names, i));
    g_clear_pointer(&secrets, g_ptr_array_unref);
    return 0;
}
