/* Forms and home pages as they stand open before a person: a stack of at most three forms, as in Slack. */
#ifndef ASKWHY_SANDBOX_VIEWS_H
#define ASKWHY_SANDBOX_VIEWS_H

#include "bot/sandbox/sandbox.h"

struct view {
    char *id, *hash, *root, *previous; /* previous: NULL at the root */
    const struct person *person;
    bool home;
    int sending;       /* answers to its submission that are awaited: it stays until they came */
    cJSON *definition; /* as the app gave it, with ids completed */
    cJSON *values;     /* state.values */
};

struct views *views_new(struct sandbox *sandbox);
void views_free(struct views *views);

/* These copy definition, which was checked, and show the result to its person. */
struct view *views_open(struct views *views, const struct person *person, const cJSON *definition);
struct view *views_push(struct views *views, struct view *top, const cJSON *definition); /* NULL: too deep */
void views_update(struct views *views, struct view *view, const cJSON *definition);
struct view *views_publish(struct views *views, const struct person *person, const cJSON *definition);
/* The view goes; the one below is shown again. */
void views_close(struct views *views, struct view *view);
/* The whole stack goes. */
void views_clear(struct views *views, const struct person *person);

struct view *views_find(const struct views *views, const char *id);
struct view *views_find_external(const struct views *views, const char *external_id);
struct view *views_top(const struct views *views, const struct person *person);
struct view *views_home(const struct views *views, const struct person *person);
cJSON *view_json(const struct view *view);
/* Keeps what was typed; inputs that are not in values keep what they hold, at first their initial value. */
void view_fill(struct view *view, const cJSON *values);
/* What a person's own client refuses: {block: text} for required inputs left empty and such; NULL when fine. */
cJSON *view_missing(const struct view *view);

#endif
