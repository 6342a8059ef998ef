#include "bot/net/loop.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/net/loop_internal.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* lws keeps a table of this many descriptors: sockets, listeners and their connections. The
 * process limit can be a million, and lws would take memory for each. */
enum { LWS_DESCRIPTORS = 1024 };
/* Holds one handshake of ours, which lws hardly bounds (websocket.c does), and one read. */
enum { LWS_BUFFER = 16 * 1024, LWS_HEADERS = 8 * 1024 };
enum { SAID_MAX = 10, SAID_US = 60 * 1000 * 1000 }; /* lines of lws in a minute */
enum { ROUNDS_MAX = 64 }; /* of reading before what was read is worked on */
enum { LWS_TIMEOUT_S = 20 }; /* a step of a handshake; whoever wants less has a timer of their own */

struct loop {
    struct lws_context *lws;
    struct lws_vhost *vhost;
    GHashTable *proxies; /* "address:port" → client vhost */
    char *ca_file;
    int hub; /* the epoll descriptor; lws' once adopted */
    bool hub_adopted;
    bool stopping;
    _Atomic bool woken;
    bool heard; /* a socket of lws' brought something in this round */
    GHashTable *watches;
    GPtrArray *removed; /* watches an event of the present round may still name */
    GPtrArray *names;
    GHashTable *timers;
    int signal_fd;
    struct loop_fd *signal_watch;
    void (*signal_taken)(int signal, void *data);
    void *signal_data;
};

struct loop_fd {
    struct loop *loop;
    int fd;
    uint32_t events;
    bool gone;
    void (*ready)(uint32_t events, void *data);
    void *data;
};

struct loop_timer {
    lws_sorted_usec_list_t sul; /* first: lws hands it back */
    struct loop *loop;
    bool real;
    void (*fire)(void *data);
    void *data;
};

/* Reads until nothing is left, so that one commit serves all of it. Level-triggered events of a
 * callback that leaves something unread would come back at once, hence the bound. */
static void hub_ready(struct loop *loop)
{
    struct epoll_event events[64];
    for (int round = 0; round < 4; round++) {
        int count = epoll_wait(loop->hub, events, G_N_ELEMENTS(events), 0);
        for (int i = 0; i < count; i++) {
            struct loop_fd *watch = events[i].data.ptr;
            uint32_t wanted = events[i].events & (watch->events | EPOLLERR | EPOLLHUP);
            if (!watch->gone && wanted != 0)
                watch->ready(wanted, watch->data);
        }
        if (count < (int)G_N_ELEMENTS(events))
            break;
    }
}

/* OpenSSL's folder of authorities when its files are named by their hash, as on Debian: one is then read when it
 * is needed. Reading the bundle of all takes 30 ms and more than a megabyte. NULL when there is no such folder, or
 * somebody wants another bundle. */
static const char *authorities_folder(void)
{
    const char *folder = g_getenv(X509_get_default_cert_dir_env());
    if (folder == NULL)
        folder = X509_get_default_cert_dir();
    g_autoptr(GDir) files = g_getenv(X509_get_default_cert_file_env()) == NULL ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;
    while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
        if (strspn(name, "0123456789abcdef") == 8 && strcmp(name + 8, ".0") == 0)
            return folder;
    }
    return NULL;
}

static int hub_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    (void)in, (void)size;
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS && authorities_folder() != NULL)
        SSL_CTX_load_verify_dir(user, authorities_folder());
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        hub_ready(lws_context_user(lws_get_context(wsi)));
    return 0;
}

static const struct lws_protocols client_protocols[] = {
    {.name = "askwhy-hub", .callback = hub_callback},
    {.name = WEBSOCKET_PROTOCOL, .callback = websocket_callback, .rx_buffer_size = LWS_BUFFER},
    {.name = NULL},
};

/* Everybody who reaches a server of ours can make lws complain: it must not fill the log. */
static bool is_too_much(void)
{
    static int64_t since_us;
    static int said;
    int64_t now = clock_monotonic_us();
    if (said == 0 || now - since_us >= SAID_US) {
        since_us = now;
        said = 0;
    }
    return ++said > SAID_MAX;
}

static void lws_said(int level, const char *line)
{
    if (is_too_much())
        return;
    g_autofree char *text = g_strstrip(g_strdup(line));
    log_write((level & LLL_ERR) != 0 ? LOG_WARNING : LOG_INFO, "lws", "said=\"%s\"", text);
}

char *ca_file_read(const char *ca_file, GError **error)
{
    g_autofree char *pem = NULL;
    if (!g_file_get_contents(ca_file, &pem, NULL, error))
        return NULL;
    if (strstr(pem, "-----BEGIN CERTIFICATE-----") == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s holds no PEM certificate", ca_file);
        return NULL;
    }
    return g_steal_pointer(&pem);
}

static bool fail(GError **error, const char *what)
{
    int number = errno;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "%s: %s", what, g_strerror(number));
    return false;
}

static struct lws_vhost *client_vhost(struct loop *loop, const char *name, const char *proxy)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .vhost_name = name,
        .protocols = client_protocols,
        .client_ssl_ca_filepath = loop->ca_file, /* beside the system's */
        .http_proxy_address = proxy,
    };
    if (authorities_folder() != NULL)
        info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS; /* hub_callback() names the folder */
    /* Without an address lws takes $http_proxy for everything, loopback too. One without a port
     * means none, with a complaint that is of no interest. */
    if (proxy == NULL) {
        info.http_proxy_address = "none";
        lws_set_log_level(0, NULL);
    }
    struct lws_vhost *vhost = lws_create_vhost(loop->lws, &info);
    lws_set_log_level(LLL_ERR | LLL_WARN, lws_said);
    return vhost;
}

struct lws_vhost *loop_proxy_vhost(struct loop *loop, const char *proxy)
{
    struct lws_vhost *vhost = g_hash_table_lookup(loop->proxies, proxy);
    if (vhost == NULL) {
        char *name = g_strdup_printf("askwhy-proxy-%u", loop->names->len);
        g_ptr_array_add(loop->names, name); /* lws keeps what it is given */
        vhost = client_vhost(loop, name, proxy);
        if (vhost != NULL)
            g_hash_table_insert(loop->proxies, g_strdup(proxy), vhost);
    }
    return vhost;
}

static bool loop_open(struct loop *loop, const char *ca_file, GError **error)
{
    if (ca_file != NULL) {
        g_autofree char *pem = ca_file_read(ca_file, error);
        if (pem == NULL)
            return false;
    }
    loop->ca_file = g_strdup(ca_file);
    loop->hub = epoll_create1(EPOLL_CLOEXEC);
    if (loop->hub < 0)
        return fail(error, "epoll");

    lws_set_log_level(LLL_ERR | LLL_WARN, lws_said);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .fd_limit_per_thread = LWS_DESCRIPTORS,
        .pt_serv_buf_size = LWS_BUFFER,
        .max_http_header_data = LWS_HEADERS,
        .timeout_secs = LWS_TIMEOUT_S,
        .server_string = "askwhy",
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .user = loop,
    };
    loop->lws = lws_create_context(&info);
    if (loop->lws == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "libwebsockets did not start");
        return false;
    }
    loop->vhost = client_vhost(loop, "askwhy-client", NULL);
    if (loop->vhost == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "libwebsockets did not set up its clients");
        return false;
    }
    lws_sock_file_fd_type hub = {.filefd = loop->hub};
    loop->hub_adopted = true; /* a refused adoption closes it too */
    if (lws_adopt_descriptor_vhost(loop->vhost, LWS_ADOPT_RAW_FILE_DESC, hub, "askwhy-hub", NULL) == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "libwebsockets did not take the event loop's descriptor");
        return false;
    }
    return true;
}

struct loop *loop_new(const char *ca_file, GError **error)
{
    struct loop *loop = g_new0(struct loop, 1);
    loop->hub = loop->signal_fd = -1;
    loop->watches = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    loop->removed = g_ptr_array_new_with_free_func(g_free);
    loop->proxies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    loop->names = g_ptr_array_new_with_free_func(g_free);
    loop->timers = g_hash_table_new(NULL, NULL);
    if (!loop_open(loop, ca_file, error)) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    if (loop->lws != NULL)
        lws_context_destroy(loop->lws); /* closes the adopted descriptor too */
    if (!loop->hub_adopted && loop->hub >= 0)
        close(loop->hub);
    if (loop->signal_fd >= 0)
        close(loop->signal_fd);
    g_hash_table_destroy(loop->watches);
    g_ptr_array_unref(loop->removed);
    g_ptr_array_unref(loop->names);
    g_hash_table_destroy(loop->proxies);
    g_hash_table_destroy(loop->timers);
    g_free(loop->ca_file);
    g_free(loop);
}

void loop_heard(struct loop *loop)
{
    loop->heard = true;
}

/* Sleeps until there is something, then reads on: lws takes one piece of a socket (with TLS, one record) at a
 * time, and what waits behind it belongs into the same commit. */
static bool read_all(struct loop *loop)
{
    int wait = 0; /* lws: as long as it takes; negative: not at all */
    for (int round = 0; round < ROUNDS_MAX; round++) {
        loop->heard = false;
        if (lws_service(loop->lws, wait) < 0)
            return false;
        if (!loop->heard || loop->stopping)
            break;
        wait = -1;
    }
    return true;
}

void loop_run(struct loop *loop, void (*before_sleep)(void *data), void *data)
{
    while (!loop->stopping) {
        if (!read_all(loop)) {
            log_error("loop.failed", "%s", "");
            break;
        }
        /* Before the work is looked at: a wake that comes meanwhile asks for another round. */
        atomic_store(&loop->woken, false);
        if (before_sleep != NULL)
            before_sleep(data);
        g_ptr_array_set_size(loop->removed, 0);
    }
    loop->stopping = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
    loop_wake(loop);
}

void loop_wake(struct loop *loop)
{
    if (!atomic_exchange(&loop->woken, true))
        lws_cancel_service(loop->lws);
}

struct loop_fd *loop_fd_add(struct loop *loop, int fd, uint32_t events, void (*ready)(uint32_t events, void *data),
                            void *data)
{
    struct loop_fd *watch = g_new0(struct loop_fd, 1);
    *watch = (struct loop_fd){.loop = loop, .fd = fd, .events = events, .ready = ready, .data = data};
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(loop->hub, EPOLL_CTL_ADD, fd, &event) != 0)
        log_error("loop.fd", "fd=%d error=\"%s\"", fd, g_strerror(errno));
    g_hash_table_add(loop->watches, watch);
    return watch;
}

void loop_fd_change(struct loop_fd *watch, uint32_t events)
{
    if (watch->events == events)
        return;
    watch->events = events;
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(watch->loop->hub, EPOLL_CTL_MOD, watch->fd, &event) != 0)
        log_error("loop.fd", "fd=%d error=\"%s\"", watch->fd, g_strerror(errno));
}

void loop_fd_remove(struct loop_fd *watch)
{
    if (watch == NULL || watch->gone)
        return;
    watch->gone = true;
    epoll_ctl(watch->loop->hub, EPOLL_CTL_DEL, watch->fd, NULL); /* fails when the owner closed it first: as good */
    g_hash_table_steal(watch->loop->watches, watch);
    g_ptr_array_add(watch->loop->removed, watch);
}

/* lws runs timers and then sleeps: what they brought needs the round that the wake gives. */
static void timer_fired(lws_sorted_usec_list_t *sul)
{
    struct loop_timer *timer = (struct loop_timer *)sul;
    loop_wake(timer->loop);
    timer->fire(timer->data);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fire)(void *data), void *data)
{
    struct loop_timer *timer = g_new0(struct loop_timer, 1);
    timer->loop = loop;
    timer->fire = fire;
    timer->data = data;
    g_hash_table_add(loop->timers, timer);
    return timer;
}

void loop_timer_real(struct loop_timer *timer)
{
    timer->real = true;
}

static gint sooner(gconstpointer a, gconstpointer b)
{
    const struct loop_timer *one = *(const struct loop_timer *const *)a, *other = *(const struct loop_timer *const *)b;
    return (one->sul.us > other->sul.us) - (one->sul.us < other->sul.us);
}

void loop_pass_ms(struct loop *loop, int64_t ms)
{
    g_autoptr(GPtrArray) set = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, loop->timers);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const struct loop_timer *timer = key;
        if (!timer->real && timer->sul.list.owner != NULL)
            g_ptr_array_add(set, key);
    }
    g_ptr_array_sort(set, sooner);
    lws_usec_t now = lws_now_usecs();
    for (guint i = 0; i < set->len; i++) {
        struct loop_timer *timer = g_ptr_array_index(set, i);
        lws_usec_t left = timer->sul.us - now - ms * LWS_US_PER_MS;
        lws_sul_schedule(loop->lws, 0, &timer->sul, timer_fired, MAX(left, 1 + (lws_usec_t)i));
    }
}

void loop_timer_set_ms(struct loop_timer *timer, int64_t from_now)
{
    int64_t ms = CLAMP(from_now, 0, INT64_C(10) * 365 * 24 * 3600 * 1000);
    lws_sul_schedule(timer->loop->lws, 0, &timer->sul, timer_fired, MAX(ms * LWS_US_PER_MS, 1));
}

void loop_timer_clear(struct loop_timer *timer)
{
    lws_sul_cancel(&timer->sul);
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    lws_sul_cancel(&timer->sul);
    g_hash_table_remove(timer->loop->timers, timer);
    g_free(timer);
}

static void signals_ready(uint32_t events, void *data)
{
    (void)events;
    struct loop *loop = data;
    struct signalfd_siginfo taken;
    while (read(loop->signal_fd, &taken, sizeof taken) == sizeof taken)
        loop->signal_taken((int)taken.ssi_signo, loop->signal_data);
}

bool loop_signals(struct loop *loop, void (*taken)(int signal, void *data), void *data, GError **error)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    errno = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (errno != 0)
        return fail(error, "blocking signals");
    loop->signal_fd = signalfd(loop->signal_fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (loop->signal_fd < 0)
        return fail(error, "signalfd");
    loop->signal_taken = taken;
    loop->signal_data = data;
    if (loop->signal_watch == NULL)
        loop->signal_watch = loop_fd_add(loop, loop->signal_fd, EPOLLIN, signals_ready, loop);
    return true;
}

struct lws_context *loop_context(struct loop *loop)
{
    return loop->lws;
}

struct lws_vhost *loop_client_vhost(struct loop *loop)
{
    return loop->vhost;
}

int loop_listen(struct loop *loop, const char *address, int port, const struct lws_protocols *protocols, void *user,
                GError **error)
{
    /* lws keeps the name and address it is given, and finds vhosts by name. */
    char *name = g_strdup_printf("askwhy-listen-%u", loop->names->len);
    g_ptr_array_add(loop->names, name);
    char *where = g_strdup(address != NULL ? address : "127.0.0.1");
    g_ptr_array_add(loop->names, where);
    uint64_t options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    if (strchr(where, ':') == NULL)
        options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    struct lws_context_creation_info info = {
        .port = port,
        .iface = where,
        .vhost_name = name,
        .protocols = protocols,
        .options = options,
        .user = user,
    };
    struct lws_vhost *vhost = lws_create_vhost(loop->lws, &info);
    int bound = vhost != NULL ? lws_get_vhost_listen_port(vhost) : 0;
    if (bound <= 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot listen on %s:%d", where, port);
        return -1;
    }
    return bound;
}

struct lws_vhost *loop_server_vhost(struct loop *loop, const struct lws_protocols *protocols, bool tls, void *user)
{
    char *name = g_strdup_printf("askwhy-server-%u", loop->names->len);
    g_ptr_array_add(loop->names, name);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = name,
        .protocols = protocols,
        .options = tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX : 0,
        .alpn = "http/1.1",
        .user = user,
    };
    return lws_create_vhost(loop->lws, &info);
}
