/* The texts people see: a catalogue per language, never a literal in a command.
 *
 * commands/languages/<language>.catalogue, NAME = text a line, embedded in the binary.
 * In a text: {placeholder}, *bold*, _italic_, `code` (at word edges), \n for a new line,
 * and a backslash before any of these signs to mean itself.
 * Plural forms stand as NAME.one, NAME.other (and .few, .many where a language has them).
 * A language that lacks an entry falls back to English.
 * Thread: any, after say_init(); read-only.
 */
#ifndef ASKWHY_SAY_H
#define ASKWHY_SAY_H

#include "bot/base/embed.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Reads the catalogues linked in; false and *why (free with g_free) when one is malformed. */
bool say_init(char **why);
/* The same from other files (tests). */
bool say_init_from(const struct embedded_file *files, char **why);
void say_done(void);

/* Rich text; free with g_free(). Pairs of placeholder name and value (const char *, rich text, inserted
 * as it stands; NULL counts as ""), closed by NULL. An unknown entry comes out as its name in brackets
 * and is logged: tests/unit/commands/test_catalogues.c keeps that from happening. */
char *say(const char *language, const char *entry, ...) G_GNUC_NULL_TERMINATED;
/* The same with a count: picks the plural form and fills {n}. */
char *say_n(const char *language, const char *entry, int64_t n, ...) G_GNUC_NULL_TERMINATED;

/* The language to use for a platform's locale ("en-GB" → "en"); "en" when it is not offered. */
const char *say_language(const char *locale);
/* The languages offered, NULL-terminated. */
const char *const *say_languages(void);

#endif
