-- Energy devices of a clinic: consoles, what is fitted to them, their counters, and their inspections.
-- Readings and inspections are only ever added.

CREATE TABLE care.device (
  clinic_id uuid NOT NULL,
  -- Digital Link of console, handpiece or tip
  unit text NOT NULL,
  gtin text NOT NULL,
  serial text NOT NULL,
  -- of a console: what procedures ask for; null for a part
  device_class text,
  -- shots it may give; null without a limit
  shot_limit integer,
  shots integer NOT NULL DEFAULT 0 CHECK (shots >= 0 AND (shot_limit IS NULL OR shots <= shot_limit)),
  -- of a part: the console it is fitted to now
  fitted_to text,
  registered_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (clinic_id, unit)
);
CREATE INDEX device_by_unit ON care.device (unit);
CREATE INDEX device_by_console ON care.device (clinic_id, fitted_to);

CREATE TABLE care.device_reading (
  clinic_id uuid NOT NULL,
  unit text NOT NULL,
  value integer NOT NULL,
  -- the visit in which the shots were given, if one
  visit_id uuid,
  person text NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, unit, read_at, value),
  FOREIGN KEY (clinic_id, unit) REFERENCES care.device (clinic_id, unit)
);

CREATE TABLE care.device_inspection (
  id uuid PRIMARY KEY,
  clinic_id uuid NOT NULL,
  unit text NOT NULL,
  kind text NOT NULL,
  performed_at timestamptz NOT NULL,
  valid_until timestamptz,
  passed boolean NOT NULL,
  certificate text NOT NULL,
  -- who inspected: a name, and the organisation whose device signed the result
  inspector text NOT NULL,
  signed_by uuid NOT NULL,
  signer_key text NOT NULL,
  signature text NOT NULL,
  event text NOT NULL,
  recorded_at timestamptz NOT NULL,
  FOREIGN KEY (clinic_id, unit) REFERENCES care.device (clinic_id, unit)
);
CREATE INDEX device_inspection_by_unit ON care.device_inspection (clinic_id, unit, performed_at DESC);
