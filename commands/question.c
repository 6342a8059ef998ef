#include "commands/question.h"

#include "bot/base/json.h"
#include "commands/digest.h"
#include "commands/nameless.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"

#include <string.h>

enum { LISTED_MAX = 30, IN_BRIEF_MAX = 5, CHOICES_MAX = 5, KEPT_MAX = 1800 };

static const char *language_of(const struct channel *channel)
{
    return say_language(channel->language);
}

/* ---- putting it ---- */

/* Who is to answer: the asker, else who drives it; 0 when that would be whoever asks. */
static int64_t whom_to_ask(struct context *ctx, const struct ask *ask, int64_t by)
{
    const int64_t people[] = {ask->asker, ask->owner, ask->decider};
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        if (people[i] != 0 && people[i] != by && !is_nobody_to_ask(ctx, people[i]))
            return people[i];
    }
    return 0;
}

static char *post_text(struct context *ctx, const struct open_question *question, const char *language, const char *whom)
{
    g_autofree char *words = show_quoted(ctx, question->words, QUESTION_WORDS_MAX);
    if (question->person == 0) {
        g_autofree char *keeps = say(language, "nameless.keeps", NULL);
        return say(language, "question.post.nameless", "whom", whom, "words", words, "keeps", keeps, NULL);
    }
    g_autofree char *who = show_person(ctx, question->person);
    return say(language, "question.post", "whom", whom, "person", who, "words", words, NULL);
}

void question_post(struct context *ctx, int64_t id)
{
    struct open_question question;
    struct ask ask = {0};
    struct channel channel = {0};
    if (!store_get_open_question(ctx->store, id, &question))
        return;
    store_get_channel(ctx->store, question.channel, &channel);
    bool of_ask = question.ask != 0 && store_load_ask(ctx->store, question.ask, &ask);
    int64_t whom = of_ask ? whom_to_ask(ctx, &ask, question.person) : 0;
    g_autofree char *ping = whom != 0 ? ping_person(ctx, whom) : NULL;
    g_autofree char *put_to = ping != NULL ? g_strconcat(ping, " ", NULL) : g_strdup("");
    g_autofree char *text = post_text(ctx, &question, language_of(&channel), put_to);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autofree char *label = say(language_of(&channel), "digest.button.answer", NULL);
    struct message *message = message_text(text);
    message_add_button(message, of_ask ? "answerput" : "digestanswer", value, label, BUTTON_PLAIN);
    int64_t root = of_ask ? store_post_of_ask(ctx->store, ask.number, "card")
                          : store_digest_post(ctx->store, question.digest);
    int64_t post = send_post(ctx, question.channel, root, "put", question.ask, message);
    store_set_subject(ctx->store, post, id);
    ask_done(&ask);
    channel_done(&channel);
    open_question_done(&question);
}

static bool is_open_already(struct context *ctx, const struct ask *ask, const char *words)
{
    int total;
    g_autoptr(GArray) open = store_open_questions(ctx->store, &ctx->viewer, ask->number, LISTED_MAX, &total);
    for (guint i = 0; i < open->len; i++) {
        const struct open_question *question = &g_array_index(open, struct open_question, i);
        if (question->person == ctx->who.id && strcmp(question->words, words) == 0)
            return true;
    }
    return false;
}

/* field: of the form the words came from, NULL when they were typed. */
static void put(struct context *ctx, const struct ask *ask, const char *words, const char *field)
{
    g_autofree char *id = show_number(ask->number);
    if (ctx->nameless) {
        nameless_put(ctx, ask->channel, ask->number, 0, words, field);
    } else if (g_utf8_strlen(words, -1) > QUESTION_WORDS_MAX) {
        answer_say(ctx, "question.too.long", NULL);
    } else if (is_open_already(ctx, ask, words)) {
        answer_say(ctx, "question.again", "ask", id, NULL);
    } else {
        struct log_entry entry = {.kind = "put.question",
                                  .ask = ask->number,
                                  .channel = ask->channel,
                                  .person = ctx->who.id,
                                  .words = words,
                                  .data = data_of("kind", "question")};
        question_post(ctx, record_entry(ctx, &entry));
        answer_say(ctx, "question.taken", "ask", id, NULL);
    }
}

void question_add_name_choice(struct context *ctx, struct form *form)
{
    g_autofree char *label = say(ctx->language, "form.question.name", NULL);
    g_autofree char *with = say(ctx->language, "form.question.name.with", NULL);
    g_autofree char *without = say(ctx->language, "form.question.name.without", NULL);
    struct field *field = form_add(form, FIELD_CHOICE, "name", label, false);
    field_add_option(field, "with", with);
    field_add_option(field, QUESTION_NAMELESS, without);
    field->initial = g_strdup("with");
    field->hint = say(ctx->language, "form.question.name.hint", NULL);
}

void question_open_form(struct context *ctx, const char *value)
{
    struct ask ask;
    int64_t number = g_ascii_strtoll(value, NULL, 10);
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    struct form *form = form_about(ctx, &ask, "question", "form.question.title", "form.send");
    g_autofree char *label = say(ctx->language, "form.question.words", NULL);
    form->instead = say(ctx->language, "question.how", "ask", id, "command", ctx->settings->command, NULL);
    form_add(form, FIELD_TEXT, "words", label, false)->max = QUESTION_WORDS_MAX;
    question_add_name_choice(ctx, form);
    send_form(ctx, form);
    ask_done(&ask);
}

void question_form(struct context *ctx)
{
    const char *typed = event_field(ctx->event, "words");
    g_autofree char *words = g_strstrip(g_strdup(typed != NULL ? typed : ""));
    struct ask ask;
    if (*words == '\0') {
        answer_field_error(ctx, "words", say(ctx->language, "digest.form.empty", NULL));
        return;
    }
    int64_t number = form_ask(ctx);
    if (ctx->nameless && !store_get_ask(ctx->store, &ctx->viewer, number, &ask)) {
        g_autofree char *id = show_number(number);
        answer_field_error(ctx, "words", say(ctx->language, "no.such.ask", "ask", id, NULL));
    } else if (ctx->nameless || need_ask(ctx, number, &ask)) {
        ctx->reply_channel = ask.channel;
        put(ctx, &ask, words, "words");
        ask_done(&ask);
    }
}

/* About the channel's last digest. */
static void put_to_digest(struct context *ctx, const char *words)
{
    struct digest_row digest;
    if (*words == '\0') {
        answer_say(ctx, "digest.typed.how", "command", ctx->settings->command, "verb", "question anonymously", NULL);
    } else if (ctx->where.id == 0 || !store_last_digest(ctx->store, ctx->where.id, &digest)) {
        answer_say(ctx, "digest.none.here", "command", ctx->settings->command, NULL);
    } else {
        nameless_put(ctx, digest.channel, 0, digest.id, words, NULL);
        digest_row_done(&digest);
    }
}

void verb_question(struct context *ctx, int64_t number, const char *rest)
{
    g_autofree char *typed = g_strconcat("question ", rest, NULL);
    struct question_text text;
    struct ask ask;
    question_understand(typed, &text);
    number = text.ask != 0 ? text.ask : ask_of_thread(ctx);
    if (text.nameless && !ctx->nameless) {
        g_autofree char *id = number != 0 ? show_number(number) : g_strdup("42");
        answer_say(ctx, "nameless.not.here", "ask", id, "command", ctx->settings->command, NULL);
    } else if (number == 0 && ctx->nameless) {
        put_to_digest(ctx, text.words);
    } else if (number == 0) {
        digest_typed(ctx, "question", rest);
    } else if (*text.words == '\0' && (ctx->event->trigger != NULL || text.nameless)) {
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, number);
        question_open_form(ctx, value);
    } else if (*text.words == '\0') {
        g_autofree char *id = show_number(number);
        answer_say(ctx, "question.how", "ask", id, "command", ctx->settings->command, NULL);
    } else if (need_ask(ctx, number, &ask)) {
        put(ctx, &ask, text.words, NULL);
        ask_done(&ask);
    }
    question_text_done(&text);
}

/* ---- answering it ---- */

/* The question stays to be read; its button goes. */
static void settle(struct context *ctx, const struct open_question *question, const struct channel *channel,
                   bool answered)
{
    g_autofree char *text = post_text(ctx, question, language_of(channel), "");
    g_autofree char *done = say(language_of(channel), "question.answered", NULL);
    struct message *message = message_text(text);
    if (answered) {
        message_add(message, PART_NOTE, done);
    } else {
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, question->id);
        g_autofree char *label = say(language_of(channel), "digest.button.answer", NULL);
        message_add_button(message, "answerput", value, label, BUTTON_PLAIN);
    }
    send_edit(ctx, store_post_of_question(ctx->store, question->ask, question->id), message);
}

static int64_t record_answer(struct context *ctx, const struct open_question *question, const char *words)
{
    struct log_entry entry = {.kind = "put.answered",
                              .ask = question->ask,
                              .channel = question->channel,
                              .words = words,
                              .data = json_object()};
    json_put_int(entry.data, "question", question->id);
    record_entry(ctx, &entry);
    struct channel channel = {0};
    store_get_channel(ctx->store, question->channel, &channel);
    settle(ctx, question, &channel, true);
    channel_done(&channel);
    return entry.words_id;
}

static void answer_in_thread(struct context *ctx, const struct open_question *question, const char *words)
{
    struct channel channel = {0};
    struct ask ask;
    if (!store_load_ask(ctx->store, question->ask, &ask))
        return;
    record_answer(ctx, question, words);
    store_get_channel(ctx->store, ask.channel, &channel);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    note_quoted(ctx, question->person);
    g_autofree char *asked = show_quoted(ctx, question->words, QUESTION_WORDS_MAX);
    g_autofree char *said = show_words(ctx, words, 2000);
    bool tell = question->person != 0 && question->person != ctx->who.id && !is_nobody_to_ask(ctx, question->person);
    g_autofree char *ping = tell ? ping_person(ctx, question->person) : NULL;
    g_autofree char *whom = tell ? g_strconcat(ping, " ", NULL) : g_strdup("");
    g_autofree char *text = say(language_of(&channel), "question.answer.post", "whom", whom, "question", asked, "person",
                                who, "answer", said, NULL);
    send_to_thread(ctx, &ask, "note", message_text(text));
    g_autofree char *id = show_number(ask.number);
    answer_say(ctx, "question.answer.taken", "ask", id, NULL);
    channel_done(&channel);
    ask_done(&ask);
}

/* False after saying what is true now. late: one that was answered is found, too. */
static bool find_open(struct context *ctx, const char *value, bool late, struct open_question *question)
{
    struct ask ask;
    int64_t id = value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
    bool found = store_get_open_question(ctx->store, id, question);
    if (found && question->ask != 0 && store_get_ask(ctx->store, &ctx->viewer, question->ask, &ask)) {
        ask_done(&ask);
        if (!question->answered || late)
            return true;
        answer_say(ctx, "digest.question.answered", NULL);
    } else {
        answer_say(ctx, "button.stale", NULL);
    }
    open_question_done(question);
    return false;
}

void question_answer_button(struct context *ctx, const char *value)
{
    struct open_question question;
    if (!find_open(ctx, value, false, &question))
        return;
    g_autofree char *state = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, question.id, ctx->viewer.place);
    g_autofree char *title = say(ctx->language, "digest.answer.title", NULL);
    g_autofree char *submit = say(ctx->language, "form.send", NULL);
    g_autofree char *cancel = say(ctx->language, "form.cancel", NULL);
    struct form *form = form_new("answerput", state, title, submit, cancel);
    form->intro = show_words(ctx, question.words, 500);
    form->instead = say(ctx->language, "form.instead.answer", "command", ctx->settings->command, NULL);
    g_autofree char *label = say(ctx->language, "digest.answer.label", NULL);
    struct field *field = form_add(form, FIELD_TEXT, "words", label, false);
    const char *typed = strchr(value, ' ');
    field->initial = typed != NULL ? show_words(ctx, typed + 1, FORM_INITIAL_MAX) : NULL;
    send_form(ctx, form);
    open_question_done(&question);
}

void question_answer_form(struct context *ctx)
{
    const char *typed = event_field(ctx->event, "words");
    g_autofree char *words = g_strstrip(g_strdup(typed != NULL ? typed : ""));
    struct open_question question;
    if (*words == '\0') {
        answer_field_error(ctx, "words", say(ctx->language, "digest.form.empty", NULL));
        return;
    }
    form_ask(ctx); /* looks from where the form was opened */
    /* Somebody may have answered while it was filled in: this is a further answer. */
    if (find_open(ctx, ctx->event->state, true, &question)) {
        ctx->reply_channel = question.channel;
        answer_in_thread(ctx, &question, words);
        open_question_done(&question);
    }
}

/* What is open there, each with a letter and a button; words: what was typed, kept in the form behind the button. */
static void show_open(struct context *ctx, const struct ask *ask, GArray *open, const char *words)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *heading = say(ctx->language, "question.which", "ask", id, NULL);
    struct message *message = message_text(heading);
    for (guint i = 0; i < open->len && i < CHOICES_MAX; i++) {
        const struct open_question *question = &g_array_index(open, struct open_question, i);
        g_autofree char *asked = show_line(ctx, question->words, 300);
        g_autofree char *day = show_day(ctx, question->at, ctx->language);
        g_autofree char *line = say(ctx->language, "question.line", "day", day, "words", asked, NULL);
        g_autofree char *lettered = g_strdup_printf("%c: %s", 'a' + (int)i, line);
        g_autofree char *action = g_strdup_printf("answerput%u", i);
        bool kept = *words != '\0' && strlen(words) <= KEPT_MAX;
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT "%s%s", question->id, kept ? " " : "", kept ? words : "");
        g_autofree char *label = say(ctx->language, "digest.button.answer", NULL);
        message_add(message, PART_TEXT, open->len > 1 ? lettered : line);
        message_add_button(message, action, value, label, BUTTON_PLAIN);
    }
    if (open->len > 1) {
        g_autofree char *said = show_line(ctx, words, 300);
        g_autofree char *hint = say(ctx->language, "question.which.how", "ask", id, "command", ctx->settings->command, "words",
                                    *said != '\0' ? said : "…", NULL);
        message_add(message, PART_NOTE, hint);
    }
    answer_message(ctx, message);
}

/* "b: June": which of those shown; -1 when none is said. */
static int take_choice(const char **words, guint n)
{
    int choice = g_ascii_tolower(**words) - 'a';
    if (choice < 0 || choice >= (int)n || ((*words)[1] != ':' && (*words)[1] != ')'))
        return -1;
    const char *behind = *words + 2;
    behind += strspn(behind, " ");
    if (*behind == '\0')
        return -1;
    *words = behind;
    return choice;
}

void verb_answer(struct context *ctx, int64_t number, const char *rest)
{
    int chosen = -1;
    const char *words = rest;
    struct ask ask;
    number = words_ask_number(&words);
    if (number == 0)
        number = ask_of_thread(ctx);
    if (number == 0) {
        digest_typed(ctx, "answer", rest);
        return;
    }
    if (!need_ask(ctx, number, &ask))
        return;
    int total;
    g_autoptr(GArray) open = store_open_questions(ctx->store, &ctx->viewer, number, LISTED_MAX, &total);
    if (open->len == 0) {
        g_autofree char *id = show_number(number);
        answer_say(ctx, "question.none", "ask", id, NULL);
    } else if ((chosen = take_choice(&words, MIN(open->len, CHOICES_MAX))) >= 0) {
        answer_in_thread(ctx, &g_array_index(open, struct open_question, chosen), words);
    } else if (*words == '\0' || total > 1) {
        show_open(ctx, &ask, open, words);
    } else {
        answer_in_thread(ctx, &g_array_index(open, struct open_question, 0), words);
    }
    ask_done(&ask);
}

/* ---- answering it in the thread ---- */

static const char HEARD[] = "put:"; /* and the question's id: the kind under which its answer is remembered */
enum { SKEW_MS = 60 * 1000 };

static bool is_answer(struct context *ctx)
{
    GDate now = today(ctx);
    struct reply reply = {0};
    reply_understand(ctx->event->text, QUESTION_EVIDENCE, NULL, &now, &reply);
    bool answers = reply.kind == REPLY_ANSWER || reply.kind == REPLY_DONT_KNOW || reply.kind == REPLY_EMPTY;
    reply_done(&reply);
    return answers;
}

static void hear(struct context *ctx, const struct open_question *question)
{
    g_autofree char *kind = g_strdup_printf("%s%" G_GINT64_FORMAT, HEARD, question->id);
    struct heard heard = {.ask = question->ask, .person = ctx->who.id, .kind = kind};
    heard.words = record_answer(ctx, question, ctx->event->text);
    store_set_heard(ctx->store, ctx->where.id, ctx->event->message, &heard);
    send_reaction(ctx, ctx->where.id, ctx->event->message, "white_check_mark");
}

bool question_reply(struct context *ctx, const struct ask *ask)
{
    if (!store_is_questioned(ctx->store, ask->number, ctx->who.id))
        return false;
    int total;
    struct viewer here = {.place = ask->channel};
    g_autoptr(GArray) open = store_open_questions(ctx->store, &here, ask->number, LISTED_MAX, &total);
    const struct open_question *last = &g_array_index(open, struct open_question, open->len - 1);
    struct question own = {0};
    /* Of askwhy's question and somebody's, the later one is answered. */
    bool asked_since = store_open_question(ctx->store, ask->number, &own) && own.person == ctx->who.id &&
                       own.asked_at >= last->at;
    question_done(&own);
    bool older = ctx->event->posted_ms != 0 && ctx->event->posted_ms < last->at - SKEW_MS;
    if (asked_since || older || *ctx->event->text == '\0' || !is_answer(ctx))
        return false;
    hear(ctx, last);
    return true;
}

static bool find_heard(struct context *ctx, const struct heard *heard, struct open_question *question)
{
    return g_str_has_prefix(heard->kind, HEARD) &&
           store_get_open_question(ctx->store, g_ascii_strtoll(heard->kind + strlen(HEARD), NULL, 10), question);
}

bool question_answer_edited(struct context *ctx, const struct heard *heard)
{
    struct open_question question;
    if (!find_heard(ctx, heard, &question))
        return false;
    if (heard->person == ctx->who.id) {
        store_erase_words(ctx->store, heard->words, ctx->now);
        hear(ctx, &question);
    }
    open_question_done(&question);
    return true;
}

bool question_answer_deleted(struct context *ctx, const struct heard *heard)
{
    struct open_question question;
    if (!find_heard(ctx, heard, &question))
        return false;
    store_erase_words(ctx->store, heard->words, ctx->now);
    struct log_entry entry = {
        .kind = "put.unanswered", .ask = question.ask, .channel = question.channel, .data = json_object()};
    json_put_int(entry.data, "question", question.id);
    record_entry(ctx, &entry);
    struct channel channel = {0};
    store_get_channel(ctx->store, question.channel, &channel);
    settle(ctx, &question, &channel, false);
    channel_done(&channel);
    open_question_done(&question);
    return true;
}

/* ---- showing what is open ---- */

void question_add_open(struct context *ctx, struct message *brief, const struct ask *ask)
{
    int total;
    struct viewer here = {.place = ask->channel};
    g_autoptr(GArray) open = store_open_questions(ctx->store, &here, ask->number, IN_BRIEF_MAX, &total);
    for (guint i = 0; i < open->len; i++) {
        const struct open_question *question = &g_array_index(open, struct open_question, i);
        g_autofree char *words = show_line(ctx, question->words, 300);
        g_autofree char *day = show_day(ctx, question->at, ctx->language);
        g_autofree char *line = say(ctx->language, "brief.question", "day", day, "words", words, NULL);
        message_add(brief, PART_TEXT, line);
    }
}

void question_list(struct context *ctx)
{
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    int total;
    g_autoptr(GArray) open = store_open_questions(ctx->store, &ctx->viewer, 0, LISTED_MAX, &total);
    if (total == 0) {
        answer_say(ctx, "list.no.questions", "command", ctx->settings->command, NULL);
        return;
    }
    g_autofree char *heading = say_n(ctx->language, "list.questions", total, NULL);
    struct message *message = message_new(heading);
    message_add(message, PART_HEADING, heading);
    for (guint i = 0; i < open->len; i++) {
        const struct open_question *question = &g_array_index(open, struct open_question, i);
        g_autofree char *id = show_number(question->ask);
        g_autofree char *words = show_line(ctx, question->words, 200);
        g_autofree char *day = show_day(ctx, question->at, ctx->language);
        g_autofree char *line = say(ctx->language, "list.question", "ask", id, "day", day, "words", words, NULL);
        message_add(message, PART_TEXT, line);
    }
    g_autofree char *how = say(ctx->language, "list.questions.how", "command", ctx->settings->command, NULL);
    message_add(message, PART_NOTE, how);
    answer_message(ctx, message);
}
