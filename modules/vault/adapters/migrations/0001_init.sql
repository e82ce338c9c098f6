-- Ciphertext only. The server holds no key to any of it.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE vault.keyset (
  patient_id uuid PRIMARY KEY,
  revision integer NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE vault.object (
  patient_id uuid NOT NULL,
  name text NOT NULL,
  revision integer NOT NULL,
  blob_key text NOT NULL,
  size bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (patient_id, name)
);

-- what a clinic leaves for a patient under a label that only the two can compute
CREATE TABLE vault.mailbox (
  label text PRIMARY KEY,
  blob_key text NOT NULL,
  size bigint NOT NULL,
  left_at timestamptz NOT NULL
);
