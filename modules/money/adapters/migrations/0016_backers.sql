-- Who stands behind promises: licensed insurers and the funded pool.

-- projection of GuaranteeBook: whose bond may stand behind a clinic's
CREATE TABLE money.insurer (
  account text PRIMARY KEY,
  licensed boolean NOT NULL,
  since timestamptz NOT NULL
);

-- what an insurer answered to a clinic's request; its premium is between the two, and on no chain
CREATE TABLE money.policy_answer (
  cover_id text PRIMARY KEY REFERENCES money.cover_offer ON DELETE CASCADE,
  insurer text NOT NULL,
  premium numeric(30, 0),
  -- null: declined
  signature text,
  answered_at timestamptz NOT NULL,
  CHECK ((premium IS NULL) = (signature IS NULL))
);

-- projection of GuaranteePool: shares that asked to leave
CREATE TABLE money.pool_exit (
  owner text PRIMARY KEY,
  shares numeric(60, 0) NOT NULL,
  ready_at timestamptz NOT NULL
);

-- what the pool credited has left for the patient; null where the pool owed nothing
ALTER TABLE money.cover ADD COLUMN pool_paid_out boolean;
