/* The environment's proxy settings for WebSocket connections, read as libcurl reads them for HTTP.
 *
 * libwebsockets alone knows only http_proxy, and would send loopback connections there too.
 * Thread: the loop's.
 */
#ifndef ASKWHY_PROXY_H
#define ASKWHY_PROXY_H

#include <glib.h>
#include <stdbool.h>

struct proxy {
    char *user; /* "name:password", NULL for none */
    char *host;
    int port;
};

/* False: connect directly. wss:// asks for https_proxy, ws:// for http_proxy, both for all_proxy;
 * no_proxy excepts names and what stands below them; loopback is never proxied. */
bool proxy_for(bool tls, const char *host, struct proxy *proxy);
void proxy_done(struct proxy *proxy);

#endif
