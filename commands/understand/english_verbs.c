#include "commands/understand/english.h"

/* clang-format off */

/* What follows a verb (and its number) where it is a command; a reason may follow each that has a number. */
const struct verb_words english_follows[] = {
    {"pause", "until|till|for|from <rest>"}, {"pause", "<n> <span> <rest>?"}, {"pause", "next|tomorrow <rest>?"},
    {"later", "until|till|in|next|tomorrow <rest>?"}, {"later", "<date> <rest>?"}, {"show", "here"},
    {"why", "<dont-know>"}, {"why", "yes|idk|for <rest>?"}, {"impact", "<dont-know>"}, {"evidence", "<dont-know>"},
    {"evidence", "none|talk|measured <rest>?"}, {"impact", "cost <rest>?"},
    {"need", "yes|no|not <rest>?"}, {"need", "for <person> <rest>?"}, {"voice", "off"}, {"voice", "for <person> <rest>?"},
    {"dissent", "off <rest>?"}, {"dissent", "but <rest>"}, {"urgent", "off|no"}, {"urgent", "for <person> <rest>?"},
    {"answer", "yes|no|because <rest>?"}, {"disagree", "because|with|that <rest>"}, {"goal", "list|none"},
    {"metric", "list|none"}, {NULL, NULL}};

/* Other words for commands; the number goes where the sign stands. */
const struct verb_words english_otherwise[] = {
    {"decide # yes", "accept"}, {"decide # yes", "approve"}, {"decide # yes", "yes"}, {"decide # yes", "ok"},
    {"decide # no", "no"}, {"decide # no", "reject"}, {"decide # no", "decline"}, {"decide # no", "deny"},
    {"decide # later", "later"}, {"decide # later", "postpone"}, {"decide # later", "defer"}, {"ship #", "close"},
    {"ship #", "done"}, {"ship #", "finish"}, {"ship #", "finished"}, {"ship #", "complete"}, {"ship #", "release"},
    {"withdraw #", "delete"}, {"withdraw #", "cancel"}, {"withdraw #", "remove"}, {"withdraw #", "drop"},
    {"withdraw #", "revoke"}, {"pause #", "stop"}, {"pause #", "hold"}, {"pause #", "suspend"}, {"start #", "begin"},
    {"resume #", "continue"}, {"resume #", "unpause"}, {"own #", "take"}, {"own #", "claim"}, {"own #", "assign"},
    {"voice #", "vote"}, {"voice #", "upvote"}, {"voice #", "+1"}, {"merge #", "duplicate"}, {"snooze #", "remind"},
    {"show #", "view"}, {"show #", "open"}, {"show #", "see"}, {"show #", "status"}, {"show #", "info"},
    {"inform #", "watch"}, {"inform #", "follow"}, {"inform #", "subscribe"}, {"question #", "ask"}, {NULL, NULL}};
