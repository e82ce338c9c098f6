-- Who may change a vault: the public half of a key that follows from its root.
CREATE TABLE vault.owner (
  patient_id uuid PRIMARY KEY,
  public_key text NOT NULL UNIQUE,
  since timestamptz NOT NULL
);

-- Names, derived from recovery codes, under which a keyset is found by somebody who lost every device.
CREATE TABLE vault.locator (
  label text PRIMARY KEY,
  patient_id uuid NOT NULL
);
CREATE INDEX locator_patient ON vault.locator (patient_id);

-- A new device asks an old one in. Every message is written once; all are gone when the code has expired.
CREATE TABLE vault.pairing (
  code text PRIMARY KEY,
  token_hash bytea NOT NULL,
  patient_id uuid,
  commitment text NOT NULL,
  nonce text,
  revealed jsonb,
  sealed text,
  expires_at timestamptz NOT NULL
);

-- What every device of a person is told. No word about health is ever among the facts.
CREATE TABLE vault.notice (
  patient_id uuid NOT NULL,
  n integer NOT NULL,
  kind text NOT NULL,
  facts jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (patient_id, n)
);

-- Somebody who is ready to be a guardian, by the hash of the key.
CREATE TABLE vault.guardian (
  code text PRIMARY KEY,
  patient_id uuid NOT NULL,
  public_key text NOT NULL
);

-- One person's arrangement: the server's half, and the shares, each sealed to its guardian.
CREATE TABLE vault.guardianship (
  recovery text PRIMARY KEY,
  patient_id uuid NOT NULL UNIQUE,
  need integer NOT NULL CHECK (need >= 2),
  hours integer NOT NULL CHECK (hours BETWEEN 48 AND 72),
  server_share text NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE TABLE vault.guardian_share (
  recovery text NOT NULL REFERENCES vault.guardianship ON DELETE CASCADE,
  code text NOT NULL,
  sealed text NOT NULL,
  PRIMARY KEY (recovery, code)
);
CREATE INDEX guardian_share_code ON vault.guardian_share (code);

CREATE TABLE vault.recovery (
  id uuid PRIMARY KEY,
  recovery text NOT NULL,
  patient_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  public_key text NOT NULL,
  started_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  opened_at timestamptz
);
CREATE INDEX recovery_patient ON vault.recovery (patient_id, started_at);
CREATE TABLE vault.approval (
  id uuid NOT NULL REFERENCES vault.recovery ON DELETE CASCADE,
  code text NOT NULL,
  sealed text NOT NULL,
  PRIMARY KEY (id, code)
);
