-- Who may check clinics: how often the ledger's entry of a verifier changed, so that what was said about it can be put
-- before or after such a change. An entry that exists was admitted once, and one that has ended was dismissed once.
ALTER TABLE money.check_verifier ADD COLUMN changes integer NOT NULL DEFAULT 0;
UPDATE money.check_verifier SET changes = CASE WHEN admitted THEN 1 ELSE 2 END;

-- not projections: these stay when the ones above are built again
CREATE TABLE money.check_admission (
  id uuid PRIMARY KEY,
  verifier text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('asked', 'refused', 'suspended')),
  text text NOT NULL,
  -- of the entry when this was said
  changes integer NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX check_admission_by_verifier ON money.check_admission (verifier, at DESC);
-- objections of people, each under a key that is used for nothing else
CREATE TABLE money.check_contest (
  task_id text NOT NULL,
  address text NOT NULL,
  digest text NOT NULL,
  read_token_hash text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (task_id, address)
);
CREATE INDEX check_contest_by_address ON money.check_contest (address);
