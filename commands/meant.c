#include "commands/meant.h"

#include "commands/nameless.h"
#include "commands/understand/understand.h"

#include <string.h>

static gsize word_length(const char *text)
{
    return strcspn(text, " \n\t");
}

static const char *behind(const char *text, gsize length)
{
    text += length;
    return text + strspn(text, " \n\t");
}

static bool ends_as_question(const char *text)
{
    gsize length = strlen(text);
    while (length > 0 && strchr(" \n!.", text[length - 1]) != NULL)
        length--;
    return length > 0 && text[length - 1] == '?';
}

/* "Seen receipts": a sentence begins with a capital and goes on without one. */
static bool reads_on(const char *text, const char *rest)
{
    return g_ascii_isupper(text[0]) && !g_ascii_isupper(text[1]) && g_unichar_islower(g_utf8_get_char(rest));
}

static int count_words(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text = behind(text, word_length(text)))
        n++;
    return n;
}

/* ---- A verb ---- */

static bool is_nameless(const char *text)
{
    struct question_text question;
    if (!question_understand(text, &question))
        return false;
    bool nameless = question.nameless;
    question_text_done(&question);
    return nameless;
}

/* "#2", "2:": nobody begins an ask so. */
static bool is_marked(const char *typed, const char *behind_number)
{
    gsize length = word_length(typed);
    return behind_number != typed && (*typed == '#' || !g_ascii_isdigit(typed[length - 1]));
}

/* words: behind the verb and its number; marked: a sign says that it is the command, numbered: an ask is said. */
static void read_verb(const char *text, const char *words, bool marked, bool numbered, struct meant *meant)
{
    const struct verb *verb = meant->verb;
    bool asks = strcmp(verb->name, "question") == 0, answers = strcmp(verb->name, "answer") == 0;
    meant->kind = MEANT_COMMAND;
    if (marked || verb_goes_on(verb->name, numbered, words) || (asks && is_nameless(text)))
        return;
    if (verb->flags & VERB_LOOKS)
        meant->kind = numbered || reads_on(text, words) ? MEANT_LOOKING : MEANT_COMMAND;
    else if (verb->flags & VERB_REASON)
        meant->kind = MEANT_EITHER;
    else if ((verb->flags & VERB_DIGEST) && !numbered)
        meant->kind = g_ascii_isupper(*words) || (asks && ends_as_question(words)) ? MEANT_COMMAND : MEANT_EITHER;
    else if ((verb->flags & VERB_WORDS) &&
             (reads_on(text, words) || (numbered && !asks && !answers && ends_as_question(words))))
        meant->kind = MEANT_EITHER;
}

/* "new" stands before what would not be raised without it, or before an ask of its own wording. */
static void read_new(const char *text, const char *rest, bool marked, unsigned how, const GDate *today, struct meant *meant)
{
    bool cut = marked || *rest == '\0' || (*text == 'n' && !g_unichar_islower(g_utf8_get_char(rest)));
    if (!cut && !reads_on(text, rest)) {
        struct meant without;
        meant_understand(rest, how, 0, today, &without);
        cut = without.kind != MEANT_ASK;
        meant_done(&without);
    }
    meant->kind = cut ? MEANT_COMMAND : MEANT_ASK;
    meant->rest = g_strdup(cut ? rest : text);
}

static void understand_verb(const char *text, unsigned how, int64_t thread, const GDate *today, struct meant *meant)
{
    const struct verb *verb = meant->verb;
    gsize length = word_length(text);
    bool marked = !g_ascii_isalpha(text[length - 1]); /* "urgent: …" */
    const char *typed = behind(text, length), *words = typed;
    if (strcmp(verb->name, "new") == 0) {
        read_new(text, typed, marked, how, today, meant);
        return;
    }
    if (verb->flags & (VERB_ASK | VERB_NUMBER))
        meant->ask = words_ask_number(&words);
    marked = marked || is_marked(typed, words);
    /* Where it may stand, a verb looks for it itself. */
    meant->rest = g_strdup(verb->flags & VERB_ASK ? words : typed);
    if ((verb->flags & VERB_ASK) && meant->ask == 0 && thread == 0)
        meant->kind = MEANT_USAGE;
    else
        read_verb(text, words, marked, meant->ask != 0 || thread != 0, meant);
}

/* ---- No verb ---- */

/* A short text that is nearly a verb: alone, or with a number where one belongs. */
static const char *misspelt(const char *word, const char *rest)
{
    const char *at = rest;
    if (verb_find(word) != NULL || (*rest != '\0' && words_ask_number(&at) == 0))
        return NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const struct verb *verb = verb_table; verb->name != NULL; verb++)
        g_ptr_array_add(names, (char *)verb->name);
    g_ptr_array_add(names, NULL);
    return words_nearest(word, (const char *const *)names->pdata);
}

/* "show1" → "show 1"; NULL when no number is stuck to a word. */
static char *unstuck(const char *text)
{
    gsize length = word_length(text), letters = 0;
    while (letters < length && g_ascii_isalpha(text[letters]))
        letters++;
    const char *number = text + letters + (text[letters] == '#');
    const char *end = number;
    while (g_ascii_isdigit(*end))
        end++;
    if (letters < 2 || end == number || (gsize)(end - text) != length)
        return NULL;
    return g_strdup_printf("%.*s %s", (int)letters, text, number);
}

/* "accept 1 because …": another word, a number, and what goes on behind it as behind the verb. */
static char *otherwise(const char *word, const char *rest)
{
    const char *other = verb_otherwise(word), *at = rest;
    int64_t ask = words_ask_number(&at);
    if (other == NULL || ask == 0)
        return NULL;
    g_autofree char *verb = g_strndup(other, word_length(other));
    if (!verb_goes_on(verb, true, at) && !verb_goes_on(word, true, at))
        return NULL;
    const char *sign = strchr(other, '#');
    g_autofree char *space = g_strconcat(*at != '\0' ? " " : "", at, NULL);
    return g_strdup_printf("%.*s%" G_GINT64_FORMAT "%s%s", (int)(sign - other), other, ask, sign + 1, space);
}

static char *nearly(const char *text)
{
    g_autofree char *apart = unstuck(text);
    const char *typed = apart != NULL ? apart : text;
    gsize length = word_length(typed);
    g_autofree char *word = g_ascii_strdown(typed, (gssize)length);
    const char *rest = behind(typed, length);
    if (apart != NULL && verb_find(word) != NULL && (verb_find(word)->flags & VERB_ASK))
        return g_strconcat(word, " ", rest, NULL);
    char *instead = otherwise(word, rest);
    if (instead != NULL || length > 12)
        return instead;
    const char *near = misspelt(word, rest);
    if (near == NULL)
        return NULL;
    if (*rest == '\0' && (verb_find(near)->flags & VERB_ASK))
        rest = "42";
    return g_strconcat(near, *rest != '\0' ? " " : "", rest, NULL);
}

/* Said as to a person. */
static bool is_chat(const char *text, const GDate *today)
{
    struct reply reply = {0};
    reply_understand(text, QUESTION_WHY, NULL, today, &reply);
    bool chat = reply.kind == REPLY_CHAT;
    reply_done(&reply);
    while (*text != '\0' && !g_unichar_isalnum(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return chat && *text != '\0';
}

/* "close 1" and "bla 1", not "Page 1". */
static int64_t number_of_unknown(const char *text)
{
    const char *at = behind(text, word_length(text));
    int64_t number = words_ask_number(&at);
    for (gsize i = 0; i < word_length(text); i++) {
        if (!g_ascii_islower(text[i]))
            return 0;
    }
    return *at == '\0' ? number : 0;
}

static void understand_rest(const char *text, unsigned how, int64_t thread, const GDate *today, struct meant *meant)
{
    const char *at = text;
    bool to_it = how & TYPED_TO_IT, chat = is_chat(text, today), asks = ends_as_question(text);
    int64_t number = words_ask_number(&at), unknown = number_of_unknown(text);
    meant->rest = g_strdup(text);
    if (number != 0 && *at == '\0') {
        meant->verb = verb_find("show");
        meant->ask = number;
        *meant->rest = '\0';
    } else if (words_greet(text) || (chat && count_words(text) <= (to_it ? 4 : 2) && !asks)) {
        meant->kind = MEANT_TALK;
        meant->greets = words_greet(text);
    } else if ((meant->instead = nearly(text)) != NULL) {
        meant->kind = MEANT_NEARLY;
    } else if (words_are_one(text) || thread != 0 || unknown != 0 ||
               (to_it && !(how & TYPED_PRIVATELY) && (chat || asks))) {
        meant->kind = MEANT_DOUBTFUL;
        meant->ask = unknown;
    } else {
        meant->kind = MEANT_ASK;
    }
}

void meant_understand(const char *text, unsigned how, int64_t thread, const GDate *today, struct meant *meant)
{
    *meant = (struct meant){.verb = verb_meant(text)};
    if (meant->verb != NULL)
        understand_verb(text, how, thread, today, meant);
    else
        understand_rest(text, how, thread, today, meant);
}

void meant_done(struct meant *meant)
{
    g_free(meant->rest);
    g_free(meant->instead);
    *meant = (struct meant){0};
}
