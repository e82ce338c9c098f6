-- Operational rows of the visit. No clinical content in clear, and nothing that names a patient:
-- a visit knows only the key that was made for it.
CREATE SCHEMA IF NOT EXISTS care;

CREATE TABLE care.consent_template (
  id text NOT NULL,
  version text NOT NULL,
  body jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (id, version)
);

CREATE TABLE care.standard (
  hash text PRIMARY KEY,
  id text NOT NULL,
  version text NOT NULL,
  body jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  UNIQUE (id, version)
);

CREATE TABLE care.service (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  code text NOT NULL,
  body jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  UNIQUE (clinic_id, code)
);

CREATE TABLE care.slot (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  minutes integer NOT NULL CHECK (minutes BETWEEN 5 AND 600),
  UNIQUE (doctor_id, starts_at)
);
CREATE INDEX slot_by_clinic ON care.slot (clinic_id, starts_at);

CREATE TABLE care.visit (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  service_id uuid NOT NULL REFERENCES care.service (id),
  slot_id uuid NOT NULL REFERENCES care.slot (id),
  state text NOT NULL,
  -- made for this visit alone by the patient's device
  patient_address text NOT NULL UNIQUE,
  patient_seal_key text NOT NULL,
  review_commitment text NOT NULL,
  payout text NOT NULL,
  read_token_hash text NOT NULL,
  quote jsonb NOT NULL,
  agreement_id text UNIQUE,
  terms jsonb,
  offer jsonb,
  consent jsonb,
  treatment jsonb,
  last_sequence integer NOT NULL DEFAULT 0,
  last_hash text NOT NULL,
  lapses_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
-- one living visit for one time of one doctor
CREATE UNIQUE INDEX visit_one_per_slot ON care.visit (slot_id)
  WHERE state NOT IN ('cancelled', 'refused', 'expired');
CREATE INDEX visit_by_clinic ON care.visit (clinic_id, created_at DESC);
CREATE INDEX visit_lapsing ON care.visit (lapses_at) WHERE lapses_at IS NOT NULL;

CREATE TABLE care.visit_step (
  visit_id uuid NOT NULL REFERENCES care.visit (id),
  sequence integer NOT NULL,
  type text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  step jsonb,
  hash text NOT NULL,
  signatures jsonb NOT NULL,
  applied_at timestamptz NOT NULL,
  PRIMARY KEY (visit_id, sequence)
);

-- a step that one side proposed and the other, or the chain, has still to confirm
CREATE TABLE care.pending_step (
  visit_id uuid PRIMARY KEY REFERENCES care.visit (id),
  step jsonb NOT NULL,
  hash text NOT NULL,
  signatures jsonb NOT NULL,
  attachments jsonb NOT NULL,
  proposed_at timestamptz NOT NULL
);

-- evidence is taken when a fact is final and kept for the receipt
CREATE TABLE care.evidence (
  visit_id uuid NOT NULL REFERENCES care.visit (id),
  kind text NOT NULL,
  body jsonb NOT NULL,
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (visit_id, kind)
);
