/* What stands beside impact and evidence: a rough cost, and whom we could talk to. */
#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "store/details.h"

#include <string.h>

/* "cost about two weeks", "cost: small"; but "cost per ticket down 10%" is an impact. NULL when it is none. */
static char *cost_in(const char *rest)
{
    static const char *const words[] = {"costs ", "cost ", "effort "};
    struct said said;
    said_split(rest, 1u << SAID_COST, &said);
    char *cost = *said.lead == '\0' ? g_steal_pointer(&said.parts[SAID_COST]) : NULL;
    said_done(&said);
    for (gsize i = 0; i < G_N_ELEMENTS(words) && cost == NULL; i++) {
        struct effort effort;
        const char *behind;
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(rest, words[i], length) == 0 && effort_parse(rest + length, &effort, &behind))
            cost = g_strdup(rest + length);
    }
    return cost;
}

void cost_record(struct context *ctx, const struct ask *ask, const char *words, int64_t whom)
{
    cJSON *data = json_object();
    struct effort effort;
    const char *behind;
    if (effort_parse(words, &effort, &behind)) {
        json_put_int(data, "low", effort.low);
        json_put_int(data, "high", effort.high);
    }
    if (whom != 0)
        json_put_int(data, "for", whom);
    struct log_entry entry = {.kind = "ask.cost",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .person = ctx->who.id,
                              .words = words,
                              .data = data};
    record_entry(ctx, &entry);
    if (whom != 0)
        said_for_tell(ctx, ask, whom, "impact");
}

static bool can_be_added(struct context *ctx, int64_t number, struct ask *ask)
{
    if (!need_ask(ctx, number, ask))
        return false;
    if (store_state_is_open(ask->state))
        return true;
    answer_wrong_state(ctx, ask);
    ask_done(ask);
    return false;
}

/* "two weeks; churn down 2% by Q3": the impact behind the cost, which is cut off it; NULL when there is none. */
static char *impact_behind(struct context *ctx, char *cost)
{
    GDate now = today(ctx);
    for (char *at = cost; *at != '\0'; at++) {
        bool ends = *at == ';' || *at == '\n' || (*at == '.' && at[1] == ' ');
        const char *behind = at + 1 + strspn(at + 1, " \n");
        struct impact impact = {0};
        if (!ends)
            continue;
        impact_parse(behind, &now, &impact);
        bool understood = impact.understood && impact.metric != NULL;
        impact_done(&impact);
        if (understood) {
            char *words = g_strdup(behind);
            *at = '\0';
            g_strchomp(cost);
            return words;
        }
    }
    return NULL;
}

/* True after asking for more: the label stands alone. */
static bool is_label_alone(struct context *ctx, int64_t number, const char *rest, const char *const *labels, const char *entry)
{
    g_autofree char *word = g_ascii_strdown(rest, (gssize)strlen(rest));
    gsize length = strlen(word);
    while (length > 0 && strchr(" :.", word[length - 1]) != NULL)
        word[--length] = '\0';
    if (!g_strv_contains(labels, word))
        return false;
    g_autofree char *id = show_number(number);
    answer_say(ctx, entry, "ask", id, "command", ctx->settings->command, NULL);
    return true;
}

bool beside_cost(struct context *ctx, int64_t number, const char *rest, char **impact)
{
    static const char *const labels[] = {"cost", "costs", "rough cost", "effort", NULL};
    int64_t whom;
    struct ask ask;
    *impact = NULL;
    if (is_label_alone(ctx, number, rest, labels, "cost.how"))
        return true;
    g_autofree char *cost = cost_in(rest);
    if (cost == NULL)
        return false;
    *impact = impact_behind(ctx, cost);
    if (!can_be_added(ctx, number, &ask))
        return true;
    struct ask_details details;
    store_get_details(ctx->store, &ask, &details);
    g_autofree char *words = said_for(ctx, cost, &whom);
    if (g_strcmp0(details.cost, words) != 0)
        cost_record(ctx, &ask, words, whom);
    send_card_redraw(ctx, number);
    g_autofree char *id = show_number(number);
    g_autofree char *shown = show_line(ctx, words, 200);
    answer_say(ctx, "cost.noted", "ask", id, "cost", shown, NULL);
    ask_details_done(&details);
    ask_done(&ask);
    return true;
}

bool beside_talk(struct context *ctx, int64_t number, const char *rest)
{
    static const char *const labels[] = {"talk", "talk to", "talk with", "speak to", "speak with", NULL};
    struct said said;
    struct ask ask;
    if (is_label_alone(ctx, number, rest, labels, "talk.how"))
        return true;
    said_split(rest, 1u << SAID_TALK, &said);
    bool talk = *said.lead == '\0' && said.parts[SAID_TALK] != NULL;
    if (talk && can_be_added(ctx, number, &ask)) {
        struct ask_details details;
        store_get_details(ctx->store, &ask, &details);
        struct log_entry entry = {.kind = "ask.talk",
                                  .ask = number,
                                  .channel = ask.channel,
                                  .person = ctx->who.id,
                                  .words = said.parts[SAID_TALK]};
        if (g_strcmp0(details.talk, said.parts[SAID_TALK]) != 0)
            record_entry(ctx, &entry);
        g_autofree char *id = show_number(number);
        g_autofree char *whom = show_line(ctx, said.parts[SAID_TALK], 200);
        answer_say(ctx, "talk.noted", "ask", id, "whom", whom, NULL);
        ask_details_done(&details);
        ask_done(&ask);
    }
    said_done(&said);
    return talk;
}
