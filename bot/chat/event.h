/* What happened in a chat, in words that no chat product owns.
 *
 * An adapter (bot/slack, bot/mattermost) decodes a frame into one struct event;
 * the dispatcher hands it to a command. Strings are valid UTF-8 and owned by
 * the event; an absent one is NULL. Texts are rich text (richtext.h): people
 * mentioned stand in it as markers, never in a platform's own notation.
 */
#ifndef ASKWHY_EVENT_H
#define ASKWHY_EVENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum event_kind {
    EVENT_NONE,             /* nothing for us, but its envelope wants an acknowledgement */
    EVENT_COMMAND,          /* slash-command: command, text */
    EVENT_MENTION,          /* askwhy addressed in a channel or thread: text without the address */
    EVENT_MESSAGE,          /* a person's post: in a thread, or in a direct channel */
    EVENT_EDITED,           /* message, text: the new text */
    EVENT_DELETED,          /* message */
    EVENT_UNPOSTED,         /* message, a post of askwhy's own, was deleted by somebody */
    EVENT_BUTTON,           /* action, value, message */
    EVENT_FORM,             /* form, state, fields */
    EVENT_FORM_CLOSED,      /* form, state */
    EVENT_SHORTCUT,         /* global shortcut: action */
    EVENT_MESSAGE_SHORTCUT, /* action on message: text, author, permalink */
    EVENT_INVITED,          /* askwhy was added to channel by user; message: where its posts begin to concern us */
    EVENT_REMOVED,          /* askwhy was removed from channel; without channel: from all of workspace */
    EVENT_JOINED,           /* user joined channel */
    EVENT_LEFT,             /* user left channel; without channel: all of workspace */
    EVENT_HOME,             /* user opened askwhy's home page */
    EVENT_PERSON,           /* the platform told us about a person: profile */
    EVENT_CHANNEL,          /* the platform told us about a channel: channel_name, channel_kind */
    EVENT_MEMBER,           /* the platform told us, asked, of user in channel: profile.admin, of it or its workspace */
    EVENT_GROUP,            /* the platform told us about a group of people, as it was asked: sought, group and the rest */
    EVENT_READER_DONE,      /* internal: the reader thread finished a job */
};

enum channel_kind { CHANNEL_UNKNOWN, CHANNEL_PUBLIC, CHANNEL_PRIVATE, CHANNEL_DIRECT };

struct form_value {
    char *name;
    char *value; /* text, option value, person id, channel id or date (YYYY-MM-DD); NULL when left empty */
    bool claimed; /* for adapters: a channel that a client named, and nobody has seen yet whether its person is there */
};

struct profile {
    char *name;   /* to be shown */
    char *handle; /* what people type behind @ to notify them; NULL where mentions go by id */
    char *zone;   /* "Europe/Tallinn"; NULL when unknown */
    char *locale; /* "en", "ko", "et"; NULL when unknown */
    bool bot, deleted, guest, admin;
    char **groups; /* ids of the groups and roles they are in, NULL-terminated; NULL when not told */
};

struct event {
    enum event_kind kind;
    const char *platform; /* "slack" or "mattermost"; a constant */

    /* What makes it the same event when it comes again; up to two, NULL-able. */
    char *keys[2];

    char *workspace;
    char *user;
    char *user_name; /* login name, a hint until the profile is known */
    char *channel;
    char *channel_name;
    enum channel_kind channel_kind;
    char *message;  /* id of the post concerned */
    char *thread;   /* id of the thread's root, NULL outside threads */
    char *author;   /* message shortcut: who wrote the message */
    char *permalink;
    char *cursor;   /* see event_cursor(); later ones sort behind. NULL where ids of posts do so themselves */
    char *revision; /* EVENT_EDITED: distinguishes edits of one post; a later one sorts behind an earlier one */
    char *text;
    char *command; /* "/ask" */
    char *action, *value;
    char *form, *state, *view;
    struct form_value *fields;
    int n_fields;
    struct profile profile;
    /* EVENT_GROUP */
    char *sought;     /* what was asked for, an id or what people call it */
    char *group;      /* its id; NULL: not told, and text says why (in English, of the platform), or "": there is none */
    char *group_name; /* as people call it */
    char **members;   /* ids of people, NULL-terminated; NULL: each person's profile tells whether they are in it */
    int64_t at_ms; /* when it happened by the platform's clock; 0 when not told */
    int64_t posted_ms; /* when the post concerned was first said, edited since or not; 0 when not told */
    bool addressed;    /* a post, also an edited one, that speaks to askwhy */
    bool nameless;     /* of what comes of it, nowhere is kept who did it: see command_is_nameless() */

    /* How to answer. */
    char *trigger;      /* opens a form; expires in seconds */
    char *response_url; /* private answers, a few times for a while */
    bool ephemeral;     /* EVENT_BUTTON: of a message only this person sees; response_url can replace it */
    bool replay;        /* read back after a gap: acknowledge nobody, open no forms */
    int64_t came_us;    /* monotonic, when it may have come at the earliest: platforms wait 3 s */

    /* Whom to acknowledge; belongs to the adapter. */
    uint64_t connection;
    char *envelope;
    bool accepts_reply; /* the acknowledgement may carry the private answer or form errors */
    void *job;          /* EVENT_READER_DONE */
};

struct event *event_new(enum event_kind kind, const char *platform);
void event_free(struct event *event);

/* Where reading its channel again would go on behind it; NULL: it says nothing of that. */
const char *event_cursor(const struct event *event);

/* The value of a form's field; NULL when empty or absent. */
const char *event_field(const struct event *event, const char *name);
void event_add_field(struct event *event, const char *name, const char *value);

#endif
