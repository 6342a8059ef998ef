/* What stands between the bot and the sandbox: a proxy whose network breaks when told to.
 *
 * One thread a connection; every call here may come from the thread that made it.
 */
#ifndef FAULT_RECONNECT_FRONT_H
#define FAULT_RECONNECT_FRONT_H

#include <stdbool.h>

struct front;

/* How new connections fare. Those with TLS are for a front that speaks it. */
enum front_way {
    FRONT_WELL,
    FRONT_RESETS,           /* taken and cut at once */
    FRONT_DEAF,             /* taken, and nothing ever answers */
    FRONT_DEAF_TO_SOCKETS,  /* requests are answered, a WebSocket's handshake is not */
    FRONT_FORBIDS_SOCKETS,  /* … is refused with HTTP 403 */
    FRONT_BAD_GATEWAY,      /* a page of HTML with HTTP 502, as a proxy says it */
    FRONT_OF_A_STRANGER,    /* TLS: a certificate that nobody trusts */
    FRONT_OF_ANOTHER_NAME,  /* TLS: of a trusted authority, but for somebody else */
    FRONT_EXPIRED,          /* TLS: it was good last year */
    FRONT_STRANGE_SOCKETS,  /* TLS: nobody trusts the certificate for FRONT_SOCKET_NAME, while the other is good */
};

/* Listens on loopback and passes all on to port to. authority: where to write the PEM of the authority behind the
 * certificate, which makes it speak TLS; NULL for plain. */
struct front *front_new(int to, const char *authority);
void front_free(struct front *front);
int front_port(const struct front *front);
void front_goes(struct front *front, enum front_way way);
void front_cut(struct front *front);    /* all that is open, without a goodbye */
void front_freeze(struct front *front); /* all that is open stays open, and is dead */
void front_bury(struct front *front);   /* and now it is cut */
int front_count(struct front *front);   /* connections taken so far */

/* Names of nine letters, as long as 127.0.0.1: in requests and answers that pass they stand for it. */
#define FRONT_API_NAME "name.test"
#define FRONT_SOCKET_NAME "sock.test"
/* Where an answer says where the WebSocket is, it says it with FRONT_SOCKET_NAME. */
void front_names_socket(struct front *front, bool named);

#endif
