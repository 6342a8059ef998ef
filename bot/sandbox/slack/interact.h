/* Commands, buttons, forms, shortcuts: what people ask of the bot and it must acknowledge within 3 s. See face.h. */
#ifndef ASKWHY_SANDBOX_SLACK_INTERACT_H
#define ASKWHY_SANDBOX_SLACK_INTERACT_H

#include "bot/sandbox/face.h"

const char *interact_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                             const char *thread, const char *typed);
const char *interact_press(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                           struct post *post, const cJSON *block, const cJSON *element, const char *choice);
const char *interact_press_view(struct sandbox *sandbox, struct view *view, const cJSON *block, const cJSON *element,
                                const char *choice);
const char *interact_submit(struct sandbox *sandbox, struct view *view);
const char *interact_close(struct sandbox *sandbox, struct view *view);
const char *interact_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                              struct channel *channel, struct post *post);
const char *interact_home(struct sandbox *sandbox, const struct person *person);

#endif
