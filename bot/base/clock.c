#include "bot/base/clock.h"

#include <glib.h>
#include <stdatomic.h>

static _Atomic int64_t offset_ms;
static _Atomic int64_t frozen_ms;
static _Atomic int64_t passed_us;

int64_t clock_now_ms(void)
{
    int64_t frozen = atomic_load(&frozen_ms);
    return frozen != 0 ? frozen : g_get_real_time() / 1000 + atomic_load(&offset_ms);
}

int64_t clock_monotonic_us(void)
{
    return g_get_monotonic_time() + atomic_load(&passed_us);
}

void clock_set_offset_ms(int64_t offset)
{
    atomic_store(&offset_ms, offset);
}

int64_t clock_offset_ms(void)
{
    return atomic_load(&offset_ms);
}

void clock_pass_ms(int64_t ms)
{
    atomic_fetch_add(&passed_us, ms * 1000);
}

void clock_freeze_ms(int64_t at)
{
    atomic_store(&frozen_ms, at);
}
