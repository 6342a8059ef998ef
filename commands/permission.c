#include "commands/permission.h"

#include "commands/leaver.h"
#include "commands/say.h"
#include "store/permissions.h"

#include <string.h>

const char *const permission_names[PERMISSIONS] = {"raise", "answer", "decide", "start", "digest", "settings", "report"};

static const unsigned defaults[PERMISSIONS] = {
    [MAY_RAISE] = TO_ANYONE,  [MAY_ANSWER] = TO_ANYONE,   [MAY_DECIDE] = TO_DECIDER,
    [MAY_START] = TO_OWNER,   [MAY_DIGEST] = TO_MEMBERS,  [MAY_SETTINGS] = TO_OWNER | TO_DECIDER,
    [MAY_REPORT] = TO_MEMBERS,
};

static const struct {
    const char *word;
    unsigned to;
} groups[] = {
    {"admins", TO_ADMINS}, {"owner", TO_OWNER}, {"decider", TO_DECIDER}, {"members", TO_MEMBERS}, {"anyone", TO_ANYONE},
};

/* ---- words ---- */

unsigned permission_read(const char *words)
{
    g_auto(GStrv) each = g_strsplit_set(words, " ,\n\t", -1);
    unsigned to = 0;
    for (int i = 0; each[i] != NULL; i++) {
        bool found = *each[i] == '\0' || g_ascii_strcasecmp(each[i], "and") == 0 || g_ascii_strcasecmp(each[i], "or") == 0;
        for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
            if (g_ascii_strcasecmp(each[i], groups[g].word) == 0) {
                to |= groups[g].to;
                found = true;
            }
        }
        if (!found)
            return 0;
    }
    return to;
}

char *permission_write(unsigned to)
{
    GString *words = g_string_new(NULL);
    for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
        if (to & groups[g].to)
            g_string_append_printf(words, "%s%s", words->len > 0 ? ", " : "", groups[g].word);
    }
    return g_string_free(words, FALSE);
}

/* ---- who it is ---- */

bool is_administrator(const struct context *ctx)
{
    if (ctx->who.admin)
        return true;
    for (char **one = ctx->settings->administrators; one != NULL && *one != NULL; one++) {
        const char *name = **one == '@' ? *one + 1 : *one;
        if (*name != '\0' && (g_strcmp0(name, ctx->who.user) == 0 || g_strcmp0(name, ctx->who.handle) == 0))
            return true;
    }
    return false;
}

bool administers(struct context *ctx, int64_t channel)
{
    if (is_administrator(ctx))
        return true;
    int64_t told_at;
    bool admin = store_is_channel_admin(ctx->store, channel, ctx->who.id, &told_at);
    bool old = ctx->now - told_at > RIGHTS_KNOWN_MS;
    if (old)
        ctx->rights = channel; /* for the next time */
    return admin && !old;
}

bool command_wants_rights(const struct event *event)
{
    static const char verb[] = "settings";
    if ((event->kind != EVENT_COMMAND && event->kind != EVENT_MENTION) || event->text == NULL || event->channel == NULL ||
        event->channel_kind == CHANNEL_DIRECT || event->user == NULL)
        return false;
    const char *text = event->text + strspn(event->text, " \t\n");
    return g_ascii_strncasecmp(text, verb, sizeof verb - 1) == 0;
}

struct holders {
    int64_t owner, decider;
};

static struct holders holders_of(struct context *ctx, int64_t id, const struct ask *ask)
{
    if (ask != NULL)
        return (struct holders){is_nobody_to_ask(ctx, ask->owner) ? 0 : ask->owner, unless_left(ctx, ask, ask->decider)};
    struct channel channel = {0};
    store_get_channel(ctx->store, id, &channel);
    struct holders holders = {channel.owner, channel.decider};
    channel_done(&channel);
    return holders;
}

char *permission_show(struct context *ctx, int64_t channel, const struct ask *ask, unsigned to)
{
    struct holders holders = holders_of(ctx, channel, ask);
    GString *shown = g_string_new(NULL);
    for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
        if (!(to & groups[g].to))
            continue;
        int64_t person = groups[g].to == TO_OWNER ? holders.owner : groups[g].to == TO_DECIDER ? holders.decider : 0;
        g_autofree char *name = show_person(ctx, person);
        g_autofree char *entry = g_strconcat("permission.to.", groups[g].word, person != 0 ? ".named" : "", NULL);
        g_autofree char *text = say(ctx->language, entry, "person", name, NULL);
        g_string_append_printf(shown, "%s%s", shown->len > 0 ? ", " : "", text);
    }
    return g_string_free(shown, FALSE);
}

unsigned permission_default(enum permission what)
{
    return defaults[what];
}

unsigned permission_settled(struct context *ctx, int64_t channel, enum permission what)
{
    g_autofree char *words = store_permission(ctx->store, channel, permission_names[what]);
    return words != NULL ? permission_read(words) : 0;
}

bool may_if(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask, unsigned to)
{
    const struct person *who = &ctx->who;
    /* An administrator can always change back what shut everybody out. */
    if ((to & TO_ANYONE) || (((to & TO_ADMINS) || what == MAY_SETTINGS) && administers(ctx, channel)) || ((to & TO_MEMBERS) && !who->guest))
        return true;
    struct holders holders = holders_of(ctx, channel, ask);
    int64_t owner = to & TO_OWNER ? holders.owner : 0, decider = to & TO_DECIDER ? holders.decider : 0;
    if (owner == 0 && decider == 0)
        return !(to & TO_ADMINS) && !(to & TO_MEMBERS) && !who->guest;
    return who->id == owner || who->id == decider;
}

bool may(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask)
{
    unsigned settled = permission_settled(ctx, channel, what);
    return may_if(ctx, channel, what, ask, settled != 0 ? settled : permission_default(what));
}

/* Where nothing was settled: who holds the role, and what can be done without it. */
static bool name_holder(struct context *ctx, enum permission what, const struct ask *ask, const struct holders *holders)
{
    static const char *const entries[PERMISSIONS] = {
        [MAY_DECIDE] = "not.decider", [MAY_START] = "not.owner", [MAY_SETTINGS] = "settings.not.yours"};
    int64_t person = what == MAY_DECIDE || holders->owner == 0 ? holders->decider : holders->owner;
    if (entries[what] == NULL || person == 0)
        return false;
    g_autofree char *id = show_number(ask != NULL ? ask->number : 0);
    g_autofree char *name = show_person(ctx, person);
    answer_say(ctx, entries[what], "ask", id, "person", name, "command", ctx->settings->command, NULL);
    return true;
}

bool may_or_say(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask)
{
    if (may(ctx, channel, what, ask))
        return true;
    unsigned settled = permission_settled(ctx, channel, what), to = settled != 0 ? settled : permission_default(what);
    struct holders holders = holders_of(ctx, channel, ask);
    if (settled == 0 && name_holder(ctx, what, ask, &holders))
        return false;
    bool unnamed = holders.owner == 0 && holders.decider == 0 && !(to & (TO_ADMINS | TO_MEMBERS));
    g_autofree char *whom = permission_show(ctx, channel, ask, unnamed ? TO_MEMBERS : to);
    g_autofree char *entry = g_strconcat("permission.do.", permission_names[what], NULL);
    g_autofree char *deed = say(ctx->language, entry, NULL);
    answer_say(ctx, "not.permitted", "deed", deed, "who", whom, NULL);
    /* What somebody does first comes before what the chat tells of them. */
    if (ctx->who.refreshed_at == 0)
        answer_say(ctx, "not.permitted.yet", NULL);
    return false;
}

bool may_answer_or_say(struct context *ctx, const struct ask *ask)
{
    int64_t me = ctx->who.id;
    struct question question;
    bool asked = store_open_question(ctx->store, ask->number, &question) && question.person == me;
    question_done(&question);
    return asked || ask->asker == me || ask->raiser == me || may_or_say(ctx, ask->channel, MAY_ANSWER, ask);
}
