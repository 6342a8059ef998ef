#include "bot/base/json.h"
#include "bot/base/json_write.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define EXACT (INT64_C(1) << 53) /* whole numbers up to it are doubles, too */

enum { TEXT_USUAL = 128 };

/* \u0000 outside an escaped backslash: cJSON would cut the string there. */
static bool has_escaped_nul(const char *data, size_t size)
{
    const char *end = data + size;
    for (const char *at = data; (at = memchr(at, '\\', (size_t)(end - at))) != NULL; at += 2) {
        if (end - at < 6)
            return false;
        if (memcmp(at, "\\u0000", 6) == 0)
            return true;
    }
    return false;
}

/* Most of it is, and is found so many bytes at a time. */
static bool is_ascii(const char *data, size_t size)
{
    guchar all = 0;
    for (size_t i = 0; i < size; i++)
        all |= (guchar)data[i];
    return all < 0x80;
}

static bool is_utf8(const char *data, size_t size)
{
    return (is_ascii(data, size) && memchr(data, '\0', size) == NULL) || g_utf8_validate_len(data, size, NULL);
}

cJSON *json_parse(const char *data, size_t size, const char **why)
{
    const char *unused;
    if (why == NULL)
        why = &unused;
    if (data == NULL || !is_utf8(data, size)) {
        *why = "not valid UTF-8";
        return NULL;
    }
    if (has_escaped_nul(data, size)) {
        *why = "contains \\u0000";
        return NULL;
    }
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(data, size, &end, false);
    if (tree == NULL) {
        *why = "not JSON, or nested too deep";
        return NULL;
    }
    for (; end < data + size; end++) {
        if (strchr(" \t\r\n", *end) == NULL || *end == '\0') {
            cJSON_Delete(tree);
            *why = "bytes behind the JSON value";
            return NULL;
        }
    }
    return tree;
}

const cJSON *json_get(const cJSON *value, const char *path)
{
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        if (cJSON_IsArray(value)) {
            bool digits = length > 0 && length < 10 && strspn(path, "0123456789") >= length;
            value = digits ? cJSON_GetArrayItem(value, (int)g_ascii_strtoll(path, NULL, 10)) : NULL;
        } else {
            const cJSON *child = cJSON_IsObject(value) ? value->child : NULL;
            while (child != NULL && (strncmp(child->string, path, length) != 0 || child->string[length] != '\0'))
                child = child->next;
            value = child;
        }
        path += length;
        if (*path == '.')
            path++;
    }
    return value;
}

const char *json_str(const cJSON *value, const char *path)
{
    const cJSON *found = json_get(value, path);
    return cJSON_IsString(found) ? found->valuestring : NULL;
}

const char *json_str0(const cJSON *value, const char *path)
{
    const char *text = json_str(value, path);
    return text != NULL ? text : "";
}

bool json_true(const cJSON *value, const char *path)
{
    return cJSON_IsTrue(json_get(value, path));
}

int64_t json_int(const cJSON *value, const char *path, int64_t fallback)
{
    const cJSON *found = json_get(value, path);
    if (!cJSON_IsNumber(found) || !(fabs(found->valuedouble) <= (double)EXACT))
        return fallback;
    int64_t whole = (int64_t)found->valuedouble;
    return (double)whole == found->valuedouble ? whole : fallback;
}

double json_number(const cJSON *value, const char *path, double fallback)
{
    const cJSON *found = json_get(value, path);
    return cJSON_IsNumber(found) ? found->valuedouble : fallback;
}

static void write_number(GString *json, const char *name, const cJSON *value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double number = value->valuedouble;
    if (fabs(number) <= (double)EXACT && number == floor(number)) {
        json_write_int(json, name, (int64_t)number);
    } else if (!isfinite(number)) {
        json_write_raw(json, name, "null");
    } else {
        g_ascii_formatd(text, sizeof text, "%.15g", number);
        if (g_ascii_strtod(text, NULL) != number) /* exact: what is derived from a text is what was derived before */
            g_ascii_formatd(text, sizeof text, "%.17g", number);
        json_write_raw(json, name, text);
    }
}

/* cJSON's own printing reads each number again to see whether it is right. */
static void write_value(GString *json, const char *name, const cJSON *value)
{
    bool object = cJSON_IsObject(value);
    if (object || cJSON_IsArray(value)) {
        json_write_open(json, name, object ? '{' : '[');
        for (const cJSON *child = value->child; child != NULL; child = child->next)
            write_value(json, object ? child->string : NULL, child);
        json_write_close(json, object ? '}' : ']');
    } else if (cJSON_IsString(value)) {
        json_write_str(json, name, value->valuestring);
    } else if (cJSON_IsNumber(value)) {
        write_number(json, name, value);
    } else if (cJSON_IsBool(value)) {
        json_write_bool(json, name, cJSON_IsTrue(value));
    } else {
        json_write_raw(json, name, cJSON_IsRaw(value) ? value->valuestring : "null");
    }
}

char *json_text(const cJSON *value)
{
    if (value == NULL)
        return NULL;
    GString *json = g_string_sized_new(TEXT_USUAL);
    write_value(json, NULL, value);
    return g_string_free(json, FALSE);
}

static cJSON *need(cJSON *value)
{
    if (value == NULL)
        g_error("out of memory");
    return value;
}

cJSON *json_object(void)
{
    return need(cJSON_CreateObject());
}

cJSON *json_array(void)
{
    return need(cJSON_CreateArray());
}

void json_put_str_(cJSON *object, const char *name, const char *text, bool literal, bool literal_text)
{
    if (text != NULL)
        json_put_(object, name, literal_text ? cJSON_CreateStringReference(text) : cJSON_CreateString(text), literal);
}

void json_put_int_(cJSON *object, const char *name, int64_t number, bool literal)
{
    if (number >= -EXACT && number <= EXACT) {
        json_put_(object, name, cJSON_CreateNumber((double)number), literal);
        return;
    }
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, number);
    json_put_(object, name, cJSON_CreateRaw(digits), literal);
}

void json_put_(cJSON *object, const char *name, cJSON *value, bool literal)
{
    if (literal)
        cJSON_AddItemToObjectCS(object, name, need(value));
    else
        cJSON_AddItemToObject(object, name, need(value));
}

void json_push(cJSON *array, cJSON *value)
{
    cJSON_AddItemToArray(array, need(value));
}

void json_push_str(cJSON *array, const char *text)
{
    json_push(array, cJSON_CreateString(text));
}
