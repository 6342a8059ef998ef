#include "bot/sandbox/uploads.h"

void upload_free(void *data)
{
    struct upload *upload = data;
    g_free(upload->id);
    g_free(upload->name);
    g_free(upload->channel);
    g_bytes_unref(upload->data);
    g_free(upload);
}

struct upload *upload_new(struct workspace *workspace, char *id, const char *name, const char *channel)
{
    struct upload *upload = g_new0(struct upload, 1);
    upload->id = id;
    upload->name = g_strdup(name);
    upload->channel = g_strdup(channel);
    g_hash_table_replace(workspace_uploads(workspace), upload->id, upload);
    return upload;
}

struct upload *upload_find(const struct workspace *workspace, const char *id)
{
    return g_hash_table_lookup(workspace_uploads(workspace), id);
}

void upload_fill(struct upload *upload, const char *data, gsize size)
{
    g_bytes_unref(upload->data);
    upload->data = g_bytes_new(data, size);
}

void upload_show(struct upload *upload, struct post *post)
{
    upload->shown = true;
    if (post->files == NULL)
        post->files = g_ptr_array_new();
    g_ptr_array_add(post->files, upload);
}

char *upload_text(const struct upload *upload)
{
    gsize size = 0;
    const char *data = upload->data != NULL ? g_bytes_get_data(upload->data, &size) : NULL;
    return g_utf8_make_valid(data != NULL ? data : "", (gssize)size);
}
