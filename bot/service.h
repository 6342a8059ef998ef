/* The running bot: every room put together, from start to a clean end. */
#ifndef ASKWHY_SERVICE_H
#define ASKWHY_SERVICE_H

#include "bot/net/loop.h"
#include "config/config.h"

struct service;

/* config is kept until service_free(). file: where it came from, for SIGHUP; NULL-able. */
struct service *service_new(const struct config *config, const char *file, GError **error);
struct loop *service_loop(struct service *service);
/* Until SIGTERM, SIGINT or service_stop(). Returns the exit status. */
int service_run(struct service *service);
/* Stops taking work, commits, sends for a few seconds what can be sent, and ends service_run(). */
void service_stop(struct service *service, int status);
/* After service_run(): the configuration a SIGHUP brought, when everything is to be set up anew with it, else NULL; the
 * caller's. What is wrong with one is logged, and the service goes on as it is. */
struct config *service_next_config(struct service *service);
void service_free(struct service *service); /* accepts NULL */

#endif
