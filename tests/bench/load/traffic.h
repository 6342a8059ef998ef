/* Slash-commands kept in flight, and what became of them. A fake chat server sends them and tells what came back.
 *
 * A command's number stands in its text and in what is posted of it, so that each post finds its command without a
 * search.
 */
#ifndef ASKWHY_BENCH_TRAFFIC_H
#define ASKWHY_BENCH_TRAFFIC_H

#include "tests/bench/load/wire.h"

enum { BENCH_CHANNELS = 2000, BENCH_PEOPLE = 500 };
#define BENCH_TEXT "Let people download report bench0%08u as a spreadsheet"
#define BENCH_MARK "bench0" /* in what is posted of it; the number follows */

struct traffic;

/* What became of the commands since traffic_measure(). */
struct tally {
    int sent, acknowledged, cards, questions;
    int wrong; /* posts: a second time, or to another channel */
    int lost;  /* commands: their way was gone before they were acknowledged */
    GArray *delays_us;                               /* int64_t: from sending, or wanting to, to acknowledgement */
    int64_t first_sent_us, last_acknowledged_us, last_post_us;
    int64_t longest_silence_us; /* between two acknowledgements */
};

/* Sends command number of channel and person; the way it went, NULL when there is none now. */
typedef const void *traffic_send_fn(guint number, guint channel, guint person, void *data);

/* wire: what is flushed whenever the loop would sleep. */
struct traffic *traffic_new(struct loop *loop, struct wire *wire, traffic_send_fn *send, void *data);
void traffic_free(struct traffic *traffic);

/* Bots that do not post are done when all is acknowledged. */
void traffic_expect_posts(struct traffic *traffic, bool expected);
/* Commands to keep in flight from now on; they wait while there is no way. 0: no more. */
void traffic_keep(struct traffic *traffic, int in_flight);
/* There is a way again. */
void traffic_fill(struct traffic *traffic);
/* Begins to count anew. */
void traffic_measure(struct traffic *traffic);
const struct tally *traffic_tally(const struct traffic *traffic);
guint traffic_count(const struct traffic *traffic); /* of commands ever sent */

void traffic_acknowledged(struct traffic *traffic, guint number);
/* What went this way and was not acknowledged is lost. */
void traffic_lost(struct traffic *traffic, const void *way);
/* channel: its number in the post. */
void traffic_posted(struct traffic *traffic, guint number, guint channel, bool question);

/* Runs the loop for so long, or until a condition holds; false when time was over first. */
void traffic_run(struct traffic *traffic, int64_t ms);
bool traffic_run_until(struct traffic *traffic, bool (*holds)(void *data), void *data, int64_t ms);
/* Conditions; data: the traffic. */
bool traffic_acknowledged_once(void *data);
/* Everything sent is acknowledged and, if expected, posted. */
bool traffic_complete(void *data);

/* What stands behind name in text; NULL when it has no such thing. */
const char *text_behind(const char *text, const char *name);

#endif
