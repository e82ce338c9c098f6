-- What lies in a clinic's cupboard. stock_unit and stock_movement follow from custody events: they can be dropped and
-- built again. The other tables are the clinic's own rows: who scanned, counted, confirmed, and what is still open.

CREATE TABLE care.stock_unit (
  clinic_id uuid NOT NULL,
  -- Digital Link of the unit
  unit text NOT NULL,
  gtin text NOT NULL,
  serial text NOT NULL,
  -- Digital Link of the lot, and its last day as the maker states it
  lot text,
  expiry text,
  state text NOT NULL,
  hold text,
  toxin boolean NOT NULL,
  single_use boolean NOT NULL,
  amount_unit text NOT NULL,
  amount integer NOT NULL,
  used integer NOT NULL,
  wasted integer NOT NULL,
  remaining integer NOT NULL,
  uses integer NOT NULL,
  shipment text,
  supplier text,
  container text,
  announced_at timestamptz,
  received_at timestamptz,
  opened_at timestamptz,
  use_by timestamptz,
  -- the newest movement
  moved_by text NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, unit),
  CHECK (used + wasted + remaining = amount)
);
CREATE INDEX stock_unit_by_state ON care.stock_unit (clinic_id, state, gtin, expiry);
CREATE INDEX stock_unit_by_unit ON care.stock_unit (unit);
CREATE INDEX stock_unit_by_lot ON care.stock_unit (lot);

CREATE TABLE care.stock_movement (
  clinic_id uuid NOT NULL,
  unit text NOT NULL,
  sequence integer NOT NULL,
  kind text NOT NULL,
  -- digest of the event that says so
  event text NOT NULL,
  at timestamptz NOT NULL,
  amount integer,
  remaining integer NOT NULL,
  commitment text,
  reason text,
  PRIMARY KEY (clinic_id, unit, sequence),
  FOREIGN KEY (clinic_id, unit) REFERENCES care.stock_unit (clinic_id, unit) ON DELETE CASCADE
);
CREATE INDEX stock_movement_by_time ON care.stock_movement (clinic_id, at);

-- when the two tables above were built from events that were there before them
CREATE TABLE care.stock_built (built_at timestamptz NOT NULL);

CREATE TABLE care.goods_in (
  -- the device's own number of the scan, and the place of a unit in a scanned box
  scan uuid NOT NULL,
  position integer NOT NULL,
  clinic_id uuid NOT NULL,
  code text NOT NULL,
  unit text,
  gtin text,
  lot text,
  expiry text,
  outcome text NOT NULL,
  reason text NOT NULL,
  rule text,
  detail jsonb NOT NULL,
  -- digests of the events that were captured for it
  events jsonb NOT NULL,
  person text NOT NULL,
  device_key text NOT NULL,
  signature text NOT NULL,
  scanned_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  undone_at timestamptz,
  PRIMARY KEY (scan, position)
);
CREATE INDEX goods_in_by_clinic ON care.goods_in (clinic_id, recorded_at DESC);
CREATE INDEX goods_in_by_unit ON care.goods_in (clinic_id, unit);

-- something about stock that a person has to settle
CREATE TABLE care.stock_case (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  kind text NOT NULL,
  unit text,
  code text,
  detail jsonb NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  outcome text,
  note text,
  person text
);
CREATE UNIQUE INDEX stock_case_open ON care.stock_case (clinic_id, kind, unit) WHERE closed_at IS NULL;
CREATE INDEX stock_case_by_clinic ON care.stock_case (clinic_id, opened_at DESC);

-- waste, release and loss need a second person; going back does not
CREATE TABLE care.stock_request (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  kind text NOT NULL,
  unit text NOT NULL,
  amount integer,
  reason text NOT NULL,
  note text NOT NULL,
  person text NOT NULL,
  device_key text NOT NULL,
  signature text NOT NULL,
  asked_at timestamptz NOT NULL,
  second_person text,
  second_key text,
  second_signature text,
  done_at timestamptz,
  withdrawn_at timestamptz,
  events jsonb NOT NULL
);
CREATE UNIQUE INDEX stock_request_open ON care.stock_request (clinic_id, unit)
  WHERE done_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX stock_request_by_clinic ON care.stock_request (clinic_id, asked_at DESC);

CREATE TABLE care.stock_count (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  -- one product, or all
  gtin text,
  person text NOT NULL,
  started_at timestamptz NOT NULL,
  closed_at timestamptz,
  result jsonb,
  events jsonb NOT NULL
);
CREATE UNIQUE INDEX stock_count_open ON care.stock_count (clinic_id) WHERE closed_at IS NULL;

CREATE TABLE care.stock_count_scan (
  count_id uuid NOT NULL REFERENCES care.stock_count (id),
  unit text NOT NULL,
  code text NOT NULL,
  scanned_at timestamptz NOT NULL,
  PRIMARY KEY (count_id, unit)
);

-- what a regulator has to know, raised by the house itself; a clinic can neither write nor remove it
CREATE TABLE care.alert (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  region text NOT NULL,
  kind text NOT NULL,
  unit text,
  -- what it is about, so that one cause is told once
  cause text NOT NULL,
  detail jsonb NOT NULL,
  event text,
  raised_at timestamptz NOT NULL,
  UNIQUE (kind, cause)
);
CREATE INDEX alert_by_region ON care.alert (region, raised_at DESC);
