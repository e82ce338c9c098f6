-- Pots: money that lies at the custodian for many small payments, paid in beforehand. It never becomes units on the
-- ledger, where each payment would be seen by everybody and for ever.
CREATE TABLE money.pot (
  id uuid PRIMARY KEY,
  currency text NOT NULL,
  -- over all time; compared every night with the orders and payments that they are the sums of
  came numeric(30, 0) NOT NULL DEFAULT 0 CHECK (came >= 0),
  went numeric(30, 0) NOT NULL DEFAULT 0 CHECK (went >= 0),
  CHECK (went <= came)
);

ALTER TABLE money.payment_order
  DROP CONSTRAINT payment_order_purpose_check,
  ADD CONSTRAINT payment_order_purpose_check
    CHECK (purpose IN ('agreement', 'instalment', 'capital', 'bond', 'panel', 'pot')),
  ALTER COLUMN payer_address DROP NOT NULL,
  ADD COLUMN pot uuid REFERENCES money.pot,
  -- nothing is minted for a pot, so it has no account on the ledger
  ADD CONSTRAINT payment_order_of_pot
    CHECK ((purpose = 'pot') = (pot IS NOT NULL) AND (purpose = 'pot') = (payer_address IS NULL));
CREATE INDEX payment_order_by_pot ON money.payment_order (pot, created_at) WHERE pot IS NOT NULL;

-- reward: out of a pot to somebody; rest: what a pot did not need, to whoever paid it in
ALTER TABLE money.rail_payment
  DROP CONSTRAINT rail_payment_kind_check,
  ADD CONSTRAINT rail_payment_kind_check CHECK (kind IN ('payout', 'return', 'reward', 'rest')),
  ADD COLUMN pot uuid REFERENCES money.pot,
  ADD CONSTRAINT rail_payment_of_pot CHECK ((kind IN ('reward', 'rest')) = (pot IS NOT NULL));
CREATE INDEX rail_payment_by_pot ON money.rail_payment (pot, kind) WHERE pot IS NOT NULL;
