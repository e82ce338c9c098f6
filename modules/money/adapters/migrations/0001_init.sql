-- Payments on their way from a payer's bank into the escrow, and the projection of the escrow's accounts.
CREATE SCHEMA IF NOT EXISTS money;

CREATE TABLE money.payment_order (
  reference text PRIMARY KEY,
  agreement_id text NOT NULL UNIQUE,
  payer_address text NOT NULL,
  payout text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('expected', 'received', 'minted', 'held')),
  bank_reference text UNIQUE,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- a credit at the custodian that fits no order; it goes back where it came from
CREATE TABLE money.unmatched_credit (
  bank_reference text PRIMARY KEY,
  reference text NOT NULL,
  amount numeric(30, 0) NOT NULL,
  currency text NOT NULL,
  reason text NOT NULL,
  received_at timestamptz NOT NULL,
  returned_at timestamptz
);

-- projection of CareEscrow: what the chain says of each agreement
CREATE TABLE money.account (
  agreement_id text PRIMARY KEY,
  patient text NOT NULL,
  clinic text NOT NULL,
  state text NOT NULL,
  funded numeric(30, 0) NOT NULL,
  held numeric(30, 0) NOT NULL,
  paid numeric(30, 0) NOT NULL,
  fee numeric(30, 0) NOT NULL,
  refunded numeric(30, 0) NOT NULL,
  milestone integer NOT NULL,
  opened_at timestamptz NOT NULL,
  -- end of the acceptance window or of the arbiter's time
  deadline timestamptz
);
CREATE INDEX account_by_clinic ON money.account (clinic);

-- every movement, one row an event on chain
CREATE TABLE money.movement (
  block bigint NOT NULL,
  log_index integer NOT NULL,
  agreement_id text,
  kind text NOT NULL,
  party text NOT NULL,
  amount numeric(30, 0) NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (block, log_index)
);
CREATE INDEX movement_by_agreement ON money.movement (agreement_id);
CREATE INDEX movement_by_party ON money.movement (party, at);
