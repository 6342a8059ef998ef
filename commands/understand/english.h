/* The lists of English, by file: english_dates.c, english_impact.c, english_replies.c (what begins
 * or ends a dialogue) and english_chat.c (the rest of it, evidence, commands).
 * Thread: any; constants.
 */
#ifndef ASKWHY_ENGLISH_H
#define ASKWHY_ENGLISH_H

#include "commands/understand/phrases.h"

extern const struct phrase english_months[], english_short_months[], english_weekdays[],
    english_short_weekdays[], english_spans[], english_quarters[], english_halves[], english_date_words[],
    english_articles[], english_ordinal_ends[], english_numbers[], english_never[], english_directions[],
    english_targets[], english_about[], english_units[], english_magnitudes[], english_rates[],
    english_times[], english_sure[], english_share_sure[], english_not[], english_no_metric[],
    english_metric_heads[], english_metric_joins[], english_range_starts[], english_proportions[],
    english_times_words[], english_link_words[], english_label_numbers[], english_lower_is_better[],
    english_telling[], english_facts[], english_hopes[], english_ranges[], english_fillers[], english_joins[],
    english_because[], english_skip[], english_later[], english_remind[], english_dont_know[],
    english_knows[], english_ask[], english_greetings[], english_third_person[], english_you[], english_who[],
    english_wants[], english_it[], english_tails[], english_no[], english_empty[], english_chat[],
    english_questions_back[], english_labels[], english_evidence[], english_people[], english_persons[],
    english_reasons[], english_askers[], english_trades[], english_parts[], english_outcomes[];
extern const struct date_pattern english_dates[];
extern const struct clause_pattern english_clauses[];
extern const struct verb_words english_follows[], english_otherwise[];

#endif
