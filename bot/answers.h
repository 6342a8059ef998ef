/* What a person gets back: in the acknowledgement, where that carries it, otherwise as a row of the outbox.
 * Thread: the loop's.
 */
#ifndef ASKWHY_ANSWERS_H
#define ASKWHY_ANSWERS_H

#include "bot/arrivals.h"
#include "bot/reader.h"

/* Inside the event's transaction: takes the answer or the errors of ctx. */
void answers_keep(struct store *store, struct arrival *arrival, struct context *ctx);
/* Inside a transaction: what the reader answered, or what an acknowledgement could not carry after all. */
void answers_keep_job(struct store *store, const struct settings *settings, const struct reader_job *job);
/* The event could not be recorded, for that reason (NULL: not told): its person is told just that, or the platform
 * brings it again. Of what nobody brings again, arrival->again says whether there is any use in a second time. */
void answers_not_recorded(struct arrival *arrival, const GError *why);
/* The transaction is gone, and what it made of the event. */
void answers_forget(struct arrival *arrival);
/* After the commit. The answer that reached nobody, to be given to answers_keep_job(); NULL mostly. */
struct reader_job *answers_acknowledge(struct arrival *arrival);

#endif
