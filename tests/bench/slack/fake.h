/* The fake Slack of the benchmark: keeps slash-commands in flight, acknowledges nothing it was
 * not asked, and counts what is posted. It answers at once and limits no rate.
 *
 * A command's number stands in its text, its envelope's id and its card's ts, so that each post
 * finds its command without a search.
 */
#ifndef ASKWHY_BENCH_FAKE_H
#define ASKWHY_BENCH_FAKE_H

#include "bot/net/loop.h"

enum { BENCH_CHANNELS = 2000, BENCH_PEOPLE = 500 };

struct fake;

/* What became of the commands since fake_measure(). */
struct fake_tally {
    int sent, acknowledged, cards, questions;
    int wrong; /* posts: a second time, or to another channel */
    int lost;  /* commands: their socket ended before they were acknowledged */
    GArray *delays_us;                               /* int64_t: from sending, or wanting to, to acknowledgement */
    int64_t first_sent_us, last_acknowledged_us, last_post_us;
    int64_t longest_silence_us; /* between two acknowledgements */
};

struct fake *fake_new(struct loop *loop);
void fake_free(struct fake *fake);
int fake_port(const struct fake *fake);

/* Bots that do not post (the echo) are done when all is acknowledged. */
void fake_expect_posts(struct fake *fake, bool expected);
/* Commands to keep in flight from now on; they wait while no socket is open. 0: no more. */
void fake_keep(struct fake *fake, int in_flight);
/* Begins to count anew. */
void fake_measure(struct fake *fake);
const struct fake_tally *fake_tally(const struct fake *fake);

/* Has the bot join every channel, some at a time. */
void fake_invite(struct fake *fake);
/* All sockets: a disconnect frame with this reason; or an end without a word. */
void fake_disconnect(struct fake *fake, const char *reason);
void fake_drop(struct fake *fake);
/* Since it was made. */
int fake_sockets_opened(const struct fake *fake);
int fake_requests(const struct fake *fake);

/* Runs the loop for so long, or until a condition holds; false when time was over first. */
void fake_run(struct fake *fake, int64_t ms);
bool fake_run_until(struct fake *fake, bool (*holds)(const struct fake *fake), int64_t ms);
bool fake_connected(const struct fake *fake);
bool fake_left(const struct fake *fake);
bool fake_acknowledged_once(const struct fake *fake);
/* Everything sent is acknowledged and, if expected, posted. */
bool fake_complete(const struct fake *fake);
/* The invitations are acknowledged, the bot has introduced itself and looked every channel up. */
bool fake_settled(const struct fake *fake);

#endif
