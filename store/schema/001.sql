-- Times are UTC milliseconds. Text is rich text, verbatim.
-- Three kinds of tables: the log and its words (the truth), state derived from
-- the log by store/apply.c, and what is known of the outside world.

---- the truth ----

-- People's words stand apart from the log, so that erasing them leaves it whole.
CREATE TABLE words (
    id        INTEGER PRIMARY KEY,
    author    INTEGER,           -- person
    text      TEXT,              -- NULL once erased
    erased_at INTEGER
) STRICT;

CREATE TABLE log (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,    -- store/log.h
    actor   INTEGER,             -- person; NULL: askwhy itself
    ask     INTEGER,
    channel INTEGER,
    person  INTEGER,             -- whom it is about
    words   INTEGER REFERENCES words (id),
    state   TEXT,                -- the ask's state from now on; NULL: as before
    data    TEXT                 -- JSON; NULL
) STRICT;
CREATE INDEX log_moves ON log (channel, kind, id, ask) WHERE state IS NOT NULL; -- what digests tell of
CREATE INDEX log_answers ON log (channel, id) WHERE kind = 'put.answered';

---- state derived from the log ----

CREATE TABLE ask (
    number       INTEGER PRIMARY KEY,
    channel      INTEGER NOT NULL,
    asker        INTEGER NOT NULL,
    raiser       INTEGER NOT NULL,
    owner        INTEGER,
    decider      INTEGER,
    state        TEXT    NOT NULL,
    state_at     INTEGER NOT NULL,
    raised_at    INTEGER NOT NULL,
    title        INTEGER NOT NULL,          -- words
    permalink    TEXT,
    deadline     TEXT,                      -- YYYY-MM-DD
    why          INTEGER,                   -- words
    why_by       INTEGER,                   -- person
    why_known    INTEGER NOT NULL DEFAULT 0, -- 0 no, 1 given, 2 said not to be known
    impact       INTEGER,
    impact_by    INTEGER,
    impact_known INTEGER NOT NULL DEFAULT 0,
    impact_data  TEXT,                      -- what was understood, JSON
    evidence       INTEGER,
    evidence_known INTEGER NOT NULL DEFAULT 0,
    evidence_kind  TEXT,
    deadline_note  INTEGER,                 -- words: what happens on that date
    decision     TEXT,                      -- yes, no, later
    decision_words INTEGER,
    decided_by   INTEGER,
    decided_at   INTEGER,
    later_until  INTEGER,
    started_at   INTEGER,
    shipped_at   INTEGER,
    voices       INTEGER NOT NULL DEFAULT 0,
    open         INTEGER NOT NULL DEFAULT 1 -- by its state: not ended
) STRICT;
CREATE INDEX ask_by_asker ON ask (asker, open, number);
CREATE INDEX ask_by_owner ON ask (owner, open, number) WHERE owner IS NOT NULL;
CREATE INDEX ask_by_raiser ON ask (raiser, open, number) WHERE raiser <> asker;
CREATE INDEX ask_due_back ON ask (later_until) WHERE later_until IS NOT NULL;

CREATE TABLE question (                     -- what an ask's asker is asked, one row a kind
    ask        INTEGER NOT NULL,
    kind       TEXT    NOT NULL,            -- why, impact, evidence, deadline
    person     INTEGER NOT NULL,            -- who is asked
    state      TEXT    NOT NULL,            -- open, answered, unknown, skipped
    asked_at   INTEGER NOT NULL,
    followed_up INTEGER NOT NULL DEFAULT 0,
    reminders  INTEGER NOT NULL DEFAULT 0,
    remind_at  INTEGER,
    PRIMARY KEY (ask, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX question_due ON question (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX question_of_person ON question (person, state);

CREATE TABLE voice (
    ask    INTEGER NOT NULL,
    person INTEGER NOT NULL,
    words  INTEGER,
    at     INTEGER NOT NULL,
    PRIMARY KEY (ask, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE open_question (                -- put by people to an ask or a digest
    id       INTEGER PRIMARY KEY,           -- the log entry that put it
    channel  INTEGER NOT NULL,
    ask      INTEGER,
    digest   INTEGER,
    kind     TEXT    NOT NULL,              -- question, disagreement
    person   INTEGER,
    words    INTEGER,
    at       INTEGER NOT NULL,
    answered_at INTEGER
) STRICT;
CREATE INDEX open_question_waiting ON open_question (channel, id) WHERE answered_at IS NULL;

CREATE TABLE person_setting (
    person    INTEGER PRIMARY KEY,
    function  TEXT,
    function_asked INTEGER NOT NULL DEFAULT 0,
    language  TEXT,
    reminders INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE channel_setting (
    channel  INTEGER PRIMARY KEY,
    owner    INTEGER,
    decider  INTEGER,
    language TEXT,
    digest   INTEGER NOT NULL DEFAULT 0,    -- on or off
    day      INTEGER NOT NULL DEFAULT 1,    -- 1 Monday … 7 Sunday
    minutes  INTEGER NOT NULL DEFAULT 540,
    zone     TEXT,
    covers   TEXT,                          -- JSON array of channels; NULL: its own
    questions TEXT,                         -- which are asked and in which words, JSON; NULL: all, in ours
    introduced INTEGER NOT NULL DEFAULT 0,
    digest_at INTEGER                       -- next due moment
) STRICT;
CREATE INDEX digest_due ON channel_setting (digest_at) WHERE digest_at IS NOT NULL;

CREATE TABLE digest (
    id       INTEGER PRIMARY KEY,           -- the log entry that recorded it
    channel  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    tally    TEXT    NOT NULL,              -- the counters it saw, JSON
    upto     INTEGER NOT NULL,              -- last log entry it covers
    seen     INTEGER NOT NULL DEFAULT 0,
    questions INTEGER NOT NULL DEFAULT 0,
    disagreements INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX digest_of_channel ON digest (channel, id);

CREATE TABLE digest_reply (                 -- who pressed what, so that each counts once
    digest INTEGER NOT NULL,
    person INTEGER NOT NULL,
    kind   TEXT    NOT NULL,
    PRIMARY KEY (digest, person, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (                        -- counters, kept with the change that moves them
    channel INTEGER NOT NULL,
    name    TEXT    NOT NULL,               -- raised, clear, started, started_with_why, shipped, …
    value   INTEGER NOT NULL,
    PRIMARY KEY (channel, name)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE ask_text USING fts5 (title, why, impact, evidence, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TABLE indexed (                      -- how far ask_text follows the log
    upto   INTEGER NOT NULL,                -- entry
    untidy INTEGER NOT NULL DEFAULT 0       -- words that were erased may stand in older parts of it
) STRICT;
INSERT INTO indexed (upto) VALUES (0);

---- what is known of the outside world ----

CREATE TABLE person (
    id        INTEGER PRIMARY KEY,
    platform  TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user      TEXT NOT NULL,                -- the platform's id
    name      TEXT,
    zone      TEXT,
    locale    TEXT,
    bot       INTEGER NOT NULL DEFAULT 0,
    guest     INTEGER NOT NULL DEFAULT 0,
    deleted   INTEGER NOT NULL DEFAULT 0,
    dm        TEXT,                         -- direct channel with askwhy
    refreshed_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, user)
) STRICT;

CREATE TABLE channel (
    id        INTEGER PRIMARY KEY,
    platform  TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,                -- the platform's id
    name      TEXT,
    kind      INTEGER NOT NULL DEFAULT 0,   -- enum channel_kind
    member    INTEGER NOT NULL DEFAULT 0,   -- askwhy is in it
    newest    TEXT NOT NULL DEFAULT '',     -- newest post handled: where reading begins after a gap
    refreshed_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, channel)
) STRICT;

CREATE TABLE presence (                     -- who was heard in a private channel, and who left a channel
    channel INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    gone    INTEGER NOT NULL,
    PRIMARY KEY (channel, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE post (                         -- what askwhy has posted and may edit or be answered in
    id      INTEGER PRIMARY KEY,
    purpose TEXT    NOT NULL,               -- card, question, digest, home, note
    ask     INTEGER,
    subject INTEGER,                        -- digest: its id
    channel INTEGER,
    thread  INTEGER REFERENCES post (id),
    message TEXT                            -- the platform's id once sent
) STRICT;
CREATE UNIQUE INDEX post_by_message ON post (channel, message) WHERE message IS NOT NULL;
CREATE INDEX post_of_ask ON post (ask, purpose) WHERE ask IS NOT NULL;
CREATE INDEX post_of_digest ON post (subject) WHERE purpose = 'digest';

CREATE TABLE heard (                        -- which post holds which answer, to follow edits and deletions
    channel INTEGER NOT NULL,
    message TEXT    NOT NULL,
    ask     INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    words   INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    PRIMARY KEY (channel, message, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX heard_of_ask ON heard (ask, kind);

CREATE TABLE inbox (                        -- what was handled lately; rows in order of time
    id  INTEGER PRIMARY KEY,
    key TEXT    NOT NULL UNIQUE,
    at  INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: the sender goes by it
    op       TEXT    NOT NULL,              -- operation mark, stands in the sent message
    kind     INTEGER NOT NULL,              -- enum outgoing_kind
    platform TEXT    NOT NULL,
    channel  INTEGER,
    post     INTEGER REFERENCES post (id),  -- what it creates or edits; content NULL: drawn when sent
    thread   INTEGER REFERENCES post (id),
    root     TEXT,                          -- thread root that is not askwhy's own post
    message  TEXT,
    person   INTEGER,
    url      TEXT,
    trigger  TEXT,
    emoji    TEXT,
    content  TEXT,                          -- message or form, JSON
    due_at   INTEGER NOT NULL,
    made_at  INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    parked   TEXT                           -- why it cannot be sent; NULL while it can
) STRICT;
