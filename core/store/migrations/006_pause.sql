-- min_compatible: 6
-- Nothing more of the run is to begin: no task of it is claimed.
ALTER TABLE runs ADD COLUMN pause_asked INTEGER NOT NULL DEFAULT 0;
