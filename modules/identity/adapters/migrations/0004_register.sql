-- What an issuer of this house has issued. A certificate is a copy of an entry, made for one key of its holder.
CREATE TABLE identity.register_entry (
  id uuid PRIMARY KEY,
  issuer_id text NOT NULL REFERENCES identity.issuer (id),
  vct text NOT NULL,
  -- doctor, organisation or other subject; null where the kind names none
  subject_id uuid,
  -- null once a kind that nobody may look up has been handed out
  claims jsonb,
  state text NOT NULL CHECK (state IN ('valid', 'suspended', 'revoked')),
  reason jsonb,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > issued_at),
  -- where its status stands; null for kinds without status
  list_uri text,
  list_index integer,
  renewed_by uuid REFERENCES identity.register_entry (id),
  changed_at timestamptz NOT NULL,
  UNIQUE (list_uri, list_index),
  CHECK ((list_uri IS NULL) = (list_index IS NULL))
);
CREATE INDEX register_by_issuer ON identity.register_entry (issuer_id, changed_at DESC);
CREATE INDEX register_by_subject ON identity.register_entry (subject_id, vct);

-- the list on which an issuer of this house states what is suspended; its address never changes
ALTER TABLE identity.issuer ADD COLUMN list_uri text UNIQUE;

-- keyed digest of the ultimate owner's registered number, by which a closed clinic is found again under a new name
ALTER TABLE identity.organisation ADD COLUMN owner_mark text;
ALTER TABLE identity.organisation ADD COLUMN closed_at timestamptz;
CREATE INDEX organisation_by_owner ON identity.organisation (owner_mark) WHERE owner_mark IS NOT NULL;

-- the entry that a public certificate was made from, so that it is made public once
ALTER TABLE identity.credential ADD COLUMN entry_id uuid REFERENCES identity.register_entry (id);
