-- Public facts about products and what happened to their units.
CREATE SCHEMA IF NOT EXISTS provenance;

CREATE TABLE provenance.product (
  gtin text PRIMARY KEY,
  maker_id uuid NOT NULL,
  body jsonb NOT NULL,
  -- the regulator's signed product authorisation (SD-JWT VC)
  authorisation text,
  registered_at timestamptz NOT NULL
);

CREATE TABLE provenance.lot (
  link text PRIMARY KEY,
  gtin text NOT NULL REFERENCES provenance.product (gtin),
  units jsonb NOT NULL,
  registered_at timestamptz NOT NULL
);

CREATE TABLE provenance.event (
  digest text PRIMARY KEY,
  body jsonb NOT NULL,
  biz_step text NOT NULL,
  event_time timestamptz NOT NULL,
  site text,
  captured_by uuid NOT NULL,
  captured_at timestamptz NOT NULL
);

CREATE TABLE provenance.event_epc (
  epc text NOT NULL,
  digest text NOT NULL REFERENCES provenance.event (digest),
  PRIMARY KEY (epc, digest)
);
