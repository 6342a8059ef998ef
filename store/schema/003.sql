-- The whole life of an ask.

ALTER TABLE ask ADD COLUMN merged_into INTEGER;   -- ask
ALTER TABLE ask ADD COLUMN paused_at INTEGER;
ALTER TABLE ask ADD COLUMN revisit_at INTEGER;    -- when what was set aside is asked about again
ALTER TABLE ask ADD COLUMN urgent_until INTEGER;  -- raised as urgent: its why is owed until then
ALTER TABLE ask ADD COLUMN outcome TEXT;          -- as_expected, partly, below, unknown
ALTER TABLE ask ADD COLUMN outcome_due INTEGER;   -- when it is asked for
ALTER TABLE ask ADD COLUMN turn INTEGER;          -- person who must act next
ALTER TABLE ask ADD COLUMN turn_since INTEGER;
ALTER TABLE ask ADD COLUMN round_trips INTEGER NOT NULL DEFAULT 0; -- of clarification
ALTER TABLE ask ADD COLUMN need INTEGER;          -- words
ALTER TABLE ask ADD COLUMN need_confirmed INTEGER NOT NULL DEFAULT 0; -- 0 no, 1 by the asker, 2 it is not that
CREATE INDEX ask_revisit ON ask (revisit_at) WHERE revisit_at IS NOT NULL;
CREATE INDEX ask_outcome_due ON ask (outcome_due) WHERE outcome_due IS NOT NULL;

---- set aside and reopened (store/apply_life.c) ----

ALTER TABLE ask ADD COLUMN revisit_asked INTEGER; -- when its owner was asked whether to go on; NULL: not yet
CREATE TABLE reopened (                     -- the last time an ask that had ended was taken up again
    ask    INTEGER PRIMARY KEY,
    words  INTEGER,                         -- what is new
    person INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE TABLE merged (                       -- asks that are part of another one now
    ask    INTEGER PRIMARY KEY,
    target INTEGER NOT NULL,                -- ask
    words  INTEGER,                         -- why
    person INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX merged_target ON merged (target);

-- Whose turn it was when this came, and what round trips there had been (store/apply_turn.c).
UPDATE ask SET turn = CASE state
    WHEN 'waiting' THEN (SELECT q.person FROM question q WHERE q.ask = number AND q.state = 'open' ORDER BY q.kind LIMIT 1)
    WHEN 'clear' THEN decider WHEN 'accepted' THEN owner WHEN 'started' THEN owner WHEN 'shipped' THEN owner END;
UPDATE ask SET turn_since = CASE state
    WHEN 'waiting' THEN (SELECT q.asked_at FROM question q WHERE q.ask = number AND q.state = 'open' ORDER BY q.kind LIMIT 1)
    ELSE state_at END WHERE turn IS NOT NULL;
UPDATE ask SET turn_since = max(turn_since, named.at) FROM
    (SELECT ask AS number, max(at) AS at FROM log WHERE kind = 'ask.owner' GROUP BY ask) AS named
    WHERE ask.number = named.number AND state IN ('accepted', 'started', 'shipped') AND turn IS NOT NULL;
UPDATE ask SET round_trips = trips.n FROM
    (SELECT ask AS number, sum(CASE
        WHEN kind = 'question.followed' THEN 1
        WHEN kind = 'question.closed' THEN how IN ('answered', 'unknown') AND (before IS NOT 'question.asked' OR before_id <> id - 1)
        WHEN kind = 'question.asked' THEN before IS 'question.asked' AND before_person <> person
        ELSE 0 END) AS n
     FROM (SELECT id, ask, kind, person, how, lag(kind) OVER asked AS before, lag(id) OVER asked AS before_id,
               lag(person) OVER asked AS before_person
           FROM (SELECT id, ask, kind, person, data ->> 'kind' AS about, data ->> 'how' AS how,
                     kind = 'question.followed' AS aside
                 FROM log WHERE kind IN ('question.asked', 'question.closed', 'question.followed'))
           WINDOW asked AS (PARTITION BY ask, about, aside ORDER BY id))
     GROUP BY ask) AS trips
    WHERE ask.number = trips.number;

---- what gave way (store/apply_trade.c) ----

CREATE TABLE work (                         -- each time an ask was worked on, from started until it was not any more
    id      INTEGER PRIMARY KEY,            -- the log entry that began it
    ask     INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    began   INTEGER NOT NULL,
    ended   INTEGER,
    upto    INTEGER,                        -- the log entry that ended it
    jumped  INTEGER NOT NULL DEFAULT 0      -- out of turn: in the place of others, or urgent
) STRICT;
CREATE INDEX work_of_ask ON work (ask);
CREATE INDEX work_of_channel ON work (channel, upto, id);
INSERT INTO work (id, ask, channel, began, ended, upto)
    SELECT id, ask, channel, at, ended, upto FROM (
        SELECT id, ask, channel, at, state, lag(state) OVER asks AS was, lead(at) OVER asks AS ended, lead(id) OVER asks AS upto
        FROM log WHERE ask IS NOT NULL AND state IS NOT NULL WINDOW asks AS (PARTITION BY ask ORDER BY id))
    WHERE state = 'started' AND was IS NOT 'started';

CREATE TABLE trade_off (                    -- the ledger: what was set aside, and for what
    id         INTEGER PRIMARY KEY,         -- the log entry that set it aside
    ask        INTEGER NOT NULL,
    channel    INTEGER NOT NULL,
    instead    INTEGER,                     -- the ask that took its place; NULL: none did
    words      INTEGER,                     -- the cause
    decided_by INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    days       INTEGER NOT NULL,            -- of work already spent, Monday to Friday
    revisit_at INTEGER,
    ended      TEXT,                        -- the state it went to; NULL: still set aside
    ended_at   INTEGER,
    freed_at   INTEGER                      -- when it was told that what took its place has gone on
) STRICT;
CREATE INDEX trade_off_of_ask ON trade_off (ask);
CREATE INDEX trade_off_instead ON trade_off (instead) WHERE instead IS NOT NULL;
CREATE INDEX trade_off_of_channel ON trade_off (channel, id);

CREATE TABLE queued (                       -- asks that will start once another one is done
    ask    INTEGER PRIMARY KEY,
    behind INTEGER NOT NULL,                -- ask
    entry  INTEGER NOT NULL,                -- the log entry that put it there
    words  INTEGER,                         -- the reason
    person INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX queued_behind ON queued (behind);
CREATE INDEX queued_entry ON queued (entry);

CREATE TABLE trade_setting (
    channel      INTEGER PRIMARY KEY,
    shared       INTEGER NOT NULL DEFAULT 0, -- any started ask of the channel may give way, not only one's own
    revisit_days INTEGER NOT NULL DEFAULT 14,
    churn        INTEGER NOT NULL DEFAULT 1,
    by_function  INTEGER NOT NULL DEFAULT 1
) STRICT;
---- search ----

-- Terms by our own tokenizer (store/tokenizer.c): words folded, Hangul and CJK in pairs.
DROP TABLE ask_text;
CREATE VIRTUAL TABLE ask_text USING fts5 (title, why, impact, evidence, need, tokenize = 'terms', prefix = '2 3');
INSERT INTO ask_text (ask_text, rank) VALUES ('rank', 'bm25(4.0, 2.0, 1.0, 1.0, 2.0)');
INSERT INTO ask_text (rowid, title, why, impact, evidence)
    SELECT number, t.text, w.text, i.text, e.text FROM ask
    LEFT JOIN words t ON t.id = ask.title LEFT JOIN words w ON w.id = ask.why
    LEFT JOIN words i ON i.id = ask.impact LEFT JOIN words e ON e.id = ask.evidence;
CREATE VIRTUAL TABLE ask_term USING fts5vocab (ask_text, row); -- how many asks hold a term
-- What was considered, worded and owed around an ask: for its card and brief, on no list.

CREATE TABLE ask_detail (
    ask         INTEGER PRIMARY KEY,
    options     INTEGER,                   -- words: the options considered when it was decided
    reopen_if   INTEGER,                   -- words: what would reopen that decision
    need_by     INTEGER,                   -- person who worded the need
    need_for    INTEGER,                   -- and whose words they are, when said for somebody
    need_entry  INTEGER,                   -- log entry of the wording that is to be confirmed
    not_quite   INTEGER,                   -- words: what the asker says instead
    fixed       INTEGER,                   -- words: what is fixed, what is open, the smallest version that would help
    open        INTEGER,
    smallest    INTEGER,
    cost        INTEGER,                   -- words
    cost_by     INTEGER,
    cost_for    INTEGER,
    cost_low    INTEGER,                   -- working hours; NULL when the words tell none
    cost_high   INTEGER,
    talk        INTEGER,                   -- words: whom we could talk to
    talk_by     INTEGER,
    why_confirmed INTEGER NOT NULL DEFAULT 0, -- said by another, and the asker says that it is so
    why_for     INTEGER,                   -- person for whom it was said
    impact_for  INTEGER,
    evidence_by INTEGER,
    evidence_for INTEGER,
    deadline_by INTEGER,
    urgent_due  INTEGER,                   -- when it is looked at whether the why has come
    urgent_late INTEGER NOT NULL DEFAULT 0 -- it had not come in time
) STRICT;
CREATE INDEX ask_detail_urgent_due ON ask_detail (urgent_due) WHERE urgent_due IS NOT NULL;
INSERT INTO ask_detail (ask, evidence_by)
    SELECT ask, person FROM (SELECT ask, person, max(id) FROM log WHERE kind = 'ask.evidence' GROUP BY ask);
INSERT INTO ask_detail (ask, deadline_by)
    SELECT ask, person FROM (SELECT ask, person, max(id) FROM log WHERE kind = 'ask.deadline' GROUP BY ask) WHERE true
    ON CONFLICT (ask) DO UPDATE SET deadline_by = excluded.deadline_by;

CREATE TABLE said_beside (                 -- what others said where the asker's own words stand
    ask    INTEGER NOT NULL,
    kind   TEXT    NOT NULL,               -- why, impact, evidence, deadline
    person INTEGER NOT NULL,
    whom   INTEGER,                        -- person for whom it was said
    words  INTEGER NOT NULL,
    PRIMARY KEY (ask, kind, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_urgent ON log (channel, kind, id) WHERE kind IN ('ask.urgent', 'ask.urgent_late'); -- what digests tell of
CREATE INDEX ask_urgent ON ask (number) WHERE urgent_until IS NOT NULL AND open = 1;
CREATE INDEX ask_urgent_asker ON ask (asker, number) WHERE urgent_until IS NOT NULL AND open = 1;
CREATE INDEX ask_urgent_owner ON ask (owner, number) WHERE urgent_until IS NOT NULL AND open = 1;
CREATE INDEX ask_urgent_raiser ON ask (raiser, number) WHERE urgent_until IS NOT NULL AND open = 1 AND raiser <> asker;
ALTER TABLE question ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0; -- as its ask is
CREATE INDEX question_urgent ON question (person, ask) WHERE state = 'open' AND urgent = 1;

CREATE TABLE dissent (                     -- who sees a decision differently
    ask     INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    words   INTEGER NOT NULL,
    commits INTEGER NOT NULL,              -- disagrees and commits
    at      INTEGER NOT NULL,
    PRIMARY KEY (ask, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE informed (                    -- who is told when an ask's state changes
    ask    INTEGER NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (ask, person)
) STRICT, WITHOUT ROWID;

-- What became of it.

CREATE TABLE outcome (                      -- of each ask that was shipped, from that day on
    ask       INTEGER PRIMARY KEY,
    channel   INTEGER NOT NULL,
    remind_at INTEGER,                      -- when it is asked for, or reminded of
    asked     INTEGER NOT NULL DEFAULT 0,   -- how often that was done
    person    INTEGER,                      -- who was asked
    words     INTEGER,                      -- what was told beside the outcome
    ratio     REAL,                         -- actual figure / expected one, where both are known
    told_by   INTEGER,                      -- person
    told_at   INTEGER
) STRICT;
INSERT INTO outcome (ask, channel, remind_at)
    SELECT ask, channel, due FROM (SELECT ask, channel, json_extract(data, '$.outcome_due') AS due, max(id) FROM log
                                   WHERE kind = 'ask.shipped' GROUP BY ask);
UPDATE ask SET outcome_due = (SELECT remind_at FROM outcome WHERE outcome.ask = number) WHERE shipped_at IS NOT NULL;
-- Shipped in the last year, before outcomes were asked for: asked about after 90 days, the latest first, one a day and
-- channel. What is older can be told any time, and nobody is asked for it.
INSERT INTO log (at, kind, ask, channel, data)
    SELECT upgraded, 'outcome.waits', number, channel,
        json_object('asked', 0, 'remind_at', max(shipped_at + 90 * 86400000, upgraded + 86400000 * row_number() OVER newest))
    FROM ask, (SELECT max(at) AS upgraded FROM log)
    WHERE state = 'shipped' AND outcome_due IS NULL AND shipped_at > upgraded - 365 * 86400000
    WINDOW newest AS (PARTITION BY channel ORDER BY shipped_at DESC, number) ORDER BY number;
UPDATE outcome SET remind_at = waits.at, asked = 0 FROM
    (SELECT ask, data ->> 'remind_at' AS at FROM log WHERE kind = 'outcome.waits') AS waits WHERE outcome.ask = waits.ask;
UPDATE ask SET outcome_due = (SELECT remind_at FROM outcome WHERE outcome.ask = number) WHERE outcome_due IS NULL AND shipped_at IS NOT NULL;
CREATE INDEX outcome_remind ON outcome (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX outcome_missing ON outcome (channel, ask) WHERE asked > 0 AND told_at IS NULL;
CREATE INDEX outcome_measured ON outcome (channel, told_at) WHERE ratio IS NOT NULL;

-- What asks are for.

CREATE TABLE aim (                          -- goals and metrics of a channel
    id       INTEGER PRIMARY KEY,           -- the log entry that made it
    kind     TEXT    NOT NULL,              -- goal, metric
    channel  INTEGER NOT NULL,
    name     INTEGER NOT NULL,              -- words
    ended_at INTEGER,
    owner    INTEGER,                       -- person; this and what follows: of metrics
    unit     TEXT,
    baseline REAL,
    target   REAL,
    value    REAL,
    value_at INTEGER
) STRICT;
CREATE INDEX aim_now ON aim (kind, channel, id) WHERE ended_at IS NULL;
CREATE INDEX aim_in_order ON aim (kind, id) WHERE ended_at IS NULL;

CREATE TABLE metric_value (                 -- what a metric was over time
    id     INTEGER PRIMARY KEY,             -- the log entry that told it
    metric INTEGER NOT NULL,
    value  REAL    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX metric_value_of ON metric_value (metric, id);

CREATE TABLE ask_aim (                      -- what an ask is for
    ask       INTEGER PRIMARY KEY,
    goal      INTEGER,                      -- aim
    metric    INTEGER,                      -- aim
    direction TEXT,                         -- up, down: where it shall move the metric
    by_words  INTEGER NOT NULL DEFAULT 0    -- its expected impact named the metric
) STRICT;
CREATE INDEX ask_aim_goal ON ask_aim (goal, ask) WHERE goal IS NOT NULL;
CREATE INDEX ask_aim_metric ON ask_aim (metric, direction, ask) WHERE metric IS NOT NULL;

INSERT OR IGNORE INTO tally (channel, name, value)
    SELECT channel, counter, sum(state = 'started') FROM ask, (SELECT 'serves.all' AS counter UNION SELECT 'serves.none')
    WHERE started_at IS NOT NULL GROUP BY channel, counter;
ALTER TABLE channel_setting ADD COLUMN calibration INTEGER NOT NULL DEFAULT 0; -- whether its digest compares expected with actual figures
---- people: who may do what (store/permissions.h), administrators ----

ALTER TABLE person ADD COLUMN admin INTEGER NOT NULL DEFAULT 0; -- of the chat
CREATE TABLE permission (
    channel INTEGER NOT NULL,
    what    TEXT    NOT NULL,
    allowed TEXT    NOT NULL,               -- to whom
    PRIMARY KEY (channel, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel_admin (                -- as the chat told: who administers a channel, or the workspace it is of
    channel INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    admin   INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (channel, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE departure (                    -- asks whose asker or owner left
    ask    INTEGER NOT NULL,
    person INTEGER NOT NULL,
    due_at INTEGER,                         -- when it is offered to its channel; NULL: it was
    PRIMARY KEY (ask, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX ask_by_decider ON ask (decider, open, number) WHERE decider IS NOT NULL;
CREATE INDEX departure_due ON departure (due_at) WHERE due_at IS NOT NULL;
---- voices ----

ALTER TABLE voice ADD COLUMN said_by INTEGER;      -- person, when somebody said it for them

---- functions by the chat's groups (store/groups.h) ----

CREATE TABLE group_function (               -- what whoever is in a group works as, unless they told it themselves
    id       INTEGER PRIMARY KEY,           -- the log entry that made it: the first of several counts
    platform TEXT    NOT NULL,
    called   TEXT    NOT NULL,              -- the platform's id; what was typed, until the chat has told
    name     TEXT    NOT NULL,
    function TEXT    NOT NULL,
    channel  INTEGER NOT NULL,              -- where it was set
    person   INTEGER NOT NULL,              -- and by whom
    known    INTEGER NOT NULL DEFAULT 0,    -- the chat has told that there is such a group
    UNIQUE (platform, called)
) STRICT;
CREATE TABLE in_group (                     -- as the chat told, of people who were met
    person  INTEGER NOT NULL,
    called  TEXT    NOT NULL,
    PRIMARY KEY (person, called)
) STRICT, WITHOUT ROWID;
CREATE INDEX in_group_called ON in_group (called, person);
CREATE VIEW person_function AS
    SELECT p.id AS person, coalesce(
        (SELECT s.function FROM person_setting s WHERE s.person = p.id),
        (SELECT g.function FROM in_group i JOIN group_function g ON g.platform = p.platform AND g.called = i.called
         WHERE i.person = p.id AND g.known = 1 ORDER BY g.id LIMIT 1)) AS function
    FROM person p;
---- privacy ----

-- Questions without a name until the hour they are posted. The key is drawn by lot: the order they came in is kept
-- nowhere, nor when, nor from whom.
CREATE TABLE nameless (
    key     INTEGER PRIMARY KEY,
    channel INTEGER NOT NULL,
    ask     INTEGER,
    digest  INTEGER,
    words   TEXT    NOT NULL,
    due_at  INTEGER NOT NULL                      -- a full hour
) STRICT;
CREATE INDEX open_question_of_ask ON open_question (ask, id) WHERE ask IS NOT NULL;

ALTER TABLE person ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0; -- nobody any more: no name, no id of the platform

CREATE TABLE forgetting (                         -- whose words are being erased, and how far that is
    person  INTEGER PRIMARY KEY,
    user    TEXT    NOT NULL,                     -- the platform's id, by which others named them
    handled INTEGER NOT NULL,                     -- log entry
    upto    INTEGER NOT NULL
) STRICT;

CREATE INDEX heard_of_person ON heard (person);

CREATE INDEX outbox_content ON outbox (post) WHERE content IS NOT NULL AND post IS NOT NULL; -- what is replaced before it is sent

CREATE TABLE quoted (                             -- whom a post of askwhy's names or quotes
    person INTEGER NOT NULL,
    post   INTEGER NOT NULL,
    PRIMARY KEY (person, post)
) STRICT, WITHOUT ROWID;

---- where asks come from ----

CREATE TABLE origin (                       -- who asked how often: what digest part 7 sums when all of a channel's past counts
    channel INTEGER NOT NULL,
    asker   INTEGER NOT NULL,
    asks    INTEGER NOT NULL,
    evident INTEGER NOT NULL DEFAULT 0,     -- of those, for how many customers speak now
    PRIMARY KEY (channel, asker)
) STRICT, WITHOUT ROWID;
INSERT INTO origin (channel, asker, asks, evident)
    SELECT channel, asker, count(*), sum(coalesce(evidence_kind IN ('one customer', 'several customers', 'measured'), 0))
    FROM ask GROUP BY channel, asker;
