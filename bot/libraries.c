#include "bot/libraries.h"

#include "bot/base/log.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <libwebsockets.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdio.h>

/* Debian 12's: what askwhy is built and tested with. */
static const struct {
    const char *name;
    unsigned least[3];
} libraries[LIBRARIES] = {
    [LIBRARY_CURL] = {"libcurl", {7, 88, 1}},       [LIBRARY_WEBSOCKETS] = {"libwebsockets", {4, 1, 6}},
    [LIBRARY_SQLITE] = {"SQLite", {3, 40, 1}},      [LIBRARY_CJSON] = {"cJSON", {1, 7, 15}},
    [LIBRARY_GLIB] = {"GLib", {2, 74, 0}},          [LIBRARY_OPENSSL] = {"OpenSSL", {3, 0, 0}},
};

/* From the first flawed version to the last one. Left out are those that a distribution keeps up under that number:
 * curl 7.88.1 (Debian 12), 8.0.1 (openSUSE 15); OpenSSL 3.0.2 (Ubuntu 22.04). */
static const struct flaw {
    enum library library;
    unsigned first[3], last[3];
    const char *name, *matters, *mended;
} flaws[] = {
    {LIBRARY_CURL, {8, 11, 1}, {8, 11, 1}, "CVE-2025-0665",
     "closes a descriptor twice after looking up a name, which may be the database's by then", "8.12.0"},
    {LIBRARY_CURL, {7, 88, 2}, {8, 0, 0}, "CVE-2023-38545", "a long host name behind a SOCKS proxy overruns memory", "8.4.0"},
    {LIBRARY_CURL, {8, 0, 2}, {8, 3, 0}, "CVE-2023-38545", "a long host name behind a SOCKS proxy overruns memory", "8.4.0"},
    {LIBRARY_OPENSSL, {3, 0, 0}, {3, 0, 1}, "CVE-2022-3602", "a certificate with a crafted name overruns memory", "3.0.7"},
    {LIBRARY_OPENSSL, {3, 0, 3}, {3, 0, 6}, "CVE-2022-3602", "a certificate with a crafted name overruns memory", "3.0.7"},
};

const char *library_name(enum library library)
{
    return libraries[library].name;
}

static int compare(const unsigned a[3], const unsigned b[3])
{
    for (int i = 0; i < 3; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

static char *version_text(enum library library)
{
    unsigned long openssl = OpenSSL_version_num();
    switch (library) {
    case LIBRARY_CURL:
        return g_strdup(curl_version_info(CURLVERSION_NOW)->version);
    case LIBRARY_WEBSOCKETS:
        return g_strndup(lws_get_library_version(), strcspn(lws_get_library_version(), " -"));
    case LIBRARY_SQLITE:
        return g_strdup(sqlite3_libversion());
    case LIBRARY_CJSON:
        return g_strdup(cJSON_Version());
    case LIBRARY_GLIB:
        return g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
    case LIBRARY_OPENSSL:
        return g_strdup_printf("%lu.%lu.%lu", openssl >> 28, openssl >> 20 & 0xff, openssl >> 4 & 0xff);
    case LIBRARIES:
        break;
    }
    return g_strdup("?");
}

struct library_version library_version(enum library library)
{
    struct library_version version = {.text = version_text(library)};
    sscanf(version.text, "%u.%u.%u", &version.number[0], &version.number[1], &version.number[2]);
    return version;
}

void library_version_done(struct library_version *version)
{
    g_clear_pointer(&version->text, g_free);
}

enum library_verdict library_judge(enum library library, const unsigned number[3], char **why)
{
    const unsigned *least = libraries[library].least;
    *why = NULL;
    if (compare(number, least) < 0) {
        *why = g_strdup_printf("%s %u.%u.%u is too old to run with: askwhy needs %u.%u.%u, as in Debian 12, or newer; "
                               "update the package and start again",
                               libraries[library].name, number[0], number[1], number[2], least[0], least[1], least[2]);
        return LIBRARY_TOO_OLD;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(flaws); i++) {
        const struct flaw *flaw = &flaws[i];
        if (flaw->library != library || compare(number, flaw->first) < 0 || compare(number, flaw->last) > 0)
            continue;
        *why = g_strdup_printf("%s %u.%u.%u has a flaw that matters here (%s: %s): update it to %s or newer",
                               libraries[library].name, number[0], number[1], number[2], flaw->name, flaw->matters,
                               flaw->mended);
        return LIBRARY_FLAWED;
    }
    return LIBRARY_FINE;
}

char *libraries_text(void)
{
    GString *text = g_string_new(NULL);
    for (enum library library = 0; library < LIBRARIES; library++) {
        struct library_version version = library_version(library);
        g_string_append_printf(text, "%s%s %s", library > 0 ? ", " : "", libraries[library].name, version.text);
        library_version_done(&version);
    }
    return g_string_free(text, FALSE);
}

bool libraries_check(char **why)
{
    bool fine = true;
    *why = NULL;
    for (enum library library = 0; library < LIBRARIES && fine; library++) {
        struct library_version version = library_version(library);
        enum library_verdict verdict = library_judge(library, version.number, why);
        fine = verdict != LIBRARY_TOO_OLD;
        if (verdict == LIBRARY_FLAWED) {
            log_warning("library.flaw", "%s", *why);
            g_clear_pointer(why, g_free);
        }
        library_version_done(&version);
    }
    return fine;
}
