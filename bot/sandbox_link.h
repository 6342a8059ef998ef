/* The line to the sandbox (docs/sandbox.md): it moves the clock and asks when all is done.
 *
 * Only with ASKWHY_SANDBOX in the environment: the path of the sandbox's unix socket.
 * Thread: the loop's.
 */
#ifndef ASKWHY_SANDBOX_LINK_H
#define ASKWHY_SANDBOX_LINK_H

#include "bot/net/loop.h"

struct sandbox_link;

/* Waits until the clock was told, so that nothing runs at the wrong time. */
struct sandbox_link *sandbox_link_open(struct loop *loop, const char *path, void (*clock_moved)(void *data), void *data,
                                       GError **error);
/* Call when everything is done: answers what was asked. */
void sandbox_link_idle(struct sandbox_link *link);
void sandbox_link_free(struct sandbox_link *link); /* accepts NULL */

#endif
