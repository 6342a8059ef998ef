/* The WebSocket's hub: who hears which events, in what order, and what can be had again after a drop.
 *
 * As the server's web_hub.go and web_conn.go: each connection numbers its events; 128 written ones and 256 unwritten
 * ones are kept, also while the connection is away, so that it can be resumed where it broke off.
 * Without a socket (conn NULL) it is pure but for the clock: written frames are handed to a function.
 */
#ifndef ASKWHY_SANDBOX_MATTERMOST_HUB_H
#define ASKWHY_SANDBOX_MATTERMOST_HUB_H

#include "bot/base/json.h"

struct hub;
struct line; /* one connection, present or away */

struct hub_options {
    bool old;            /* like 5.37 */
    const char *version; /* of the server, in its hello */
    /* One frame goes out; conn is what hub_open() was given. */
    void (*write)(void *conn, const char *text, void *data);
    /* False: the last frame was not written yet, the next ones wait. NULL: always. */
    bool (*ready)(void *conn, void *data);
    /* The connection is to end: with a close frame or cut. */
    void (*close)(void *conn, bool cut, void *data);
    /* Is user among those who hear a channel's events? */
    bool (*hears)(const char *user, const char *channel, void *data);
    void *data;
};

struct hub *hub_new(const struct hub_options *options);
void hub_free(struct hub *hub);

/* A socket opened. user NULL: not known yet, it may say who it is. connection, sequence: what it wants to resume, or
 * NULL. False: it is to be closed without a word. */
bool hub_open(struct hub *hub, void *conn, const char *user, const char *connection, const char *sequence);
/* user of a token, told by an authentication_challenge. */
typedef const char *hub_token_fn(const char *token);
/* A text of the client. False: its socket is to be closed. */
bool hub_heard(struct hub *hub, void *conn, const char *text, gsize size, hub_token_fn *user_of);
/* The socket is gone; what it was connected to waits to be resumed. */
void hub_closed(struct hub *hub, void *conn);
/* What waited for it goes out. */
void hub_drained(struct hub *hub, void *conn);

/* Only to user, else to those who hear the channel, else (both NULL) to all. Takes data. */
void hub_event(struct hub *hub, const char *event, cJSON *data, const char *channel, const char *user);

/* Everything is forgotten, as by a restart; open sockets are cut. */
void hub_restart(struct hub *hub);
/* The next so many wishes to resume are answered as if nothing were known. */
void hub_refuse(struct hub *hub, int count);
/* The next so many events take a number and are not written: only who resumes gets them. */
void hub_skip(struct hub *hub, int count);
/* user's token is worth nothing any more: open sockets stay and hear all, only their actions are refused. NULL: good. */
void hub_revoke(struct hub *hub, const char *user);
/* All of user's sockets. */
void hub_cut(struct hub *hub, const char *user, bool cut);
/* They stay open and count as there, but nothing goes in or out; each is told to stick(). */
void hub_half_open(struct hub *hub, const char *user, void (*stick)(void *conn));
/* Events are held back, and let go in order or the newest first. */
void hub_hold(struct hub *hub, bool hold);
void hub_let_go(struct hub *hub, bool backwards);

/* Whose socket it is; NULL while not known. */
const char *hub_user(const struct hub *hub, const void *conn);
int hub_sockets(const struct hub *hub, const char *user);
/* Events user's open sockets have not been sent yet. */
int hub_unwritten(const struct hub *hub, const char *user);
guint64 hub_events(const struct hub *hub); /* so far */

#endif
