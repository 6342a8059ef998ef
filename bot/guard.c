#include "bot/guard.h"

#include "bot/base/log.h"
#include "config/environment.h"

#include <errno.h>
#include <glib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void guard_begin(void)
{
    /* A program that core_pattern names is given a core even where the limit is 0: only this keeps it back. */
    if (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) != 0)
        log_warning("guard.memory", "note=\"other processes of this user may read it: %s\"", g_strerror(errno));
    if (setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) != 0)
        log_warning("guard.core", "note=\"cores are not switched off: %s\"", g_strerror(errno));
    environment_take();
}
