-- One-time secrets of issuing over OpenID4VCI, by their digests: offers, pushed requests, codes, access tokens.
CREATE TABLE identity.openid_grant (
  hash text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('offer', 'request', 'code', 'token', 'notification')),
  issuer_id text NOT NULL REFERENCES identity.issuer (id),
  entry_id uuid REFERENCES identity.register_entry (id),
  detail jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX openid_grant_by_end ON identity.openid_grant (expires_at);

-- Who may ask for what: a verifier with the purposes and claims it registered for.
CREATE TABLE identity.verifier (
  id text PRIMARY KEY,
  organisation_id uuid NOT NULL UNIQUE REFERENCES identity.organisation (id),
  -- signed by the regulator; the wallet believes this and nothing else
  attestation text NOT NULL,
  purposes jsonb NOT NULL,
  registered_at timestamptz NOT NULL
);

-- Requests for presentations and what was answered; the answer is kept for the verifier until the request is over.
CREATE TABLE identity.presentation (
  id text PRIMARY KEY,
  verifier_id text NOT NULL REFERENCES identity.verifier (id),
  purpose text NOT NULL,
  query jsonb NOT NULL,
  nonce text NOT NULL,
  answer jsonb,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX presentation_by_end ON identity.presentation (expires_at);
