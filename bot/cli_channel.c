/* A channel named on the command line. */
#include "bot/cli.h"
#include "store/store.h"

#include <string.h>

static const char *const chats[] = {"slack", "mattermost"};

static int64_t find_in(struct store *store, const char *chat, const char *name)
{
    int64_t found = store_find_channel(store, chat, name);
    return found != 0 ? found : store_find_channel_named(store, chat, NULL, name);
}

int64_t cli_find_channel(struct store *store, const char *wanted)
{
    int64_t found = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(chats); i++) {
        gsize length = strlen(chats[i]);
        bool named = strncmp(wanted, chats[i], length) == 0 && wanted[length] == ':';
        const char *name = named ? wanted + length + 1 : wanted;
        int64_t here = find_in(store, chats[i], *name == '#' || *name == '~' ? name + 1 : name);
        if (named && here != 0)
            return here;
        if (here != 0)
            found = found == 0 ? here : -1;
    }
    return found;
}

static void list_channels(struct store *store, const char *chat, GString *known)
{
    g_autoptr(GArray) channels = store_member_channels(store, chat);
    for (guint i = 0; i < channels->len; i++) {
        struct channel channel;
        if (store_get_channel(store, g_array_index(channels, int64_t, i), &channel)) {
            g_string_append_printf(known, "%s%s:%s", known->len > 0 ? ", " : "", chat, channel.name);
            channel_done(&channel);
        }
    }
}

void cli_complain_of_channel(struct store *store, const char *subcommand, const char *wanted, bool several)
{
    GString *known = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(chats); i++)
        list_channels(store, chats[i], known);
    cli_complain("%s: --channel %s: %s; askwhy is in %s", subcommand, wanted,
                 several ? "both chats have one, say which" : "askwhy knows no such channel",
                 known->len > 0 ? known->str : "none: invite it to one");
    g_string_free(known, TRUE);
}
