-- Emergency cards, by a name derived from the secret that is on them. The share is the gatekeeper's half; together with
-- the sheet's ciphertext it opens nothing. Both go when the card ends.
CREATE TABLE vault.emergency_card (
  name text PRIMARY KEY,
  patient_id uuid NOT NULL,
  proof_hash bytea NOT NULL,
  share bytea,
  sheet text,
  of integer NOT NULL,
  guardians boolean NOT NULL,
  made_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX emergency_card_one ON vault.emergency_card (patient_id) WHERE ended_at IS NULL;

-- Every opening, and its review. Nothing here says why a person was treated, or what was read. Of somebody who erased
-- everything only what was called misuse stays, and names nobody but the doctor.
CREATE TABLE vault.emergency_case (
  id uuid PRIMARY KEY,
  card text REFERENCES vault.emergency_card (name) ON DELETE SET NULL,
  patient_id uuid,
  person_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  device_id uuid NOT NULL,
  reason text NOT NULL,
  opened_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open',
  said_at timestamptz,
  answered_at timestamptz,
  answered_by uuid
);
CREATE INDEX emergency_case_card ON vault.emergency_case (card, opened_at);
CREATE INDEX emergency_case_person ON vault.emergency_case (person_id, opened_at);
CREATE INDEX emergency_case_patient ON vault.emergency_case (patient_id, opened_at);
CREATE INDEX emergency_case_misuse ON vault.emergency_case (said_at) WHERE state = 'misuse';

-- One run of a program: what the worker offered, what the patient agreed to, and the result, sealed to her. The
-- gatekeeper's half goes when the run begins; no run begins twice.
CREATE TABLE vault.compute_job (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL,
  offer jsonb NOT NULL,
  state text NOT NULL,
  consent jsonb,
  signature text,
  share bytea,
  sealed text,
  files jsonb,
  result text,
  output text,
  -- code of the refusal, if it failed
  failed text,
  offered_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  begun_at timestamptz
);
CREATE INDEX compute_job_patient ON vault.compute_job (patient_id, offered_at);
