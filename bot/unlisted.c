/* What is sent and stands in no table: a form for somebody whose name is kept nowhere. */
#include "bot/outbox_internal.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

static void answered(const struct rest_response *response, void *data)
{
    const struct platform *platform = data;
    struct outgoing out = {.kind = OUT_FORM};
    struct verdict verdict = {0};
    platform->codec->decode(platform->codec, &out, response, &verdict);
    if (verdict.kind != VERDICT_SENT)
        log_warning("form.unopened", "why=%s", verdict.why != NULL ? verdict.why : "");
    verdict_done(&verdict);
}

void outbox_open_form(struct outbox *outbox, const struct event *event, const struct form *form)
{
    struct outbox_row row = {.platform = (char *)event->platform};
    struct platform *platform = outbox_platform(outbox, &row);
    g_autofree char *op = g_strdup_printf("%08x%08x", g_random_int(), g_random_int());
    struct outgoing out = {.kind = OUT_FORM, .op = op, .user = event->user, .trigger = event->trigger, .form = form,
                           .since_ms = clock_now_ms()};
    struct rest_request request = {0};
    if (platform != NULL && platform->codec->encode(platform->codec, &out, &request))
        rest_send(outbox->rest, &request, answered, platform);
    rest_request_done(&request);
}
