/* Any text as an expected impact, and as what tells us so. */
#include "tests/fuzz/hold.h"

#include "commands/understand/understand.h"

#include <math.h>

static void need_words(const char *text)
{
    need(text == NULL || (*text != '\0' && g_utf8_validate(text, -1, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = text_of(data, size);
    GDate today;
    g_date_clear(&today, 1);
    g_date_set_dmy(&today, 18, G_DATE_NOVEMBER, 2026);
    struct impact impact;
    impact_parse(text, &today, &impact);
    need(impact.understood == impact.has_size);
    need(!impact.understood || impact.low <= impact.high);
    need(isfinite(impact.low) && isfinite(impact.high) && impact.low >= 0);
    need(!impact.understood || impact.metric != NULL || impact.unit != NULL);
    need(impact.understood || (impact.metric == NULL && impact.unit == NULL && impact.per == NULL));
    need_words(impact.metric);
    need_words(impact.unit);
    need_words(impact.per);
    need(impact.metric == NULL || strlen(impact.metric) <= strlen(text));
    need(impact.confidence >= SURE_UNSAID && impact.confidence <= SURE_HIGH);
    need(impact.direction >= IMPACT_UNSAID && impact.direction <= IMPACT_TO);
    impact_done(&impact);
    enum evidence_kind evidence = evidence_understand(text);
    need(evidence >= EVIDENCE_UNSAID && evidence <= EVIDENCE_MEASURED);
    return 0;
}
