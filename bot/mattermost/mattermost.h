/* The Mattermost adapter: WebSocket and HTTP callbacks in, REST v4 out.
 *
 * Written for servers 5.37 to 11.x; what differs between them is said where it matters. Sources: the server's own
 * code and the developer documentation (developers.mattermost.com).
 *
 * text.c     Markdown → rich text, pure         names.c     who is called what: ids, user names, names to show
 * markdown.c, words.c: rich text → Markdown, pure
 * decode.c, decode_post.c: frames and posts → events, pure; source.c reads what has no promised types
 * callback.c commands, buttons, dialogs → events, pure       answer.c    what is answered to them, pure
 * encode.c   message → post, pure               dialog.c    form → dialog, pure
 * api.c      outgoing → request → verdict, pure (the codec); search.c, errors.c belong to it
 * sign.c     what comes back from buttons and dialogs is known by its signature
 * socket.c   the WebSocket and its resuming     listen.c    the callbacks' routes on the HTTP listener
 * claim.c    is a person in the channel a form names
 * lookup.c   people, channels                   history.c   posts missed in a gap
 * adapter.c  puts them together                 probe.c, setup.c  for `askwhy check` and `askwhy setup`
 */
#ifndef ASKWHY_MATTERMOST_H
#define ASKWHY_MATTERMOST_H

#include "bot/chat/platform.h"
#include "bot/chat/richtext.h"
#include "bot/net/listener.h"

struct mattermost_options {
    const char *url;                   /* "https://chat.example.com" or with a sub-path, without a slash at the end */
    const char *token;                 /* of the bot account */
    const char *const *command_tokens; /* of /ask and /why in each team; NULL-terminated, NULL for none */
    const char *callback_url;          /* where the server reaches the listener: "http://bot:8600/mattermost" */
    const char *signing_key;           /* hex, of the database */
    /* What to call a person, and what is typed behind @ to notify them, by id; may return NULL. The text is valid
     * until the next call. NULL: as the adapter itself learned. */
    rich_name_fn *name, *handle;
    platform_words_fn *words; /* never NULL where callbacks are heard */
    void *name_data;          /* of all three */
};

/* Copies options; listener stays the caller's and outlives the platform. NULL: no callbacks, mentions alone. */
struct platform *mattermost_new(struct loop *loop, struct rest *rest, struct listener *listener,
                                const struct mattermost_options *options, const struct platform_host *host);

/* 26 letters and digits (server/public/model/utils.go: IsValidId). */
bool mattermost_is_id(const char *text);

/* ---- names.c ---- */

/* Who is called what: bounded, the longest unused forgotten first. */
struct names;
struct names *names_new(void);
void names_free(struct names *names);
void names_learn(struct names *names, const char *user, const char *handle, const char *name);
void names_forget(struct names *names, const char *user);
/* The id of a user name (without @, any case); NULL when not known. */
const char *names_find(struct names *names, const char *handle);
const char *names_handle(struct names *names, const char *user);
const char *names_name(struct names *names, const char *user);
/* There is nobody of that name; true until some minutes have passed. */
void names_learn_nobody(struct names *names, const char *handle);
bool names_is_nobody(struct names *names, const char *handle);

/* ---- text.c (pure) ---- */

/* Markdown as people write it → rich text: @name of somebody in names as RICH_PERSON, the rest verbatim; links
 * [label](address) as their label and address. At most 16,383 characters. */
char *mattermost_text_to_rich(const char *markdown, struct names *names);
/* The user names that stand behind @ in it and are in names neither as somebody nor as nobody; of char *. */
GPtrArray *mattermost_unknown_names(const char *markdown, struct names *names);
/* Rich text → Markdown: formatting characters of user text, and what would notify (@all, @channel, @here, @name), made
 * harmless; RICH_PING as @handle. name, handle as in mattermost_options. */
char *mattermost_rich_to_markdown(const char *rich, const struct mattermost_options *options);
char *mattermost_rich_to_plain(const char *rich, const struct mattermost_options *options);

/* ---- sign.c (pure) ---- */

/* A key made ready, for as many signatures as are wanted at once. */
struct signer;
struct signer *signer_new(const char *key);
void signer_free(struct signer *signer);

/* Writes a button's context: {"a": action, "v": value, "s": HMAC of them and the channel under the purpose "button"}, as
 * "context". It does not expire: cards live for months, and state and permission are looked at when it is pressed. */
void sign_button(struct signer *signer, const char *channel, const char *action, const char *value, GString *json);
/* False when it is not ours, altered, or of another channel. *action and *value point into context. */
bool sign_check_button(const char *key, const char *channel, const cJSON *context, const char **action,
                       const char **value);
/* A dialog's state: form, state, which of its fields hold ids, operation mark, person, when it expires, and the HMAC of
 * them. What is typed or chosen in a dialog is checked by nobody on its way. */
char *sign_form(const char *key, const char *user, const struct form *form, const char *op, int64_t expires_ms);
struct signed_form {
    char *form, *state, *op;
    char *ids; /* names of the fields that hold people (@asker) and channels (~channel), blanks between; NULL for none */
};
enum sign_verdict { SIGN_GOOD, SIGN_FORGED, SIGN_EXPIRED, SIGN_OF_ANOTHER };
enum sign_verdict sign_check_form(const char *key, const char *user, const char *text, int64_t now_ms,
                                  struct signed_form *form);
void signed_form_done(struct signed_form *form);

/* ---- decode.c (pure) ---- */

struct mattermost_self {
    const char *user;   /* askwhy's own user id and user name, from users/me; "" before they are known */
    const char *handle;
};

struct mattermost_frame {
    enum {
        MATTERMOST_HELLO,   /* connection: the connection's id */
        MATTERMOST_EVENT,   /* seq; event EVENT_NONE when it does not concern askwhy */
        MATTERMOST_REPLY,   /* reply: the action's number; ok */
        MATTERMOST_UNUSABLE /* reason; seq is -1 when it had none */
    } kind;
    int64_t seq;
    int64_t reply;
    bool ok;
    char *connection;
    char *version;       /* hello: "5.37.0"; NULL when not told */
    char *reason;        /* why it is unusable, without content; of a refused action its error's id */
    char *text;          /* the post's own Markdown, for mattermost_unknown_names(); NULL when none */
    char *changed_user;  /* user_updated: whose names are to be asked for again */
    char *changed_channel; /* its name or kind changed, and how was not told: to be asked for again */
    struct event *event; /* the caller takes it */
};
/* Never fails: what cannot be used is MATTERMOST_UNUSABLE. Give it again once names were learnt. */
void mattermost_decode(const char *text, gsize size, const struct mattermost_self *self, struct names *names,
                       struct mattermost_frame *frame);
void mattermost_frame_done(struct mattermost_frame *frame);
/* A post of a PostList as events with replay set, appended to events (struct event *): said, edited, deleted. kind: its
 * channel's. after_ms: what was neither said, edited nor deleted since is left out. */
void mattermost_decode_history(const cJSON *post, enum channel_kind kind, const struct mattermost_self *self,
                               struct names *names, int64_t after_ms, GPtrArray *events);
/* A User and a Channel of the REST API as EVENT_PERSON (and into names) and EVENT_CHANNEL; NULL when they are none. */
struct event *mattermost_decode_person(const cJSON *user, struct names *names);
struct event *mattermost_decode_channel(const cJSON *channel);
enum channel_kind mattermost_channel_kind(const char *type); /* "O", "P", "D", "G" */

/* ---- callback.c (pure) ---- */

enum callback_kind { CALLBACK_COMMAND, CALLBACK_ACTION, CALLBACK_DIALOG };
struct callback_verdict {
    struct event *event; /* NULL: refused */
    int status;          /* refused with this HTTP status … */
    char *answer;        /* … and this body, JSON; 200 with a clear text where the person should see why */
    char *why;           /* for the log, without content */
};
/* One request's body. authorization: the header's value, "" when absent. Learns the names it tells. */
void mattermost_decode_callback(enum callback_kind kind, const char *body, gsize size, const char *authorization,
                                const struct mattermost_options *options, struct names *names, int64_t now_ms,
                                struct callback_verdict *verdict);
void callback_verdict_done(struct callback_verdict *verdict);
/* What askwhy says to this person, as plain text. Free with g_free(). */
char *mattermost_words(const struct mattermost_options *options, enum platform_words what, const char *user);
/* The body of the answer to event, with HTTP status 200; answer may be NULL. */
char *mattermost_answer(const struct event *event, const struct answer *answer, const struct mattermost_options *options);
/* Whether the answer to event can carry message whole. */
bool mattermost_carries(const struct event *event, const struct message *message);

/* ---- encode.c, dialog.c (pure) ---- */

/* Writes "message" and "props" (op, attachments). channel: the buttons' signatures are bound to it. op NULL: no mark.
 * max: characters of a post. */
void mattermost_write_post(GString *json, const struct message *message, const char *channel, const char *op, int max,
                           const struct mattermost_options *options);
/* The same as the answer to a command has it: under names of the caller's, attachments NULL for none. */
void mattermost_write_private(GString *json, const char *text, const char *attachments, const struct message *message,
                              const char *channel, int max, const struct mattermost_options *options);
/* The body of actions/dialogs/open. */
cJSON *mattermost_dialog(const struct form *form, const char *trigger, const char *user, const char *op, int64_t now_ms,
                         const struct mattermost_options *options);

/* ---- api.c (pure) ---- */

/* Copies options; self stays the caller's and may change. */
struct codec *mattermost_codec_new(const struct mattermost_options *options, const struct mattermost_self *self);
void mattermost_codec_free(struct codec *codec);
/* Characters a post may have, as the server tells (config/client: MaxPostSize); 4,000 untold. */
void mattermost_codec_set_max_post(struct codec *codec, int max);
/* Whether the server limits how often it is asked; taken for granted untold. */
void mattermost_codec_set_limited(struct codec *codec, bool limited);
/* The key of a post's props that holds the operation mark. */
#define MATTERMOST_MARK "askwhy_op"

/* ---- advice.c (pure) ---- */

/* What an operator can do when Mattermost is not reached, by what the libraries or the server said. Never NULL. */
const char *mattermost_advice(const char *why);

/* ---- socket.c ---- */

/* Keeps one connection, resumed where the server allows it. */
struct mattermost_socket;
struct mattermost_socket_handler {
    /* One event (or what cannot be used) in its order; takes frame->event. False: not yet. It comes again with
     * mattermost_socket_go_on(), and those behind it wait. */
    bool (*frame)(struct mattermost_frame *frame, void *data);
    /* Events may have been missed: the first connection without a position, or a resume that was refused. */
    void (*gap)(void *data);
    /* The server does not accept the token: nothing more is tried until mattermost_socket_start(). */
    void (*refused)(void *data);
    void *data;
};
/* self and names stay the caller's: frames are decoded with them. */
struct mattermost_socket *mattermost_socket_new(struct loop *loop, struct rest *rest,
                                                const struct mattermost_options *options,
                                                const struct mattermost_self *self, struct names *names,
                                                const struct mattermost_socket_handler *handler);
/* position: as mattermost_socket_position() said in an earlier process; NULL for none, or to go on after refused(). */
void mattermost_socket_start(struct mattermost_socket *socket, const char *position);
/* A close frame, so that the server marks the connection to be resumed at once. Nothing is handed out any more. */
void mattermost_socket_stop(struct mattermost_socket *socket);
void mattermost_socket_free(struct mattermost_socket *socket);
/* Hands out what waits since the frame that was not taken. */
void mattermost_socket_go_on(struct mattermost_socket *socket);
/* "connection next-sequence-number", behind the frames handed out so far; NULL when there is nothing to resume. */
char *mattermost_socket_position(const struct mattermost_socket *socket);
bool mattermost_socket_live(const struct mattermost_socket *socket);
const char *mattermost_socket_problem(const struct mattermost_socket *socket); /* NULL when all is well */

/* ---- listen.c ---- */

struct mattermost_listen;
/* Answers requests below /mattermost/ (command, action, dialog) of listener; gives their events to given(). */
struct mattermost_listen *mattermost_listen_new(struct listener *listener, const struct mattermost_options *options,
                                                struct names *names,
                                                void (*given)(struct event *event, void *data), void *data);
void mattermost_listen_free(struct mattermost_listen *listen);
/* False: nobody waits for it any more. */
bool mattermost_listen_answer(struct mattermost_listen *listen, const struct event *event, const struct answer *answer);

#endif
