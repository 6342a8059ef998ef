-- Asks of one team (workspace) are not shown to who is in another alone.

CREATE TABLE belonging (                    -- in which workspaces a person was seen, and has not left
    person    INTEGER NOT NULL,
    workspace TEXT    NOT NULL,
    PRIMARY KEY (person, workspace)
) STRICT, WITHOUT ROWID;

INSERT INTO belonging (person, workspace)
    SELECT l.actor, c.workspace FROM log l JOIN channel c ON c.id = l.channel
    WHERE l.actor IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM presence p WHERE p.channel = l.channel AND p.person = l.actor AND p.gone = 1)
    UNION
    SELECT p.person, c.workspace FROM presence p JOIN channel c ON c.id = p.channel WHERE p.gone = 0;

---- retention (store/retention.h) ----

CREATE TABLE retention (                    -- how long a channel keeps words
    channel INTEGER PRIMARY KEY,
    days    INTEGER NOT NULL
) STRICT;

CREATE TABLE erasable (                     -- what holds words and has ended: erased when its channel does not keep it any longer
    kind    TEXT    NOT NULL,               -- ask, digest
    id      INTEGER NOT NULL,
    channel INTEGER NOT NULL,               -- a digest stands here for each one it tells of
    at      INTEGER NOT NULL,               -- the last that happened to it
    PRIMARY KEY (kind, id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasable_oldest ON erasable (channel, at);

CREATE TABLE erasing (                      -- posts of what was erased that are still to be rewritten
    id      INTEGER PRIMARY KEY,
    ask     INTEGER,
    root    INTEGER,                        -- post: a digest, with its thread
    handled INTEGER NOT NULL DEFAULT 0,     -- post
    upto    INTEGER NOT NULL,               -- post
    due_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX erasing_due ON erasing (due_at);

CREATE INDEX log_words ON log (ask) WHERE words IS NOT NULL; -- what was said of an ask
CREATE INDEX log_settings ON log (kind) WHERE ask IS NULL; -- what people, channels and metrics settled on
CREATE INDEX post_of_no_ask ON post (thread) WHERE ask IS NULL;
CREATE INDEX open_question_of_digest ON open_question (digest) WHERE digest IS NOT NULL;

INSERT INTO erasable (kind, id, channel, at)
    SELECT 'ask', number, ask.channel, max(last.at, coalesce(outcome.remind_at, 0)) FROM ask
    JOIN (SELECT ask, at, max(id) FROM log WHERE ask IS NOT NULL AND (coalesce(actor, 0) <> 0 OR words IS NOT NULL
          OR state IS NOT NULL OR kind = 'outcome.waits') GROUP BY ask) AS last ON last.ask = number
    LEFT JOIN outcome ON outcome.ask = number WHERE open = 0;
INSERT OR IGNORE INTO erasable (kind, id, channel, at)
    SELECT 'digest', id, channel, at FROM digest
    UNION SELECT 'digest', digest.id, CAST(told.key AS INTEGER), at FROM digest, json_each(tally) AS told;
