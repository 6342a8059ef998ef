/* What askwhy says, before a chat product's notation: a message or a form.
 *
 * Commands build these; adapters encode them (bot/slack/encode.h); the outbox
 * stores them as JSON. All texts are rich text (richtext.h).
 * Ownership: a message owns its parts, a form its fields; *_free() accepts NULL.
 * Thread: any; no state.
 */
#ifndef ASKWHY_MESSAGE_H
#define ASKWHY_MESSAGE_H

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>

enum part_kind {
    PART_TEXT,    /* a paragraph */
    PART_NOTE,    /* small print */
    PART_HEADING, /* a line standing out */
    PART_BUTTONS,
    PART_DIVIDER,
};

enum button_style { BUTTON_PLAIN, BUTTON_PRIMARY, BUTTON_DANGER };

struct button {
    char *action; /* EVENT_BUTTON.action: letters and digits only */
    char *value;  /* EVENT_BUTTON.value */
    char *label;
    enum button_style style;
};

struct part {
    enum part_kind kind;
    char *text;
    struct button *buttons;
    int n_buttons;
};

struct message {
    char *fallback; /* plain-text form: notifications, screen readers; rich text too */
    struct part *parts;
    int n_parts;
    bool quiet_links; /* no link previews */
};

struct message *message_new(const char *fallback);
/* A message of one paragraph that is its own fallback. */
struct message *message_text(const char *text);
void message_free(struct message *message);
void message_add(struct message *message, enum part_kind kind, const char *text);
/* Appends to the last part when that holds buttons, else begins a row of buttons. */
void message_add_button(struct message *message, const char *action, const char *value, const char *label,
                        enum button_style style);
/* Appends the parts of more, and frees it. */
void message_join(struct message *message, struct message *more);
char *message_to_json(const struct message *message); /* compact text; free with g_free() */
struct message *message_from_json(const cJSON *json); /* NULL when json is none */

enum field_kind { FIELD_LINE, FIELD_TEXT, FIELD_CHOICE, FIELD_PERSON, FIELD_CHANNEL, FIELD_DATE };

struct field {
    enum field_kind kind;
    char *name; /* letters, digits, underscores */
    char *label;
    char *hint;    /* NULL-able */
    char *initial; /* text, option value, person id, channel id, date; NULL-able */
    bool optional;
    int max; /* characters; 0: the platform's own limit */
    struct choice {
        char *value, *label;
    } *options; /* FIELD_CHOICE */
    int n_options;
};

struct form {
    char *id;    /* EVENT_FORM.form */
    char *state; /* EVENT_FORM.state: what the submission needs to know; at most 2,000 bytes */
    char *title; /* 24 characters at most */
    char *submit;
    char *cancel;
    char *intro; /* NULL-able */
    char *instead; /* what to type when it cannot be shown; rich text, NULL-able */
    struct field *fields;
    int n_fields;
};

struct form *form_new(const char *id, const char *state, const char *title, const char *submit, const char *cancel);
void form_free(struct form *form);
/* The field appended, to be filled in further; valid until the next call. */
struct field *form_add(struct form *form, enum field_kind kind, const char *name, const char *label, bool optional);
void field_add_option(struct field *field, const char *value, const char *label);
char *form_to_json(const struct form *form);
struct form *form_from_json(const cJSON *json);




#endif
