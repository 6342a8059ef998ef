/* The one source of time. Wall time can be moved by the sandbox and by tests.
 *
 * Thread: reading is safe from any thread; moving belongs to the loop thread.
 * Units: UTC milliseconds since 1970 for wall time; monotonic microseconds for
 * measuring and timers.
 */
#ifndef ASKWHY_CLOCK_H
#define ASKWHY_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);
int64_t clock_monotonic_us(void);

/* Wall time is the machine's plus this from now on. */
void clock_set_offset_ms(int64_t offset);
int64_t clock_offset_ms(void);
/* Monotonic time is ahead by so much more from now on. Timers are told by loop_pass_ms(). */
void clock_pass_ms(int64_t ms);
/* Stands still at this moment (tests of pure code); 0 lets it run again. */
void clock_freeze_ms(int64_t at);

#endif
