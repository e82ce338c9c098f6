-- Orders that put units on an account without an agreement to hold them: an instalment, a lender's capital, a bond, a deposit.
ALTER TABLE money.payment_order
  ADD COLUMN purpose text NOT NULL DEFAULT 'agreement'
    CHECK (purpose IN ('agreement', 'instalment', 'capital', 'bond', 'panel')),
  ALTER COLUMN agreement_id DROP NOT NULL,
  ALTER COLUMN payout DROP NOT NULL,
  DROP CONSTRAINT payment_order_agreement_id_key,
  ADD CONSTRAINT payment_order_of_agreement CHECK (purpose <> 'agreement' OR (agreement_id IS NOT NULL AND payout IS NOT NULL));
ALTER TABLE money.payment_order ALTER COLUMN purpose DROP DEFAULT;
CREATE UNIQUE INDEX payment_order_one_an_agreement ON money.payment_order (agreement_id) WHERE purpose = 'agreement';
CREATE INDEX payment_order_by_payer ON money.payment_order (payer_address, purpose, created_at);

-- projection: what came to each place where units are, and went from it, over all time
CREATE TABLE money.unit_flow (
  place text PRIMARY KEY,
  came numeric(40, 0) NOT NULL,
  went numeric(40, 0) NOT NULL
);
