-- What a maker is about to bring into the world: the events follow from it, so that they can be sent again after a crash.
CREATE TABLE provenance.lot_plan (
  -- address of the lot
  link text COLLATE "C" PRIMARY KEY,
  -- keccak256 of the address: its name on chain
  lot_id text NOT NULL UNIQUE,
  gtin text NOT NULL,
  maker_id uuid NOT NULL,
  plan jsonb NOT NULL,
  planned_at timestamptz NOT NULL
);
CREATE INDEX lot_plan_maker ON provenance.lot_plan (maker_id, planned_at DESC);

-- Roots of lots as the chain's events tell them.
CREATE TABLE provenance.lot_root (
  lot_id text PRIMARY KEY,
  maker text NOT NULL,
  root text NOT NULL,
  amount_per_unit bigint NOT NULL,
  single_use boolean NOT NULL,
  blocked boolean NOT NULL,
  block bigint NOT NULL,
  at timestamptz NOT NULL
);

-- Next serial reference of each GS1 company prefix for container numbers.
CREATE TABLE provenance.sscc_counter (
  company_prefix text PRIMARY KEY,
  next bigint NOT NULL
);
