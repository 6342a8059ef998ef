/* Inside store/: statements prepared once, bound and stepped, with the sticky error.
 *
 * A statement is known by the address of its text, so the text must be a literal.
 * Types, one letter a parameter ?1, ?2, …:
 *   i int64_t   d int   I int64_t, 0 means NULL   t const char *, NULL means NULL   r double, NAN means NULL
 */
#ifndef ASKWHY_STORE_SQL_H
#define ASKWHY_STORE_SQL_H

#include "store/store.h"

#include <sqlite3.h>

enum { STORE_BUSY_MS = 5000 }; /* as long is waited for another connection */

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    int lock;               /* descriptor of the lock file, -1 for none */
    GHashTable *statements; /* literal's address → sqlite3_stmt */
    GError *failure;
    bool shaken;            /* something failed since the last transaction began */
    int wal_pages;
    GHashTable *unindexed;  /* asks whose texts changed since the full-text index was written → whether they are new to it */
    bool index_wanted;
    bool untidy;            /* as the database says: words that were erased may stand in older parts of the index */
    GHashTable *people, *channels; /* the writer's copies, by id; NULL: none are kept (known.c) */
    GHashTable *ids;               /* of both: by table, platform and the platform's id */
};

/* One without a database yet; store_close() ends it. */
struct store *store_handle(const char *path, enum store_mode mode);
/* Bound and ready; NULL when the store has failed. */
sqlite3_stmt *sql_query(struct store *store, const char *literal, const char *types, ...);
/* True when a row stands; false at the end or on failure, and the statement is reset. */
bool sql_step(struct store *store, sqlite3_stmt *statement);
/* For leaving before the end. */
void sql_end(sqlite3_stmt *statement);
bool sql_run(struct store *store, const char *literal, const char *types, ...);
/* First column of the first row; 0 when there is none. */
int64_t sql_number(struct store *store, const char *literal, const char *types, ...);
/* Free with g_free(); NULL for NULL or no row. */
char *sql_text(struct store *store, const char *literal, const char *types, ...);
char *sql_column(sqlite3_stmt *statement, int column); /* a copy of a text column, NULL for NULL */
char *sql_shared(sqlite3_stmt *statement, int column); /* the same as a GRefString */
/* Remembers the database's error unless one is remembered already. */
void sql_fail(struct store *store, const char *doing);

/* migrate.c */
bool store_migrate(struct store *store, GError **error);
/* user_version of a database that is askwhy's (0: empty) and not newer than this program. */
bool store_read_schema(struct store *store, int64_t *version, GError **error);
int64_t store_newest_schema(void);
/* A reader brings nothing up to date: false unless it is. */
bool store_check_schema(struct store *store, GError **error);
bool store_error_from_sqlite(sqlite3 *db, const char *path, const char *doing, GError **error);

/* visibility.c */
bool store_register_visibility(sqlite3 *db);
/* Channel c is of the viewer's own chat, and of the place's team or, privately, of one the person is known in; part
 * and asked: conditions by which they see it without, one that costs nothing and one that looks something up. ?1 person,
 * ?2 place. A condition of AND and OR alone is left as soon as it is decided, which a CASE is not. */
#define OF_THEIR_TEAM(part, asked)                                                                            \
    " (?2 = 0 AND +c.platform = (SELECT platform FROM person WHERE id = ?1)"                                  \
    " AND (" part " OR +c.workspace IN (SELECT workspace FROM belonging WHERE person = ?1) OR " asked ")"     \
    " OR ?2 <> 0 AND (+c.platform, +c.workspace) = (SELECT platform, workspace FROM channel WHERE id = ?2)) "
/* A condition over tables ask AS a and channel AS c; ?1 person, ?2 place, ?3 guest. */
#define MAY_SEE                                                                                               \
    " may_see(?1, ?2, ?3, a.channel, c.kind, a.asker, a.raiser, a.owner, a.decider,"                          \
    " CASE c.kind WHEN 1 THEN 0 ELSE" /* whoever left: a public channel's asks are seen all the same */      \
    " (SELECT p.gone FROM presence p WHERE p.channel = a.channel AND p.person = ?1) END) AND"                 \
    OF_THEIR_TEAM("?1 IN (a.asker, a.raiser, a.owner, a.decider)", /* + : an ask has few questions, a person has many */ \
                  "EXISTS (SELECT 1 FROM question asked WHERE asked.ask = a.number AND +asked.person = ?1)")

/* A channel as such, seen as if it were an ask nobody has a part in; ?1 person, ?2 place, ?3 guest. */
#define MAY_SEE_CHANNEL " may_see(?1, ?2, ?3, c.id, c.kind, 0, 0, 0, 0, NULL) AND" OF_THEIR_TEAM("0", "0")

/* known.c: rows of people and channels, kept until they change */
void known_begin(struct store *store);
void known_end(struct store *store);
void known_forget_all(struct store *store);
void known_forget_people(struct store *store);
bool known_person(struct store *store, int64_t id, struct person *person);
void known_add_person(struct store *store, const struct person *person);
bool known_channel(struct store *store, int64_t id, struct channel *channel);
void known_add_channel(struct store *store, const struct channel *channel);
/* The id of the row of table that literal, a query for it, finds by platform and the platform's id; 0 for none. */
int64_t known_id(struct store *store, const char *table, const char *literal, const char *platform, const char *id);

/* lists.c: a condition over ask a for a struct ask_filter; each part is off when its parameter is NULL. Its parameters
 * stand behind those of MAY_SEE; others from ?11 on. */
#define FITS                                                                                                  \
    " (?4 IS NULL OR instr(?4, ',' || a.state || ',') > 0)"                                                   \
    " AND (?5 IS NULL OR a.asker = ?5 OR a.raiser = ?5 OR a.owner = ?5) AND (?6 IS NULL OR a.owner = ?6)"     \
    " AND (?7 IS NULL OR EXISTS (SELECT 1 FROM question q WHERE q.ask = a.number AND q.person = ?7 AND q.state = 'open'))" \
    " AND (?8 IS NULL OR (SELECT function FROM person_function WHERE person = a.asker) = ?8)"                  \
    " AND (?9 IS NULL OR a.channel = ?9) AND (?10 IS NULL OR a.asker = ?10)"        \
    " AND (?11 IS NULL OR EXISTS (SELECT 1 FROM ask_aim aimed WHERE aimed.ask = a.number AND aimed.goal = ?11)) "
#define FITS_TYPES "iidtIIItIII"
#define FITS_VALUES(filter, states)                                                                           \
    (states), (filter)->person, (filter)->owner, (filter)->asked, (filter)->function, (filter)->channel, (filter)->asker, (filter)->goal
/* ",waiting,clear," for FITS; of a filter that names none, all open states or, with open false, NULL. Free with g_free(). */
char *filter_states(const struct ask_filter *filter, bool open);
/* lists.c: of struct ask_line, for these numbers (int64_t) in their order */
GArray *ask_lines_of(struct store *store, GArray *numbers);

/* search.c */
void search_note(struct store *store, int64_t ask, bool fresh); /* its texts changed */
void search_erased(struct store *store);                        /* words were: with this commit it forgets them */
void search_resume(struct store *store);                        /* what an earlier process left undone */
void search_write(struct store *store);
void search_written(struct store *store); /* and committed */
/* Merges a little more of the index, so that erased words go from its file; true while there is more. */
bool search_tidy(struct store *store);

/* An ask's evidence_kind: customers speak for it. */
#define IS_EVIDENT " evidence_kind IN ('one customer', 'several customers', 'measured') "

/* apply.c */
struct log_entry;
void store_apply(struct store *store, int64_t id, const struct log_entry *entry, const void *data);

#endif
