-- Signals of copies: counts without a person, and the cases that they open.
CREATE TABLE provenance.scan_count (
  -- SHA-256 of the unit's address
  unit text NOT NULL,
  gtin text NOT NULL,
  region text NOT NULL,
  -- start of the hour
  hour timestamptz NOT NULL,
  scans integer NOT NULL,
  PRIMARY KEY (unit, region, hour)
);
CREATE INDEX scan_count_hour ON provenance.scan_count (hour);

-- the sequential test of one product in one region
CREATE TABLE provenance.likelihood (
  gtin text NOT NULL,
  region text NOT NULL,
  ratio double precision NOT NULL,
  PRIMARY KEY (gtin, region)
);

CREATE TABLE provenance.investigation (
  id uuid PRIMARY KEY,
  gtin text NOT NULL,
  signal text NOT NULL,
  -- what it is about: a unit, or a region
  subject text NOT NULL,
  evidence jsonb NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by uuid,
  outcome text
);
-- one open case about one thing
CREATE UNIQUE INDEX investigation_open ON provenance.investigation (gtin, signal, subject) WHERE closed_at IS NULL;
