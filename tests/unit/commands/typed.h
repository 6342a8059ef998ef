/* What people type in a random life (moves.h). */
#ifndef ASKWHY_TEST_TYPED_H
#define ASKWHY_TEST_TYPED_H

#include <stddef.h>

/* {n} {m}: asks; {w}: new words; {v}: words said before; {s}: a started ask; {p}: a person; {d}: a day to come; {g} {k}: a goal and a metric there */
static const char *const typed_often[] = {
    "Request login {w} for banks", "Request export {w} by 1 March 2040", "urgent Request login {w}", "Request reports {w} for {p}",
    "why {n} banks wait for it {w}", "impact {n} churn down 2% {w}", "decide {n} yes because {w}",
    "start {n}", "start {n} instead of {s} because {w}", "ship {n}", "ship {n} to {w}", "pause {n} for 1 week because {w}",
    "goal add Keep {w}", "metric add {w} unit % baseline 4 target 3 owner {p}", "start {n} instead of {s} because {w}",
    "decide {n} no because {w}", "decide {n} later until {d} because {w}", "reopen {n} because {w}", "merge {n} into {m} because {w}",
};
static const char *const typed[] = {
    "why {n}", "why {n} for {p} {w}", "why {n} {w} for {p}", "why {n} don't know", "impact {n} don't know",
    "impact {n} cost about two weeks {w}", "evidence {n} three customers {w}", "evidence {n} talk to {w}",
    "evidence {n} measured: {w}", "show {n}", "show {n} here", "list", "list mine", "list waiting", "list open", "list started",
    "list by sales", "list owner {p}", "list questions", "list goal {g}", "search {v}", "search request", "search is:started {v}",
    "search from:{p} request", "voice {n}", "voice {n} off", "voice {n} because {w}", "urgent {n}", "urgent {n} off", "own {n}", "own {n} {p}",
    "decide {n}", "decide {n} yes", "decide {n} no because {w} options: {w} reopen if {w}", "decide {n} merge {m}",
    "decide {n} yes because {w} reopen if {w}", "need {n} {w}", "need {n}", "need {n} yes", "need {n} not quite {w}",
    "need {n} fixed: {w} open: {w} smallest: {w}", "decider {n} {p}", "inform {n} {p}", "inform {n} me", "inform {n} off",
    "dissent {n} because {w}", "dissent {n} but I commit: {w}", "start {n} after {m}", "start {n} after {m} because {w}",
    "start {n} nothing gives way", "start {n} because {w}", "pause {n} until {d} because {w}", "pause {n}", "resume {n}",
    "resume {n} because {w}", "shelve {n}", "shelve {n} because {w}", "outcome {n} partly, 3% instead of 5% {w}",
    "outcome {n} as expected", "outcome {n} below {w}", "outcome {n} not known", "outcome {n}", "goal add Keep {w}",
    "goal add Grow {w}", "goal {n} {g}", "goal list", "goal end {g}", "goal {n} none", "metric add {w} unit % baseline 4 target 3 owner {p}",
    "metric {k} is 3.4", "metric {n} {k} down", "metric {n} {k} up", "metric list", "metric end {k}", "withdraw {n}",
    "withdraw {n} because {w}", "merge {n} into {m}", "reopen {n}", "snooze {n} 3 days", "snooze {n} never", "question {n} Which {w}?",
    "question {n} anonymously Which {w}?", "question {n}", "question Which {w}?", "question anonymously Which {w}?", "answer {n} It is {w}",
    "answer It is {w}", "me", "me sales", "me product", "me reminders off", "me reminders on", "forget me", "forget {p}", "settings",
    "settings owner {p}", "settings decider {p}", "settings questions why", "settings questions why, impact", "settings questions all",
    "settings question why Why {w}?", "settings permission decide owner, decider", "settings permission decide anyone",
    "settings permission start members", "settings permission raise admins", "settings permission answer decider",
    "settings permission decide default", "settings permission start default", "settings permission raise default",
    "settings permission settings anyone", "settings calibration on", "settings function {p} sales", "settings function sales from @crew", "settings function off from @crew",
    "settings language {p} en", "digest", "digest now",
    "digest set monday 9:00 Europe/Tallinn", "digest on", "digest off", "seen", "disagree That is {w}", "help", "help states",
    "help privacy", "help decide", "start {n} instead of {s}", "decider {n} me", "merge {n}", "outcome {n} partly {w}", "export", "report",
    "metric add {k} target 2 owner {p}", "settings gives-way channel", "settings gives-way owner", "settings revisit 3 days",
    "settings churn off", "settings churn on", "settings churn functions off", "me language et", "me language en",
    "disagree", "answer {n}", "voice {n} for {p} because {w}", "clear {n}", "why {n} yes", "dissent {n} off", "dissent {n} off because {w}",
};

/* What fits an ask in that state, from whoever may do it: a asker, o owner, d decider, x anybody. */
static const struct {
    const char *state;
    char who;
    const char *text;
} fitting[] = {
    {"waiting", 'a', "why {n} banks wait for it {w}"}, {"waiting", 'a', "impact {n} {k} down 2% by Q3 {w}"}, {"waiting", 'o', "start {n}"},
    {"clear", 'd', "decide {n} yes because {w}"}, {"clear", 'd', "decide {n} no because {w} reopen if {w}"},
    {"clear", 'd', "decide {n} later until {d} because {w}"}, {"clear", 'o', "need {n} {w}"}, {"clear", 'a', "need {n} yes"},
    {"clear", 'a', "need {n} not quite {w}"}, {"clear", 'a', "withdraw {n} because {w}"}, {"clear", 'o', "merge {n} into {m} because {w}"},
    {"accepted", 'o', "start {n}"}, {"accepted", 'o', "start {n} instead of {s} because {w}"}, {"accepted", 'o', "start {n} after {m}"},
    {"accepted", 'o', "start {n} nothing gives way"}, {"accepted", 'x', "dissent {n} because {w}"}, {"accepted", 'a', "need {n} not quite {w}"},
    {"later", 'd', "decide {n} yes because {w}"}, {"later", 'o', "start {n}"}, {"started", 'o', "ship {n} to {w}"}, {"started", 'o', "ship {n}"},
    {"started", 'o', "pause {n} for 1 week because {w}"}, {"started", 'x', "goal {n} {g}"}, {"started", 'x', "metric {n} {k} up"},
    {"paused", 'o', "resume {n} because {w}"}, {"paused", 'd', "shelve {n} because {w}"}, {"paused", 'o', "pause {n} until {d} because {w}"},
    {"paused", 'a', "merge {n} into {m} because {w}"}, {"shipped", 'o', "outcome {n} partly, 3% instead of 5% {w}"},
    {"shipped", 'o', "outcome {n} as expected"}, {"checked", 'o', "outcome {n} below {w}"}, {"declined", 'x', "reopen {n} because {w}"},
    {"shelved", 'x', "reopen {n} because {w}"}, {"merged", 'o', "reopen {n} because {w}"}, {"withdrawn", 'a', "reopen {n} because {w}"},
    {"withdrawn", 'x', "dissent {n} because {w}"}, {"clear", 'x', "question {n} Which {w}?"}, {"clear", 'a', "answer {n} It is {w}"},
    {"accepted", 'x', "voice {n} because {w}"}, {"started", 'x', "voice {n} because {w}"}, {"started", 'o', "merge {n} into {m}"},
};

#endif
