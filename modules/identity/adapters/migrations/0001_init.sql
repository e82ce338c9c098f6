-- Accounts, organisations and their devices, and certificates that are public by nature.
CREATE SCHEMA IF NOT EXISTS identity;

-- a patient: a passkey and an opaque keyset; nothing else is known
CREATE TABLE identity.patient (
  id uuid PRIMARY KEY,
  created_at timestamptz NOT NULL
);

CREATE TABLE identity.passkey (
  credential_id text PRIMARY KEY,
  patient_id uuid REFERENCES identity.patient (id),
  device_id uuid,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE identity.challenge (
  challenge text PRIMARY KEY,
  purpose text NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE identity.organisation (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('regulator', 'maker', 'distributor', 'clinic')),
  name jsonb NOT NULL,
  city jsonb NOT NULL,
  address jsonb NOT NULL,
  region text NOT NULL,
  gln text NOT NULL UNIQUE,
  -- account on chain; known once the first device has joined
  account text UNIQUE,
  first_signer text,
  licensed_for_toxin boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL
);

CREATE TABLE identity.invitation (
  code_hash text PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES identity.organisation (id),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE identity.device (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES identity.organisation (id),
  -- ERC-7913 signer: verifier ‖ P-256 public key of the passkey
  signer text NOT NULL,
  -- uncompressed P-256 point of the device's own key, which signs steps and holds licences
  holder_key text NOT NULL UNIQUE,
  joined_at timestamptz NOT NULL
);

CREATE TABLE identity.practitioner (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL REFERENCES identity.organisation (id),
  name jsonb NOT NULL,
  title jsonb NOT NULL,
  created_at timestamptz NOT NULL
);

-- certificates that their subjects made public: licences of clinics and doctors
CREATE TABLE identity.credential (
  id uuid PRIMARY KEY,
  subject_id uuid NOT NULL,
  vct text NOT NULL,
  token text NOT NULL,
  registered_at timestamptz NOT NULL
);
CREATE INDEX credential_by_subject ON identity.credential (subject_id, vct, registered_at DESC);

CREATE TABLE identity.status_list (
  uri text PRIMARY KEY,
  token text NOT NULL,
  issued_at timestamptz NOT NULL
);

-- issuers with their keys; entitlement itself is read from the registry on chain
CREATE TABLE identity.issuer (
  id text PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES identity.organisation (id),
  keys jsonb NOT NULL
);
