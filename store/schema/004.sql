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
