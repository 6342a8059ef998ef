#include "commands/own_words.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "store/details.h"
#include "store/said_beside.h"

#include <string.h>

enum { BESIDE_MAX = 5 };

bool own_words_stand(struct context *ctx, const struct ask *ask, enum question_kind kind)
{
    const char *words = ask_words(ask, kind);
    if (ctx->who.id == ask->asker || words == NULL || *words == '\0')
        return false;
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    const int64_t by[QUESTION_KINDS] = {ask->why_by, ask->impact_by, details.evidence_by, details.deadline_by};
    bool confirmed = kind == QUESTION_WHY && details.why_confirmed;
    ask_details_done(&details);
    return by[kind] == ask->asker || by[kind] == 0 || confirmed;
}

bool says_unknown(struct context *ctx, enum question_kind kind, const char *words)
{
    GDate now = today(ctx);
    struct reply reply = {0};
    reply_understand(words, kind, NULL, &now, &reply);
    bool unknown = reply.kind == REPLY_DONT_KNOW;
    reply_done(&reply);
    return unknown;
}

bool may_say_unknown(struct context *ctx, const struct ask *ask, enum question_kind kind)
{
    struct question question;
    bool asked = store_get_question(ctx->store, ask->number, question_names[kind], &question) &&
                 strcmp(question.state, "open") == 0 && question.person == ctx->who.id;
    question_done(&question);
    if (asked || ask->asker == ctx->who.id)
        return true;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *asker = show_person(ctx, ask->asker);
    answer_say(ctx, "unknown.not.yours", "ask", id, "person", asker, "command", ctx->settings->command, NULL);
    return false;
}

static void tell_asker(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words, int64_t whom)
{
    const char *language = ask_language(ctx, ask);
    g_autofree char *asker = ping_person(ctx, ask->asker);
    g_autofree char *other = whom != 0 && whom != ask->asker ? ping_person(ctx, whom) : g_strdup("");
    g_autofree char *told = *other != '\0' ? g_strconcat(other, " ", asker, NULL) : g_strdup(asker);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *name = show_person(ctx, ask->asker);
    g_autofree char *shown = show_words(ctx, words, 2000);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *entry = g_strconcat("beside.told.", question_names[kind], NULL);
    g_autofree char *text = say(language, entry, "told", told, "person", who, "words", shown, "asker", name, "ask", id,
                                "command", ctx->settings->command, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
}

void own_words_beside(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words,
                      const char *message, int64_t whom)
{
    g_autofree char *before = store_beside_words(ctx->store, ask->number, question_names[kind], ctx->who.id);
    if (g_strcmp0(before, words) == 0)
        return; /* typed once more: nobody is told twice */
    cJSON *data = data_of("kind", question_names[kind]);
    if (whom != 0)
        json_put_int(data, "for", whom);
    struct log_entry entry = {.kind = "ask.beside",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .person = ctx->who.id,
                              .words = words,
                              .data = data};
    record_entry(ctx, &entry);
    if (message != NULL) {
        struct heard heard = {.ask = ask->number,
                              .words = entry.words_id,
                              .person = ctx->who.id,
                              .kind = (char *)question_names[kind]};
        store_set_heard(ctx->store, ask->channel, message, &heard);
    }
    if (ask->asker != ctx->who.id)
        tell_asker(ctx, ask, kind, words, whom);
}

void own_words_add_beside(struct context *ctx, struct message *brief, const struct ask *ask, enum question_kind kind,
                          const GArray *beside)
{
    int shown = 0;
    for (guint i = 0; i < beside->len && shown < BESIDE_MAX; i++) {
        const struct said_beside *said = &g_array_index(beside, struct said_beside, i);
        if (strcmp(said->kind, question_names[kind]) != 0)
            continue;
        shown++;
        bool other = said->whom != 0 && said->whom != ask->asker;
        g_autofree char *who = show_person(ctx, said->person);
        g_autofree char *whom = other ? show_person(ctx, said->whom) : NULL;
        g_autofree char *words = show_words(ctx, said->words, 700);
        g_autofree char *text = say(ctx->language, other ? "brief.beside.for" : "brief.beside", "person", who, "whom", whom,
                                    "words", words, NULL);
        message_add(brief, PART_NOTE, text);
    }
}
