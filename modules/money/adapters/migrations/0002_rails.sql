-- The custodian's statement entry by entry, and every payment that leaves.

ALTER TABLE money.payment_order ADD COLUMN pay_by timestamptz;
-- several entries may pay one order; which ones is told by the entries
ALTER TABLE money.payment_order DROP CONSTRAINT payment_order_bank_reference_key;

CREATE TABLE money.rail_entry (
  entry text PRIMARY KEY,
  direction text NOT NULL CHECK (direction IN ('credit', 'debit')),
  reverses text,
  -- what the payer wrote
  reference text NOT NULL,
  order_reference text REFERENCES money.payment_order (reference),
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('matched', 'part', 'unassigned', 'return-due', 'returning', 'returned',
    'reversed', 'owed', 'settled', 'ask', 'paid')),
  reason text,
  booked_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  -- what an operator found out about an entry that only a person could explain
  explained text,
  explained_at timestamptz
);
CREATE INDEX rail_entry_by_order ON money.rail_entry (order_reference);
CREATE INDEX rail_entry_open ON money.rail_entry (state)
  WHERE state IN ('part', 'unassigned', 'return-due', 'returning', 'owed', 'ask');

-- whatever we ask the custodian to pay: a withdrawal from the escrow, or a credit on its way home
CREATE TABLE money.rail_payment (
  key text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('payout', 'return')),
  -- an account on chain, a payout reference, or the entry that goes home
  party text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('due', 'sent', 'booked')),
  entry text UNIQUE,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX rail_payment_open ON money.rail_payment (state) WHERE state <> 'booked';

-- the demo's custodian: a bank of its own, that tells of nothing but its statement
CREATE TABLE money.demo_bank_entry (
  entry text PRIMARY KEY,
  direction text NOT NULL CHECK (direction IN ('credit', 'debit')),
  reverses text,
  reference text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  -- an entry whose time has not come is not in the statement
  books_at timestamptz NOT NULL
);
CREATE INDEX demo_bank_entry_by_time ON money.demo_bank_entry (books_at);

-- what came in before there were statements
INSERT INTO money.demo_bank_entry
  SELECT coalesce(bank_reference, reference), 'credit', NULL, reference, amount, currency, updated_at
  FROM money.payment_order WHERE state <> 'expected';
INSERT INTO money.demo_bank_entry
  SELECT bank_reference, 'credit', NULL, reference, amount, currency, received_at FROM money.unmatched_credit
  ON CONFLICT DO NOTHING;
INSERT INTO money.rail_entry (entry, direction, reference, order_reference, amount, currency, state, booked_at, received_at)
  SELECT coalesce(bank_reference, reference), 'credit', reference, reference, amount, currency, 'matched', updated_at, updated_at
  FROM money.payment_order WHERE state <> 'expected';
INSERT INTO money.rail_entry (entry, direction, reference, amount, currency, state, reason, booked_at, received_at)
  SELECT bank_reference, 'credit', reference, amount, currency, 'return-due', 'no-such-order', received_at, received_at
  FROM money.unmatched_credit ON CONFLICT DO NOTHING;
INSERT INTO money.rail_payment (key, kind, party, amount, currency, state, created_at, updated_at)
  SELECT 'payout/' || block || '/' || log_index, 'payout', party, amount, 'CNY', 'due', at, at
  FROM money.movement WHERE kind = 'withdrawn';
DROP TABLE money.unmatched_credit;
