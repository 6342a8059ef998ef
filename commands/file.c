#include "commands/file.h"

#include "bot/base/json.h"
#include "commands/say.h"
#include "commands/send.h"

#include <string.h>

enum { SCOPE_MAX = 60 };

void file_text_done(struct file_text *file)
{
    if (file->text != NULL)
        g_string_free(file->text, TRUE);
    g_free(file->name);
    *file = (struct file_text){0};
}

bool file_look(struct context *ctx, const cJSON *order)
{
    struct channel channel;
    ctx->viewer = (struct viewer){
        .person = ctx->who.id, .place = json_int(order, "place", 0), .guest = ctx->who.guest};
    if (ctx->viewer.place == 0)
        return true;
    if (!store_get_channel(ctx->store, ctx->viewer.place, &channel))
        return false;
    bool in = channel.kind == CHANNEL_PUBLIC ? !store_is_gone(ctx->store, channel.id, ctx->who.id) || !ctx->who.guest
                                             : store_is_here(ctx->store, channel.id, ctx->who.id);
    channel_done(&channel);
    return in;
}

void file_order(struct context *ctx, cJSON *order, struct message *message)
{
    g_autofree char *text = message_to_json(message);
    g_autoptr(cJSON) content = json_object();
    json_put(content, "order", order);
    json_put(content, "message", json_parse(text, strlen(text), NULL));
    message_free(message);
    g_free(ctx->file_order);
    ctx->file_order = json_text(content);
}

char *file_name(struct context *ctx, const char *what, const char *scope, const char *suffix)
{
    GDate day = today(ctx);
    GString *name = g_string_new(NULL);
    g_string_printf(name, "askwhy-%s-%04d-%02d-%02d", what, g_date_get_year(&day), (int)g_date_get_month(&day),
                    g_date_get_day(&day));
    bool apart = true;
    for (int n = 0; *scope != '\0' && n < SCOPE_MAX; scope = g_utf8_next_char(scope), n++) {
        gunichar c = g_utf8_get_char(scope);
        if (g_unichar_isalnum(c)) {
            if (apart)
                g_string_append_c(name, '-');
            g_string_append_unichar(name, c);
        }
        apart = !g_unichar_isalnum(c);
    }
    g_string_append_printf(name, ".%s", suffix);
    return g_string_free(name, FALSE);
}

/* Nobody acts: it is as if they did now. */
static bool be(struct context *ctx, int64_t person)
{
    bool known = store_get_person(ctx->store, person, &ctx->who) && !ctx->who.forgotten && !ctx->who.deleted;
    if (known)
        ctx->language = say_language(ctx->who.language != NULL ? ctx->who.language : ctx->who.locale);
    return known;
}

struct chat_file *command_make_file(struct context *ctx, int64_t person, const char *content)
{
    g_autoptr(cJSON) json = content != NULL ? json_parse(content, strlen(content), NULL) : NULL;
    const cJSON *order = json_get(json, "order");
    struct file_text file = {.state = FILE_NOT_ALLOWED};
    if (be(ctx, person) && file_look(ctx, order)) {
        if (strcmp(json_str0(order, "what"), "report") == 0)
            report_make(ctx, order, &file);
        else
            export_make(ctx, order, &file);
    }
    struct chat_file *made = NULL;
    if (file.state == FILE_MADE && store_failed(ctx->store) == NULL) {
        made = g_new0(struct chat_file, 1);
        made->name = g_steal_pointer(&file.name);
        made->size = file.text->len;
        made->data = g_string_free(g_steal_pointer(&file.text), FALSE);
    }
    file_text_done(&file);
    return made;
}

void command_file_refused(struct context *ctx, const struct outbox_row *row, enum refusal refusal, bool empty)
{
    static const char *const entries[] = {[REFUSED_OTHERWISE] = "file.refused",
                                          [REFUSED_SCOPE] = "file.refused.scope",
                                          [REFUSED_FILES] = "file.refused.files",
                                          [REFUSED_SIZE] = "file.refused.size"};
    if (!be(ctx, row->person))
        return;
    ctx->where.platform = g_ref_string_new(row->platform);
    const char *command = ctx->settings->command;
    g_autofree char *text = empty ? say(ctx->language, "file.nothing", "command", command, NULL)
                                  : say(ctx->language, entries[refusal], "command", command, NULL);
    send_direct(ctx, row->person, 0, message_text(text));
}
