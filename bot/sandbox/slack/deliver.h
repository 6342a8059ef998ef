/* Socket Mode: the app's WebSockets, envelopes to them, acknowledgements from them.
 *
 * docs.slack.dev, "Using Socket Mode". Each envelope goes to one socket. Events are
 * sent again when not acknowledged within 3 s or when their socket dies, a few
 * times; commands and interactions are not, the person sees trouble instead.
 */
#ifndef ASKWHY_SANDBOX_DELIVER_H
#define ASKWHY_SANDBOX_DELIVER_H

#include "bot/sandbox/sandbox.h"

struct conn;

struct deliver *deliver_new(struct sandbox *sandbox);
void deliver_free(struct deliver *deliver);

/* A single-use ticket for apps.connections.open; free with g_free(). */
char *deliver_ticket(struct deliver *deliver);
/* True once for each ticket, and only while fewer than 10 sockets are open. */
bool deliver_admit(struct deliver *deliver, const char *ticket);
void deliver_opened(struct deliver *deliver, struct conn *conn);
void deliver_message(struct deliver *deliver, struct conn *conn, const char *text, gsize size);
void deliver_closed(struct deliver *deliver, struct conn *conn);

/* The Events API: event becomes an event_callback. Takes event. */
void deliver_event(struct deliver *deliver, cJSON *event);

/* ack: the acknowledgement's payload, NULL when it had none. acked false: nobody answered in 3 s. */
typedef void deliver_done_fn(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data);
/* type: "slash_commands" or "interactive". Takes payload; data is freed by free_data after done. */
void deliver_request(struct deliver *deliver, const char *type, cJSON *payload, bool accepts_reply,
                     deliver_done_fn *done, void *data, GDestroyNotify free_data);

/* What misbehave_hold() held back goes out, each event as often as it would have; backwards: the newest first. */
void deliver_let_go(struct deliver *deliver, bool backwards);

int deliver_sockets(const struct deliver *deliver);
/* Envelopes not yet acknowledged or given up. */
int deliver_pending(const struct deliver *deliver);
/* Grows with each envelope made. */
guint64 deliver_count(const struct deliver *deliver);
/* Events no socket acknowledged however often they were sent. */
int deliver_given_up(const struct deliver *deliver);

/* Sends {"type":"disconnect"} on every socket; drops them 10 s later. */
void deliver_ask_to_leave(struct deliver *deliver, const char *reason);
/* Cuts every socket without a word. */
void deliver_cut(struct deliver *deliver);

#endif
