#include "bot/mattermost/mattermost.h"

#include <string.h>

/* Words of libcurl's, libwebsockets' and our own; the first that fits. */
static const struct {
    const char *words, *advice;
} known[] = {
    {"certificate has expired", "its certificate is out of date: compare this machine's clock (`date`), or renew the server's "
                                "certificate"},
    {"subject name", "its certificate is for another name: MATTERMOST_URL must name the server as its certificate does"},
    {"hostname mismatch", "its certificate is for another name: MATTERMOST_URL must name the server as its certificate does"},
    {"cert", "its certificate is not trusted: put the authority that signed it in ASKWHY_CA_FILE"},
    {"resolve", "the name is not found: look at this machine's DNS (`getent hosts NAME`) and at MATTERMOST_URL"},
    {"status 429", "the server asked for time: its RateLimitSettings are too low for this bot, unless more than one askwhy runs "
                   "with this token"},
    {"HTTP status 404", "nothing there speaks Mattermost's API: MATTERMOST_URL must be the address people open, with its sub-path"},
    {"handshake", "requests get through, but WebSockets do not: the proxy in front of Mattermost must pass upgrades of "
                  "/api/v4/websocket on"},
    {"HTTP status 5", "Mattermost, or the proxy in front of it, has trouble: its own log tells more"},
    {"HTTP status", "requests get through, but WebSockets do not: the proxy in front of Mattermost must pass upgrades of "
                    "/api/v4/websocket on"},
    {"hello", "WebSockets open, but nothing comes through: look at the proxy in front of Mattermost"},
    {"sign of life", "connections open, but fall silent: a firewall or proxy between drops them; its idle time must be over a "
                     "minute"},
    {"app_error", "Mattermost was reached, and its own answer was that it failed: its log tells more about this word"},
};

const char *mattermost_advice(const char *why)
{
    for (gsize i = 0; why != NULL && i < G_N_ELEMENTS(known); i++) {
        if (strcasestr(why, known[i].words) != NULL)
            return known[i].advice;
    }
    return "Mattermost cannot be reached: look at the network, the firewall, the proxy (https_proxy) and MATTERMOST_URL";
}
