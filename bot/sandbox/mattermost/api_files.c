/* Files: uploaded for a channel, and then named by a post (api4/file.go, app/file.go). */
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/uploads.h"

#include <string.h>

/* Raw bytes; the form that it takes as well is not here. */
static void upload(struct mm_call *call)
{
    g_autofree char *channel_id = mm_query(call, "channel_id"), *name = mm_query(call, "filename");
    const char *type = call->request->content_type != NULL ? call->request->content_type : "";
    const struct channel *channel = mm_channel(call, channel_id, MM_MEMBER);
    if (channel == NULL)
        return;
    if (name[0] == '\0' || g_str_has_prefix(type, "multipart/")) {
        mm_fail(call, 400, "api.context.invalid_url_param.app_error");
        return;
    }
    struct upload *made = upload_new(call->sandbox->workspace, random_id(), name, channel->id);
    upload_fill(made, call->request->body, call->request->size);
    cJSON *infos = json_array();
    json_push(infos, wire_file(made));
    call->answer = json_object();
    json_put(call->answer, "file_infos", infos);
    json_put(call->answer, "client_ids", json_array());
    call->status = 201;
}

const struct mm_route mm_file_routes[] = {
    {"POST", "files", upload, "upload", false},
    {NULL, NULL, NULL, NULL, false},
};
