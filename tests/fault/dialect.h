/* What Slack and Mattermost show of the same thing, as the sandbox's page has it. */
#ifndef FAULT_DIALECT_H
#define FAULT_DIALECT_H

#include "bot/base/json.h"

/* By which the bot knows a message. */
const char *dialect_id(const cJSON *message);
/* The operation that brought it; NULL when it bears no mark. */
const char *dialect_op(const cJSON *message);
/* A card begins with the ask's number. */
bool dialect_is_card(const cJSON *message);
/* A button of this action in a message; NULL when there is none (any more). */
const cJSON *dialect_button(const cJSON *message, const char *action, const char **block_id);
/* What a form holds when it is sent. */
void dialect_put_text(bool mattermost, cJSON *values, const char *field, const char *text);
void dialect_put_channel(bool mattermost, cJSON *values, const char *field, const char *channel);
/* That /ask failed. */
bool dialect_is_ask_trouble(const char *text);

#endif
