/* REST v4: requests in, JSON out.
 *
 * api.mattermost.com, and the answers of a real 5.37.0.
 */
#ifndef ASKWHY_SANDBOX_MATTERMOST_API_H
#define ASKWHY_SANDBOX_MATTERMOST_API_H

#include "bot/sandbox/face.h"
#include "bot/sandbox/mattermost/mattermost.h"

enum { MOST_PARTS = 4 };

struct mm_call {
    struct sandbox *sandbox;
    struct mattermost *mattermost;
    const struct request *request;
    const char *user; /* whose token it is; "" without one, where none is needed */
    bool admin;
    char *parts[MOST_PARTS]; /* what stood in place of the stars of the path */
    const cJSON *body;       /* NULL when none, or no JSON */
    cJSON *answer;
    int status;
    const char *error; /* a constant: the error's id, with status */
};

struct mm_route {
    const char *method, *path; /* a star in it is one part */
    void (*handle)(struct mm_call *call);
    const char *word; /* for misbehaviour: "post", or NULL */
    bool open;        /* no token needed */
};
/* Each ends with an entry without a path. */
extern const struct mm_route mm_post_routes[], mm_people_routes[], mm_admin_routes[], mm_reading_routes[], mm_file_routes[];

void mm_fail(struct mm_call *call, int status, const char *id);
/* There is no such call in this version. */
void mm_fail_unknown(struct mm_call *call);
/* 403 as the server says it, whatever the reason. */
void mm_forbid(struct mm_call *call);
/* A parameter of the query, "" when absent. Free with g_free(). */
char *mm_query(const struct mm_call *call, const char *name);
int64_t mm_query_int(const struct mm_call *call, const char *name, int64_t fallback);
/* "me" is the caller. */
const char *mm_user_part(const struct mm_call *call, int part);
/* The channel of an id, and with reading whether the caller may: else NULL, and the call has failed. */
enum mm_right { MM_SEES, MM_MEMBER };
struct channel *mm_channel(struct mm_call *call, const char *id, enum mm_right right);
/* The post of an id that is not deleted, and its channel; NULL when there is none (nothing has failed then). */
struct post *mm_post(const struct sandbox *sandbox, const char *id, struct channel **channel);

bool mattermost_request(struct sandbox *sandbox, const struct request *request, struct reply *reply);
const char *mattermost_word(const char *method);

#endif
