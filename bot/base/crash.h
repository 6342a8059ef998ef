/* Points at which a test ends the process by SIGKILL, to see that nothing is lost and nothing is done twice.
 *
 * Inert unless both ASKWHY_CRASH_AT ("NAME:COUNT"; "any" passes for every name) and
 * ASKWHY_SANDBOX are set: then the COUNT-th passage is the last. Thread: the loop's.
 */
#ifndef ASKWHY_CRASH_H
#define ASKWHY_CRASH_H

/* after-receive  an event came in            before-send  a request is about to leave
 * before-commit  a batch is about to be kept after-send   its answer has come, nothing is noted yet
 * after-commit   it is durable               before-mark  what became of it is about to be recorded
 * before-ack     an acknowledgement is about to leave */
void crash_point(const char *name);

#endif
