/* Files linked into the binary by cmake/embed.cmake. */
#ifndef ASKWHY_EMBED_H
#define ASKWHY_EMBED_H

#include <stddef.h>

struct embedded_file {
    const char *name; /* without folder; NULL closes an array */
    const char *data; /* NUL-terminated */
    size_t size;      /* without the NUL */
};

extern const struct embedded_file schema_files[]; /* store/schema, in name order */
extern const struct embedded_file config_files[]; /* example configuration, Slack manifest, demo scripts */
extern const struct embedded_file language_files[]; /* commands/languages, the texts people see */
extern const struct embedded_file page_files[];   /* the sandbox's chat page */

#endif
