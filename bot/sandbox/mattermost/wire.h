/* Posts, channels and people as Mattermost writes them. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_WIRE_H
#define ASKWHY_SANDBOX_MATTERMOST_WIRE_H

#include "bot/sandbox/sandbox.h"

#define WIRE_BEGAN_MS G_GINT64_CONSTANT(1750000000000) /* when the workspace was made */

/* listed: within a since list, which says what has become of deleted ones. */
cJSON *wire_post(const struct sandbox *sandbox, const struct channel *channel, const struct post *post, bool listed);
struct upload;
cJSON *wire_file(const struct upload *upload);
cJSON *wire_channel(const struct channel *channel);
/* NULL when there is no such user. */
cJSON *wire_user(const char *id);
cJSON *wire_team(bool other);
/* "" for a direct one. */
const char *wire_team_id(const struct channel *channel);
const char *wire_team_name(const struct channel *channel);
cJSON *wire_reaction(const struct post *post, const char *user, const char *name, int64_t created_ms, int64_t updated_ms);
/* The root of its thread, deleted or not; NULL outside threads. */
struct post *wire_root(const struct channel *channel, const struct post *post);
/* "O", "P", "D" */
const char *wire_channel_type(const struct channel *channel);
/* Of a direct channel the two ids. Free with g_free(). */
char *wire_channel_name(const struct channel *channel);
bool wire_is_member(const struct channel *channel, const char *user);
/* message and props become the post's, and what the page shows of them. Takes props, which are complete. */
void wire_write(struct post *post, const char *message, cJSON *props);

#endif
