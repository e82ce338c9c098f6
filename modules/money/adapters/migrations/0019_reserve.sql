-- The operator's own money at the custodian, which stands behind what banks took back after it was used.
ALTER TABLE money.rail_entry
  DROP CONSTRAINT rail_entry_state_check,
  ADD CONSTRAINT rail_entry_state_check CHECK (state IN ('matched', 'part', 'unassigned', 'return-due', 'returning',
    'returned', 'reversed', 'owed', 'settled', 'moved', 'reserve', 'ask', 'paid'));
CREATE INDEX rail_entry_reserve ON money.rail_entry (currency) WHERE state = 'reserve';

-- what is taken out goes home to whoever paid it in, so the payment names the line
ALTER TABLE money.rail_payment
  DROP CONSTRAINT rail_payment_kind_check,
  ADD CONSTRAINT rail_payment_kind_check CHECK (kind IN ('payout', 'return', 'reward', 'rest', 'reserve'));

-- what it is paid in under; drawn once, so that nobody pays into it by mistake
CREATE TABLE money.reserve (
  currency text PRIMARY KEY,
  reference text NOT NULL UNIQUE CHECK (reference ~ '^RSV-[A-Z0-9]{12}$')
);
INSERT INTO money.reserve VALUES ('CNY', 'RSV-' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)));

-- which line stands behind which debit, since when and until when; what has ended stays
CREATE TABLE money.reserve_cover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  debit text NOT NULL REFERENCES money.rail_entry (entry),
  line text NOT NULL REFERENCES money.rail_entry (entry),
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  since timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX reserve_cover_standing ON money.reserve_cover (debit, line) WHERE ended_at IS NULL;

-- one taking out, asked for twice, is one
CREATE TABLE money.reserve_out (
  key uuid PRIMARY KEY,
  currency text NOT NULL REFERENCES money.reserve (currency),
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  at timestamptz NOT NULL
);

-- signed returns that a network does not take: why, how often it was tried, and when it is tried next
ALTER TABLE money.token_return
  DROP CONSTRAINT token_return_state_check,
  ADD CONSTRAINT token_return_state_check CHECK (state IN ('signed', 'sent', 'refused')),
  ADD COLUMN trouble text CHECK (trouble IN ('waits', 'refused', 'overtaken', 'failed', 'silent')),
  ADD COLUMN tries integer NOT NULL DEFAULT 0,
  ADD COLUMN next_at timestamptz NOT NULL DEFAULT 'epoch';
CREATE INDEX token_return_due ON money.token_return (chain_id, next_at) WHERE state = 'signed';

-- a payment that the bank gave back is made again under a name of its own
ALTER TABLE money.rail_payment ADD COLUMN asked_as text UNIQUE;
