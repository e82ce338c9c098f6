-- Claims on promises before a panel, pictures that assessors judge, and what the register of assessors says.

-- projection of GuaranteePanel; its cases are named g1, g2, … beside those of AssessorPanel
CREATE TABLE money.claim_case (
  panel_id text PRIMARY KEY,
  cover_id text NOT NULL UNIQUE,
  asked integer NOT NULL,
  beacon text NOT NULL,
  fee numeric(30, 0) NOT NULL,
  phase text,
  round integer NOT NULL DEFAULT 0,
  deadline timestamptz,
  refund_bps integer
);
-- four answers of 0 to 6, three bits each, once they are revealed
ALTER TABLE money.dispute_seat ADD COLUMN scores integer;

-- projection of AssessorPool
CREATE TABLE money.assessor (
  assessor text PRIMARY KEY,
  until timestamptz NOT NULL,
  admitted boolean NOT NULL,
  looks integer NOT NULL DEFAULT 0,
  seen_right integer NOT NULL DEFAULT 0
);

-- not projections
-- a side says that it will show pictures; the digest is that of the pair, and the pair is nowhere here
CREATE TABLE money.picture_offer (
  cover_id text NOT NULL,
  by text NOT NULL CHECK (by IN ('patient', 'clinic')),
  digest text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (cover_id, by)
);
-- the pair for one drawn assessor: ciphertext, and which of its two names is the earlier picture
CREATE TABLE money.picture_parcel (
  panel_id text NOT NULL,
  round integer NOT NULL,
  assessor text NOT NULL,
  sealed text NOT NULL,
  earlier text NOT NULL CHECK (earlier IN ('a', 'b')),
  -- the assessor's key when it was left: a newer key asks for the pair again
  sealed_for text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (panel_id, round, assessor)
);
-- which known pairs an assessor of this round gets one of; no row: no pictures are shown
CREATE TABLE money.picture_layout (
  panel_id text NOT NULL,
  round integer NOT NULL,
  known jsonb NOT NULL,
  PRIMARY KEY (panel_id, round)
);
-- pairs whose answer is known; nobody of the house's patients is on them
CREATE TABLE money.known_pair (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('better', 'same')),
  -- JPEG or PNG; where one is better it is the second
  first bytea NOT NULL,
  second bytea NOT NULL,
  added_by text NOT NULL,
  at timestamptz NOT NULL
);
