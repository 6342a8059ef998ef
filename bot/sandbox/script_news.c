#include "bot/sandbox/script_internal.h"
#include "bot/sandbox/show.h"
#include "bot/sandbox/uploads.h"
#include "bot/sandbox/views.h"

#include <stdio.h>
#include <string.h>

struct notebook {
    const struct workspace *workspace;
    GPtrArray *news;
    GHashTable *known; /* "C0ASKS 1750000000.000100" → what it showed last */
    const struct channel *card_channel;
    char card[24]; /* root of the thread that "thread" means; "" before the first card */
};

static void news_free(void *data)
{
    struct news *news = data;
    g_free(news->head);
    g_free(news->text);
    g_free(news->file);
    g_free(news);
}

struct notebook *notebook_new(const struct workspace *workspace)
{
    struct notebook *notebook = g_new0(struct notebook, 1);
    notebook->workspace = workspace;
    notebook->news = g_ptr_array_new_with_free_func(news_free);
    notebook->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return notebook;
}

void notebook_free(struct notebook *notebook)
{
    if (notebook == NULL)
        return;
    g_ptr_array_unref(notebook->news);
    g_hash_table_unref(notebook->known);
    g_free(notebook);
}

GPtrArray *notebook_news(const struct notebook *notebook)
{
    return notebook->news;
}

void notebook_turn(struct notebook *notebook)
{
    g_ptr_array_set_size(notebook->news, 0);
}

static struct news *note(struct notebook *notebook, enum news_kind kind, const struct person *only,
                         const struct channel *channel, const char *head, char *text)
{
    struct news *news = g_new0(struct news, 1);
    news->kind = kind;
    news->only = only != NULL ? only : channel != NULL ? channel->with : NULL;
    news->channel = channel;
    news->head = g_strdup(head);
    news->text = text;
    g_ptr_array_add(notebook->news, news);
    return news;
}

static char *reactions_text(const cJSON *message)
{
    GString *text = g_string_new(NULL);
    const cJSON *reaction = json_get(message, "reactions");
    for (reaction = reaction != NULL ? reaction->child : NULL; reaction != NULL; reaction = reaction->next)
        g_string_append_printf(text, "%s:%s:", text->len > 0 ? " " : "", json_str0(reaction, "name"));
    return g_string_free(text, FALSE);
}

/* What is in the files of a message, and below its text what they are called. */
static char *take_files(const struct notebook *notebook, const cJSON *message, char **text)
{
    const cJSON *file;
    GString *content = NULL;
    cJSON_ArrayForEach(file, json_get(message, "files"))
    {
        const struct upload *upload = upload_find(notebook->workspace, json_str0(file, "id"));
        if (upload == NULL)
            continue;
        g_autofree char *before = *text, *inside = upload_text(upload);
        *text = g_strdup_printf("%s%s[file %s]", before, *before != '\0' ? "\n" : "", upload->name);
        content = content != NULL ? content : g_string_new(NULL);
        g_string_append(content, inside);
    }
    return content != NULL ? g_string_free(content, FALSE) : NULL;
}

/* A card is edited more than once in a step: only how it ends up is news. */
static void forget_earlier(struct notebook *notebook, const struct channel *channel, const char *ts)
{
    for (guint i = 0; i < notebook->news->len; i++) {
        const struct news *news = g_ptr_array_index(notebook->news, i);
        if (news->kind == NEWS_EDITED && news->channel == channel && strcmp(news->ts, ts) == 0) {
            g_ptr_array_remove_index(notebook->news, i);
            return;
        }
    }
}

static void add_message(struct notebook *notebook, const struct person *only, const struct channel *channel,
                        const cJSON *message)
{
    const char *ts = json_str0(message, "ts"), *thread = json_str0(message, "thread_ts");
    const char *subtype = json_str(message, "subtype"), *user = json_str0(message, "user");
    g_autofree char *key = g_strdup_printf("%s %s", channel->id, ts);
    char *text = show_message(notebook->workspace, json_str0(message, "text"), json_get(message, "blocks"));
    char *file = take_files(notebook, message, &text);
    const char *before = g_hash_table_lookup(notebook->known, key);
    bool same = before != NULL && strcmp(before, text) == 0;
    enum news_kind kind = before == NULL ? NEWS_NEW : NEWS_EDITED;
    if (same) {
        g_free(text);
        text = reactions_text(message);
        kind = NEWS_SMALL;
    } else {
        g_hash_table_insert(notebook->known, g_strdup(key), g_strdup(text));
    }
    if (subtype != NULL)
        kind = NEWS_SMALL;
    if (kind == NEWS_EDITED)
        forget_earlier(notebook, channel, ts);
    g_autofree char *head = same ? g_strdup_printf("%s's message", user_name(user)) : g_strdup(user_name(user));
    struct news *news = note(notebook, kind, only, channel, head, text);
    g_strlcpy(news->ts, ts, sizeof news->ts);
    g_strlcpy(news->thread, thread, sizeof news->thread);
    news->file = file;
    news->human = !json_true(message, "bot") && kind != NEWS_SMALL;
    bool card = kind == NEWS_NEW && !news->human && news->only == NULL && thread[0] == '\0';
    if (card) {
        notebook->card_channel = channel;
        g_strlcpy(notebook->card, ts, sizeof notebook->card);
    }
}

static void add_deleted(struct notebook *notebook, const struct person *only, const struct channel *channel,
                        const cJSON *see)
{
    const char *ts = json_str0(see, "ts");
    g_autofree char *key = g_strdup_printf("%s %s", channel->id, ts);
    const char *before = g_hash_table_lookup(notebook->known, key);
    struct news *news = note(notebook, NEWS_DELETED, only, channel, "deleted", g_strdup(before != NULL ? before : ""));
    g_strlcpy(news->ts, ts, sizeof news->ts);
    g_hash_table_remove(notebook->known, key);
}

/* Errors stand below their fields; here each follows its field's label. */
static char *errors_text(const struct notebook *notebook, const struct view *view, const cJSON *errors)
{
    GString *text = g_string_new(NULL);
    for (const cJSON *error = errors != NULL ? errors->child : NULL; error != NULL; error = error->next) {
        const cJSON *block = view != NULL ? json_get(view->definition, "blocks") : NULL;
        const cJSON *label = NULL;
        for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next) {
            if (strcmp(json_str0(block, "block_id"), error->string) == 0)
                label = json_get(block, "label");
        }
        g_autofree char *name = show_object(notebook->workspace, label);
        g_string_append_printf(text, "%s%s: %s", text->len > 0 ? "\n" : "", name, json_str0(error, ""));
    }
    return g_string_free(text, FALSE);
}

void notebook_add(struct notebook *notebook, struct views *views, const struct person *only,
                  const struct channel *channel, const cJSON *see)
{
    const char *what = json_str0(see, "see");
    if (channel != NULL && (strcmp(what, "message") == 0 || strcmp(what, "ephemeral") == 0))
        add_message(notebook, only, channel, json_get(see, "message"));
    else if (channel != NULL && strcmp(what, "deleted") == 0)
        add_deleted(notebook, only, channel, see);
    else if (strcmp(what, "view") == 0)
        note(notebook, NEWS_NEW, only, NULL, "form", show_view(notebook->workspace, json_get(see, "view")));
    else if (strcmp(what, "home") == 0)
        note(notebook, NEWS_NEW, only, NULL, "home", show_view(notebook->workspace, json_get(see, "view")));
    else if (strcmp(what, "errors") == 0)
        note(notebook, NEWS_NEW, only, NULL, "form errors",
             errors_text(notebook, views_find(views, json_str0(see, "view")), json_get(see, "errors")));
    else if (strcmp(what, "trouble") == 0)
        note(notebook, NEWS_NEW, only, NULL, "trouble", g_strdup(json_str0(see, "text")));
    else if (strcmp(what, "closed") == 0)
        note(notebook, NEWS_SMALL, only, NULL, "form", g_strdup("(closed)"));
}

void news_print(const struct news *news)
{
    if (news->human && news->kind == NEWS_NEW)
        return; /* the step itself says it */
    GString *head = g_string_new("  ");
    if (news->thread[0] != '\0')
        g_string_append(head, "    ");
    if (news->only != NULL)
        g_string_append_printf(head, "(only %s)  ", news->only->name);
    else if (news->channel != NULL)
        g_string_append_printf(head, "#%s  ", news->channel->name);
    g_string_append_printf(head, "%s%s: ", news->head, news->kind == NEWS_EDITED ? " (edited)" : "");
    glong width = g_utf8_strlen(head->str, -1);
    g_auto(GStrv) lines = g_strsplit(news->text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        if (i == 0)
            printf("%s%s\n", head->str, lines[i]);
        else
            printf("%*s%s\n", (int)width, "", lines[i]);
    }
    g_string_free(head, TRUE);
}

/* Its own card begins with the number; others' may name it, too. */
static bool begins_with(const char *text, const char *number)
{
    gsize length = strlen(number);
    return strncmp(text, number, length) == 0 && !g_ascii_isdigit(text[length]);
}

/* The first message askwhy put into a channel that begins with this ask's number, else that names it. */
static bool find_card(const struct notebook *notebook, const char *number, const struct channel **channel, char ts[24])
{
    int64_t first = G_MAXINT64;
    bool own = false;
    const GPtrArray *channels = workspace_channels(notebook->workspace);
    for (guint i = 0; i < channels->len; i++) {
        const struct channel *one = g_ptr_array_index(channels, i);
        for (guint j = 0; one->visibility != DIRECT && j < one->posts->len; j++) {
            const struct post *post = g_ptr_array_index(one->posts, j);
            if (!post->bot || post->thread[0] != '\0')
                continue;
            g_autofree char *text = show_message(notebook->workspace, post->text, post->blocks);
            bool begins = begins_with(text, number);
            if (begins < own || (begins == own && post->at >= first) || !show_names(text, number))
                continue;
            own = begins;
            first = post->at;
            *channel = one;
            g_strlcpy(ts, post->ts, 24);
        }
    }
    return first != G_MAXINT64;
}

bool notebook_thread(const struct notebook *notebook, const struct place *place, const struct channel **channel,
                     char ts[24])
{
    if (place->thread[0] != '\0')
        return find_card(notebook, place->thread, channel, ts);
    *channel = notebook->card_channel;
    g_strlcpy(ts, notebook->card, 24);
    return notebook->card[0] != '\0';
}

static bool concerns(const struct notebook *notebook, const struct expectation *expectation, const struct news *news)
{
    const struct place *place = &expectation->place;
    if (expectation->person != NULL)
        return news->only == expectation->person;
    if (place->channel != NULL)
        return news->only == NULL && news->channel == place->channel && news->thread[0] == '\0';
    if (place->thread == NULL)
        return true;
    const struct channel *channel = NULL;
    char root[24] = "";
    return notebook_thread(notebook, place, &channel, root) && news->only == NULL && news->channel == channel &&
           strcmp(news->thread, root) == 0;
}

static bool is_kind(enum expectation_kind kind, const struct news *news)
{
    switch (kind) {
    case EXPECT_ONCE:
        return news->kind == NEWS_NEW;
    case EXPECT_EDITED:
        return news->kind == NEWS_EDITED;
    case EXPECT_DELETED:
        return news->kind == NEWS_DELETED;
    default:
        return news->kind != NEWS_DELETED;
    }
}

/* Somebody who gets no file gets none without those words either. */
static char *check_file(struct notebook *notebook, const struct expectation *expectation, const char *wanted)
{
    int files = 0, times = 0;
    for (guint i = 0; i < notebook->news->len; i++) {
        struct news *news = g_ptr_array_index(notebook->news, i);
        if (news->kind != NEWS_NEW || news->file == NULL || !concerns(notebook, expectation, news))
            continue;
        g_autofree char *inside = show_flat(news->file);
        files++;
        times += strstr(inside, wanted) != NULL;
        news->expected = true;
    }
    bool held = expectation->kind == EXPECT_FILE ? files == 1 && times == 1 : files == 1 && times == 0;
    return held ? NULL : g_strdup_printf("%d files came, %d of them with it: %s", files, times, expectation->source);
}

char *notebook_check(struct notebook *notebook, const struct expectation *expectation)
{
    g_autofree char *wanted = show_flat(expectation->text != NULL ? expectation->text : "");
    bool found = false;
    int times = 0;
    if (expectation->kind == EXPECT_FILE || expectation->kind == EXPECT_FILE_NOT)
        return check_file(notebook, expectation, wanted);
    for (guint i = 0; i < notebook->news->len; i++) {
        struct news *news = g_ptr_array_index(notebook->news, i);
        if (news->human)
            continue;
        if (expectation->kind == EXPECT_NOTHING) {
            found = found || (!news->expected && news->kind != NEWS_SMALL);
            continue;
        }
        g_autofree char *shown = show_flat(news->text);
        if (!is_kind(expectation->kind, news) || !concerns(notebook, expectation, news) ||
            strstr(shown, wanted) == NULL)
            continue;
        found = true;
        times++;
        news->expected = true;
    }
    if (expectation->kind == EXPECT_ONCE && times > 1)
        return g_strdup_printf("shown %d times: %s", times, expectation->source);
    bool unwanted = expectation->kind == EXPECT_NOT || expectation->kind == EXPECT_NOTHING;
    if (found != unwanted)
        return NULL;
    return g_strdup_printf("%s: %s", unwanted ? "shown nevertheless" : "not shown", expectation->source);
}
