/* askwhy digest: what the next digest of a channel would say. Posts nothing. */
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "bot/cli.h"
#include "bot/settings.h"
#include "commands/views.h"

#include <stdio.h>

static char *file, *wanted, *now_text;
static gboolean as_json;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
    {"channel", 0, 0, G_OPTION_ARG_STRING, &wanted, "the channel, by its name or the chat product's id", "C"},
    {"now", 0, 0, G_OPTION_ARG_STRING, &now_text, "as if it were then, for example 2026-11-30T09:00:00Z", "RFC3339"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "the messages as JSON", NULL},
    G_OPTION_ENTRY_NULL,
};

/* People's and channels' names by the chat product's ids. */
struct names {
    struct store *store;
    const char *chat;
    GHashTable *known; /* id → name */
};

static const char *name_of(const char *id, void *data)
{
    struct names *names = data;
    const char *known = g_hash_table_lookup(names->known, id);
    struct person person;
    struct channel channel;
    char *name = NULL;
    if (known != NULL)
        return known;
    if (store_get_person(names->store, store_find_person(names->store, names->chat, id), &person)) {
        name = g_strdup(person.name);
        person_done(&person);
    } else if (store_get_channel(names->store, store_find_channel(names->store, names->chat, id), &channel)) {
        name = g_strdup(channel.name);
        channel_done(&channel);
    }
    if (name != NULL)
        g_hash_table_insert(names->known, g_strdup(id), name);
    return name;
}

static void print_plain(const struct message *message, struct names *names)
{
    for (int i = 0; message != NULL && i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        if (part->text == NULL)
            continue;
        g_autofree char *plain = rich_plain(part->text, name_of, names);
        printf("%s\n\n", plain);
    }
}

/* The main post; what goes into its thread stands in it as "thread". Empty when nothing would be posted. */
static void print_json(const struct digest_text *text)
{
    g_autofree char *first = text->message != NULL ? message_to_json(text->message) : g_strdup("{}");
    g_autofree char *rest = text->rest != NULL ? message_to_json(text->rest) : NULL;
    g_autoptr(cJSON) post = json_parse(first, strlen(first), NULL);
    if (rest != NULL)
        json_put(post, "thread", cJSON_CreateRaw(rest));
    g_autofree char *out = json_text(post);
    printf("%s\n", out);
}

static int print_digest(struct store *store, const struct settings *settings, int64_t now)
{
    int64_t channel = cli_find_channel(store, wanted);
    if (channel <= 0 && store_failed(store) == NULL) {
        cli_complain_of_channel(store, "digest", wanted, channel < 0);
        return EXIT_FAILED;
    }
    struct channel where = {0};
    store_get_channel(store, channel, &where);
    struct context ctx;
    struct digest_text text;
    context_init(&ctx, store, settings, NULL, now);
    bool something = digest_draw(&ctx, channel, now, false, &text);
    const GError *failed = store_failed(store);
    if (failed != NULL) {
        cli_complain("digest: %s", failed->message);
    } else if (as_json) {
        print_json(&text);
    } else if (something) {
        struct names names = {store, where.platform, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
        print_plain(text.message, &names);
        print_plain(text.rest, &names);
        g_hash_table_unref(names.known);
    } else {
        fprintf(stderr, "The digest of %s has nothing to say: nothing would be posted.\n", wanted);
    }
    digest_text_done(&text);
    context_done(&ctx);
    channel_done(&where);
    return failed == NULL ? EXIT_DONE : EXIT_FAILED;
}

int cli_digest(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- print what the next digest of a channel would say; nothing is posted", entries, NULL))
        return EXIT_USAGE;
    int64_t now = clock_now_ms();
    if (wanted == NULL || *wanted == '\0') {
        cli_complain("digest: name the channel: askwhy digest --channel product");
        return EXIT_USAGE;
    }
    if (now_text != NULL && !calendar_parse_rfc3339(now_text, &now)) {
        cli_complain("digest: --now %s: is no moment like 2026-11-30T09:00:00Z", now_text);
        return EXIT_USAGE;
    }
    struct config *config = cli_config(file);
    g_clear_pointer(&file, g_free);
    if (config == NULL)
        return EXIT_USAGE;
    g_autoptr(GError) error = NULL;
    struct settings settings;
    settings_read(&settings, config);
    struct store *store = store_open(config_string(config, CONFIG_ASKWHY_DATABASE), STORE_READ, &error);
    int status = EXIT_FAILED;
    if (store == NULL)
        cli_complain("digest: %s", error->message);
    else
        status = print_digest(store, &settings, now);
    store_close(store);
    settings_done(&settings);
    config_free(config);
    return status;
}
