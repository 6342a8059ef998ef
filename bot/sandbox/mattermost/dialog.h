/* Dialogs as the page's forms, and back. Pure.
 *
 * developers.mattermost.com, "Interactive dialogs"; server/public/model/integration_action.go.
 */
#ifndef ASKWHY_SANDBOX_MATTERMOST_DIALOG_H
#define ASKWHY_SANDBOX_MATTERMOST_DIALOG_H

#include "bot/base/json.h"

/* body: of actions/dialogs/open. What the page shows (views.h); it keeps the dialog's own things under "dialog". NULL
 * when a client could not show it: *why says so. */
cJSON *dialog_view(const cJSON *body, const char **why);
/* The submission's "submission": {name: value}. values: the form's state. */
cJSON *dialog_submission(const cJSON *definition, const cJSON *values);

#endif
