#include "commands/nameless.h"

#include "bot/base/json.h"

#include "commands/question.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/understand/understand.h"
#include "store/nameless.h"

#include <string.h>

enum { A_DAY = 3 }; /* questions without a name, of one person */
enum { HOUR_MS = 3600 * 1000 };

/* ---- what is typed ---- */

static const char *const markers[] = {
    "without giving my name", "without my name", "without a name", "without name", "anonymously", "namelessly", "nameless", NULL};
/* May be the question's own first word: they count, and stay in the words unless a mark stands behind them. */
static const char *const doubtful[] = {"anonymous", "anon", NULL};

static const char *skip_marks(const char *at)
{
    while (*at != '\0') {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isspace(c) && strchr(":,.;-", (int)(c < 128 ? c : 'x')) == NULL && c != 0x2013 && c != 0x2014)
            break;
        at = g_utf8_next_char(at);
    }
    return at;
}

static gsize begins_with(const char *text, const char *const *phrases)
{
    for (int i = 0; phrases[i] != NULL; i++) {
        gsize length = strlen(phrases[i]);
        if (g_ascii_strncasecmp(text, phrases[i], length) == 0 && !g_unichar_isalnum(g_utf8_get_char(text + length)))
            return length;
    }
    return 0;
}

/* "anonymosly What about …": better without a name than with one that nobody wanted to give. */
static gsize slip_of_marker(const char *text)
{
    static const char *const adverbs[] = {"anonymously", "namelessly", NULL};
    gsize length = strcspn(text, " :,\n\t");
    g_autofree char *word = g_strndup(text, length);
    return length >= 8 && begins_with(text, doubtful) == 0 && words_nearest(word, adverbs) != NULL ? length : 0;
}

/* Taken from the front of *at. */
static bool take_marker(const char **at)
{
    gsize length = begins_with(*at, markers);
    if (length == 0)
        length = slip_of_marker(*at);
    if (length == 0) {
        gsize maybe = begins_with(*at, doubtful);
        if (maybe == 0)
            return false;
        const char *behind = skip_marks(*at + maybe);
        bool marked = strcspn(*at + maybe, ":,.-") == 0 || *behind == '\0';
        if (marked)
            *at = behind;
        return true;
    }
    *at = skip_marks(*at + length);
    return true;
}

/* "… (anonymously)": cut from the end of words. */
static bool cut_marker(char *words)
{
    gsize end = strlen(words);
    while (end > 0 && strchr(" .!)]_*", words[end - 1]) != NULL)
        end--;
    for (int i = 0; markers[i] != NULL; i++) {
        gsize length = strlen(markers[i]);
        if (end < length || g_ascii_strncasecmp(words + end - length, markers[i], length) != 0)
            continue;
        gsize begin = end - length;
        if (begin > 0 && strchr(" ([,;:-_*\n", words[begin - 1]) == NULL)
            continue;
        while (begin > 0 && strchr(" ([,;:-_*\n", words[begin - 1]) != NULL)
            begin--;
        words[begin] = '\0';
        return true;
    }
    return false;
}

bool question_understand(const char *typed, struct question_text *text)
{
    static const char *const verb[] = {"question", NULL};
    gsize length = strcspn(typed, " \n\t");
    g_autofree char *word = g_strndup(typed, length > 0 && typed[length - 1] == ':' ? length - 1 : length);
    *text = (struct question_text){0};
    bool exact = g_ascii_strcasecmp(word, verb[0]) == 0;
    if (!exact && words_nearest(word, verb) == NULL)
        return false;
    text->nearly = !exact;
    const char *rest = typed + length + strspn(typed + length, " \n\t");
    text->ask = words_ask_number(&rest);
    text->nameless = take_marker(&rest);
    if (text->nameless && text->ask == 0)
        text->ask = words_ask_number(&rest);
    text->words = g_strdup(rest);
    text->nameless = cut_marker(text->words) || text->nameless;
    return true;
}

void question_text_done(struct question_text *text)
{
    g_free(text->words);
    *text = (struct question_text){0};
}

static bool command_has_no_name(const struct settings *settings, const struct event *event)
{
    if (g_strcmp0(event->command, settings->command) != 0 || event->text == NULL)
        return false;
    g_autofree char *clean = words_normalise(event->text);
    struct question_text text;
    if (!question_understand(clean, &text))
        return false;
    /* "question 42" alone opens the form, in which that is still to be chosen. */
    bool form = !text.nearly && text.ask != 0 && *text.words == '\0';
    bool nameless = text.nameless || form;
    question_text_done(&text);
    return nameless;
}

bool command_is_nameless(const struct settings *settings, const struct event *event)
{
    switch (event->kind) {
    case EVENT_COMMAND:
        return command_has_no_name(settings, event);
    case EVENT_BUTTON:
        return g_strcmp0(event->action, "question") == 0 || g_strcmp0(event->action, "digestquestion") == 0;
    case EVENT_FORM:
        return (g_strcmp0(event->form, "question") == 0 || g_strcmp0(event->form, "digestquestion") == 0) &&
               g_strcmp0(event_field(event, "name"), QUESTION_NAMELESS) == 0;
    default:
        return false;
    }
}

/* ---- how often ---- */

static GHashTable *counts; /* platform and user → their questions of that day, a set of checksums */
static int64_t counted_day;

void nameless_forget_counts(void)
{
    g_clear_pointer(&counts, g_hash_table_destroy);
}

/* The same question again is still one: it came twice, or could not be recorded the first time. */
static bool may_ask(struct context *ctx, int64_t ask, int64_t digest, const char *words)
{
    int64_t day = ctx->now / (24 * (int64_t)HOUR_MS);
    if (day != counted_day)
        nameless_forget_counts();
    counted_day = day;
    if (counts == NULL)
        counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_destroy);
    g_autofree char *who = g_strconcat(ctx->event->platform, " ", ctx->event->user, NULL);
    GHashTable *asked = g_hash_table_lookup(counts, who);
    if (asked == NULL) {
        asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(counts, g_steal_pointer(&who), asked);
    }
    g_autofree char *whole = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", ask, digest, words);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);
    if (g_hash_table_contains(asked, sum))
        return true;
    if (g_hash_table_size(asked) >= A_DAY)
        return false;
    g_hash_table_add(asked, g_steal_pointer(&sum));
    return true;
}

static void tell(struct context *ctx, const char *field, char *text)
{
    if (field != NULL)
        answer_field_error(ctx, field, text);
    else
        answer(ctx, text);
}

void nameless_put(struct context *ctx, int64_t channel, int64_t ask, int64_t digest, const char *words,
                  const char *field)
{
    struct nameless nameless = {.channel = channel,
                                .ask = ask,
                                .digest = digest,
                                .words = (char *)words,
                                .due_at = (ctx->now / HOUR_MS + 1) * HOUR_MS};
    if (g_utf8_strlen(words, -1) > QUESTION_WORDS_MAX) {
        tell(ctx, field, say(ctx->language, "question.too.long", NULL));
    } else if (!may_ask(ctx, ask, digest, words)) {
        tell(ctx, field, say_n(ctx->language, "nameless.enough", A_DAY, NULL));
    } else {
        g_autofree char *id = ask != 0 ? show_number(ask) : NULL;
        g_autofree char *keeps = say(ctx->language, "nameless.keeps", NULL);
        bool fresh = store_add_nameless(ctx->store, &nameless);
        if (field == NULL)
            answer_say(ctx, !fresh ? "nameless.again" : ask != 0 ? "nameless.taken" : "nameless.taken.digest", "ask", id,
                       "keeps", keeps, NULL);
    }
}

/* ---- its hour ---- */

bool nameless_due(struct context *ctx)
{
    struct nameless nameless;
    if (!store_take_nameless(ctx->store, ctx->now, &nameless))
        return false;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, nameless.channel, &ctx->where);
    /* The day of the place, for whoever reads it there. */
    GDate day = calendar_date(ctx->now, ctx->where.zone);
    struct log_entry entry = {.at = calendar_moment(&day, 0, ctx->where.zone),
                              .kind = "put.nameless",
                              .ask = nameless.ask,
                              .channel = nameless.channel,
                              .words = nameless.words};
    if (nameless.digest != 0) {
        entry.data = json_object();
        json_put_int(entry.data, "digest", nameless.digest);
    }
    int64_t question = record_entry(ctx, &entry);
    question_post(ctx, question);
    nameless_done(&nameless);
    return true;
}
