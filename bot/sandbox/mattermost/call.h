/* What people ask of the bot: commands, buttons and dialogs, each an HTTP call to the address it is registered with. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_CALL_H
#define ASKWHY_SANDBOX_MATTERMOST_CALL_H

#include "bot/sandbox/face.h"

const char *call_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                         const char *thread, const char *typed);
const char *call_press(struct sandbox *sandbox, const struct person *person, struct channel *channel, struct post *post,
                       const cJSON *block, const cJSON *element, const char *choice);
const char *call_press_view(struct sandbox *sandbox, struct view *view, const cJSON *block, const cJSON *element,
                            const char *choice);
const char *call_submit(struct sandbox *sandbox, struct view *view);
const char *call_close(struct sandbox *sandbox, struct view *view);

/* Where those under way are kept. */
GPtrArray *calls_new(void);

/* actions/dialogs/open: NULL, or the error's id. */
const char *call_open_dialog(struct sandbox *sandbox, const cJSON *body);
void trigger_use_free(void *trigger);

#endif
