/* JSON written straight into a GString: for what is sent, where json.h's trees are for what is read.
 *
 * Commas come by themselves. name: NULL in an array and for the outermost value. Texts are valid UTF-8; a NULL text
 * writes nothing. Each object or array that is opened is the caller's to close.
 * Thread: any; no state.
 */
#ifndef ASKWHY_JSON_WRITE_H
#define ASKWHY_JSON_WRITE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

void json_write_open(GString *json, const char *name, char bracket); /* '{' or '[' */
void json_write_close(GString *json, char bracket);                  /* '}' or ']' */
void json_write_str(GString *json, const char *name, const char *text);
void json_write_int(GString *json, const char *name, int64_t number);
void json_write_bool(GString *json, const char *name, bool yes);
void json_write_raw(GString *json, const char *name, const char *value); /* JSON already */

#endif
