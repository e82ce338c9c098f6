-- Signatures of devices over events: a hand-over counts as signed when both sides' are here.
CREATE TABLE provenance.event_signature (
  -- leaf digest of the event
  digest text NOT NULL,
  -- uncompressed P-256 point of the device
  key text NOT NULL,
  signature text NOT NULL,
  organisation_id uuid NOT NULL,
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (digest, key)
);
