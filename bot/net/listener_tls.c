/* The listener's certificate and key. */
#include "bot/net/listener_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <unistd.h>

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

SSL_CTX *listener_tls_new(const char *certificate, const char *key, GError **error)
{
    if (certificate == NULL || key == NULL) {
        fail(error, certificate != NULL ? certificate : key, "a certificate and its key are needed together");
        return NULL;
    }
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_default_passwd_cb(tls, no_passphrase);
    /* Tickets carry the session; nothing to remember here. */
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    if (!load(tls, certificate, key, error)) {
        SSL_CTX_free(tls);
        return NULL;
    }
    return tls;
}
