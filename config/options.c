#include "config/options.h"

#include "bot/base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

const struct option options[CONFIG_OPTIONS] = {
#define OPTION(name, type, default_text, least, most, unit, reload, help) \
    {#name, OPTION_##type, default_text, least, most, unit, OPTION_##reload, help},
#include "config/options.def"
#undef OPTION
};

#define LONGEST_NAME 64

int option_find(const char *name, bool *secret_file)
{
    *secret_file = false;
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        size_t length = strlen(options[i].name);
        if (strncmp(name, options[i].name, length) != 0)
            continue;
        if (name[length] == '\0')
            return i;
        if (options[i].type == OPTION_SECRET && strcmp(name + length, "_FILE") == 0) {
            *secret_file = true;
            return i;
        }
    }
    return -1;
}

/* Changes of one letter (put in, left out, another one) that make a into b, case aside. */
static int distance(const char *a, const char *b)
{
    int row[LONGEST_NAME + 1];
    int width = (int)strlen(b);
    for (int j = 0; j <= width; j++)
        row[j] = j;
    for (int i = 0; a[i] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 0; j < width; j++) {
            int change = diagonal + (g_ascii_toupper(a[i]) != g_ascii_toupper(b[j]));
            diagonal = row[j + 1];
            row[j + 1] = MIN(change, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[width];
}

const char *option_nearest(const char *name)
{
    if (strlen(name) > LONGEST_NAME)
        return NULL;
    const char *nearest = NULL;
    int least = (int)strlen(name) / 3 + 1;
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        int far = distance(name, options[i].name);
        if (far < least) {
            least = far;
            nearest = options[i].name;
        }
    }
    return nearest;
}

bool option_is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;
    if (g_ascii_strcasecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static const struct {
    const char *prefix, *kind;
} token_kinds[] = {
    {"xapp-", "an app-level token"}, {"xoxb-", "a bot token"},      {"xoxp-", "a user token"},
    {"xoxe", "a refresh token"},     {"xoxs-", "a session's token"}, {"xoxc-", "a browser's token"},
};

/* What people separate tokens with: commas, spaces, the lines of a file. */
static char **split_secrets(const char *text)
{
    char **parts = g_strsplit_set(text, ", \t\r\n", -1);
    gsize kept = 0;
    for (gsize i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0')
            parts[kept++] = parts[i];
        else
            g_free(parts[i]);
    }
    parts[kept] = NULL;
    return parts;
}

/* Overwritten before they are freed. */
static void secrets_free(char **parts)
{
    for (char **part = parts; *part != NULL; part++)
        explicit_bzero(*part, strlen(*part));
    g_strfreev(parts);
}

void option_hide(const char *secret)
{
    char **parts = split_secrets(secret);
    log_secret(secret);
    for (char **part = parts; *part != NULL; part++)
        log_secret(*part);
    secrets_free(parts);
}

/* Mattermost's tokens are 26 letters and digits today; others are taken as long as they can be one. */
static bool accept_mattermost_token(const char *text, char **why)
{
    size_t length = strlen(text);
    if (g_str_has_prefix(text, "xox") || g_str_has_prefix(text, "xapp-"))
        *why = g_strdup("is a token of Slack's: it belongs in SLACK_BOT_TOKEN or SLACK_APP_TOKEN");
    else if (strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-") != length)
        *why = g_strdup("holds a space or another character no token has: copy it once more");
    else if (length < 20 || length > 128)
        *why = g_strdup("must be 26 letters and digits: copy it whole, or let `askwhy setup mattermost` write it here");
    return *why == NULL;
}

static char *accept_command_tokens(const char *text, char **why)
{
    char **parts = split_secrets(text);
    for (char **part = parts; *part != NULL && *why == NULL; part++)
        accept_mattermost_token(*part, why);
    char *all = *why == NULL ? g_strjoinv(", ", parts) : NULL;
    secrets_free(parts);
    return all;
}

static char *accept_secret(enum config_option which, const char *text, char **why)
{
    if (which == CONFIG_MATTERMOST_COMMAND_TOKENS)
        return accept_command_tokens(text, why);
    if (which == CONFIG_MATTERMOST_TOKEN)
        return accept_mattermost_token(text, why) ? g_strdup(text) : NULL;
    const char *wanted = which == CONFIG_SLACK_APP_TOKEN ? "xapp-" : "xoxb-";
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isgraph(*c)) {
            *why = g_strdup("holds a space or another character no token has: copy it once more");
            return NULL;
        }
    }
    if (g_str_has_prefix(text, wanted) && strlen(text) >= strlen(wanted) + 8)
        return g_strdup(text);
    for (guint i = 0; i < G_N_ELEMENTS(token_kinds); i++) {
        const char *prefix = token_kinds[i].prefix;
        if (!g_str_has_prefix(text, prefix) || strcmp(prefix, wanted) == 0)
            continue;
        const char *home = strcmp(prefix, "xapp-") == 0   ? ". It belongs in SLACK_APP_TOKEN: are the two swapped?"
                           : strcmp(prefix, "xoxb-") == 0 ? ". It belongs in SLACK_BOT_TOKEN: are the two swapped?"
                                                          : "";
        *why = g_strdup_printf("is %s (%s…), but must begin with %s%s", token_kinds[i].kind, prefix, wanted, home);
        return NULL;
    }
    *why = g_strdup_printf("must begin with %s and be whole: copy it from the app's page at api.slack.com/apps", wanted);
    return NULL;
}

static char *accept_url(enum config_option which, const char *text, char **why)
{
    const char *example = which == CONFIG_SLACK_API_URL    ? "https://slack.com/api"
                          : which == CONFIG_MATTERMOST_URL ? "https://chat.example.com"
                                                           : "https://bot.example.com/askwhy";
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : "";
    if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' ||
        (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)) {
        *why = g_strdup_printf("is not an address like %s", example);
        return NULL;
    }
    if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL) {
        *why = g_strdup("must be host and path alone, without user name, ? or #");
        return NULL;
    }
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '/')
        length--;
    g_autofree char *url = g_strndup(text, length);
    if (which == CONFIG_MATTERMOST_URL && g_str_has_suffix(url, "/api/v4")) {
        *why = g_strdup("must be the server's address without /api/v4");
        return NULL;
    }
    return g_steal_pointer(&url);
}

bool option_parse_listen(const char *text, char **host, int *port)
{
    gint64 number;
    unsigned char address[sizeof(struct in6_addr)];
    if (g_str_has_prefix(text, "unix:")) {
        const char *path = text + strlen("unix:");
        if (*path != '/' || strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
            return false;
        *host = NULL;
        *port = 0;
        return true;
    }
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !g_ascii_string_to_signed(colon + 1, 10, 0, 65535, &number, NULL))
        return false;
    bool bracketed = *text == '[' && colon - text >= 2 && colon[-1] == ']';
    g_autofree char *name = g_strndup(text + bracketed, (gsize)(colon - text) - 2 * bracketed);
    if (*name != '\0' && strcmp(name, "localhost") != 0 && inet_pton(bracketed ? AF_INET6 : AF_INET, name, address) != 1)
        return false;
    if (bracketed && *name == '\0')
        return false;
    *host = g_steal_pointer(&name);
    *port = (int)number;
    return true;
}

static char *accept_listen(const char *text, char **why)
{
    g_autofree char *host = NULL;
    int port;
    if (option_parse_listen(text, &host, &port))
        return g_strdup(text);
    *why = g_strdup("must be a numeric address and a port like 127.0.0.1:8600, [::1]:8600 or :8600 for every address, or "
                    "unix: and a path of at most 107 characters");
    return NULL;
}

static char *accept_number(const struct option *option, const char *text, char **why)
{
    gint64 number;
    if (g_ascii_string_to_signed(text, 10, option->least, option->most, &number, NULL))
        return g_strdup_printf("%d", (int)number);
    *why = g_strdup_printf("must be a whole number from %d to %d (%s)", option->least, option->most, option->unit);
    return NULL;
}

static char *accept_bool(const char *text, char **why)
{
    static const char *const yes[] = {"yes", "true", "on", "1", NULL};
    static const char *const no[] = {"no", "false", "off", "0", NULL};
    g_autofree char *small = g_ascii_strdown(text, -1);
    if (g_strv_contains(yes, small))
        return g_strdup("yes");
    if (g_strv_contains(no, small))
        return g_strdup("no");
    *why = g_strdup("must be yes or no");
    return NULL;
}

static char *accept_file(const char *text, char **why)
{
    /* Of a certificate and its key: not to be shown as the name of anything. */
    if (strstr(text, "-----BEGIN ") != NULL || strchr(text, '\n') != NULL) {
        *why = g_strdup("is what should stand in a file: write it into one and put that file's name here");
        return NULL;
    }
    if (access(text, R_OK) == 0)
        return g_strdup(text);
    *why = g_strdup_printf("names %s, which cannot be read: %s", text, g_strerror(errno));
    return NULL;
}

static char *accept_command(const char *text, char **why)
{
    size_t length = strlen(text);
    if (text[0] == '/' && length >= 2 && length <= 32 &&
        strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length - 1)
        return g_strdup(text);
    *why = g_strdup("must be a slash and then at most 31 small letters, digits, - or _, like /ask");
    return NULL;
}

static char **split_list(const char *text)
{
    char **parts = g_strsplit(text, ",", -1);
    for (char **part = parts; *part != NULL; part++)
        g_strstrip(*part);
    return parts;
}

static char *accept_list(const char *text, char **why)
{
    g_auto(GStrv) parts = split_list(text);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **part = parts; *part != NULL; part++) {
        if (**part == '\0') {
            *why = g_strdup("has an empty part: is there a comma too many?");
            return NULL;
        }
        if (g_utf8_strlen(*part, -1) > 30) {
            *why = g_strdup_printf("has a part longer than the 30 characters that fit on a button: %s", *part);
            return NULL;
        }
        if (!g_hash_table_add(seen, g_utf8_casefold(*part, -1))) {
            *why = g_strdup_printf("names %s twice", *part);
            return NULL;
        }
    }
    if (g_strv_length(parts) > 20) {
        *why = g_strdup("has more than 20 parts");
        return NULL;
    }
    return g_strjoinv(", ", parts);
}

/* "9" or "9:30" → minutes; the rest of the text, NULL when it is no time. */
static const char *parse_time(const char *text, int *minutes)
{
    char *end;
    if (!g_ascii_isdigit(*text))
        return NULL;
    gint64 hour = g_ascii_strtoll(text, &end, 10);
    gint64 minute = 0;
    if (*end == ':') {
        if (!g_ascii_isdigit(end[1]) || !g_ascii_isdigit(end[2]))
            return NULL;
        minute = (end[1] - '0') * 10 + (end[2] - '0');
        end += 3;
    }
    if (hour > 24 || minute > 59 || hour * 60 + minute > 1440)
        return NULL;
    *minutes = (int)(hour * 60 + minute);
    return end;
}

static int parse_weekday(const char *text)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++) {
        if (g_ascii_strncasecmp(text, names[i], 3) == 0)
            return G_DATE_MONDAY + i;
    }
    return 0;
}

bool option_parse_hours(const char *text, struct config_hours *hours)
{
    *hours = (struct config_hours){0};
    const char *rest = parse_time(text, &hours->from);
    if (rest == NULL || *rest != '-' || (rest = parse_time(rest + 1, &hours->to)) == NULL || hours->from >= hours->to)
        return false;
    if (*rest != ' ')
        return false;
    g_auto(GStrv) spans = split_list(rest);
    for (char **span = spans; *span != NULL; span++) {
        int first = parse_weekday(*span);
        int last = first;
        if (first == 0)
            return false;
        const char *end = *span + 3;
        if (*end == '-') {
            last = parse_weekday(end + 1);
            end += last != 0 ? 4 : 0;
        }
        if (last == 0 || *end != '\0')
            return false;
        /* sun-thu goes over the week's end. */
        for (int day = first;; day = day == G_DATE_SUNDAY ? G_DATE_MONDAY : day + 1) {
            hours->weekdays |= 1u << day;
            if (day == last)
                break;
        }
    }
    return true;
}

char *option_accept(enum config_option which, const char *text, char **why)
{
    const struct option *option = &options[which];
    size_t length = strlen(text);
    if (!g_utf8_validate(text, -1, NULL)) {
        *why = g_strdup("is not valid UTF-8");
        return NULL;
    }
    if (length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text) {
        *why = g_strdup("stands in quotes, which would be taken as part of it: leave them out");
        return NULL;
    }
    enum log_level level;
    struct config_hours hours;
    switch (option->type) {
    case OPTION_SECRET:
        return accept_secret(which, text, why);
    case OPTION_URL:
        return accept_url(which, text, why);
    case OPTION_NUMBER:
        return accept_number(option, text, why);
    case OPTION_PATH:
        return g_strdup(text);
    case OPTION_FILE:
        return accept_file(text, why);
    case OPTION_LEVEL:
        if (log_level_parse(text, &level))
            return g_strdup(text);
        *why = g_strdup("must be debug, info, warning or error");
        return NULL;
    case OPTION_BOOL:
        return accept_bool(text, why);
    case OPTION_COMMAND:
        return accept_command(text, why);
    case OPTION_LIST:
        return accept_list(text, why);
    case OPTION_HOURS:
        if (option_parse_hours(text, &hours))
            return g_strdup(text);
        *why = g_strdup("must be hours and days, like 9-17 mon-fri or 8:30-16 mon-thu,sat");
        return NULL;
    case OPTION_LISTEN:
        return accept_listen(text, why);
    }
    g_assert_not_reached();
}
