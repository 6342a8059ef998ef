/* Secrets in the environment: taken over at the start, so that they stand there no longer.
 *
 * What a process was started with can be read in /proc by others of its user, by tools that collect it, and goes to
 * every child. Thread: before there is a second one.
 */
#ifndef ASKWHY_ENVIRONMENT_H
#define ASKWHY_ENVIRONMENT_H

/* Moves the value of each secret option, and MATTERMOST_ADMIN_TOKEN, out of the environment, overwriting it there; passwords of proxies stay, since
 * libcurl reads them there, but are never printed. */
void environment_take(void);
/* The value of an environment variable, taken over or not; NULL when there is none. */
const char *environment_value(const char *name);
/* MATTERMOST_ADMIN_TOKEN, once: the caller's own (free with g_free()), kept nowhere else; NULL when there is none. */
char *environment_admin_token(void);

#endif
