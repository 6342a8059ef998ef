/* The event loop: libwebsockets' own poll loop plus one epoll descriptor adopted once.
 *
 * lws polls its sockets and our epoll descriptor; that holds libcurl's sockets, a
 * signalfd and eventfds. Timers are lws timers. Nothing else in the service waits.
 * Thread: everything here belongs to the thread that runs the loop, except loop_wake().
 */
#ifndef ASKWHY_LOOP_H
#define ASKWHY_LOOP_H

#include <glib.h>
#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

struct loop;

/* ca_file: PEM of additional certificate authorities for lws' clients, or NULL. */
struct loop *loop_new(const char *ca_file, GError **error);
/* Closes everything still open. Accepts NULL. */
void loop_free(struct loop *loop);

/* Runs until loop_stop(). before_sleep runs after each round, when all that was
 * readable has been read: the place to commit what the round brought. */
void loop_run(struct loop *loop, void (*before_sleep)(void *data), void *data);
/* Safe at any place of the loop thread, timers included. */
void loop_stop(struct loop *loop);
/* Lets before_sleep run soon, also when called from another thread. */
void loop_wake(struct loop *loop);

/* A file descriptor: ready(events, data) with EPOLLIN and so on, level-triggered.
 * The descriptor stays the caller's. loop_fd_remove() may be called in a callback;
 * no callback follows it. */
struct loop_fd;
struct loop_fd *loop_fd_add(struct loop *loop, int fd, uint32_t events, void (*ready)(uint32_t events, void *data),
                            void *data);
void loop_fd_change(struct loop_fd *watch, uint32_t events);
void loop_fd_remove(struct loop_fd *watch);

/* One-shot timers on monotonic time. Setting again moves it; clearing an idle one is fine. */
struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, void (*fire)(void *data), void *data);
void loop_timer_set_ms(struct loop_timer *timer, int64_t from_now);
void loop_timer_clear(struct loop_timer *timer);
/* For a library that looks at the machine's clock itself: this one never comes earlier. */
void loop_timer_real(struct loop_timer *timer);
/* As if so much time passed: what was to come within it is due now, in its order. */
void loop_pass_ms(struct loop *loop, int64_t ms);
void loop_timer_free(struct loop_timer *timer);

/* Blocks and takes SIGTERM, SIGINT and SIGHUP; SIGPIPE is ignored. Call before threads start. */
bool loop_signals(struct loop *loop, void (*taken)(int signal, void *data), void *data, GError **error);

/* For websocket.c and servers. */
struct lws_context *loop_context(struct loop *loop);
struct lws_vhost *loop_client_vhost(struct loop *loop);
/* A listening vhost; address NULL means 127.0.0.1; port 0 lets the system choose.
 * Returns the port, or -1 and *error. protocols must outlive the loop. */
int loop_listen(struct loop *loop, const char *address, int port, const struct lws_protocols *protocols, void *user,
                GError **error);
/* One that serves the sockets it is handed, lws_adopt_socket_vhost(). With tls its first protocol puts the certificate
 * in place at LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS. NULL when lws refuses. */
struct lws_vhost *loop_server_vhost(struct loop *loop, const struct lws_protocols *protocols, bool tls, void *user);

#endif
