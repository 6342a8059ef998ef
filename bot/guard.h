/* What the process does for its secrets before it reads any. Thread: before there is a second one. */
#ifndef ASKWHY_GUARD_H
#define ASKWHY_GUARD_H

/* No core is written, whatever limits and core_pattern say, no other process of the same user can read this one's
 * memory or environment, and the tokens in the environment are taken out of it. What root can read, it can. */
void guard_begin(void);

#endif
