/* askwhy setup mattermost: asks for the administrator's token, lets the room of Mattermost do its work, and writes what
 * came of it into the configuration. */
#include "bot/setup_mattermost.h"

#include "bot/base/log.h"
#include "bot/cli.h"
#include "bot/mattermost/setup.h"
#include "bot/status.h"
#include "config/edit.h"
#include "config/environment.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LISTENER_OPTIONS = 3, ADDRESSES_MAX = LISTENER_OPTIONS + 2 };

struct story {
    const struct setup_wishes *wishes;
    struct config *config;
    char *target; /* the configuration file to write */
    char *url, *public_url; /* public_url NULL: as configured */
    bool was_there, kept, wrote;
};

/* ---- The administrator's token ---- */

static char *read_line(FILE *in)
{
    char line[512] = "";
    char *token = fgets(line, sizeof line, in) != NULL ? g_strdup(g_strstrip(line)) : NULL;
    explicit_bzero(line, sizeof line);
    return token;
}

static char *prompt(void)
{
    struct termios before, quiet;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return NULL;
    fputs("Access token of a system administrator (not shown): ", stderr);
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG); /* Ctrl-C must not leave the terminal mute */
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *token = read_line(stdin);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return token;
}

/* From where no other user of the machine can read it; NULL when there is none. */
static char *admin_token(void)
{
    char *token = environment_admin_token();
    if (token == NULL)
        token = isatty(STDIN_FILENO) ? prompt() : read_line(stdin);
    log_secret(token);
    for (const char *c = token; c != NULL; c++) {
        if (*c == '\0' && c > token)
            return token;
        if (!g_ascii_isgraph(*c)) /* nothing, or Ctrl-C */
            break;
    }
    g_free(token);
    return NULL;
}

/* ---- What is written ---- */

static void tell(enum setup_finding finding, const char *text, void *data)
{
    (void)data;
    static const char *const kinds[] = {
        [SETUP_OK] = "ok", [SETUP_MADE] = "made", [SETUP_WOULD] = "would", [SETUP_NOTE] = "note", [SETUP_WRONG] = "wrong",
    };
    status_tell(kinds[finding], "%s", text);
}

/* What only this command's environment says is not known to an askwhy that is started without it. */
static gsize add_listener(const struct story *story, struct config_edit *edits)
{
    static const struct {
        enum config_option option;
        const char *name;
    } listener[LISTENER_OPTIONS] = {
        {CONFIG_ASKWHY_LISTEN, "ASKWHY_LISTEN"},
        {CONFIG_ASKWHY_LISTEN_CERTIFICATE, "ASKWHY_LISTEN_CERTIFICATE"},
        {CONFIG_ASKWHY_LISTEN_KEY, "ASKWHY_LISTEN_KEY"},
    };
    g_autofree char *text = NULL;
    gsize count = 0;
    if (!g_file_get_contents(story->target, &text, NULL, NULL))
        text = g_strdup("");
    for (gsize i = 0; i < G_N_ELEMENTS(listener); i++) {
        const char *value = config_string(story->config, listener[i].option);
        struct config_edit one = {listener[i].name, value};
        if (value == NULL || strcmp(config_source(story->config, listener[i].option), "environment") != 0)
            continue;
        g_autofree char *edited = config_edit_text(text, &one, 1);
        if (strcmp(edited, text) != 0)
            edits[count++] = one;
        explicit_bzero(edited, strlen(edited));
    }
    explicit_bzero(text, strlen(text));
    return count;
}

/* Appends the addresses that differ from what is configured. */
static gsize add_addresses(const struct story *story, struct config_edit *edits)
{
    gsize count = 0;
    if (g_strcmp0(config_string(story->config, CONFIG_MATTERMOST_URL), story->url) != 0)
        edits[count++] = (struct config_edit){"MATTERMOST_URL", story->url};
    if (story->public_url != NULL &&
        g_strcmp0(config_string(story->config, CONFIG_ASKWHY_PUBLIC_URL), story->public_url) != 0)
        edits[count++] = (struct config_edit){"ASKWHY_PUBLIC_URL", story->public_url};
    return count + add_listener(story, edits + count);
}

static bool edit(struct story *story, const struct config_edit *edits, gsize count, bool secret)
{
    g_autoptr(GError) error = NULL;
    if (!config_edit_file(story->target, edits, count, secret, &story->kept, &error)) {
        status_tell("wrong", "configuration: %s", error->message);
        return false;
    }
    story->wrote = true;
    return true;
}

/* Into the secret's own file, where it has or shall have one, else into the configuration file. */
static bool keep(const char *name, const char *value, void *data)
{
    struct story *story = data;
    enum config_option option = strcmp(name, "MATTERMOST_TOKEN") == 0 ? CONFIG_MATTERMOST_TOKEN
                                                                      : CONFIG_MATTERMOST_COMMAND_TOKENS;
    struct config_edit edits[ADDRESSES_MAX + 2];
    gsize count = add_addresses(story, edits);
    g_autoptr(GError) error = NULL;
    log_secret(value);
    const char *own_file = config_secret_file(story->config, option);
    if (own_file == NULL && strcmp(config_source(story->config, option), "environment") == 0) {
        status_tell("wrong", "%s: is set in the environment, which wins over %s: unset it there and run this again", name,
                   story->target);
        return false;
    }
    if (own_file == NULL && story->wishes->secrets == NULL) {
        edits[count++] = (struct config_edit){name, value};
        return edit(story, edits, count, true);
    }
    const char *file = option == CONFIG_MATTERMOST_TOKEN ? "mattermost-token" : "mattermost-command-tokens";
    g_autofree char *path = own_file != NULL ? g_strdup(own_file) : g_build_filename(story->wishes->secrets, file, NULL);
    g_autofree char *by_file = g_strconcat(name, "_FILE", NULL);
    if (!config_write_secret(path, value, &error)) {
        status_tell("wrong", "%s: %s", name, error->message);
        return false;
    }
    status_tell("made", "%s", path);
    if (own_file == NULL) {
        edits[count++] = (struct config_edit){name, NULL};
        edits[count++] = (struct config_edit){by_file, path};
    }
    return count == 0 || edit(story, edits, count, false);
}

/* ---- What is wished ---- */

/* *value: as given or configured; false after saying what is wrong. */
static bool take_address(const struct story *story, enum config_option option, const char *name, const char *given,
                         const char *argument, char **value)
{
    g_autofree char *why = NULL;
    const char *configured = config_string(story->config, option);
    *value = given != NULL ? config_accept(story->config, option, given, &why) : g_strdup(configured);
    if (why != NULL) {
        cli_complain("setup: %s %s", argument, why);
        return false;
    }
    if (configured != NULL && g_strcmp0(configured, *value) != 0 &&
        strcmp(config_source(story->config, option), "environment") == 0) {
        cli_complain("setup: %s in the environment is another address, and wins over the file: unset it", name);
        return false;
    }
    return true;
}

static bool names_are_good(const struct setup_wishes *wishes)
{
    for (int i = 0; wishes->channels != NULL && wishes->channels[i] != NULL; i++) {
        const char *slash = strchr(wishes->channels[i], '/');
        if (slash == NULL || slash == wishes->channels[i] || slash[1] == '\0' || strchr(slash + 1, '/') != NULL) {
            cli_complain("setup: --channel %s: write TEAM/NAME, as in the channel's address", wishes->channels[i]);
            return false;
        }
    }
    for (int i = 0; wishes->teams != NULL && wishes->teams[i] != NULL; i++) {
        if (*wishes->teams[i] == '\0' || strchr(wishes->teams[i], '/') != NULL) {
            cli_complain("setup: --team %s: write the team's name alone, as in its address", wishes->teams[i]);
            return false;
        }
    }
    return true;
}

static bool may_write(const struct story *story)
{
    const char *const places[] = {story->target, story->wishes->secrets};
    for (gsize i = 0; i < G_N_ELEMENTS(places) && !story->wishes->dry_run; i++) {
        g_autofree char *folder = places[i] == NULL ? NULL : i == 0 ? g_path_get_dirname(places[i]) : g_strdup(places[i]);
        if (folder != NULL && access(folder, W_OK | X_OK) != 0) {
            cli_complain("setup: cannot write in %s: %s; nothing was changed", folder, g_strerror(errno));
            return false;
        }
    }
    return true;
}

/* ---- The whole ---- */

static int tell_end(struct story *story, bool good)
{
    struct config_edit edits[ADDRESSES_MAX];
    gsize count = add_addresses(story, edits);
    if (good && !story->wishes->dry_run && !story->wrote && count > 0)
        good = edit(story, edits, count, false);
    if (story->wrote)
        status_tell("made", "configuration %s%s", story->target,
                   story->was_there ? "; as it was before, it stands beside it as .old" : "");
    if (!good) {
        status_tell("", "Not complete: mend what is wrong and run this again; it goes on where it stopped.");
        return EXIT_FAILED;
    }
    if (!story->wishes->dry_run)
        status_tell("", "Done. Start askwhy (`askwhy run`), or let a running one read this anew (kill -HUP).");
    return EXIT_DONE;
}

static int set_up(struct story *story, const char *base)
{
    const struct setup_wishes *wishes = story->wishes;
    const struct config *config = story->config;
    g_autofree char *token = admin_token();
    if (token == NULL) {
        cli_complain("setup: no administrator's token: set MATTERMOST_ADMIN_TOKEN, give it on standard input, or type it");
        return EXIT_USAGE;
    }
    g_autofree char *callback = base != NULL ? g_strconcat(base, "/mattermost", NULL) : NULL;
    g_auto(GStrv) command_tokens = config_list(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    const char *ca_file = config_string(config, CONFIG_ASKWHY_CA_FILE);
    const struct setup_options options = {
        .url = story->url,
        .admin_token = token,
        .bot_token = config_string(config, CONFIG_MATTERMOST_TOKEN),
        .bot_name = wishes->bot,
        .teams = (const char *const *)wishes->teams,
        .channels = (const char *const *)wishes->channels,
        .commands = !wishes->no_commands,
        .command = config_string(config, CONFIG_ASKWHY_COMMAND),
        .why_command = config_string(config, CONFIG_ASKWHY_WHY_COMMAND),
        .command_tokens = (const char *const *)command_tokens,
        .callback_url = callback,
        .listen = config_string(config, CONFIG_ASKWHY_LISTEN),
        .certificate = config_string(config, CONFIG_ASKWHY_LISTEN_CERTIFICATE),
        .key = config_string(config, CONFIG_ASKWHY_LISTEN_KEY),
        .dry_run = wishes->dry_run,
    };
    const struct setup_host host = {tell, keep, story};
    g_autoptr(GError) error = NULL;
    struct rest *rest = NULL;
    struct loop *loop = loop_new(ca_file, &error);
    bool good = false;
    if (loop == NULL || (rest = rest_new(loop, ca_file, &error)) == NULL)
        status_tell("wrong", "network: %s", error->message);
    else
        good = mattermost_setup(loop, rest, &options, &host);
    rest_free(rest);
    loop_free(loop);
    explicit_bzero(token, strlen(token));
    return tell_end(story, good);
}

int setup_mattermost(const char *file, const struct setup_wishes *wishes)
{
    struct story story = {.wishes = wishes};
    bool fresh = file != NULL && !g_file_test(file, G_FILE_TEST_EXISTS);
    story.config = cli_config(fresh ? "/dev/null" : file);
    if (story.config == NULL)
        return EXIT_USAGE;
    log_set_level(LOG_ERROR);
    const char *found = config_file(story.config);
    story.target = g_strdup(file != NULL ? file : found != NULL ? found : "askwhy.conf");
    story.was_there = g_file_test(story.target, G_FILE_TEST_EXISTS);
    int status = EXIT_USAGE;
    if (take_address(&story, CONFIG_MATTERMOST_URL, "MATTERMOST_URL", wishes->url, "--url", &story.url) &&
        take_address(&story, CONFIG_ASKWHY_PUBLIC_URL, "ASKWHY_PUBLIC_URL", wishes->public_url, "--public-url",
                     &story.public_url) &&
        names_are_good(wishes) && may_write(&story)) {
        g_autofree char *base = story.public_url != NULL ? g_strdup(story.public_url) : config_public_url(story.config, 0);
        if (story.url == NULL)
            cli_complain("setup: say which server with --url https://chat.example.com");
        else if (base == NULL && !wishes->no_commands)
            cli_complain("setup: ASKWHY_LISTEN (%s) does not say how the server reaches askwhy: add --public-url "
                         "http://HOST:PORT, or --no-commands", config_string(story.config, CONFIG_ASKWHY_LISTEN));
        else
            status = set_up(&story, base);
    }
    g_free(story.target);
    g_free(story.url);
    g_free(story.public_url);
    config_free(story.config);
    return status;
}
