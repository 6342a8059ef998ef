#include "bot/slack/slack.h"

#include <string.h>

/* Words of libcurl's, libwebsockets' and our own; the first that fits. */
static const struct {
    const char *words, *advice;
} known[] = {
    {"certificate has expired", "its certificate is out of date: compare this machine's clock (`date`); if a proxy of yours "
                                "inspects TLS, renew its certificate"},
    {"subject name", "its certificate is somebody else's, so something between answers in Slack's place: look at "
                     "SLACK_API_URL and at the proxy (https_proxy)"},
    {"hostname mismatch", "its certificate is somebody else's, so something between answers in Slack's place: look at "
                          "SLACK_API_URL and at the proxy (https_proxy)"},
    {"cert", "its certificate is not trusted: if a proxy of yours inspects TLS, put its authority in ASKWHY_CA_FILE; if not, "
             "somebody between pretends to be Slack"},
    {"resolve", "the name is not found: look at this machine's DNS (`getent hosts NAME`) and at SLACK_API_URL"},
    {"handshake", "requests get through, but WebSockets do not: the proxy or firewall between must let wss:// pass"},
    {"HTTP status", "requests get through, but WebSockets do not: the proxy or firewall between must let wss:// pass"},
    {"hello", "WebSockets open, but nothing comes through: look at the proxy or firewall between, and at "
              "https://status.slack.com"},
    {"limit", "Slack asked for time: nothing is to be done, unless more than one askwhy runs with this token"},
    {"http_5", "Slack, or a proxy between, has trouble: https://status.slack.com tells more"},
    {"internal_error", "Slack has trouble: https://status.slack.com tells more"},
    {"fatal_error", "Slack has trouble: https://status.slack.com tells more"},
    {"service_unavailable", "Slack has trouble: https://status.slack.com tells more"},
};

const char *slack_advice(const char *why)
{
    for (gsize i = 0; why != NULL && i < G_N_ELEMENTS(known); i++) {
        if (strcasestr(why, known[i].words) != NULL)
            return known[i].advice;
    }
    return "Slack cannot be reached: look at the network, the firewall, the proxy (https_proxy) and SLACK_API_URL";
}
