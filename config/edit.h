/* Writing into the configuration file, for `askwhy setup`: lines are changed in place, all others and all comments stay.
 *
 * A file is never half written: the new one is made beside it and takes its place. Before the first change of a run
 * the old one is kept as FILE.old.
 */
#ifndef ASKWHY_CONFIG_EDIT_H
#define ASKWHY_CONFIG_EDIT_H

#include <glib.h>
#include <stdbool.h>

struct config_edit {
    const char *name;  /* of an option, or a secret's NAME_FILE */
    const char *value; /* NULL: not set any more */
};

/* The text with these lines changed: the one that sets it, else the commented one that shows it, else a new one at
 * the end. Free with g_free(). */
char *config_edit_text(const char *text, const struct config_edit *edits, gsize n_edits);

/* The same in a file, made when it is not there. A file that comes to hold a secret is for its owner alone, unless a
 * group was let in on purpose; its owner and group stay. *kept: the old one was kept in this run already. */
bool config_edit_file(const char *path, const struct config_edit *edits, gsize n_edits, bool secret, bool *kept,
                      GError **error);
/* A secret in a file of its own, for its owner alone. */
bool config_write_secret(const char *path, const char *secret, GError **error);

#endif
