-- Keys to which an organisation receives records, each shown together with its licence.
CREATE TABLE vault.grantee_key (
  thumb text PRIMARY KEY,
  organisation_id uuid NOT NULL,
  device_id uuid NOT NULL UNIQUE,
  public_key text NOT NULL,
  presentation text NOT NULL,
  registered_at timestamptz NOT NULL
);
CREATE INDEX grantee_key_organisation ON vault.grantee_key (organisation_id);

-- Grants as the patient signed them. The share is the gatekeeper's half; it goes when the grant ends.
CREATE TABLE vault.permission (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  body jsonb NOT NULL,
  signature text NOT NULL,
  sealed jsonb NOT NULL,
  share bytea,
  used integer NOT NULL DEFAULT 0,
  acknowledgement jsonb,
  made_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX permission_patient ON vault.permission (patient_id);
CREATE INDEX permission_organisation ON vault.permission (organisation_id, ends_at);

CREATE TABLE vault.permission_file (
  permission_id uuid NOT NULL REFERENCES vault.permission ON DELETE CASCADE,
  object text NOT NULL,
  version integer NOT NULL,
  wrapped text NOT NULL,
  listed text NOT NULL,
  PRIMARY KEY (permission_id, object)
);
CREATE INDEX permission_file_object ON vault.permission_file (object);

-- What a grantee with leave to write left for the patient, sealed.
CREATE TABLE vault.permission_inbox (
  permission_id uuid NOT NULL REFERENCES vault.permission ON DELETE CASCADE,
  n integer NOT NULL,
  blob_key text NOT NULL,
  size bigint NOT NULL,
  left_on date NOT NULL,
  PRIMARY KEY (permission_id, n)
);
CREATE INDEX permission_inbox_blob ON vault.permission_inbox (blob_key);

-- A file that was released and may be read for some minutes.
CREATE TABLE vault.reading (
  id uuid PRIMARY KEY,
  permission_id uuid NOT NULL REFERENCES vault.permission ON DELETE CASCADE,
  object text NOT NULL,
  version integer NOT NULL,
  device_id uuid NOT NULL,
  ends_at timestamptz NOT NULL
);

-- The access log of each vault: the key that marks its leaves, and where it stands.
CREATE TABLE vault.access_log (
  patient_id uuid PRIMARY KEY,
  key bytea NOT NULL,
  seq integer NOT NULL DEFAULT 0,
  head text NOT NULL DEFAULT ''
);
CREATE TABLE vault.access (
  patient_id uuid NOT NULL,
  seq integer NOT NULL,
  body text NOT NULL,
  salt bytea NOT NULL,
  organisation_id uuid,
  at timestamptz NOT NULL,
  PRIMARY KEY (patient_id, seq)
);
CREATE INDEX access_organisation ON vault.access (organisation_id, at);
