/* The listener's certificate and key. */
#include "bot/net/listener_internal.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_US = 60 * 1000 * 1000 }; /* between looks whether the certificate was renewed */

/* OpenSSL would ask for a passphrase on the terminal, and wait. */
static int no_passphrase(char *buffer, int size, int writing, void *data)
{
    (void)buffer, (void)size, (void)writing, (void)data;
    return 0;
}

static bool fail(GError **error, const char *file, const char *what)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", file, what);
    ERR_clear_error();
    return false;
}

static bool can_read(const char *file, GError **error)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(error, file, g_strerror(errno));
    close(fd);
    return true;
}

static bool load(SSL_CTX *tls, const char *certificate, const char *key, GError **error)
{
    if (!can_read(certificate, error) || !can_read(key, error))
        return false;
    if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1)
        return fail(error, certificate, "holds no certificate that can be used (PEM, the server's own first)");
    ERR_clear_error();
    if (SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1)
        return true;
    bool other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    g_autofree char *what = g_strdup_printf("is not the key of the certificate in %s", certificate);
    return fail(error, key, other ? what : "holds no private key that can be used (PEM, without a passphrase)");
}

/* Beforehand and apart: half a pair must not get into the context that serves. */
static bool is_pair(const char *certificate, const char *key, GError **error)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_default_passwd_cb(tls, no_passphrase);
    bool fits = load(tls, certificate, key, error);
    SSL_CTX_free(tls);
    return fits;
}

struct secrets {
    SSL_CTX *tls; /* libwebsockets' */
    char *certificate, *key;
    struct stamp {
        struct timespec changed;
        ino_t inode;
    } seen[2]; /* of the files that were read, or were of no use */
    int64_t looked_us;
};

static void look(const struct secrets *secrets, struct stamp seen[2])
{
    const char *files[] = {secrets->certificate, secrets->key};
    for (int i = 0; i < 2; i++) {
        struct stat found;
        if (stat(files[i], &found) == 0)
            seen[i] = (struct stamp){.changed = found.st_mtim, .inode = found.st_ino};
    }
}

static bool is_same(const struct stamp *one, const struct stamp *other)
{
    return one->inode == other->inode && one->changed.tv_sec == other->changed.tv_sec &&
           one->changed.tv_nsec == other->changed.tv_nsec;
}

/* Certificates live for weeks, askwhy for longer. Between the writing of one file and the other they do not fit: then
 * the old ones serve until both are there. */
void secrets_renew(struct secrets *secrets)
{
    if (clock_monotonic_us() - secrets->looked_us < LOOK_US)
        return;
    struct stamp seen[2] = {secrets->seen[0], secrets->seen[1]};
    secrets->looked_us = clock_monotonic_us();
    look(secrets, seen);
    if (is_same(&seen[0], &secrets->seen[0]) && is_same(&seen[1], &secrets->seen[1]))
        return;
    secrets->seen[0] = seen[0];
    secrets->seen[1] = seen[1];
    g_autoptr(GError) error = NULL;
    if (is_pair(secrets->certificate, secrets->key, &error) &&
        load(secrets->tls, secrets->certificate, secrets->key, &error))
        log_info("listener.certificate", "read=\"%s\"", secrets->certificate);
    else
        log_warning("listener.certificate", "kept=old why=\"%s\"", error->message);
}

bool secrets_give(struct secrets *secrets, SSL_CTX *tls)
{
    secrets->tls = tls;
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_default_passwd_cb(tls, no_passphrase);
    /* Tickets carry the session; nothing to remember here. */
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    return load(tls, secrets->certificate, secrets->key, NULL);
}

struct secrets *secrets_new(const char *certificate, const char *key, GError **error)
{
    if (certificate == NULL || key == NULL) {
        fail(error, certificate != NULL ? certificate : key, "a certificate and its key are needed together");
        return NULL;
    }
    struct secrets *secrets = g_new0(struct secrets, 1);
    secrets->certificate = g_strdup(certificate);
    secrets->key = g_strdup(key);
    secrets->looked_us = clock_monotonic_us();
    look(secrets, secrets->seen);
    if (is_pair(certificate, key, error))
        return secrets;
    secrets_free(secrets);
    return NULL;
}

void secrets_free(struct secrets *secrets)
{
    if (secrets == NULL)
        return;
    g_free(secrets->certificate);
    g_free(secrets->key);
    g_free(secrets);
}
