-- What was compared every night, and what did not fit.
CREATE TABLE money.reconciliation (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  -- totals and differences, amounts as decimal text
  body jsonb NOT NULL,
  fits boolean NOT NULL
);
CREATE INDEX reconciliation_by_time ON money.reconciliation (at DESC);

-- while one is open nothing is paid out
CREATE TABLE money.alarm (
  id uuid PRIMARY KEY,
  reconciliation_id uuid NOT NULL REFERENCES money.reconciliation (id),
  raised_at timestamptz NOT NULL,
  differences jsonb NOT NULL,
  closed_at timestamptz,
  reason text,
  CHECK ((closed_at IS NULL) = (reason IS NULL))
);
CREATE UNIQUE INDEX alarm_open ON money.alarm ((true)) WHERE closed_at IS NULL;

-- one invoice an agreement, numbered without gaps for each clinic
CREATE TABLE money.invoice (
  clinic text NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  agreement_id text NOT NULL UNIQUE,
  issued_at timestamptz NOT NULL,
  funded numeric(30, 0) NOT NULL,
  paid numeric(30, 0) NOT NULL,
  fee numeric(30, 0) NOT NULL,
  refunded numeric(30, 0) NOT NULL,
  PRIMARY KEY (clinic, number)
);
