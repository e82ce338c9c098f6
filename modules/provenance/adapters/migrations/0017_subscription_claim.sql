-- Two servers never tell one subscriber the same: whoever takes a subscription raises its claim, and only the last one
-- who took it may note how it went.
ALTER TABLE provenance.subscription ADD COLUMN claim bigint NOT NULL DEFAULT 0;
