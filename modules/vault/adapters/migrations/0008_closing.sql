-- What a person wants after death; what is handed over is sealed to the heir's guardian key. Nothing said: nobody opens anything.
CREATE TABLE vault.wish (
  patient_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('erase', 'hand-over')),
  region text NOT NULL,
  heir text,
  sealed text,
  objects jsonb NOT NULL,
  made_at timestamptz NOT NULL
);

-- Guardians report a death with a certificate; any device of the person can stop it while it waits.
CREATE TABLE vault.closing (
  id uuid PRIMARY KEY,
  recovery text NOT NULL,
  patient_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  opened_at timestamptz,
  ends_at timestamptz
);
CREATE UNIQUE INDEX closing_one ON vault.closing (patient_id) WHERE cancelled_at IS NULL;
CREATE TABLE vault.closing_approval (
  id uuid NOT NULL REFERENCES vault.closing ON DELETE CASCADE,
  code text NOT NULL,
  PRIMARY KEY (id, code)
);
