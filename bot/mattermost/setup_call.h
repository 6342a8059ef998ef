/* One request to Mattermost's API, waited for: for check and setup, which tell a story step by step.
 *
 * Runs the loop until it is answered. Thread: the loop's, with nothing else running on it.
 */
#ifndef ASKWHY_MATTERMOST_SETUP_CALL_H
#define ASKWHY_MATTERMOST_SETUP_CALL_H

#include "bot/base/json.h"
#include "bot/net/rest.h"

struct caller {
    struct loop *loop;
    struct rest *rest;
    const char *url;   /* of the server */
    const char *token; /* NULL: as nobody */
};

struct reply {
    bool good;      /* 2xx, with JSON in body */
    int status;     /* 0: not reached */
    cJSON *body;    /* NULL unless good */
    char *error;    /* the error's id ("api.bot.create_disabled"), "" when none was given */
    char *why;      /* for people, what went wrong; NULL when good */
    int64_t date_ms; /* the server's clock; 0 when not told */
};
typedef struct reply reply;

/* path: behind /api/v4/, of this format; texts from outside go through setup_escape(). Takes body, NULL for none. */
reply setup_call(const struct caller *caller, const char *method, cJSON *body, const char *path, ...)
    G_GNUC_PRINTF(4, 5);
void call_reply_done(struct reply *done);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(reply, call_reply_done)

/* The id there (26 letters and digits); NULL when there is none. */
const char *setup_id(const cJSON *value, const char *path);
/* As a part of a path; free with g_free(). */
char *setup_escape(const char *text);

#endif
