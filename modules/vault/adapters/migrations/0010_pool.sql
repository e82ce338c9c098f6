-- The data pool. Who takes part in a study is known by account; what was said only by a handle that the house computes
-- from account and study with a secret that is not in the database.
CREATE TABLE vault.pool_study (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  plan jsonb NOT NULL,
  registered_at timestamptz NOT NULL
);
CREATE INDEX pool_study_organisation ON vault.pool_study (organisation_id);

CREATE TABLE vault.pool_joined (
  patient_id uuid NOT NULL,
  study uuid NOT NULL REFERENCES vault.pool_study,
  receipt text NOT NULL UNIQUE,
  PRIMARY KEY (patient_id, study)
);

-- Without a token: left, and not to come back. No time is kept, so that none ties it to an account.
CREATE TABLE vault.pool_member (
  study uuid NOT NULL REFERENCES vault.pool_study,
  handle text NOT NULL,
  token_hash bytea UNIQUE,
  pseudonym text,
  spent integer NOT NULL DEFAULT 0,
  answered integer NOT NULL DEFAULT 0,
  PRIMARY KEY (study, handle),
  UNIQUE (study, pseudonym)
);
CREATE INDEX pool_member_handle ON vault.pool_member (handle);

-- What was said, with noise; deleted when its release is published.
CREATE TABLE vault.pool_answer (
  study uuid NOT NULL,
  release integer NOT NULL,
  handle text NOT NULL,
  answers jsonb NOT NULL,
  PRIMARY KEY (study, release, handle),
  FOREIGN KEY (study, handle) REFERENCES vault.pool_member ON DELETE CASCADE
);

-- Of whom an earlier release was made, so that the next one is not too near to it.
CREATE TABLE vault.pool_counted (
  study uuid NOT NULL,
  release integer NOT NULL,
  handle text NOT NULL,
  PRIMARY KEY (study, release, handle),
  FOREIGN KEY (study, handle) REFERENCES vault.pool_member ON DELETE CASCADE
);

CREATE TABLE vault.pool_release (
  study uuid NOT NULL REFERENCES vault.pool_study,
  release integer NOT NULL,
  people integer NOT NULL,
  repeats integer,
  numbers jsonb,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (study, release)
);
