-- Breaches and drills: what was looked at, when its clocks began. Who was affected follows from the access log.
CREATE TABLE vault.breach (
  id uuid PRIMARY KEY,
  drill boolean NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  organisation_id uuid,
  region text NOT NULL,
  started_at timestamptz NOT NULL,
  notified boolean NOT NULL
);
CREATE INDEX access_at ON vault.access (at, patient_id);
