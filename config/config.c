#include "config/config.h"

#include "bot/base/embed.h"
#include "bot/base/log.h"
#include "config/environment.h"
#include "config/options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_FILE ((gsize)1 << 20)
#define LARGEST_SECRET ((gsize)16384) /* the commands of some hundred teams */

struct setting {
    char *value;
    char *source;
    char *path; /* of a secret's own file */
};

struct config {
    char *file;
    struct setting settings[CONFIG_OPTIONS];
    GPtrArray *warnings;
};

/* What one place (the file, the environment) says about an option, before it is known which place counts. */
struct said {
    char *value; /* accepted; NULL: nothing */
    char *path;  /* of NAME_FILE */
    char *source, *path_source;
};

static void wipe(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

/* Text that may hold a secret: overwritten before it is freed. */
typedef char secret_text;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(secret_text, wipe)

static void said_done(struct said *said)
{
    wipe(said->value);
    g_free(said->path);
    g_free(said->source);
    g_free(said->path_source);
}

static void complain(GPtrArray *list, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void complain(GPtrArray *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(list, g_strdup_vprintf(format, args));
    va_end(args);
}

/* ---- Files ---- */

/* Whatever can be read to its end, pipes included; NULL and *why otherwise. */
static char *read_all(int fd, gsize largest, gsize *size, char **why)
{
    g_autoptr(secret_text) buffer = g_malloc0(largest + 2);
    gsize length = 0;
    for (;;) {
        ssize_t got = read(fd, buffer + length, largest + 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            *why = g_strdup(g_strerror(errno));
            return NULL;
        }
        length += (gsize)got;
        if (got == 0)
            break;
        if (length > largest) {
            explicit_bzero(buffer, length);
            *why = g_strdup_printf("it is larger than %" G_GSIZE_FORMAT " bytes", largest);
            return NULL;
        }
    }
    if (memchr(buffer, '\0', length) != NULL) {
        explicit_bzero(buffer, length);
        *why = g_strdup("it holds bytes that are not text");
        return NULL;
    }
    *size = length;
    return g_steal_pointer(&buffer);
}

static char *read_text(const char *path, gsize largest, mode_t *mode, char **why)
{
    struct stat stat;
    gsize size;
    char *text = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &stat) != 0) {
        *why = g_strdup(g_strerror(errno));
    } else if (S_ISDIR(stat.st_mode)) {
        *why = g_strdup(g_strerror(EISDIR));
    } else {
        *mode = S_ISREG(stat.st_mode) ? stat.st_mode : 0;
        text = read_all(fd, largest, &size, why);
    }
    if (fd >= 0)
        close(fd);
    return text;
}

static bool others_may(mode_t mode)
{
    return (mode & (S_IROTH | S_IWOTH)) != 0;
}

static char *accept(enum config_option option, const char *text, const char *source, GPtrArray *errors)
{
    char *why = NULL;
    if (options[option].type == OPTION_SECRET)
        option_hide(text);
    char *value = option_accept(option, text, &why);
    if (value == NULL)
        complain(errors, "%s: %s %s", source, options[option].name, why);
    g_free(why);
    return value;
}

/* guarded: the folder keeps others out already, as systemd's does. */
static char *read_secret(enum config_option option, const char *path, bool guarded, const char *source,
                         GPtrArray *errors)
{
    g_autofree char *why = NULL;
    mode_t mode = 0;
    g_autoptr(secret_text) text = read_text(path, LARGEST_SECRET, &mode, &why);
    if (text == NULL) {
        complain(errors, "%s: %s: cannot read %s: %s", source, options[option].name, path, why);
        return NULL;
    }
    if (!guarded && others_may(mode)) {
        complain(errors, "%s: %s: everybody on this machine can read %s: run chmod 600 %s", source,
                 options[option].name, path, path);
        return NULL;
    }
    g_strchomp(text);
    if (*text == '\0') {
        complain(errors, "%s: %s: %s is empty", source, options[option].name, path);
        return NULL;
    }
    return accept(option, text, source, errors);
}

/* ---- The configuration file ---- */

static void take(struct said *said, enum config_option option, bool secret_file, const char *text, const char *source,
                 GPtrArray *errors)
{
    char **where = secret_file ? &said->path_source : &said->source;
    if (*where != NULL) {
        complain(errors, "%s: %s%s is set already (%s): keep one of the two", source, options[option].name,
                 secret_file ? "_FILE" : "", *where);
        return;
    }
    if (*text == '\0')
        return;
    *where = g_strdup(source);
    if (secret_file)
        said->path = g_strdup(text);
    else
        said->value = accept(option, text, source, errors);
}

static bool is_plain_name(const char *name)
{
    return strlen(name) <= 64 && strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen(name);
}

static void complain_unknown(GPtrArray *list, const char *source, const char *name)
{
    const char *nearest = option_nearest(name);
    if (!is_plain_name(name))
        complain(list, "%s: not an option's name: write NAME = value", source);
    else if (nearest != NULL)
        complain(list, "%s: %s is not an option: did you mean %s?", source, name, nearest);
    else
        complain(list, "%s: %s is not an option: see askwhy.conf.example for those there are", source, name);
}

/* One line at a time, so that GLib's reader, which stops at its first error, reports them all. */
static void read_line(const char *line, const char *source, struct said *file, GPtrArray *errors)
{
    g_autoptr(GKeyFile) reader = g_key_file_new();
    g_autofree char *data = g_strconcat("[askwhy]\n", line, "\n", NULL);
    gsize n_keys = 0;
    if (!g_key_file_load_from_data(reader, data, (gsize)-1, G_KEY_FILE_NONE, NULL)) {
        complain(errors, "%s: not a line of the form NAME = value", source);
        return;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(reader, NULL);
    g_auto(GStrv) keys = g_key_file_get_keys(reader, "askwhy", &n_keys, NULL);
    if (g_strv_length(groups) > 1) {
        complain(errors, "%s: there are no [sections] in this file: remove the line", source);
        return;
    }
    if (n_keys == 0)
        return;
    bool secret_file;
    int option = option_find(keys[0], &secret_file);
    if (option < 0) {
        complain_unknown(errors, source, keys[0]);
        return;
    }
    g_autoptr(secret_text) text = g_key_file_get_string(reader, "askwhy", keys[0], NULL);
    if (text == NULL) {
        complain(errors, "%s: %s is not valid UTF-8, or has a lone backslash: a backslash is written \\\\", source,
                 keys[0]);
        return;
    }
    take(&file[option], (enum config_option)option, secret_file, g_strstrip(text), source, errors);
}

static void read_file(struct config *config, struct said *file, GPtrArray *errors)
{
    g_autofree char *why = NULL;
    mode_t mode = 0;
    char *text = read_text(config->file, LARGEST_FILE, &mode, &why);
    if (text == NULL) {
        complain(errors, "cannot read the configuration %s: %s", config->file, why);
        return;
    }
    char *line = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
    for (int number = 1; line != NULL; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        g_autofree char *source = g_strdup_printf("%s:%d", config->file, number);
        size_t length = strlen(line);
        read_line(g_strchomp(line), source, file, errors);
        explicit_bzero(line, length);
        line = end != NULL ? end + 1 : NULL;
    }
    g_free(text);
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        if (options[i].type == OPTION_SECRET && file[i].value != NULL && others_may(mode))
            complain(config->warnings, "%s: everybody on this machine can read %s: run chmod 600 %s", file[i].source,
                     options[i].name, config->file);
    }
}

/* ---- The other places, and which one counts ---- */

static void read_environment(struct config *config, struct said *environment, GPtrArray *errors)
{
    g_auto(GStrv) names = g_listenv();
    for (char **name = names; *name != NULL; name++) {
        bool secret_file;
        int option = option_find(*name, &secret_file);
        if (option >= 0) {
            g_autoptr(secret_text) text = g_strstrip(g_strdup(environment_value(*name)));
            take(&environment[option], (enum config_option)option, secret_file, text, "environment", errors);
        } else if (g_str_has_prefix(*name, "ASKWHY_") && option_nearest(*name) != NULL) {
            complain_unknown(config->warnings, "environment", *name);
        }
    }
}

/* True when this place says something, be it wrong. */
static bool settle(struct setting *setting, enum config_option option, struct said *said, GPtrArray *errors)
{
    if (said->source == NULL && said->path_source == NULL)
        return false;
    if (said->source != NULL && said->path_source != NULL) {
        complain(errors, "%s: both %s and %s_FILE are set: keep one of the two", said->path_source,
                 options[option].name, options[option].name);
        return true;
    }
    if (said->source != NULL) {
        setting->value = g_steal_pointer(&said->value);
        setting->source = g_strdup(said->source);
        return true;
    }
    setting->path = g_strdup(said->path);
    setting->value = read_secret(option, said->path, false, said->path_source, errors);
    setting->source = g_strdup_printf("%s, from %s", said->path_source, said->path);
    return true;
}

static bool settle_credential(struct setting *setting, enum config_option option, GPtrArray *errors)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    if (options[option].type != OPTION_SECRET || folder == NULL || *folder == '\0')
        return false;
    g_autofree char *small = g_ascii_strdown(options[option].name, -1);
    const char *const names[] = {options[option].name, small};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        if (access(path, F_OK) != 0)
            continue;
        setting->path = g_strdup(path);
        setting->value = read_secret(option, path, true, "credentials", errors);
        setting->source = g_strdup_printf("credentials, from %s", path);
        return true;
    }
    return false;
}

static void settle_default(struct setting *setting, enum config_option option)
{
    if (option == CONFIG_ASKWHY_DATABASE) {
        const char *folders = g_getenv("STATE_DIRECTORY");
        bool service = folders != NULL && *folders != '\0';
        g_autofree char *folder = service ? g_strndup(folders, strcspn(folders, ":")) : g_strdup(".");
        setting->value = g_build_filename(folder, "askwhy.db", NULL);
        setting->source = g_strdup(service ? "default, in $STATE_DIRECTORY" : "default");
        return;
    }
    setting->value = g_strdup(options[option].default_text);
    setting->source = g_strdup("default");
}

static char *find_file(const char *file)
{
    static const char *const places[] = {"askwhy.conf", "/etc/askwhy/askwhy.conf"};
    if (file != NULL)
        return g_strdup(file);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(places[i], G_FILE_TEST_EXISTS))
            return g_strdup(places[i]);
    }
    return NULL;
}

struct config *config_load(const char *file, GPtrArray *errors)
{
    struct config *config = g_new0(struct config, 1);
    struct said in_file[CONFIG_OPTIONS] = {0};
    struct said in_environment[CONFIG_OPTIONS] = {0};
    config->warnings = g_ptr_array_new_with_free_func(g_free);
    config->file = find_file(file);
    if (config->file != NULL)
        read_file(config, in_file, errors);
    read_environment(config, in_environment, errors);
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        struct setting *setting = &config->settings[i];
        enum config_option option = (enum config_option)i;
        if (!settle(setting, option, &in_environment[i], errors) && !settle_credential(setting, option, errors) &&
            !settle(setting, option, &in_file[i], errors))
            settle_default(setting, option);
        said_done(&in_file[i]);
        said_done(&in_environment[i]);
    }
    config_check_together(config, errors, config->warnings);
    return config;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        wipe(config->settings[i].value);
        g_free(config->settings[i].source);
        g_free(config->settings[i].path);
    }
    g_ptr_array_unref(config->warnings);
    g_free(config->file);
    g_free(config);
}

/* ---- Reading it ---- */

const char *config_string(const struct config *config, enum config_option option)
{
    return config->settings[option].value;
}

int config_int(const struct config *config, enum config_option option)
{
    const char *text = config_string(config, option);
    g_assert(options[option].type == OPTION_NUMBER);
    return text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : options[option].least;
}

bool config_bool(const struct config *config, enum config_option option)
{
    g_assert(options[option].type == OPTION_BOOL);
    return g_strcmp0(config_string(config, option), "yes") == 0;
}

char **config_list(const struct config *config, enum config_option option)
{
    g_assert(options[option].type == OPTION_LIST || option == CONFIG_MATTERMOST_COMMAND_TOKENS);
    const char *text = config_string(config, option);
    return g_strsplit(text != NULL ? text : "", ", ", -1);
}

struct config_hours config_hours(const struct config *config, enum config_option option)
{
    struct config_hours hours;
    g_assert(options[option].type == OPTION_HOURS);
    const char *text = config_string(config, option);
    option_parse_hours(text != NULL ? text : options[option].default_text, &hours);
    return hours;
}

const char *config_file(const struct config *config)
{
    return config->file;
}

const char *config_source(const struct config *config, enum config_option option)
{
    return config->settings[option].source;
}

const char *config_secret_file(const struct config *config, enum config_option option)
{
    return config->settings[option].path;
}

const GPtrArray *config_warnings(const struct config *config)
{
    return config->warnings;
}

static const char *shown(const struct config *config, int option)
{
    const char *value = config->settings[option].value;
    if (value == NULL)
        return "(not set)";
    return options[option].type == OPTION_SECRET ? "[redacted]" : value;
}

void config_print_effective(const struct config *config, FILE *out)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        fprintf(out, "%-26s %-32s %s\n", options[i].name, shown(config, i), config->settings[i].source);
}

GPtrArray *config_changes(const struct config *before, const struct config *after, bool *anew)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);
    *anew = false;
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        if (g_strcmp0(before->settings[i].value, after->settings[i].value) == 0)
            continue;
        bool later = options[i].reload == OPTION_ANEW;
        *anew = *anew || later;
        complain(changes, "%s was %s, is %s%s", options[i].name, shown(before, i), shown(after, i),
                 later ? ": askwhy sets itself up anew" : "");
    }
    return changes;
}

char *config_slack_manifest(const struct config *config)
{
    const struct embedded_file *file = config_files;
    while (strcmp(file->name, "slack-manifest.yaml") != 0)
        file++;
    GString *text = g_string_new(file->data);
    if (config != NULL) {
        g_autofree char *why = g_strconcat("command: ", config_string(config, CONFIG_ASKWHY_WHY_COMMAND), "\n", NULL);
        g_autofree char *ask = g_strconcat("command: ", config_string(config, CONFIG_ASKWHY_COMMAND), "\n", NULL);
        /* Through a word no command can be, so that ask = /why is not replaced twice. */
        g_string_replace(text, "command: /why\n", "command: (why)\n", 0);
        g_string_replace(text, "command: /ask\n", ask, 0);
        g_string_replace(text, "command: (why)\n", why, 0);
    }
    return g_string_free(text, FALSE);
}
