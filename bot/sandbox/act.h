/* What a person can do in the workspace, from the page or from a script.
 *
 * Each returns NULL, or a constant saying why it cannot be done.
 */
#ifndef ASKWHY_SANDBOX_ACT_H
#define ASKWHY_SANDBOX_ACT_H

#include "bot/sandbox/sandbox.h"

/* thread: NULL or "" outside threads. A leading slash makes it a slash-command. */
const char *act_post(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                     const char *thread, const char *text);
const char *act_edit(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                     const char *text);
const char *act_delete(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts);
const char *act_react(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *name);
/* A button, or with choice (an option's value) a select, of a message also seen by this person alone. */
const char *act_press(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *block_id, const char *action_id, const char *choice);
const char *act_press_view(struct sandbox *sandbox, const struct person *person, const char *view,
                           const char *block_id, const char *action_id, const char *choice);
const char *act_submit(struct sandbox *sandbox, const struct person *person, const char *view, const cJSON *values);
const char *act_close(struct sandbox *sandbox, const struct person *person, const char *view);
/* channel and ts NULL: a global shortcut. */
const char *act_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                         struct channel *channel, const char *ts);
const char *act_home(struct sandbox *sandbox, const struct person *person);
const char *act_invite(struct sandbox *sandbox, const struct person *person, struct channel *channel);
/* A person comes to a channel or leaves it. */
const char *act_join(struct sandbox *sandbox, const struct person *person, struct channel *channel, bool in);
/* By an administrator, who is none of the people: the account, its name (NULL: as before), its zone. */
const char *act_change_person(struct sandbox *sandbox, const struct person *person, bool deleted, const char *real_name,
                              const char *zone);
/* The team, which is the whole workspace in Slack; or nothing any more. */
const char *act_lead(struct sandbox *sandbox, const struct person *person, bool leads);
/* Into a user group or role, or out of it. */
const char *act_group(struct sandbox *sandbox, const struct person *person, const char *handle, bool in);
const char *act_remove(struct sandbox *sandbox, const struct person *person, struct channel *channel);

#endif
