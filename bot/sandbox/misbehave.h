/* What can go wrong on the chat's side and no proxy between could imitate. Switched by tests. */
#ifndef ASKWHY_SANDBOX_MISBEHAVE_H
#define ASKWHY_SANDBOX_MISBEHAVE_H

#include "bot/sandbox/sandbox.h"

struct misbehaviour *misbehave_new(void);
void misbehave_free(struct misbehaviour *misbehaviour);

/* order: docs/sandbox.md, "Misbehaviour". NULL, or what is wrong with the order. */
const char *misbehave_order(struct sandbox *sandbox, const cJSON *order);

enum fault { FAULT_NONE, FAULT_RATELIMITED, FAULT_ERROR, FAULT_HTTP_500, FAULT_NO_ANSWER };
/* What this call of method shall suffer; uses up one. effect: it is acted on nevertheless. */
enum fault misbehave_call(struct sandbox *sandbox, const char *method, bool *effect, int *retry_after,
                          const char **error);
/* This acknowledgement never arrived; uses up one. */
bool misbehave_lose_ack(struct misbehaviour *misbehaviour);
/* This one is not admitted though its ticket is good; not greeted. Each uses up one. */
bool misbehave_refuse_ticket(struct misbehaviour *misbehaviour);
bool misbehave_withhold_hello(struct misbehaviour *misbehaviour);
/* How often each event is sent again though it was acknowledged. */
int misbehave_redeliver(const struct misbehaviour *misbehaviour);
/* Events are held back, to be let go in another order. */
bool misbehave_hold(const struct misbehaviour *misbehaviour);
/* Events that happen while no socket is connected are gone. */
bool misbehave_lose_events(const struct misbehaviour *misbehaviour);

#endif
