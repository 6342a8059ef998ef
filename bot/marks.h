/* What became of the outbox's rows, recorded in the batch's transaction.
 * Thread: the loop's.
 */
#ifndef ASKWHY_MARKS_H
#define ASKWHY_MARKS_H

#include "bot/outbox.h"

void marks_record(struct store *store, const struct settings *settings, const struct outbox_mark *mark, int64_t now);

#endif
