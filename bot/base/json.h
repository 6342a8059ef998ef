/* JSON at the edge: parse what came from outside safely, read it without surprises.
 *
 * cJSON alone cuts text at \u0000, saturates valueint on millisecond times,
 * compares names without case and accepts trailing bytes. These wrappers refuse
 * the first and the last, and read numbers and names exactly.
 * Thread: any; no state.
 */
#ifndef ASKWHY_JSON_H
#define ASKWHY_JSON_H

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One JSON value and nothing behind it but white space; valid UTF-8; no \u0000.
 * Nesting is limited by cJSON (1000). NULL and *why (a constant) otherwise. */
cJSON *json_parse(const char *data, size_t size, const char **why);

/* path: "payload.event.ts"; a step of digits indexes an array. NULL when absent. */
const cJSON *json_get(const cJSON *value, const char *path);
/* The string there; NULL when absent or of another type. Owned by the tree. */
const char *json_str(const cJSON *value, const char *path);
/* The same, "" in place of NULL. */
const char *json_str0(const cJSON *value, const char *path);
bool json_true(const cJSON *value, const char *path);
/* Whole numbers of at most 2^53 in size; fallback otherwise. */
int64_t json_int(const cJSON *value, const char *path, int64_t fallback);

/* Any number; fallback when it is none. */
double json_number(const cJSON *value, const char *path, double fallback);

/* Compact text; free with g_free(). */
char *json_text(const cJSON *value);

/* cJSON's adders return NULL only when memory is gone; these abort instead and read better. */
cJSON *json_object(void);
cJSON *json_array(void);
/* Names and texts: a literal stays where it is, anything else is copied. NULL text adds nothing. */
#define json_put_str(object, name, text) \
    json_put_str_(object, name, text, __builtin_constant_p(name), __builtin_constant_p(text))
#define json_put_int(object, name, number) json_put_int_(object, name, number, __builtin_constant_p(name)) /* exact in the text; beyond 2^53 only there */
#define json_put_bool(object, name, yes) json_put_(object, name, cJSON_CreateBool(yes), __builtin_constant_p(name))
#define json_put(object, name, value) json_put_(object, name, value, __builtin_constant_p(name)) /* takes value */
void json_put_str_(cJSON *object, const char *name, const char *text, bool literal, bool literal_text);
void json_put_int_(cJSON *object, const char *name, int64_t number, bool literal);
void json_put_(cJSON *object, const char *name, cJSON *value, bool literal);
void json_push(cJSON *array, cJSON *value);                   /* takes value */
void json_push_str(cJSON *array, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

#endif
