-- An object on its way: pieces of one size that may come in any order and again after a break.
CREATE TABLE vault.upload (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL,
  name text NOT NULL,
  revision integer NOT NULL,
  compartment text NOT NULL,
  wrapped_key text NOT NULL,
  size bigint NOT NULL,
  digest text NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (patient_id, name, revision, digest)
);
CREATE TABLE vault.upload_piece (
  id uuid NOT NULL REFERENCES vault.upload ON DELETE CASCADE,
  n integer NOT NULL,
  blob_key text NOT NULL,
  PRIMARY KEY (id, n)
);
CREATE INDEX upload_piece_blob ON vault.upload_piece (blob_key);
CREATE INDEX object_blob ON vault.object (blob_key);
CREATE INDEX mailbox_blob ON vault.mailbox (blob_key);
