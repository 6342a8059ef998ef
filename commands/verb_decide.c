#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/until.h"

#include <string.h>

static void tell_thread(struct context *ctx, const struct ask *ask, unsigned tells, const char *decision,
                        const char *reason, int64_t until)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = say_language(channel.language);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *told = tell_whom(ctx, ask, tells);
    g_autofree char *why = show_words(ctx, reason, 2000);
    g_autofree char *day = until != 0 ? show_day(ctx, until, language) : NULL;
    g_autofree char *entry = g_strconcat("decide.told.", decision, *why != '\0' ? ".because" : "", NULL);
    g_autofree char *text = say(language, entry, "told", told, "person", who, "reason", why, "date", day, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    channel_done(&channel);
}

static const char *state_of_decision(const char *word)
{
    return strcmp(word, "yes") == 0 ? "accepted" : strcmp(word, "no") == 0 ? "declined" : "later";
}

void verb_decide(struct context *ctx, int64_t number, const char *rest)
{
    static const char *const choices[] = {"yes", "no", "later", NULL};
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    gsize length = strcspn(rest, " ,.:");
    g_autofree char *word = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length;
    behind += strspn(behind, " ,.:");
    int64_t until = 0;
    if (!g_strv_contains(choices, word)) {
        answer_say(ctx, "decide.how", "ask", id, "command", ctx->settings->command, NULL);
    } else if (strcmp(word, "later") == 0 && !until_parse(ctx, behind, &until, &behind)) {
        answer_say(ctx, "decide.when", "ask", id, "command", ctx->settings->command, NULL);
    } else {
        g_autofree char *verb = g_strconcat("decide ", word, NULL);
        const char *reason = words_reason(behind);
        /* The same again with a reason: the reason that was missing. */
        bool again = *reason != '\0' && g_strcmp0(ask.decision, word) == 0 && ask.decision_words == NULL &&
                     strcmp(ask.state, state_of_decision(word)) == 0 && has_role(ctx, &ask, BY_DECIDER);
        const struct transition *move = again ? transition_of(verb, ask.state) : may_move(ctx, &ask, verb);
        if (move != NULL) {
            cJSON *data = data_of("decision", word);
            if (until != 0)
                json_put_int(data, "until", until);
            record_state(ctx, "ask.decided", &ask, reason, move->to, data);
            send_card_redraw(ctx, number);
            tell_thread(ctx, &ask, move->tells, word, reason, until);
            g_autofree char *entry = g_strconcat("decide.done.", word, NULL);
            g_autofree char *day = until != 0 ? show_day(ctx, until, ctx->language) : NULL;
            answer_say(ctx, entry, "ask", id, "date", day, NULL);
            if (*reason == '\0') {
                g_autofree char *again_word = until != 0 ? g_strdup_printf("%s until %s", word, day) : g_strdup(word);
                answer_say(ctx, "decide.no.reason", "ask", id, "decision", again_word, "command",
                           ctx->settings->command, NULL);
            }
        }
    }
    ask_done(&ask);
}
