/* Files: a place is reserved, the bytes are sent there, and then they are shown (docs.slack.dev, "Working with files"). */
#include "bot/sandbox/slack/api_files.h"

#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/slack/content.h"
#include "bot/sandbox/slack/message.h"
#include "bot/sandbox/uploads.h"

#include <string.h>

static const char *get_upload_url(struct api_call *call)
{
    const char *name = api_text(call, "filename");
    if (name[0] == '\0' || api_int(call, "length", 0) <= 0)
        return "invalid_arguments";
    struct workspace *workspace = call->sandbox->workspace;
    const struct upload *upload = upload_new(workspace, workspace_id(workspace, "F"), name, NULL);
    g_autofree char *url =
        g_strdup_printf("%s://%s/upload/v1/%s", call->sandbox->behind_tls ? "https" : "http", call->sandbox->host, upload->id);
    json_put_str(call->answer, "upload_url", url);
    json_put_str(call->answer, "file_id", upload->id);
    return NULL;
}

void files_upload(struct sandbox *sandbox, const char *token, const struct request *request, struct reply *reply)
{
    sandbox->api_calls++;
    struct upload *upload = upload_find(sandbox->workspace, token);
    if (upload == NULL || upload->data != NULL || request->size == 0) {
        reply->status = upload == NULL ? 404 : 400;
        reply->body = g_strdup("Not uploaded");
        return;
    }
    upload_fill(upload, request->body, request->size);
    reply->body = g_strdup_printf("OK - %" G_GSIZE_FORMAT, request->size);
}

/* "This method can only be called once": what it says the second time is told nowhere. */
static const char *complete(struct api_call *call)
{
    bool bad = false;
    const char *error = NULL;
    g_autoptr(cJSON) files = content_json(call->args, "files", &bad);
    if (bad || !cJSON_IsArray(files) || cJSON_GetArraySize(files) != 1)
        return "invalid_arguments";
    struct upload *upload = upload_find(call->sandbox->workspace, json_str0(files, "0.id"));
    if (upload == NULL || upload->data == NULL || upload->shown)
        return "file_not_found";
    if (api_text(call, "channel_id")[0] == 'U')
        return "channel_not_found";
    struct channel *channel = api_channel(call, "channel_id", &error);
    if (channel == NULL)
        return error;
    if (!channel->bot)
        return "not_in_channel";
    struct post *post = channel_post(call->sandbox->workspace, channel, SANDBOX_BOT_USER, NULL,
                                     api_text(call, "initial_comment"), NULL);
    upload_show(upload, post);
    cJSON *list = json_array(), *file = json_object();
    json_put_str(file, "id", upload->id);
    json_put_str(file, "title", upload->name);
    json_push(list, file);
    json_put(call->answer, "files", list);
    events_posted(call->sandbox, channel, post);
    return NULL;
}

const struct api_entry api_file_methods[] = {
    {"files.getUploadURLExternal", get_upload_url, true},
    {"files.completeUploadExternal", complete, false},
    {NULL, NULL, false},
};
