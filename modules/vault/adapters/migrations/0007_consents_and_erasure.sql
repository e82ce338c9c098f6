-- Consents by the hash of their receipt, which only the two sides can read. A grant without one in force opens nothing.
CREATE TABLE vault.consent (
  receipt text PRIMARY KEY,
  patient_id uuid NOT NULL,
  -- the person's name towards whoever may use it; the signature is by that key
  subject text NOT NULL,
  purpose text NOT NULL,
  notice jsonb NOT NULL,
  organisation_id uuid,
  given_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  withdrawn_at timestamptz
);
CREATE INDEX consent_patient ON vault.consent (patient_id, given_at);
INSERT INTO vault.consent
SELECT DISTINCT ON (body->>'receipt')
  body->>'receipt', patient_id, body->>'subject', body->>'purpose', body->'notice', organisation_id, made_at, ends_at, revoked_at
FROM vault.permission ORDER BY body->>'receipt', made_at DESC;

-- A restricted object is not opened to anybody until the person lifts that.
ALTER TABLE vault.object ADD COLUMN restricted_at timestamptz;

-- What was erased, or will be. Once everything is gone the row names nobody.
CREATE TABLE vault.erasure (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL,
  patient_id uuid,
  scope text NOT NULL CHECK (scope IN ('objects', 'compartment', 'everything')),
  cause text NOT NULL CHECK (cause IN ('owner', 'death')),
  region text NOT NULL,
  asked_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  undone_at timestamptz,
  started_at timestamptz,
  done_at timestamptz,
  certificate text
);
CREATE INDEX erasure_patient ON vault.erasure (patient_id);
CREATE UNIQUE INDEX erasure_one_waiting ON vault.erasure (patient_id)
  WHERE scope = 'everything' AND undone_at IS NULL AND done_at IS NULL;
CREATE INDEX erasure_due ON vault.erasure (due_at) WHERE undone_at IS NULL AND done_at IS NULL;

-- Ciphertext whose rows are gone already; swept until the store has forgotten it too.
CREATE TABLE vault.going_blob (blob_key text PRIMARY KEY);
