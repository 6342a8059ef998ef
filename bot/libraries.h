/* The libraries this program runs with: their versions as they say at run time, and flaws of theirs that matter here.
 *
 * Distributions mend flaws without another version number. So a version counts as flawed only where no distribution
 * that is still kept up ships it under that number; and where askwhy can go around a flaw, it does, and says nothing.
 * Thread: any; no state.
 */
#ifndef ASKWHY_LIBRARIES_H
#define ASKWHY_LIBRARIES_H

#include <glib.h>
#include <stdbool.h>

enum library { LIBRARY_CURL, LIBRARY_WEBSOCKETS, LIBRARY_SQLITE, LIBRARY_CJSON, LIBRARY_GLIB, LIBRARY_OPENSSL, LIBRARIES };

struct library_version {
    char *text;          /* "7.88.1" */
    unsigned number[3];  /* 7, 88, 1 */
};

const char *library_name(enum library library);
/* What is loaded now; library_version_done() frees the text. */
struct library_version library_version(enum library library);
void library_version_done(struct library_version *version);

enum library_verdict { LIBRARY_FINE, LIBRARY_FLAWED, LIBRARY_TOO_OLD };
/* *why, when it is not fine: what is wrong and what to do; g_free(). */
enum library_verdict library_judge(enum library library, const unsigned number[3], char **why);

/* "libcurl 7.88.1, …"; g_free(). */
char *libraries_text(void);
/* Warns of flawed ones in the log; false, *why told, when one is too old to run with. */
bool libraries_check(char **why);

#endif
