/* The fake Mattermost of the benchmark: calls a bot's listener for each slash-command, takes its posts, and tells over a
 * WebSocket, which can be resumed, what is posted and answered. Shaped after a server of version 5.37; it answers at
 * once and limits no rate.
 *
 * A command's number stands in its text and in the ids of its card and its question.
 */
#ifndef ASKWHY_BENCH_MATTERMOST_FAKE_H
#define ASKWHY_BENCH_MATTERMOST_FAKE_H

#include "tests/bench/load/traffic.h"

#define FAKE_TOKEN "benchtoken0000000000000000"         /* of the bot account */
#define FAKE_COMMAND_TOKEN "benchcommand00000000000000" /* of /ask */

struct fake;

struct fake *fake_new(struct loop *loop);
void fake_free(struct fake *fake);
struct traffic *fake_traffic(struct fake *fake);
int fake_port(const struct fake *fake);

/* Where commands are sent from now on: a port on which somebody will listen soon. socket: who also opens a WebSocket. */
void fake_call_at(struct fake *fake, int port, bool socket);
/* Until then the bot is told that it is in no channel. */
void fake_invite(struct fake *fake);

/* Answers in threads: who asked tells why, the newest ask first, one each every_ms. 0: no more. */
void fake_reply(struct fake *fake, int64_t every_ms);
/* More answers at once; and with them on their way the WebSocket ends without a word. */
void fake_drop(struct fake *fake, int answers);
int fake_replies(const struct fake *fake);       /* since fake_forget_replies() */
int fake_replies_taken(const struct fake *fake); /* that the bot acted on */
void fake_forget_replies(struct fake *fake);
/* Between an answer acted on and the next. */
int64_t fake_longest_silence_us(const struct fake *fake);

/* Of WebSockets, since it was made: opened, and how many of them went on where one was dropped. */
int fake_sockets_opened(const struct fake *fake);
int fake_resumes(const struct fake *fake);
int fake_requests(void *fake);

/* Conditions; data: the fake. */
bool fake_connected(void *data); /* a WebSocket is open; of who opens none: the port */
bool fake_left(void *data);
bool fake_settled(void *data);   /* the bot has introduced itself in every channel */
bool fake_all_taken(void *data); /* no answer is missing */

#endif
