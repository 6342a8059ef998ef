#include "bot/sandbox/sandbox.h"

#include "bot/base/clock.h"
#include "bot/sandbox/link.h"
#include "bot/sandbox/page_socket.h"
#include "bot/sandbox/script.h"

void sandbox_tell(struct sandbox *sandbox, const struct person *only, const struct channel *channel, cJSON *see)
{
    script_tell(sandbox->script, only, channel, see);
    pages_tell(sandbox->pages, only, channel, see);
    cJSON_Delete(see);
}

void sandbox_trouble(struct sandbox *sandbox, const struct person *person, const char *text)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "trouble");
    json_put_str(see, "text", text);
    sandbox_tell(sandbox, person, NULL, see);
}

void sandbox_move_clock(struct sandbox *sandbox, int64_t to_ms)
{
    clock_set_offset_ms(clock_offset_ms() + to_ms - clock_now_ms());
    if (sandbox->link != NULL)
        link_tell_clock(sandbox->link);
    if (sandbox->pages == NULL)
        return; /* before the start */
    cJSON *see = json_object();
    json_put_str(see, "see", "clock");
    json_put_int(see, "now", clock_now_ms());
    sandbox_tell(sandbox, NULL, NULL, see);
}
