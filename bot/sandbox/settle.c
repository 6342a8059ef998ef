#include "bot/sandbox/settle.h"

#include "bot/base/clock.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/link.h"

enum { QUIET_MS = 500 /* without a link: so long nothing happens */ };

/* Grows with everything that keeps the bot busy. */
static guint64 happened(const struct sandbox *sandbox)
{
    return sandbox->face->made(sandbox) + sandbox->api_calls;
}

void settling_start(struct settling *settling, struct sandbox *sandbox)
{
    settling->began_us = settling->changed_us = clock_monotonic_us();
    settling->changed_to = happened(sandbox);
    settling->asked = settling->answered = false;
}

bool settling_over(struct settling *settling, struct sandbox *sandbox)
{
    if (sandbox->face->sockets(sandbox) == 0 || sandbox->face->pending(sandbox) > 0)
        return false;
    guint64 now = happened(sandbox);
    if (sandbox->link == NULL) {
        if (now != settling->changed_to) {
            settling->changed_to = now;
            settling->changed_us = clock_monotonic_us();
        }
        return clock_monotonic_us() - settling->changed_us > QUIET_MS * 1000;
    }
    if (settling->asked && settling->answered) {
        settling->asked = false;
        if (settling->asked_at == now)
            return true;
    }
    if (!settling->asked && link_connected(sandbox->link)) {
        settling->asked = true;
        settling->answered = false;
        settling->asked_at = now;
        settling->question = ++sandbox->idle_questions;
        link_ask_idle(sandbox->link, settling->question);
    }
    return false;
}

void settling_idle(struct settling *settling, guint64 number)
{
    if (settling->asked && number >= settling->question)
        settling->answered = true;
}

void settling_forget(struct settling *settling)
{
    settling->asked = false;
}
