-- More than one kind of chat.

ALTER TABLE person ADD COLUMN handle TEXT;  -- what is typed behind @ to notify them; NULL where mentions go by id

CREATE TABLE chat (
    platform TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL                  -- of its stream of events: where a new process goes on
) STRICT, WITHOUT ROWID;

CREATE TABLE signing (                      -- one row: what signs buttons and forms given out of askwhy's hands
    key TEXT NOT NULL
) STRICT;
