-- Recalls and warnings as they are published, in the order of the public feed, and what sites did about them.
CREATE TABLE provenance.notice (
  -- place in the feed, from 0 without a gap
  seq integer PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('recall', 'counterfeit', 'withdrawal', 'closure')),
  gtin text NOT NULL,
  issuer text NOT NULL,
  about uuid,
  -- canonical text of notice, key and signature: the leaf of the log
  text text NOT NULL,
  published_by uuid NOT NULL,
  published_at timestamptz NOT NULL
);
CREATE INDEX notice_gtin ON provenance.notice (gtin, seq);
CREATE INDEX notice_about ON provenance.notice (about);

CREATE TABLE provenance.acknowledgement (
  notice uuid NOT NULL REFERENCES provenance.notice (id),
  organisation uuid NOT NULL,
  seen_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  -- units that the site took out of its stock
  locked integer CHECK (locked >= 0),
  PRIMARY KEY (notice, organisation)
);
