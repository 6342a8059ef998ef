/* askwhy-sandbox and askwhy as children, with a temporary folder and, for Mattermost, a port for what the bot hears. */
#ifndef FAULT_CHILDREN_H
#define FAULT_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/* The chat the sandbox is like. */
enum like { LIKE_SLACK, LIKE_MATTERMOST_5_37, LIKE_MATTERMOST_11 };

struct children {
    enum like like;
    char *programs; /* the folder of askwhy and askwhy-sandbox */
    char *folder, *link, *database;
    pid_t sandbox, bot;    /* 0: not running */
    int ready;             /* the sandbox's standard output */
    int port;              /* of the sandbox */
    int reserved;          /* a socket that keeps hear_port for the bot, also while it is started again; -1: none */
    int hear_port;         /* Mattermost: where the bot listens */
};

/* platform: "slack" or "mattermost"; version: "5.37", "11" or NULL. False when it is neither. */
bool like_read(const char *platform, const char *version, enum like *like);
/* From now on person_by_name() gives the ids people have there. */
void like_learn_people(enum like like);

/* Nothing runs yet. Ends the process with a message when there is no folder, or no port. */
struct children *children_new(const char *programs, enum like like);
/* callback_port: where the sandbox calls the bot; 0 for Slack. False when it did not start. */
bool children_start_sandbox(struct children *children, int callback_port);
/* url: of the sandbox as the bot shall reach it, "http://127.0.0.1:PORT"; environment: NAME, value, …, NULL beside the
 * usual, or NULL. *log: the bot's standard error. False when it did not start. */
bool children_start_bot(struct children *children, const char *url, int callback_port, const char *const *environment,
                        int *log);
/* What the bot that ended had for a status, as of waitpid(). */
int children_bury_bot(struct children *children);
/* At once, and the folder is removed: before the process ends. */
void children_kill(struct children *children);
/* The sandbox is asked to end; a status of its other than 0 is told. */
void children_free(struct children *children);

#endif
