/* Between the files of the settings verb, one for each matter that a channel can settle. */
#ifndef ASKWHY_SETTINGS_H
#define ASKWHY_SETTINGS_H

#include "commands/command.h"

/* Each takes the words behind "settings" if they are of its matter; false: they are not. */
bool settings_trade(struct context *ctx, const char *what, const char *rest); /* settings_trade.c */
bool settings_permission(struct context *ctx, const char *what, const char *rest); /* settings_permission.c */
bool settings_people(struct context *ctx, const char *what, const char *rest);     /* settings_people.c */
/* Behind "settings function": nothing, or "engineering from @engineers". settings_groups.c */
bool settings_groups(struct context *ctx, const char *rest);
bool settings_retention(struct context *ctx, const char *what, const char *rest);  /* retention.c */
/* A line of what is settled now. */
char *settings_retention_now(struct context *ctx);
char *settings_trade_now(struct context *ctx);
char *settings_permission_now(struct context *ctx);
char *settings_groups_now(struct context *ctx); /* NULL: no group stands for a function */

#endif
