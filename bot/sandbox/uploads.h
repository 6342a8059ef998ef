/* Files that the bot uploaded, with what is in them; kept as long as the workspace is. */
#ifndef ASKWHY_SANDBOX_UPLOADS_H
#define ASKWHY_SANDBOX_UPLOADS_H

#include "bot/sandbox/workspace.h"

struct upload {
    char *id, *name;
    char *channel; /* where it may be shown; NULL: anywhere */
    GBytes *data;  /* NULL: only reserved */
    bool shown;    /* in a post: once, for ever */
};

/* Takes id. */
struct upload *upload_new(struct workspace *workspace, char *id, const char *name, const char *channel);
struct upload *upload_find(const struct workspace *workspace, const char *id);
void upload_fill(struct upload *upload, const char *data, gsize size);
/* It stands in that post. */
void upload_show(struct upload *upload, struct post *post);
/* What is in it, as text. Free with g_free(). */
char *upload_text(const struct upload *upload);

void upload_free(void *upload);

#endif
