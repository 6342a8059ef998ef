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
