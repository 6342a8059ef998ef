/* Between the files of the digest: digest_parts.c finds what there is to say, digest_draw.c makes it fit
 * a post, digest.c posts it and hears the replies. */
#ifndef ASKWHY_DIGEST_H
#define ASKWHY_DIGEST_H

#include "commands/views.h"
#include "store/digests.h"

enum {
    DIGEST_LINES_MAX = 60,   /* of a part, in the post and its thread together */
    DIGEST_WORDS_MAX = 120,  /* characters of what somebody said */
    DIGEST_MAX = 3000,       /* characters of the main post */
    DIGEST_REST_MAX = 12000, /* and of what stands in its thread */
};

/* Posts what there is to say; next: the moment of the one after, 0 to leave it as it is.
 * False: there was nothing to say, and only next was recorded. */
bool digest_post(struct context *ctx, const struct channel *channel, int64_t due_at, bool late, int64_t next);
/* "each Monday at 9:00 (Europe/Tallinn)" */
char *digest_rhythm(const struct channel *channel, const char *language);
/* The channels it covers, of int64_t: those set, else its own. */
GArray *digest_covers(const struct channel *channel);

/* A part: a heading and lines. */
struct section {
    char *heading; /* NULL: lines alone */
    GPtrArray *lines;
    guint most;
    int64_t left_out; /* lines beyond that */
};

/* A digest while it is drawn. */
struct drawing {
    struct context *ctx;
    const char *language;
    const char *zone; /* of the channel */
    struct viewer viewer;
    int64_t channel;
    bool covers_others;
    guint lines_max;  /* of a part */
    glong words_max;  /* characters of what somebody said */
    bool has_last;
    struct digest_row last;
    GArray *spans;  /* struct log_span, of the channels that may be shown */
    GArray *talk;   /* the same, and always its own: where questions and answers are looked for */
    cJSON *tally;   /* channel's id → counters now */
    cJSON *before;  /* the same when the last digest saw them */
    GPtrArray *sections;
    char *worth_a_minute;
};

/* Fills sections with the parts that have something to say. */
void digest_parts(struct drawing *drawing);
struct section *section_new(const struct drawing *drawing, char *heading); /* takes it; NULL for lines alone */
void section_add(struct section *section, char *line); /* takes line */
void section_keep(struct drawing *drawing, struct section *section); /* takes section; one without lines says nothing */
void section_free(gpointer section);
void digest_trades(struct drawing *drawing); /* digest_trade.c: part 5 */
void digest_outcomes(struct drawing *drawing); /* digest_outcome.c: part 6 */
void digest_origins(struct drawing *drawing);  /* and 7 */
/* "#42 (#sales) Add SSO for Acme" */
char *digest_ask_name(struct drawing *drawing, const struct ask *ask);
/* Lines said only beside something else, NULL when there is nothing: who replied to the last one, and how
 * many asks wait (names stay in their threads). */
char *digest_replies_line(struct drawing *drawing);
char *digest_waiting_line(struct drawing *drawing);
/* A day of the channel's own zone, whoever looks. */
char *digest_day(struct drawing *drawing, int64_t at);
int64_t digest_counter(const cJSON *counters, const char *name);

#endif
