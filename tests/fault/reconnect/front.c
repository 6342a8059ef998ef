#include "tests/fault/reconnect/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KINDS = 4, PIECE = 64 * 1024, WAKE_MS = 20 };

struct front {
    int listener, port, to;
    GThread *taker;
    GMutex lock; /* over connections and the count */
    GPtrArray *connections;
    int count;
    _Atomic int way;
    _Atomic bool ending, socket_named;
    SSL_CTX *tls[KINDS]; /* by enum front_way, well first; NULL when plain */
};

struct connection {
    struct front *front;
    GThread *thread;
    int client, server; /* server -1 until there is one */
    SSL *ssl;
    enum front_way way; /* when it was taken */
    _Atomic bool cut, frozen;
};

/* ---- certificates ---- */

static X509 *make_certificate(EVP_PKEY *key, const char *subject, const char *names, X509 *issuer, EVP_PKEY *issuer_key,
                              long from_s, long to_s)
{
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), g_random_int_range(1, G_MAXINT32));
    X509_gmtime_adj(X509_getm_notBefore(certificate), from_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate), to_s);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer != NULL ? issuer : certificate));
    const char *const extensions[][2] = {{"basicConstraints", issuer == NULL ? "critical,CA:TRUE" : NULL},
                                         {"subjectAltName", names}};
    for (gsize i = 0; i < G_N_ELEMENTS(extensions); i++) {
        if (extensions[i][1] == NULL)
            continue;
        X509_EXTENSION *extension = X509V3_EXT_conf(NULL, NULL, extensions[i][0], extensions[i][1]);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate, issuer_key, EVP_sha256());
    return certificate;
}

static SSL_CTX *context_of(X509 *certificate, EVP_PKEY *key)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1)
        abort();
    return context;
}

/* Who is asked for by name. */
static int choose_certificate(SSL *ssl, int *alert, void *data)
{
    (void)alert;
    struct front *front = data;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (front->way == FRONT_STRANGE_SOCKETS && g_strcmp0(name, FRONT_SOCKET_NAME) == 0)
        SSL_set_SSL_CTX(ssl, front->tls[1]);
    return SSL_TLSEXT_ERR_OK;
}

static void make_certificates(struct front *front, const char *authority)
{
    enum { DAY = 24 * 3600 };
    EVP_PKEY *key = EVP_EC_gen("P-256"), *root_key = EVP_EC_gen("P-256");
    X509 *root = make_certificate(root_key, "Test authority", NULL, NULL, root_key, -400 * DAY, DAY);
    const char *ours = "IP:127.0.0.1,DNS:" FRONT_API_NAME ",DNS:" FRONT_SOCKET_NAME;
    const struct {
        const char *names;
        X509 *issuer;
        EVP_PKEY *issuer_key;
        long from, to;
    } wanted[KINDS] = {
        {ours, root, root_key, -DAY, DAY},
        {ours, NULL, key, -DAY, DAY},
        {"DNS:somebody.else.test", root, root_key, -DAY, DAY},
        {ours, root, root_key, -300 * DAY, -DAY},
    };
    for (int i = 0; i < KINDS; i++) {
        X509 *certificate = make_certificate(key, "Test front", wanted[i].names, wanted[i].issuer, wanted[i].issuer_key,
                                             wanted[i].from, wanted[i].to);
        front->tls[i] = context_of(certificate, key);
        X509_free(certificate);
    }
    SSL_CTX_set_tlsext_servername_callback(front->tls[0], choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(front->tls[0], front);
    FILE *file = fopen(authority, "w");
    if (file == NULL || PEM_write_X509(file, root) != 1 || fclose(file) != 0)
        abort();
    X509_free(root);
    EVP_PKEY_free(key);
    EVP_PKEY_free(root_key);
}

static SSL_CTX *context_for(const struct front *front, enum front_way way)
{
    bool bad = way >= FRONT_OF_A_STRANGER && way <= FRONT_EXPIRED;
    return front->tls[bad ? (int)way - FRONT_OF_A_STRANGER + 1 : 0];
}

/* ---- one connection ---- */

static bool wait_for(const struct connection *connection, int fd, short events)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    while (!connection->cut && !connection->front->ending) {
        if (poll(&poll_fd, 1, WAKE_MS) > 0)
            return true;
    }
    return false;
}

static ssize_t take(struct connection *connection, char *into, size_t size)
{
    return connection->ssl != NULL ? SSL_read(connection->ssl, into, (int)size) : recv(connection->client, into, size, 0);
}

static bool give(struct connection *connection, const char *from, ssize_t size)
{
    if (connection->ssl != NULL)
        return SSL_write(connection->ssl, from, (int)size) == (int)size;
    return send(connection->client, from, (size_t)size, MSG_NOSIGNAL) == size;
}

static void rename_host(char *text, ssize_t size, const char *from, const char *to)
{
    g_assert(strlen(from) == strlen(to));
    char *at = memmem(text, (size_t)size, from, strlen(from));
    if (at != NULL)
        memcpy(at, to, strlen(to));
}

/* Both ways until one side ends. What came first stands in buffer already. */
static void pass_on(struct connection *connection, char *buffer, ssize_t got)
{
    bool named = false;
    for (;;) {
        if (got > 0 && !connection->frozen) {
            named = named || memmem(buffer, (size_t)got, "Host: " FRONT_API_NAME, strlen("Host: " FRONT_API_NAME)) != NULL;
            rename_host(buffer, got, "Host: " FRONT_API_NAME, "Host: 127.0.0.1");
            rename_host(buffer, got, "Host: " FRONT_SOCKET_NAME, "Host: 127.0.0.1");
            if (send(connection->server, buffer, (size_t)got, MSG_NOSIGNAL) != got)
                return;
        }
        struct pollfd fds[] = {{.fd = connection->client, .events = POLLIN}, {.fd = connection->server, .events = POLLIN}};
        while (poll(fds, 2, connection->ssl != NULL && SSL_pending(connection->ssl) > 0 ? 0 : WAKE_MS) == 0 &&
               (connection->ssl == NULL || SSL_pending(connection->ssl) == 0)) {
            if (connection->cut || connection->front->ending)
                return;
        }
        if (connection->cut || connection->front->ending)
            return;
        got = 0;
        if (fds[0].revents != 0 || (connection->ssl != NULL && SSL_pending(connection->ssl) > 0)) {
            got = take(connection, buffer, PIECE);
            if (got <= 0)
                return;
        }
        if (fds[1].revents != 0) {
            g_autofree char *answer = g_malloc(PIECE);
            ssize_t size = recv(connection->server, answer, PIECE, 0);
            if (size <= 0)
                return;
            if (connection->frozen)
                continue;
            if (connection->front->socket_named)
                rename_host(answer, size, "s://127.0.0.1", "s://" FRONT_SOCKET_NAME); /* ws and wss */
            else if (named)
                rename_host(answer, size, "s://127.0.0.1", "s://" FRONT_API_NAME);
            if (!give(connection, answer, size))
                return;
        }
    }
}

/* A frozen peer is gone for good: nothing comes from it, not even an end. */
static void stay_dead(struct connection *connection)
{
    while (!connection->cut && !connection->front->ending)
        g_usleep(WAKE_MS * 1000);
}

static void say_and_end(struct connection *connection, const char *status, const char *body)
{
    g_autofree char *answer = g_strdup_printf("HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n"
                                              "Connection: close\r\n\r\n%s", status, strlen(body), body);
    give(connection, answer, (ssize_t)strlen(answer));
    if (connection->ssl != NULL)
        SSL_shutdown(connection->ssl);
    shutdown(connection->client, SHUT_WR);
}

static void treat(struct connection *connection, char *buffer)
{
    struct front *front = connection->front;
    if (connection->way == FRONT_DEAF) {
        stay_dead(connection);
        return;
    }
    if (connection->way == FRONT_RESETS) {
        connection->cut = true;
        return;
    }
    if (front->tls[0] != NULL) {
        connection->ssl = SSL_new(context_for(front, connection->way));
        SSL_set_fd(connection->ssl, connection->client);
        if (SSL_accept(connection->ssl) != 1)
            return;
    }
    if (!wait_for(connection, connection->client, POLLIN))
        return;
    ssize_t got = take(connection, buffer, PIECE);
    if (got <= 0)
        return;
    static const char slack[] = "GET /link", mattermost[] = "GET /api/v4/websocket";
    bool socket_wanted = ((gsize)got >= sizeof slack && memcmp(buffer, slack, sizeof slack - 1) == 0) ||
                         ((gsize)got >= sizeof mattermost && memcmp(buffer, mattermost, sizeof mattermost - 1) == 0);
    if (socket_wanted && connection->way == FRONT_DEAF_TO_SOCKETS) {
        stay_dead(connection);
    } else if (socket_wanted && connection->way == FRONT_FORBIDS_SOCKETS) {
        say_and_end(connection, "403 Forbidden", "");
    } else if (connection->way == FRONT_BAD_GATEWAY) {
        say_and_end(connection, "502 Bad Gateway", "<html><h1>Bad gateway</h1></html>");
    } else {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                      .sin_port = htons((uint16_t)front->to)};
        connection->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(connection->server, (struct sockaddr *)&address, sizeof address) == 0)
            pass_on(connection, buffer, got);
        if (connection->frozen)
            stay_dead(connection);
    }
}

static void *connection_run(void *data)
{
    struct connection *connection = data;
    g_autofree char *buffer = g_malloc(PIECE);
    treat(connection, buffer);
    if (connection->cut) {
        struct linger hard = {.l_onoff = 1};
        setsockopt(connection->client, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    if (connection->ssl != NULL)
        SSL_free(connection->ssl);
    if (connection->server >= 0)
        close(connection->server);
    close(connection->client);
    return NULL;
}

static void *take_connections(void *data)
{
    struct front *front = data;
    int fd;
    while ((fd = accept4(front->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0 || errno == EINTR || errno == ECONNABORTED) {
        if (fd < 0)
            continue;
        struct connection *connection = g_new0(struct connection, 1);
        connection->front = front;
        connection->client = fd;
        connection->server = -1;
        connection->way = (enum front_way)front->way;
        g_mutex_lock(&front->lock);
        front->count++;
        g_ptr_array_add(front->connections, connection);
        connection->thread = g_thread_new("connection", connection_run, connection);
        g_mutex_unlock(&front->lock);
    }
    return NULL;
}

/* ---- the front ---- */

static void connection_free(void *data)
{
    struct connection *connection = data;
    g_thread_join(connection->thread);
    g_free(connection);
}

struct front *front_new(int to, const char *authority)
{
    struct front *front = g_new0(struct front, 1);
    front->to = to;
    front->connections = g_ptr_array_new_with_free_func(connection_free);
    g_mutex_init(&front->lock);
    if (authority != NULL)
        make_certificates(front, authority);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    front->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(front->listener, (struct sockaddr *)&address, size) != 0 || listen(front->listener, 64) != 0 ||
        getsockname(front->listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    front->port = ntohs(address.sin_port);
    front->taker = g_thread_new("front", take_connections, front);
    return front;
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    front->ending = true;
    shutdown(front->listener, SHUT_RDWR);
    g_thread_join(front->taker);
    close(front->listener);
    g_ptr_array_unref(front->connections);
    for (int i = 0; i < KINDS; i++)
        SSL_CTX_free(front->tls[i]);
    g_mutex_clear(&front->lock);
    g_free(front);
}

int front_port(const struct front *front)
{
    return front->port;
}

void front_goes(struct front *front, enum front_way way)
{
    front->way = (int)way;
}

static void mark_all(struct front *front, bool cut)
{
    g_mutex_lock(&front->lock);
    for (guint i = 0; i < front->connections->len; i++) {
        struct connection *connection = g_ptr_array_index(front->connections, i);
        if (cut)
            connection->cut = true;
        else
            connection->frozen = true;
    }
    g_mutex_unlock(&front->lock);
}

void front_cut(struct front *front)
{
    mark_all(front, true);
}

void front_freeze(struct front *front)
{
    mark_all(front, false);
}

void front_bury(struct front *front)
{
    g_mutex_lock(&front->lock);
    for (guint i = 0; i < front->connections->len; i++) {
        struct connection *connection = g_ptr_array_index(front->connections, i);
        connection->cut = connection->cut || connection->frozen;
    }
    g_mutex_unlock(&front->lock);
}

int front_count(struct front *front)
{
    g_mutex_lock(&front->lock);
    int count = front->count;
    g_mutex_unlock(&front->lock);
    return count;
}

void front_names_socket(struct front *front, bool named)
{
    front->socket_named = named;
}
