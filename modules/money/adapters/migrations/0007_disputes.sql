-- Disputes: what the chain says of them (projections), and what parties, mediator and assessors said beside it.
CREATE TABLE money.dispute (
  agreement_id text NOT NULL,
  milestone integer NOT NULL,
  disputed_at timestamptz NOT NULL,
  disputed_by text NOT NULL,
  -- end of the escrow's time for its arbiter
  ends_at timestamptz NOT NULL,
  open boolean NOT NULL,
  -- what was given back by a ruling or by silence; null otherwise
  refunded numeric(30, 0),
  panel_id text UNIQUE,
  beacon text,
  fee numeric(30, 0),
  phase text,
  round integer NOT NULL DEFAULT 0,
  deadline timestamptz,
  refund_bps integer,
  PRIMARY KEY (agreement_id, milestone)
);
CREATE TABLE money.dispute_secret (
  panel_id text NOT NULL,
  round integer NOT NULL,
  side text NOT NULL CHECK (side IN ('patient', 'clinic', 'house')),
  commitment text NOT NULL,
  secret text,
  PRIMARY KEY (panel_id, round, side)
);
CREATE TABLE money.dispute_seat (
  panel_id text NOT NULL,
  round integer NOT NULL,
  assessor text NOT NULL,
  place integer NOT NULL,
  committed boolean NOT NULL DEFAULT false,
  revealed boolean NOT NULL DEFAULT false,
  finding integer,
  counted boolean,
  earned numeric(30, 0) NOT NULL DEFAULT 0,
  slashed numeric(30, 0) NOT NULL DEFAULT 0,
  PRIMARY KEY (panel_id, round, assessor)
);
CREATE INDEX dispute_seat_by_assessor ON money.dispute_seat (assessor);
-- not projections: these stay when the ones above are built again
CREATE TABLE money.dispute_stage (
  agreement_id text NOT NULL,
  milestone integer NOT NULL,
  stage text NOT NULL CHECK (stage IN ('talk', 'mediation')),
  ended_by text NOT NULL,
  ended_at timestamptz NOT NULL,
  PRIMARY KEY (agreement_id, milestone, stage)
);
-- a split that a side signed or the mediator proposed; the newest of each counts
CREATE TABLE money.dispute_split (
  agreement_id text NOT NULL,
  milestone integer NOT NULL,
  by text NOT NULL CHECK (by IN ('patient', 'clinic', 'mediator')),
  refund numeric(30, 0) NOT NULL CHECK (refund >= 0),
  -- nothing is signed by a mediator
  signature text,
  at timestamptz NOT NULL,
  PRIMARY KEY (agreement_id, milestone, by)
);
-- ciphertext for one drawn assessor, given to it alone and deleted when the case ends
CREATE TABLE money.dispute_paper (
  panel_id text NOT NULL,
  round integer NOT NULL,
  assessor text NOT NULL,
  by text NOT NULL CHECK (by IN ('patient', 'clinic')),
  sealed text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (panel_id, round, assessor, by)
);
CREATE TABLE money.assessor_key (
  assessor text PRIMARY KEY,
  seal_key text NOT NULL,
  at timestamptz NOT NULL
);
