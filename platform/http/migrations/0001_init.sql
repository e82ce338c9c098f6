-- Sessions and remembered answers. Both can be thrown away: people sign in again, clients ask again.
CREATE SCHEMA http;

-- The cookie holds a random token; only its hash is here.
CREATE TABLE http.session (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  -- The token before the last rotation stays good for a moment: requests may be under way with it.
  previous_hash bytea UNIQUE CHECK (octet_length(previous_hash) = 32),
  previous_until timestamptz,
  seat text NOT NULL,
  account_id text NOT NULL,
  organisation_id text,
  created_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  idle_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON http.session (account_id);
CREATE INDEX session_idle ON http.session (idle_until);

-- Answers to requests with an Idempotency-Key, encrypted under that key; only the key's hash is here.
CREATE TABLE http.answer (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  -- Null while the first request is being worked on.
  sealed bytea,
  started_at timestamptz NOT NULL
);
CREATE INDEX answer_started ON http.answer (started_at);
