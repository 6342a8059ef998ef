/* Numbers in a text that say how much: value or range, unit, sign, "to", "about".
 * Thread: any; no state.
 */
#ifndef ASKWHY_FIGURES_H
#define ASKWHY_FIGURES_H

#include "commands/understand/phrases.h"

struct figure {
    gsize first, end; /* tokens, with sign, currency, unit, "about", "to" and "from 5 %" */
    double low, high;
    const char *unit;
    enum unit_kind kind; /* 0: none */
    int sign;            /* -1, 1; 0 when not written */
    bool target;         /* where it ends: "to 4 %", "under 2 s" */
    bool about;
    bool factor;          /* "twice", "3x": turned into percent */
    bool needs_direction; /* "by half" */
};

/* The figure whose number is at token i; masked tokens (dates, confidence) are none. */
bool figure_at(const struct tokens *tokens, gsize i, const guint8 *masked, struct figure *figure);

#endif
