-- The history of an organisation's identifier (did:webvh), one line a version, as it is served.
CREATE TABLE identity.did_log (
  organisation_id uuid PRIMARY KEY REFERENCES identity.organisation (id),
  did text NOT NULL UNIQUE,
  log text NOT NULL,
  updated_at timestamptz NOT NULL
);
