-- Keys with which an organisation's own systems call in its name. The secret is shown once; only its hash is here.
CREATE TABLE identity.api_key (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES identity.organisation (id),
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
  -- devices
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  revoked_by uuid,
  revoked_at timestamptz,
  -- to the minute
  used_at timestamptz
);
CREATE INDEX api_key_organisation ON identity.api_key (organisation_id);
