/* Messages and forms as a person reads them, in plain text: for scripts. Pure. */
#ifndef ASKWHY_SANDBOX_SHOW_H
#define ASKWHY_SANDBOX_SHOW_H

#include "bot/sandbox/workspace.h"

/* A text in the chat's own notation, as a person reads it; a text object of blocks. Free with g_free(). */
char *show_text(const struct workspace *workspace, const char *text);
char *show_object(const struct workspace *workspace, const cJSON *object);
/* text and blocks of a message; buttons stand as [Label]. Free with g_free(). */
char *show_message(const struct workspace *workspace, const char *text, const cJSON *blocks);
/* A form or home page: title, blocks with the inputs' values, its buttons. */
char *show_view(const struct workspace *workspace, const cJSON *view);
/* White space made single spaces, for comparing. */
char *show_flat(const char *text);
/* Text of ask number `number` ("#2", and not within "#23"). */
bool show_names(const char *text, const char *number);

#endif
