-- Covers of outcomes: as the clinic proposed them, and what the chain says of them; bonds.

-- the cover in clear, so that patient and clinic can act on it; written before it is opened on chain
CREATE TABLE money.cover_offer (
  id text PRIMARY KEY,
  agreement_id text NOT NULL UNIQUE,
  clinic text NOT NULL,
  cover jsonb NOT NULL,
  terms jsonb NOT NULL,
  created_at timestamptz NOT NULL
);

-- projection of GuaranteeBook
CREATE TABLE money.cover (
  id text PRIMARY KEY,
  agreement_id text NOT NULL,
  clinic text NOT NULL,
  cell text NOT NULL,
  profile integer NOT NULL,
  price numeric(30, 0) NOT NULL,
  sum numeric(30, 0) NOT NULL,
  premium numeric(30, 0) NOT NULL,
  until timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'claimed', 'settled', 'lapsed')),
  opened_at timestamptz NOT NULL,
  opened_block bigint NOT NULL,
  asked integer,
  deadline timestamptz,
  ruling integer,
  silent boolean,
  from_bond numeric(30, 0),
  from_backer numeric(30, 0),
  payout text,
  -- what was credited to it has left for the patient
  paid_out boolean NOT NULL DEFAULT false,
  settled_block bigint
);
CREATE INDEX cover_by_clinic ON money.cover (clinic, opened_at);

-- projection of ClinicBond, for this book alone
CREATE TABLE money.bond (
  provider text PRIMARY KEY,
  total numeric(30, 0) NOT NULL,
  locked numeric(30, 0) NOT NULL
);

-- projection of GuaranteeBook: price tables by epoch
CREATE TABLE money.price_table (
  epoch integer PRIMARY KEY,
  hash text NOT NULL,
  as_of bigint NOT NULL,
  posted_at timestamptz NOT NULL
);
