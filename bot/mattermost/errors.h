/* The server's answers sorted into verdicts. Pure; any thread. */
#ifndef ASKWHY_MATTERMOST_ERRORS_H
#define ASKWHY_MATTERMOST_ERRORS_H

#include "bot/mattermost/mattermost.h"

/* What the operator can do about an error's id ("api.context.permissions.app_error"); NULL when it needs no words. A
 * constant. */
const char *mattermost_error_advice(const char *id);
/* Fills verdict with what response means for method when it is no success, and returns NULL; on success returns the
 * parsed answer and leaves verdict alone. */
cJSON *mattermost_rest_answer(const char *method, const struct rest_response *response, struct verdict *verdict);

#endif
