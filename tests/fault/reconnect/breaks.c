/* What breaks in the same way whichever chat it is. */
#include "tests/fault/reconnect/reconnect.h"

void breaks_drop(struct run *run)
{
    front_cut(run->front);
}

void breaks_resets(struct run *run)
{
    front_goes(run->front, FRONT_RESETS);
    front_cut(run->front);
}

void breaks_half_open(struct run *run)
{
    front_freeze(run->front);
}

void breaks_silent(struct run *run)
{
    front_goes(run->front, FRONT_DEAF_TO_SOCKETS);
    front_cut(run->front);
}

void breaks_forbidden(struct run *run)
{
    front_goes(run->front, FRONT_FORBIDS_SOCKETS);
    front_cut(run->front);
}

void breaks_gateway(struct run *run)
{
    front_goes(run->front, FRONT_BAD_GATEWAY);
    front_cut(run->front);
}

void breaks_name(struct run *run)
{
    run_fail_name(run, FRONT_API_NAME);
}

void breaks_stranger(struct run *run)
{
    front_goes(run->front, FRONT_OF_A_STRANGER);
    front_cut(run->front);
}

void breaks_other_name(struct run *run)
{
    front_goes(run->front, FRONT_OF_ANOTHER_NAME);
    front_cut(run->front);
}

void breaks_expired(struct run *run)
{
    front_goes(run->front, FRONT_EXPIRED);
    front_cut(run->front);
}
