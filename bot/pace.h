/* The platform's pace: how soon a method may be called again.
 *
 * One bucket for each method, or each method and channel, as the codec says (generic cell rate).
 * Times are monotonic milliseconds. Thread: the loop's.
 */
#ifndef ASKWHY_PACE_H
#define ASKWHY_PACE_H

#include "bot/chat/platform.h"

struct pace;
struct pace *pace_new(void);
void pace_free(struct pace *pace);
/* How many milliseconds it would have to wait; 0: it may go. */
int64_t pace_wait(const struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now);
/* 0: taken, go; else milliseconds to wait. */
int64_t pace_take(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now);
/* The platform said to wait: nothing of this method goes before. */
void pace_hold(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t ms, int64_t now);

#endif
