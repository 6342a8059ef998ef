/* How texts are cut into the terms they are found by: FTS5's tokenizer "terms".
 * Source: sqlite.org/fts5.html, custom tokenizers.
 * Thread: any; no state.
 */
#ifndef ASKWHY_TOKENIZER_H
#define ASKWHY_TOKENIZER_H

#include "store/store.h"

#include <sqlite3.h>

/* Each handle that reads or writes the full-text index needs it. */
bool store_register_tokenizer(sqlite3 *db);

#endif
