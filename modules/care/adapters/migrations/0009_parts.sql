-- Agreements of several parts: which part is present, whether its session still needs a time, and what was done in those
-- before. Visits from before have one part.
ALTER TABLE care.visit ADD COLUMN part integer NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 15);
ALTER TABLE care.visit ADD COLUMN parts_paid integer NOT NULL DEFAULT 0;
ALTER TABLE care.visit ADD COLUMN needs_time boolean NOT NULL DEFAULT false;

CREATE TABLE care.visit_part (
  visit_id uuid NOT NULL REFERENCES care.visit (id),
  part integer NOT NULL CHECK (part BETWEEN 0 AND 15),
  -- null for a deposit
  slot_id uuid REFERENCES care.slot (id),
  treatment jsonb,
  -- false where all of it went back to the patient
  paid boolean NOT NULL,
  settled_at timestamptz NOT NULL,
  PRIMARY KEY (visit_id, part)
);
