/* What people are shown in a random life (world.h): every text goes through here, and none may show what its reader or
 * its place may not see. */
#ifndef ASKWHY_TEST_LOOKING_H
#define ASKWHY_TEST_LOOKING_H

#include "world.h"

#include "commands/states.h"

static inline bool takes_part(const struct world *w, int64_t number, int64_t person)
{
    return sql_number(w->s->store,
                      "SELECT EXISTS (SELECT 1 FROM ask WHERE number = ?1 AND ?2 IN (asker, raiser, owner, decider))"
                      " OR EXISTS (SELECT 1 FROM question WHERE ask = ?1 AND person = ?2)",
                      "ii", number, person) != 0;
}

/* Whether what is of that place may be shown in another, or privately (W_NOWHERE) to that person; person W_NOBODY: to
 * all who are in it. */
static inline bool may_show(const struct world *w, const struct token *token, int place, int person)
{
    if (token->home == W_NOWHERE || place == token->home || token->who == person ||
        (place != W_NOWHERE && (token->went >> place & 1)))
        return true;
    int64_t reader = person != W_NOBODY ? person_now(w, person) : 0;
    bool part = reader != 0 && ((token->ask != 0 && takes_part(w, token->ask, reader)) ||
                                (token->in_ask != 0 && takes_part(w, token->in_ask, reader)));
    if (token->home == W_DEALS)
        return place == W_NOWHERE && w->in_deals[person] && part;
    bool other_team = place != W_NOWHERE ? (place == W_FAR) != (token->home == W_FAR)
                                         : (person == W_STRANGER) != (token->home == W_FAR);
    if (other_team)
        return place == W_NOWHERE && part;
    return person != W_GUEST || part;
}

static inline void look_at(struct world *w, const char *text, int place, int person, const char *what)
{
    for (const char *at = text; at != NULL && (at = strstr(at, "zq")) != NULL; at += 2) {
        int id = token_at(w, at);
        if (id < 0)
            continue;
        const struct token *token = &g_array_index(w->tokens, struct token, id);
        g_autofree char *word = g_strdup_printf("zq%dx", id);
        bool given = person != W_NOBODY && w->given != NULL && strstr(w->given, word) != NULL;
        if (!given && !may_show(w, token, place, person))
            wrong(w, "%s in %s%s%s shows zq%dx, which is of #%d in %s:\n%s", what, place_name(place),
                  person != W_NOBODY ? " to " : "", person != W_NOBODY ? w_users[person] : "", id, (int)token->ask,
                  place_name(token->home), text);
    }
}

/* In what all can read, a private ask has not even a number. */
static inline void look_for_numbers(struct world *w, const char *text, int place)
{
    for (const char *at = text; (at = strchr(at, '#')) != NULL; at++) {
        int64_t number = g_ascii_strtoll(at + 1, NULL, 10);
        if (number < 1 || number > w->followed->len)
            continue;
        int home = place_at(w, g_array_index(w->followed, struct followed, number - 1).channel);
        if (home != place && (home == W_DEALS || home == W_FAR || place == W_FAR))
            wrong(w, "a post in %s names #%d of %s:\n%s", w_places[place], (int)number, place_name(home), text);
    }
}

static inline void add_button(struct world *w, int place, int person, const struct button *button)
{
    struct seen_button *seen = g_new(struct seen_button, 1);
    *seen = (struct seen_button){.place = place, .person = person, .action = g_strdup(button->action),
                                 .value = g_strdup(button->value)};
    g_ptr_array_add(w->buttons, seen);
}

static inline void look_at_message(struct world *w, const struct message *message, int place, int person, const char *what)
{
    if (message == NULL)
        return;
    g_autofree char *text = plain(message);
    look_at(w, text, place, person, what);
    look_at(w, message->fallback, place, person, what);
    int buttons = 0;
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        for (int b = 0; b < part->n_buttons; b++, buttons++) {
            look_at(w, part->buttons[b].value, place, person, "a button");
            add_button(w, place, person, &part->buttons[b]);
        }
        if (person == W_NOBODY && part->text != NULL)
            look_for_numbers(w, part->text, place);
    }
    if (buttons > 5 && strcmp(what, "the card") == 0)
        wrong(w, "the card drowns in buttons:\n%s", text);
}

static inline void look_at_form(struct world *w, struct form *form, int person, int place)
{
    /* A form is private to who opened it, wherever that was. */
    const char *texts[] = {form->title, form->intro, form->instead, form->state};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        look_at(w, texts[i], place, person, "a form");
    for (int i = 0; i < form->n_fields; i++) {
        look_at(w, form->fields[i].label, place, person, "a form");
        look_at(w, form->fields[i].initial, place, person, "a form");
        for (int o = 0; o < form->fields[i].n_options; o++)
            look_at(w, form->fields[i].options[o].label, place, person, "a form");
    }
    struct seen_form *seen = g_new(struct seen_form, 1);
    *seen = (struct seen_form){.person = person, .form = form};
    g_ptr_array_add(w->forms, seen);
}

static inline struct message *card_now(struct world *w, int64_t id)
{
    struct context ctx;
    struct post post;
    context_init(&ctx, w->s->store, &test_settings, NULL, w->now);
    if (!store_get_post(w->s->store, id, &post)) {
        context_done(&ctx);
        return NULL;
    }
    struct message *message = command_draw(&ctx, &post);
    post_done(&post);
    context_done(&ctx);
    return message;
}

static inline void look_at_row(struct world *w, struct outbox_row *row, int who, int place)
{
    g_autoptr(cJSON) json = row->content != NULL ? json_parse(row->content, strlen(row->content), NULL) : NULL;
    int to = person_at(w, row->person);
    if (row->kind == OUT_FORM) {
        struct form *form = form_from_json(json);
        if (form != NULL)
            look_at_form(w, form, who, place);
        return;
    }
    if (row->kind != OUT_POST && row->kind != OUT_UPDATE && row->kind != OUT_EPHEMERAL && row->kind != OUT_HOME &&
        row->kind != OUT_RESPONSE)
        return;
    bool drawn = row->content == NULL;
    struct message *message = drawn ? card_now(w, row->post) : message_from_json(json);
    int where = row->channel != 0 ? place_at(w, row->channel) : W_NOWHERE;
    bool all = where != W_NOWHERE && row->kind != OUT_EPHEMERAL;
    if (where != W_NOWHERE || to != W_NOBODY)
        look_at_message(w, message, where, all ? W_NOBODY : to, drawn ? "the card" : "a post");
    if (row->kind == OUT_POST && !drawn) {
        g_autofree char *text = plain(message);
        g_autofree char *key = g_strdup_printf("%d|%d|%d|%s", (int)row->channel, (int)row->thread, (int)row->person, text);
        if (!g_hash_table_add(w->posted, g_steal_pointer(&key)))
            wrong(w, "said twice in %s: %s", place_name(where), text);
        if (who != W_NOBODY && all) {
            g_autofree char *ping = g_strdup_printf("\x11%s\x1e", w_users[who]);
            for (int i = 0; message != NULL && i < message->n_parts; i++) {
                if (message->parts[i].text != NULL && strstr(message->parts[i].text, ping) != NULL && row->post != 0 &&
                    sql_number(w->s->store, "SELECT purpose <> 'question' FROM post WHERE id = ?1", "i", row->post))
                    wrong(w, "%s is notified of what they did themselves: %s", w_users[who], text);
            }
        }
    }
    message_free(message);
}

/* All that waits to be said is said, and looked at. who and place: who acts, and where; W_NOBODY: time itself. */
static inline void say_all(struct world *w, int who, int place)
{
    g_autoptr(GArray) rows = store_outbox(w->s->store, 0);
    g_hash_table_remove_all(w->posted);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        look_at_row(w, row, who, place);
        outbox_row_done(row);
    }
    sqlite3_exec(w->s->store->db, "UPDATE post SET message = 'm' || id WHERE message IS NULL; DELETE FROM outbox", NULL, NULL,
                 NULL);
}

#endif
