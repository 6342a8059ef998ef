/* What people do in a random life (world.h). A move is a number: what it means is drawn from it. */
#ifndef ASKWHY_TEST_MOVES_H
#define ASKWHY_TEST_MOVES_H

#include "doing.h"
#include "typed.h"

enum { FEW = 6, RAISES = 4 /* of typed_often */ };

static inline guint draw(GRand *rand, guint below)
{
    return (guint)g_rand_int_range(rand, 0, (gint32)MAX(below, 1));
}

/* Much happens to few asks. */
static inline int draw_ask(const struct world *w, GRand *rand)
{
    guint n = w->followed->len;
    if (draw(rand, 40) == 0)
        return 999;
    return n == 0 ? 1 : 1 + (int)(draw(rand, 2) ? draw(rand, n) : n - 1 - draw(rand, MIN(n, 3)));
}

/* The newest goal or metric there, of the ask's place when it is about one; "churn" when there is none, or who speaks is not
 * there: nobody's own words shall carry a secret out. */
static inline char *draw_aim(struct world *w, int number, const char *kind, int who, int place)
{
    if (number > 0 && number <= (int)w->followed->len)
        place = place_at(w, g_array_index(w->followed, struct followed, number - 1).channel);
    char *name = place != W_NOWHERE && is_in(w, who, place)
                     ? sql_text(w->s->store,
                                "SELECT text FROM aim JOIN words ON words.id = aim.name WHERE kind = ?1 AND ended_at IS NULL"
                                " AND channel = ?2 ORDER BY aim.id DESC LIMIT 1",
                                "ti", kind, w->places[place])
                     : NULL;
    share_words(w, name);
    return name != NULL ? name : g_strdup("churn");
}

/* number: the ask that {n} stands for. */
static inline char *draw_text(struct world *w, GRand *rand, const char *pattern, int number, int who, int place)
{
    GString *text = g_string_new(NULL);
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at != '{') {
            g_string_append_c(text, *at);
            continue;
        }
        g_autofree char *word = NULL;
        if (at[1] == 'n' || at[1] == 'm') {
            g_string_append_printf(text, "%d", at[1] == 'n' ? number : draw_ask(w, rand));
        } else if (at[1] == 's') {
            int64_t started = sql_number(w->s->store, "SELECT number FROM ask WHERE state = 'started' ORDER BY state_at DESC LIMIT 1", "");
            g_string_append_printf(text, "%d", started != 0 && draw(rand, 4) ? (int)started : draw_ask(w, rand));
        } else if (at[1] == 'w') {
            word = new_token(w, who, place);
        } else if (at[1] == 'v') {
            word = g_strdup_printf("zq%ux", draw(rand, w->tokens->len));
        } else if (at[1] == 'g' || at[1] == 'k') {
            word = draw_aim(w, strstr(pattern, "{n}") != NULL ? number : 0, at[1] == 'g' ? "goal" : "metric", who, place);
        } else if (at[1] == 'p') {
            word = mention_of((int)draw(rand, draw(rand, 20) == 0 ? W_PEOPLE : W_PEOPLE - 1));
        } else {
            g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(w->now / 1000 + 86400 * (gint64)(1 + draw(rand, 40)));
            word = g_date_time_format(day, "%Y-%m-%d");
        }
        g_string_append(text, word != NULL ? word : "");
        at += 2;
    }
    return g_string_free(text, FALSE);
}

/* Somebody, where they are; false when the drawn person is nowhere now. */
static inline bool draw_where(const struct world *w, GRand *rand, int *who, int *place)
{
    *who = draw(rand, 30) == 0 ? W_STRANGER : (int)draw(rand, draw(rand, 2) ? 3 : W_PEOPLE - 1);
    static const int often[] = {W_PRODUCT, W_PRODUCT, W_PRODUCT, W_DEALS, W_DEALS, W_OTHER, W_NOWHERE, W_NOWHERE, W_FAR};
    for (int i = 0; i < 8; i++) {
        *place = often[draw(rand, G_N_ELEMENTS(often))];
        if (is_in(w, *who, *place))
            return true;
    }
    return false;
}

/* Raised, as long as there are few. */
static inline const char *draw_pattern(const struct world *w, GRand *rand)
{
    for (int i = 0; i < 4; i++) {
        const char *pattern = w->followed->len < 2 ? typed_often[draw(rand, RAISES)]
                              : draw(rand, 2)      ? typed_often[draw(rand, G_N_ELEMENTS(typed_often))]
                                                   : typed[draw(rand, G_N_ELEMENTS(typed))];
        if (w->followed->len < FEW || (!g_str_has_prefix(pattern, "Request") && !g_str_has_prefix(pattern, "urgent Request")))
            return pattern;
    }
    return "list";
}

static inline void move_type(struct world *w, GRand *rand, int who, int place)
{
    g_autofree char *text = draw_text(w, rand, draw_pattern(w, rand), draw_ask(w, rand), who, place);
    type(w, who, place, text);
}

/* What comes next in an ask's life, from whoever may do it. */
static inline void move_on(struct world *w, GRand *rand, int who, int place)
{
    int number = draw_ask(w, rand);
    if (number > (int)w->followed->len)
        return;
    const struct followed *ask = &g_array_index(w->followed, struct followed, number - 1);
    guint from = draw(rand, G_N_ELEMENTS(fitting));
    for (guint i = 0; i < G_N_ELEMENTS(fitting); i++) {
        guint at = (from + i) % G_N_ELEMENTS(fitting);
        if (strcmp(fitting[at].state, ask->state) != 0)
            continue;
        int64_t whose = fitting[at].who == 'a' ? ask->asker : fitting[at].who == 'o' ? ask->owner : fitting[at].who == 'd' ? ask->decider : 0;
        int named = person_at(w, whose), home = place_at(w, ask->channel);
        if (named != W_NOBODY)
            who = named;
        if (draw(rand, 4) > 0)
            place = home;
        if (!is_in(w, who, place))
            place = W_NOWHERE;
        if (!is_in(w, who, place))
            return;
        g_autofree char *text = draw_text(w, rand, fitting[at].text, number, who, place);
        type(w, who, place, text);
        return;
    }
}

static inline char *card_of(const struct world *w, int64_t ask)
{
    return sql_text(w->s->store, "SELECT message FROM post WHERE ask = ?1 AND purpose = 'card'", "i", ask);
}

/* In the thread of an ask: a reply, or a command to askwhy without its number. */
static inline void move_in_thread(struct world *w, GRand *rand, int who)
{
    static const char *const replies[] = {"Banks wait for {w}", "churn down 3% by June {w}", "don't know", "skip", "later", "{p} knows",
                                          "because", "three customers said {w}", "ok {w}", "That day they leave {w}"};
    static const char *const commands[] = {"why they leave {w}", "decide yes because {w}", "start", "ship", "voice because {w}", "own",
                                           "withdraw", "question Which {w}?", "answer It is {w}", "need {w}", "show"};
    int64_t ask = draw_ask(w, rand);
    int place = ask <= w->followed->len ? place_at(w, g_array_index(w->followed, struct followed, ask - 1).channel) : W_NOWHERE;
    g_autofree char *card = card_of(w, ask);
    struct question question = {0};
    /* Mostly whoever was asked. */
    if (store_open_question(w->s->store, ask, &question) && draw(rand, 4) > 0 && person_at(w, question.person) != W_NOBODY)
        who = person_at(w, question.person);
    question_done(&question);
    if (card == NULL || place == W_NOWHERE || !is_in(w, who, place))
        return;
    bool command = draw(rand, 4) == 0;
    const char *pattern = command ? commands[draw(rand, G_N_ELEMENTS(commands))] : replies[draw(rand, G_N_ELEMENTS(replies))];
    struct event *event = event_by(w, command ? EVENT_MENTION : EVENT_MESSAGE, who, place);
    event->text = draw_text(w, rand, pattern, (int)ask, who, place);
    event->thread = g_strdup(card);
    event->message = g_strdup_printf("p%d", ++w->posts_made);
    event->posted_ms = w->now;
    event->addressed = command;
    struct seen_post *post = g_new(struct seen_post, 1);
    *post = (struct seen_post){.place = place, .author = who, .ask = ask, .at = w->now, .ts = g_strdup(event->message)};
    g_ptr_array_add(w->posts, post);
    note(w, "%s in the thread of #%d in %s (%s%s): %s", w_users[who], (int)ask, w_places[place], post->ts, command ? ", to askwhy" : "", event->text);
    happens(w, event, who, place);
}

static inline void move_second_thought(struct world *w, GRand *rand)
{
    if (w->posts->len == 0)
        return;
    const struct seen_post *post = g_ptr_array_index(w->posts, draw(rand, w->posts->len));
    if (!is_in(w, post->author, post->place))
        return;
    bool edits = draw(rand, 3) > 0;
    struct event *event = event_by(w, edits ? EVENT_EDITED : EVENT_DELETED, post->author, post->place);
    event->thread = card_of(w, post->ask);
    event->message = g_strdup(post->ts);
    event->posted_ms = post->at;
    if (edits) {
        event->revision = g_strdup_printf("%010d.1", w->events);
        event->text = draw_text(w, rand, "Rather {w}", 1, post->author, post->place);
    }
    note(w, "%s %s %s in the thread of #%d: %s", w_users[post->author], edits ? "edits" : "deletes", post->ts, (int)post->ask,
         edits ? event->text : "");
    happens(w, event, post->author, post->place);
}

static inline void press(struct world *w, int who, const struct seen_button *button)
{
    struct event *event = event_by(w, EVENT_BUTTON, who, button->place);
    event->action = g_strdup(button->action);
    event->value = g_strdup(button->value);
    event->message = g_strdup("m1");
    event->ephemeral = button->person != W_NOBODY;
    note(w, "%s in %s: [%s] %s", w_users[who], place_name(button->place), button->action, button->value);
    happens(w, event, who, button->place);
}

/* The second of two clicks changes nothing and says nothing in a channel. */
static inline void press_again(struct world *w, int who, const struct seen_button *button)
{
    GHashTable *first = w->posted;
    w->posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    press(w, who, button);
    if (w->moves > 0)
        wrong(w, "pressed twice, [%s] %s moves the ask again", button->action, button->value);
    GHashTableIter at;
    void *key;
    g_hash_table_iter_init(&at, w->posted);
    while (g_hash_table_iter_next(&at, &key, NULL)) {
        if (g_hash_table_contains(first, key))
            wrong(w, "pressed twice, [%s] %s says again: %s", button->action, button->value, (char *)key);
    }
    g_hash_table_unref(first);
}

/* A button that was shown once, mostly lately; now and then twice. */
static inline void move_press(struct world *w, GRand *rand, int who)
{
    guint n = w->buttons->len;
    if (n == 0)
        return;
    const struct seen_button *seen = g_ptr_array_index(w->buttons, draw(rand, 3) ? n - 1 - draw(rand, MIN(n, 12)) : draw(rand, n));
    struct seen_button button = {.place = seen->place, .person = seen->person, .action = g_strdup(seen->action),
                                 .value = g_strdup(seen->value)};
    if (button.person != W_NOBODY)
        who = button.person;
    if (is_in(w, who, button.place)) {
        press(w, who, &button);
        static const char *const again[] = {"raise", "again", "share", "snooze", NULL};
        bool once = draw(rand, 2) == 0;
        for (int i = 0; again[i] != NULL; i++)
            once = once && !g_str_has_prefix(button.action, again[i]);
        if (once)
            press_again(w, who, &button);
    }
    g_free(button.action);
    g_free(button.value);
}

/* anew: what the form shows is not sent as it is, since that would be another ask of the same words. */
static inline char *draw_field(struct world *w, GRand *rand, const struct field *field, int who, bool anew)
{
    if (field->optional && draw(rand, 3) == 0)
        return NULL;
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_TEXT:
        if (field->initial != NULL && !anew && draw(rand, 3) == 0) {
            share_words(w, field->initial);
            return g_strdup(field->initial);
        }
        return draw_text(w, rand, draw(rand, 6) ? "Request login {w}" : "3", 1, who, W_NOWHERE);
    case FIELD_CHOICE:
        return field->n_options > 0 ? g_strdup(field->options[draw(rand, (guint)field->n_options)].value) : NULL;
    case FIELD_PERSON:
        return g_strdup(w_users[draw(rand, W_PEOPLE - 1)]);
    case FIELD_CHANNEL:
        for (int i = 0; i < 5; i++) {
            int place = (int)draw(rand, W_PLACES);
            if (is_in(w, who, place))
                return g_strdup(w_places[place]);
        }
        return NULL;
    case FIELD_DATE:
        return draw_text(w, rand, "{d}", 1, who, W_NOWHERE);
    }
    return NULL;
}

/* A form that was opened once is sent, perhaps late. */
static inline void move_send_form(struct world *w, GRand *rand)
{
    guint n = w->forms->len;
    if (n == 0)
        return;
    const struct seen_form *seen = g_ptr_array_index(w->forms, draw(rand, 3) ? n - 1 - draw(rand, MIN(n, 3)) : draw(rand, n));
    int who = seen->person;
    if (who == W_NOBODY || w->away[who])
        return;
    struct event *event = event_by(w, EVENT_FORM, who, W_NOWHERE);
    g_clear_pointer(&event->channel, g_free);
    event->channel_kind = CHANNEL_UNKNOWN;
    event->form = g_strdup(seen->form->id);
    event->state = g_strdup(seen->form->state);
    event->view = g_strdup_printf("V%d", w->events);
    GString *filled = g_string_new(NULL);
    for (int i = 0; i < seen->form->n_fields; i++) {
        g_autofree char *value = draw_field(w, rand, &seen->form->fields[i], who,
                                            strcmp(seen->form->id, "new") == 0);
        if (value != NULL)
            event_add_field(event, seen->form->fields[i].name, value);
        g_string_append_printf(filled, " %s=%s", seen->form->fields[i].name, value != NULL ? value : "");
    }
    note(w, "%s sends the form %s (%s):%s", w_users[who], event->form, event->state, filled->str);
    g_string_free(filled, TRUE);
    happens(w, event, who, W_NOWHERE);
}

/* Somebody comes or goes, or the chat tells of somebody. */
static inline void move_people(struct world *w, GRand *rand, int who)
{
    if (who == W_STRANGER)
        return;
    guint what = draw(rand, 8);
    struct event *event = NULL;
    if (what < 4) {
        int place = draw(rand, 3) ? W_DEALS : W_PRODUCT;
        bool joins = w->away[who] || what % 2 == 0;
        event = event_by(w, joins ? EVENT_JOINED : EVENT_LEFT, who, place);
        if (place == W_DEALS)
            w->in_deals[who] = joins;
        w->away[who] = joins ? false : w->away[who];
        note(w, "%s %s %s", w_users[who], joins ? "joins" : "leaves", w_places[place]);
        happens(w, event, who, place);
    } else if (what == 4) {
        event = event_by(w, EVENT_LEFT, who, W_NOWHERE);
        g_clear_pointer(&event->channel, g_free);
        event->channel_kind = CHANNEL_UNKNOWN;
        w->in_deals[who] = false;
        w->away[who] = true;
        note(w, "%s leaves the workspace", w_users[who]);
        happens(w, event, who, W_NOWHERE);
    } else {
        event = event_new(EVENT_PERSON, "slack");
        event->workspace = g_strdup("T1");
        event->user = g_strdup(w_users[who]);
        event->profile.name = g_strdup(w_users[who]);
        event->profile.zone = g_strdup(what == 5 ? "Asia/Seoul" : "Europe/Tallinn");
        event->profile.locale = g_strdup(what == 6 ? "en" : "et");
        event->profile.guest = who == W_GUEST;
        event->profile.admin = who == W_SAM;
        event->profile.deleted = what == 7;
        w->away[who] = what == 7;
        note(w, "%s: %s", w_users[who], what == 7 ? "the account is closed" : "the profile is told");
        happens(w, event, W_NOBODY, W_NOWHERE);
    }
}

static inline void move_elsewhere(struct world *w, GRand *rand, int who, int place)
{
    guint what = draw(rand, 5);
    struct event *event = event_by(w, what == 0 ? EVENT_HOME : what == 1 ? EVENT_SHORTCUT : what == 2 ? EVENT_MESSAGE_SHORTCUT
                                   : what == 3 ? EVENT_INVITED : EVENT_MESSAGE, who, what < 2 || what == 4 ? W_NOWHERE : place);
    int where = what < 2 || what == 4 ? W_NOWHERE : place;
    event->message = g_strdup_printf("p%d", ++w->posts_made);
    event->author = g_strdup(w_users[who]);
    event->text = draw_text(w, rand, "Request login {w}", 1, who, where);
    note(w, "%s in %s: event %d, %s", w_users[who], place_name(where), (int)event->kind, event->text);
    happens(w, event, who, where);
}

static inline void move_time(struct world *w, GRand *rand)
{
    static const int hours[] = {1, 5, 24, 24, 72, 24 * 8, 24 * 100};
    int pass = hours[draw(rand, G_N_ELEMENTS(hours))];
    int64_t due = store_next_due(w->s->store);
    bool to_due = due > w->now && draw(rand, 3) == 0;
    note(w, to_due ? "until something is due" : "%d hours pass", pass);
    time_passes(w, to_due ? due - w->now : pass * HOUR_MS);
}

static inline void play_move(struct world *w, guint32 seed)
{
    GRand *rand = g_rand_new_with_seed(seed);
    int who, place;
    guint kind = draw(rand, 40);
    if (draw_where(w, rand, &who, &place)) {
        if (kind < 8 || w->followed->len < 2)
            move_type(w, rand, who, place);
        else if (kind < 20)
            move_on(w, rand, who, place);
        else if (kind < 24)
            move_in_thread(w, rand, who);
        else if (kind < 25)
            move_second_thought(w, rand);
        else if (kind < 31)
            move_press(w, rand, who);
        else if (kind < 36)
            move_send_form(w, rand);
        else if (kind < 37)
            move_people(w, rand, who);
        else if (kind < 38)
            move_elsewhere(w, rand, who, place);
        else
            move_time(w, rand);
        if (w->wrong == NULL)
            check_rules(w);
        if (w->wrong == NULL && place != W_FAR && draw(rand, 4) == 0)
            check_view(w, (int)draw(rand, W_PEOPLE - 1), draw(rand, 2) ? place : W_NOWHERE);
    } else {
        move_people(w, rand, who);
    }
    g_rand_free(rand);
}

#endif
