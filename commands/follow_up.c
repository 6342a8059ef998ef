/* An answer that says nothing is asked about once more. */
#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/say.h"

#include <string.h>

bool clarify_is_followed(const struct question *question, enum question_kind kind)
{
    return !question->followed_up && (kind == QUESTION_WHY || kind == QUESTION_IMPACT);
}

int64_t clarify_note_followed(struct context *ctx, const struct ask *ask, const struct question *question, const char *words)
{
    struct log_entry entry = {.kind = "question.followed",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .words = words,
                              .data = data_of("kind", question->kind)};
    record_entry(ctx, &entry);
    return entry.words_id;
}

char *clarify_follow_up(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words)
{
    GDate now = today(ctx);
    struct reply reply = {0};
    struct question question;
    char *text = NULL;
    reply_understand(words, kind, NULL, &now, &reply);
    bool open = reply.kind == REPLY_EMPTY && store_open_question(ctx->store, ask->number, &question);
    if (open && strcmp(question.kind, question_names[kind]) == 0 && clarify_is_followed(&question, kind)) {
        g_autofree char *entry = g_strconcat("follow.", question.kind, NULL);
        clarify_note_followed(ctx, ask, &question, NULL);
        text = say(ctx->language, entry, NULL);
    }
    if (open)
        question_done(&question);
    reply_done(&reply);
    return text;
}
