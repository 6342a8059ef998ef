#include "bot/net/rest.h"

#include "bot/base/log.h"
#include "bot/net/loop_internal.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/epoll.h>

enum {
    BODY_LIMIT = 16 * 1024 * 1024,
    TIMEOUT_MS = 30 * 1000,
    CONNECT_MS = 10 * 1000,
    HOST_CONNECTIONS = 32, /* fewer, and posts fall behind commands: they pile up in memory */
    IDLE_CONNECTIONS = 32,
    SPARE_HANDLES = 32,
    LONGEST_WAIT_S = 24 * 3600, /* a server that asks for more gets this much */
};

struct rest {
    struct loop *loop;
    CURLM *multi;
    struct loop_timer *timer;
    GHashTable *transfers;
    GHashTable *sockets;
    GQueue spare;   /* easy handles for requests, to use again as they are */
    GQueue refused; /* transfers that libcurl did not take; answered from the timer */
    char *direct;            /* never through a proxy: no_proxy of the environment, and loopback */
    GByteArray *authorities; /* system's and private PEM; NULL: libcurl's own */
    int active;
};

struct transfer {
    struct rest *rest;
    CURL *easy;
    CURLcode refused;
    struct curl_slist *headers;
    char *body;
    bool begun; /* a request that must not be made twice was handed to a connection */
    bool ended; /* and that ended without an answer */
    GString *answer;
    bool too_long;
    rest_done_fn *done;         /* a request, or */
    rest_resolved_fn *resolved; /* a lookup */
    void *data;
    char error[CURL_ERROR_SIZE];
};

struct rest_socket {
    struct rest *rest;
    curl_socket_t fd;
    struct loop_fd *watch;
};

void rest_request_done(struct rest_request *request)
{
    g_free(request->url);
    g_strfreev(request->headers);
    g_free(request->body);
    *request = (struct rest_request){0};
}

/* No longer under way, nor to be found by rest_forget(). */
static void transfer_leave(struct transfer *transfer)
{
    if (g_hash_table_remove(transfer->rest->transfers, transfer) && transfer->done != NULL)
        transfer->rest->active--;
}

static void transfer_free(struct transfer *transfer)
{
    struct rest *rest = transfer->rest;
    if (transfer->easy != NULL) {
        curl_multi_remove_handle(rest->multi, transfer->easy);
        if (transfer->done != NULL && rest->spare.length < SPARE_HANDLES) {
            g_queue_push_tail(&rest->spare, transfer->easy);
        } else {
            curl_easy_cleanup(transfer->easy);
        }
    }
    g_queue_remove(&rest->refused, transfer);
    transfer_leave(transfer);
    curl_slist_free_all(transfer->headers);
    g_free(transfer->body);
    if (transfer->answer != NULL)
        g_string_free(transfer->answer, TRUE);
    g_free(transfer);
}

/* ---- what came of it ---- */

static const char *header_value(CURL *easy, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

static int64_t retry_after(CURL *easy)
{
    curl_off_t seconds = 0;
    if (header_value(easy, "Retry-After") == NULL ||
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK)
        return -1;
    return CLAMP(seconds, 0, LONGEST_WAIT_S);
}

/* Some servers write a moment there, which is no wait. */
static int64_t reset_after(CURL *easy)
{
    const char *text = header_value(easy, "X-RateLimit-Reset");
    int64_t seconds = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
    return seconds >= 0 && seconds <= LONGEST_WAIT_S ? seconds : 0;
}

static const char *transfer_error(const struct transfer *transfer, CURLcode code)
{
    if (transfer->too_long)
        return "the answer is larger than 16 MiB";
    return transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(code);
}

static void request_finish(struct transfer *transfer, CURLcode code)
{
    struct rest_response response = {.body = "", .retry_after_s = -1};
    long sent = 0, status = 0;
    if (transfer->refused == CURLE_OK) /* else libcurl still knows of the handle's last request */
        curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    if (code == CURLE_OK) {
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        response.outcome = REST_ANSWERED;
        response.status = (int)status;
        response.body = transfer->answer->str;
        response.body_size = transfer->answer->len;
        response.retry_after_s = retry_after(transfer->easy);
        response.reset_after_s = reset_after(transfer->easy);
        response.scopes = header_value(transfer->easy, "X-OAuth-Scopes");
        response.limited = header_value(transfer->easy, "X-RateLimit-Limit") != NULL;
        response.content_type = header_value(transfer->easy, "Content-Type");
        const char *date = header_value(transfer->easy, "Date");
        time_t at = date != NULL ? curl_getdate(date, NULL) : -1;
        response.date_ms = at > 0 ? (int64_t)at * 1000 : 0;
    } else {
        /* Once a byte of the request was handed to the connection, the server may have acted on it. */
        response.outcome = sent > 0 || transfer->ended ? REST_UNKNOWN : REST_NOT_SENT;
        response.too_large = transfer->too_long;
        response.error = transfer->ended ? "the connection ended before the answer came" : transfer_error(transfer, code);
    }
    transfer->done(&response, transfer->data);
}

static void lookup_finish(struct transfer *transfer, CURLcode code)
{
    const char *address = NULL;
    if (code == CURLE_OK)
        curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address);
    if (address != NULL && *address == '\0')
        address = NULL;
    transfer->resolved(address, address != NULL ? NULL : transfer_error(transfer, code), transfer->data);
}

static void transfer_finish(struct transfer *transfer, CURLcode code)
{
    transfer_leave(transfer); /* the callback may send, and may forget what it was given */
    if (transfer->done != NULL)
        request_finish(transfer, code);
    else
        lookup_finish(transfer, code);
    transfer_free(transfer);
}

static void collect(struct rest *rest)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(rest->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;
        CURLcode code = message->data.result; /* message is gone once the handle is removed */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        if (message->msg == CURLMSG_DONE && transfer != NULL)
            transfer_finish(transfer, code);
    }
}

/* ---- libcurl on the loop ---- */

static void timer_fired(void *data)
{
    struct rest *rest = data;
    struct transfer *transfer;
    while ((transfer = g_queue_pop_head(&rest->refused)) != NULL)
        transfer_finish(transfer, transfer->refused);
    int running;
    curl_multi_socket_action(rest->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(rest);
}

static int timer_wanted(CURLM *multi, long ms, void *data)
{
    (void)multi;
    struct rest *rest = data;
    if (rest->refused.length > 0)
        ms = 0;
    if (ms < 0)
        loop_timer_clear(rest->timer);
    else
        loop_timer_set_ms(rest->timer, ms);
    return 0;
}

static void socket_ready(uint32_t events, void *data)
{
    struct rest_socket *socket = data;
    struct rest *rest = socket->rest;
    int mask = 0, running;
    if ((events & EPOLLIN) != 0)
        mask |= CURL_CSELECT_IN;
    if ((events & EPOLLOUT) != 0)
        mask |= CURL_CSELECT_OUT;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0)
        mask |= CURL_CSELECT_ERR;
    curl_multi_socket_action(rest->multi, socket->fd, mask, &running); /* may end socket */
    collect(rest);
}

static void socket_free(void *data)
{
    struct rest_socket *socket = data;
    loop_fd_remove(socket->watch);
    g_free(socket);
}

static int socket_wanted(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
    (void)easy;
    struct rest *rest = data;
    struct rest_socket *socket = known;
    if (what == CURL_POLL_REMOVE) {
        if (socket != NULL) {
            curl_multi_assign(rest->multi, fd, NULL);
            g_hash_table_remove(rest->sockets, socket);
        }
        return 0;
    }
    uint32_t events = 0;
    if (what != CURL_POLL_OUT)
        events |= EPOLLIN;
    if (what != CURL_POLL_IN)
        events |= EPOLLOUT;
    if (socket != NULL) {
        loop_fd_change(socket->watch, events);
        return 0;
    }
    socket = g_new0(struct rest_socket, 1);
    socket->rest = rest;
    socket->fd = fd;
    socket->watch = loop_fd_add(rest->loop, fd, events, socket_ready, socket);
    g_hash_table_add(rest->sockets, socket);
    curl_multi_assign(rest->multi, fd, socket);
    return 0;
}

/* A private authority is one more, so libcurl gets one bundle of both. */
static bool authorities_read(struct rest *rest, const char *ca_file, GError **error)
{
    g_autofree char *own = ca_file_read(ca_file, error);
    if (own == NULL)
        return false;
    rest->authorities = g_byte_array_new();
    CURL *easy = curl_easy_init();
    char *bundle = NULL;
    g_autofree char *text = NULL;
    gsize size = 0;
    if (curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle) == CURLE_OK && bundle != NULL &&
        g_file_get_contents(bundle, &text, &size, NULL)) {
        g_byte_array_append(rest->authorities, (const guint8 *)text, (guint)size);
        g_byte_array_append(rest->authorities, (const guint8 *)"\n", 1);
    } else {
        log_warning("rest.authorities", "note=\"the system's bundle cannot be read, only %s is trusted\"", ca_file);
    }
    g_byte_array_append(rest->authorities, (const guint8 *)own, (guint)strlen(own));
    curl_easy_cleanup(easy);
    return true;
}

static char *direct_hosts(void)
{
    const char *own = g_getenv("no_proxy") != NULL ? g_getenv("no_proxy") : g_getenv("NO_PROXY");
    if (g_strcmp0(own, "*") == 0)
        return g_strdup(own);
    return g_strconcat("localhost,127.0.0.0/8,::1", own != NULL ? "," : "", own, NULL);
}

struct rest *rest_new(struct loop *loop, const char *ca_file, GError **error)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    struct rest *rest = g_new0(struct rest, 1);
    rest->loop = loop;
    rest->transfers = g_hash_table_new(NULL, NULL);
    rest->sockets = g_hash_table_new_full(NULL, NULL, socket_free, NULL);
    rest->timer = loop_timer_new(loop, timer_fired, rest);
    loop_timer_real(rest->timer);
    rest->direct = direct_hosts();
    rest->multi = curl_multi_init();
    curl_multi_setopt(rest->multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
    curl_multi_setopt(rest->multi, CURLMOPT_SOCKETDATA, rest);
    curl_multi_setopt(rest->multi, CURLMOPT_TIMERFUNCTION, timer_wanted);
    curl_multi_setopt(rest->multi, CURLMOPT_TIMERDATA, rest);
    curl_multi_setopt(rest->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(rest->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HOST_CONNECTIONS);
    curl_multi_setopt(rest->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
    if (ca_file != NULL && !authorities_read(rest, ca_file, error)) {
        rest_free(rest);
        return NULL;
    }
    return rest;
}

void rest_free(struct rest *rest)
{
    if (rest == NULL)
        return;
    g_autoptr(GList) transfers = g_hash_table_get_keys(rest->transfers);
    for (GList *each = transfers; each != NULL; each = each->next)
        transfer_free(each->data);
    CURL *easy;
    while ((easy = g_queue_pop_head(&rest->spare)) != NULL)
        curl_easy_cleanup(easy);
    curl_multi_cleanup(rest->multi);
    loop_timer_free(rest->timer);
    g_hash_table_destroy(rest->sockets);
    g_hash_table_destroy(rest->transfers);
    if (rest->authorities != NULL)
        g_byte_array_unref(rest->authorities);
    g_free(rest->direct);
    g_free(rest);
}

void rest_forget(struct rest *rest, const void *data)
{
    g_autoptr(GList) transfers = g_hash_table_get_keys(rest->transfers);
    for (GList *each = transfers; each != NULL; each = each->next) {
        struct transfer *transfer = each->data;
        if (transfer->data == data)
            transfer_free(transfer);
    }
}

int rest_active(const struct rest *rest)
{
    return rest->active;
}

/* ---- asking ---- */

/* When a kept connection dies without an answer, libcurl makes the request again by itself, and asks here first. */
static int may_begin(void *data, char *address, char *own_address, int port, int own_port)
{
    (void)address, (void)own_address, (void)port, (void)own_port;
    struct transfer *transfer = data;
    transfer->ended = transfer->begun;
    transfer->begun = true;
    return transfer->ended ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static size_t answer_came(char *from, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    if (transfer->answer->len + size * count > BODY_LIMIT) {
        transfer->too_long = true;
        return 0;
    }
    g_string_append_len(transfer->answer, from, (gssize)(size * count));
    return size * count;
}

static CURL *easy_new(struct rest *rest)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A name that resolves slowly must not hold the loop when its transfer times out. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (rest->authorities != NULL) {
        struct curl_blob blob = {.data = rest->authorities->data, .len = rest->authorities->len,
                                 .flags = CURL_BLOB_NOCOPY};
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    }
    return easy;
}

/* For requests: what all of them have in common. */
static CURL *easy_for_requests(struct rest *rest)
{
    CURL *easy = easy_new(rest);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_came);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "askwhy/" ASKWHY_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, rest->direct);
    return easy;
}

static struct transfer *transfer_new(struct rest *rest, CURL *easy, void *data)
{
    struct transfer *transfer = g_new0(struct transfer, 1);
    transfer->rest = rest;
    transfer->data = data;
    transfer->easy = easy;
    g_hash_table_add(rest->transfers, transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    return transfer;
}

/* Answered later, from the loop. */
static void transfer_refuse(struct transfer *transfer, CURLcode code, const char *why)
{
    transfer->refused = code;
    g_strlcpy(transfer->error, why, sizeof transfer->error);
    g_queue_push_tail(&transfer->rest->refused, transfer);
    loop_timer_set_ms(transfer->rest->timer, 0);
}

static void transfer_start(struct transfer *transfer, int timeout_ms)
{
    struct rest *rest = transfer->rest;
    long whole = timeout_ms > 0 ? timeout_ms : TIMEOUT_MS;
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, whole);
    curl_easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, MIN(whole, (long)CONNECT_MS));
    CURLMcode code = curl_multi_add_handle(rest->multi, transfer->easy);
    if (code != CURLM_OK)
        transfer_refuse(transfer, CURLE_FAILED_INIT, curl_multi_strerror(code));
}

/* A line end in a header or address would be a header of somebody else's. */
static bool has_line_end(const struct rest_request *request)
{
    bool found = strpbrk(request->url, "\r\n") != NULL;
    for (int i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        found = found || strpbrk(request->headers[i], "\r\n") != NULL;
    return found;
}

static void body_set(struct transfer *transfer, const struct rest_request *request)
{
    CURL *easy = transfer->easy;
    bool has_body = request->body != NULL && request->body_size > 0;
    bool posts = has_body || strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0;
    bool repeatable = request->idempotent || strcmp(request->method, "GET") == 0;
    if (has_body)
        transfer->body = g_memdup2(request->body, request->body_size);
    curl_easy_setopt(easy, posts ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (posts) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(has_body ? request->body_size : 0));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, has_body ? transfer->body : "");
        transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    }
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, repeatable ? NULL : may_begin);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

void rest_send(struct rest *rest, const struct rest_request *request, rest_done_fn *done, void *data)
{
    CURL *spare = g_queue_pop_head(&rest->spare);
    struct transfer *transfer = transfer_new(rest, spare != NULL ? spare : easy_for_requests(rest), data);
    transfer->done = done;
    transfer->answer = g_string_new(NULL);
    rest->active++;
    if (has_line_end(request)) {
        transfer_refuse(transfer, CURLE_URL_MALFORMAT, "the address or a header holds a line end");
        return;
    }
    CURL *easy = transfer->easy;
    for (int i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        transfer->headers = curl_slist_append(transfer->headers, request->headers[i]);
    body_set(transfer, request);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    transfer_start(transfer, request->timeout_ms);
}

void rest_resolve(struct rest *rest, const char *host, int port, rest_resolved_fn *done, void *data)
{
    struct transfer *transfer = transfer_new(rest, easy_new(rest), data);
    transfer->resolved = done;
    g_autofree char *url = strchr(host, ':') != NULL && host[0] != '[' ? g_strdup_printf("http://[%s]:%d/", host, port)
                                                                       : g_strdup_printf("http://%s:%d/", host, port);
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    /* Connects and closes again: libcurl's resolver thread, and an address that answers. */
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    transfer_start(transfer, CONNECT_MS);
}
