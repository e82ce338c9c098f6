-- Money comes in and goes out by several rails: the custodian's bank, an acquirer of cards.
ALTER TABLE money.rail_entry
  ADD COLUMN rail text NOT NULL DEFAULT 'custodian' CHECK (rail IN ('custodian', 'card')),
  DROP CONSTRAINT rail_entry_state_check,
  ADD CONSTRAINT rail_entry_state_check CHECK (state IN ('matched', 'part', 'unassigned', 'return-due', 'returning',
    'returned', 'reversed', 'owed', 'settled', 'moved', 'ask', 'paid'));
CREATE INDEX rail_entry_newest ON money.rail_entry (rail, booked_at);

-- by which rail a payment leaves, and what of a capture it gives back; null: not decided yet
ALTER TABLE money.rail_payment ADD COLUMN rail text CHECK (rail IN ('custodian', 'card'));
ALTER TABLE money.rail_payment ADD COLUMN refunds text REFERENCES money.rail_entry (entry);
UPDATE money.rail_payment SET rail = 'custodian';
CREATE INDEX rail_payment_refunds ON money.rail_payment (refunds) WHERE refunds IS NOT NULL;

-- what a clinic lets its patients pay with, beside the custodian
CREATE TABLE money.clinic_rail (
  clinic text NOT NULL,
  rail text NOT NULL CHECK (rail IN ('card', 'token')),
  since timestamptz NOT NULL,
  PRIMARY KEY (clinic, rail)
);

-- one attempt to pay an order by card; of the card nothing but what the acquirer gives back
CREATE TABLE money.card_payment (
  id text PRIMARY KEY,
  order_reference text NOT NULL REFERENCES money.payment_order (reference),
  -- the acquirer's number
  number text NOT NULL UNIQUE,
  url text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'challenge', 'authorised', 'captured', 'declined', 'voided')),
  brand text,
  last4 text CHECK (last4 ~ '^[0-9]{4}$'),
  token text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX card_payment_live ON money.card_payment (order_reference)
  WHERE state IN ('open', 'challenge', 'authorised');
CREATE INDEX card_payment_by_order ON money.card_payment (order_reference, created_at);

-- what the acquirer told us, so that the same is heard once
CREATE TABLE money.card_event (
  id text PRIMARY KEY,
  received_at timestamptz NOT NULL
);

-- a chargeback, and until when the acquirer hears an answer
CREATE TABLE money.card_dispute (
  id text PRIMARY KEY,
  entry text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'won', 'lost')),
  respond_by timestamptz NOT NULL,
  answer text,
  updated_at timestamptz NOT NULL
);

-- the demo's acquirer: keeps its own books and speaks to the house as a real one would
CREATE TABLE money.demo_card (
  number text PRIMARY KEY,
  key text NOT NULL UNIQUE,
  reference text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  return_to text NOT NULL,
  state text NOT NULL,
  -- the test card that its page was given
  card text,
  expires_at timestamptz NOT NULL
);
CREATE TABLE money.demo_card_entry (
  entry text PRIMARY KEY,
  number text REFERENCES money.demo_card (number),
  kind text NOT NULL CHECK (kind IN ('capture', 'refund', 'chargeback', 'reinstated', 'settlement')),
  -- the capture that it gives or takes back
  of_entry text REFERENCES money.demo_card_entry (entry),
  reference text NOT NULL,
  amount numeric(30, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  books_at timestamptz NOT NULL
);
CREATE INDEX demo_card_entry_by_time ON money.demo_card_entry (books_at);
CREATE TABLE money.demo_card_dispute (
  id text PRIMARY KEY,
  of_entry text NOT NULL REFERENCES money.demo_card_entry (entry),
  amount numeric(30, 0) NOT NULL,
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'won', 'lost')),
  respond_by timestamptz NOT NULL
);

-- Payments in a token: the agreement's own address, watched until nothing of it can come any more.
CREATE TABLE money.token_deposit (
  order_reference text PRIMARY KEY REFERENCES money.payment_order (reference),
  chain_id bigint NOT NULL,
  token text NOT NULL,
  -- the patient's key of this agreement
  address text NOT NULL,
  -- in the token's own smallest unit
  amount numeric(78, 0) NOT NULL CHECK (amount > 0),
  digits integer NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (chain_id, address)
);

-- transfers of any token to or from these addresses, as the ledger has them now
CREATE TABLE money.token_transfer (
  chain_id bigint NOT NULL,
  block bigint NOT NULL,
  log_index integer NOT NULL,
  token text NOT NULL,
  sender text NOT NULL,
  receiver text NOT NULL,
  amount numeric(78, 0) NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (chain_id, block, log_index)
);
CREATE INDEX token_transfer_in ON money.token_transfer (chain_id, receiver);
CREATE INDEX token_transfer_out ON money.token_transfer (chain_id, sender);
-- how far it was read, and by which blocks: what stands above a block that is another now is dropped
CREATE TABLE money.token_block (
  chain_id bigint NOT NULL,
  number bigint NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (chain_id, number)
);

-- what a payer signed to have sent home, on whatever network; the signature names receiver and amount
CREATE TABLE money.token_return (
  hash text PRIMARY KEY,
  order_reference text NOT NULL REFERENCES money.payment_order (reference),
  chain_id bigint NOT NULL,
  token text NOT NULL,
  receiver text NOT NULL,
  amount numeric(78, 0) NOT NULL CHECK (amount > 0),
  signed text NOT NULL,
  state text NOT NULL CHECK (state IN ('signed', 'sent')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX token_return_by_order ON money.token_return (order_reference);
