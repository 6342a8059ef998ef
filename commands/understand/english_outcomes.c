#include "commands/understand/english.h"
#include "commands/understand/understand.h"

/* clang-format off */

const struct phrase english_outcomes[] = {
    {"as expected", OUTCOME_AS_EXPECTED, 0}, {"expected", OUTCOME_AS_EXPECTED, 0}, {"yes", OUTCOME_AS_EXPECTED, 0},
    {"met", OUTCOME_AS_EXPECTED, 0}, {"reached", OUTCOME_AS_EXPECTED, 0}, {"achieved", OUTCOME_AS_EXPECTED, 0},
    {"fully", OUTCOME_AS_EXPECTED, 0}, {"as hoped", OUTCOME_AS_EXPECTED, 0}, {"better", OUTCOME_AS_EXPECTED, 0},
    {"better than expected", OUTCOME_AS_EXPECTED, 0}, {"more than expected", OUTCOME_AS_EXPECTED, 0},
    {"above", OUTCOME_AS_EXPECTED, 0}, {"above expectations", OUTCOME_AS_EXPECTED, 0},
    {"exceeded", OUTCOME_AS_EXPECTED, 0}, {"partly", OUTCOME_PARTLY, 0}, {"partially", OUTCOME_PARTLY, 0},
    {"partial", OUTCOME_PARTLY, 0}, {"in part", OUTCOME_PARTLY, 0}, {"mostly", OUTCOME_PARTLY, 0},
    {"almost", OUTCOME_PARTLY, 0}, {"nearly", OUTCOME_PARTLY, 0}, {"somewhat", OUTCOME_PARTLY, 0},
    {"half", OUTCOME_PARTLY, 0}, {"below", OUTCOME_BELOW, 0}, {"below expectations", OUTCOME_BELOW, 0},
    {"below expected", OUTCOME_BELOW, 0}, {"less", OUTCOME_BELOW, 0}, {"less than expected", OUTCOME_BELOW, 0},
    {"worse", OUTCOME_BELOW, 0}, {"worse than expected", OUTCOME_BELOW, 0}, {"lower", OUTCOME_BELOW, 0},
    {"lower than expected", OUTCOME_BELOW, 0}, {"missed", OUTCOME_BELOW, 0}, {"failed", OUTCOME_BELOW, 0},
    {"no effect", OUTCOME_BELOW, 0}, {"no change", OUTCOME_BELOW, 0}, {"not reached", OUTCOME_BELOW, 0},
    {"not met", OUTCOME_BELOW, 0}, {"not as expected", OUTCOME_BELOW, 0}, {"no", OUTCOME_BELOW, 0},
    {"nothing", OUTCOME_BELOW, 0}, {"unknown", OUTCOME_UNKNOWN, 0}, {"not known", OUTCOME_UNKNOWN, 0},
    {"not measured", OUTCOME_UNKNOWN, 0}, {"unclear", OUTCOME_UNKNOWN, 0}, {"?", OUTCOME_UNKNOWN, 0}, {0}};
