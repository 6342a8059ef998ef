/* Slack's answers sorted into verdicts. Pure; any thread. */
#ifndef ASKWHY_SLACK_ERRORS_H
#define ASKWHY_SLACK_ERRORS_H

#include "bot/slack/slack.h"

/* What the operator can do about an error code; NULL when it needs no words. A constant. */
const char *slack_error_advice(const char *code);
/* Fills verdict with what response means for method when it is no success, and returns NULL;
 * on success returns the parsed answer and leaves verdict alone. */
cJSON *slack_answer(const char *method, const struct rest_response *response, struct verdict *verdict);

#endif
