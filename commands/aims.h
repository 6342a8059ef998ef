/* Goals and metrics: found by their names, shown, and what asks do to them. */
#ifndef ASKWHY_AIMS_H
#define ASKWHY_AIMS_H

#include "commands/command.h"
#include "store/aims.h"

/* The one that is called so, else the only one whose name begins so, else the only one with these words in its name.
 * False: none, or *several. */
bool aim_find(struct context *ctx, const struct viewer *viewer, bool metric, const char *text, struct aim *aim,
              bool *several);
/* The same for who acts from where they are; false after answering that it is not known. */
bool aim_need(struct context *ctx, const struct viewer *viewer, bool metric, const char *text, struct aim *aim);
/* Who may change or end it: its owner, and who owns or decides in its channel; anyone where nobody does. Answers if not. */
bool aim_is_mine(struct context *ctx, const struct aim *aim);
/* Where an ask lives, whoever acts: what it is for must be seen from there. */
struct viewer aim_place(const struct context *ctx, const struct ask *ask);
/* False after answering that only who has a part in the ask says what it is for. */
bool aim_may_link(struct context *ctx, const struct ask *ask);

/* A new one of the channel it happens in; false after saying why not. said: what is known of it; figures NAN where not. */
bool goal_make(struct context *ctx, const char *name);
bool metric_make(struct context *ctx, const struct aim *said);
/* "4 %", "3.4": the figure, and its unit where *unit is NULL. */
bool metric_read_figure(const char *text, double *figure, char **unit);

/* form_aim.c: the form for a new goal or metric of where who acts is, and the button for it below what was answered. */
void aim_open_form(struct context *ctx, bool metric);
void aim_add_button(struct context *ctx, bool metric);
void goal_form_button(struct context *ctx, const char *value);
void metric_form_button(struct context *ctx, const char *value);
void goal_form(struct context *ctx);
void metric_form(struct context *ctx);

char *aim_name(struct context *ctx, const struct aim *aim);
char *aim_figure(double figure, const char *unit); /* "3.4 %" */
/* "churn: now 3.4 %, was 4 %, target 3 %, owner @Eli", as far as known. */
char *aim_metric_line(struct context *ctx, const struct aim *aim);

/* Who owns the number that the ask moves, as far as that is known where the ask lives and they may be told of it; 0:
 * nobody. name: of the number, NULL-able; free with g_free(). */
int64_t aim_metric_owner(struct context *ctx, const struct ask *ask, char **name);
/* Where that number stood; NAN: not known. */
double aim_metric_baseline(struct context *ctx, const struct ask *ask);

/* Says in the ask's thread what it is for, and what pulls the other way. */
void aim_tell_metric(struct context *ctx, const struct ask *ask, const struct aim *metric, const char *direction,
                     bool by_words);
/* The expected impact of an ask was said: the metric it names is the one it moves. */
void aim_hear_impact(struct context *ctx, const struct ask *ask);
/* "Serves Keep enterprise customers · Moves churn down", as far as the viewer may see it; NULL for nothing. */
char *aim_line(struct context *ctx, const struct ask *ask, const struct viewer *viewer, const char *language);

#endif
