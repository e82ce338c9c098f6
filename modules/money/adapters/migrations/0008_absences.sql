-- projection of CareEscrow: who said of whom that the appointment was not kept
CREATE TABLE money.absence (
  agreement_id text NOT NULL,
  milestone integer NOT NULL,
  reported_by text NOT NULL,
  reported_at timestamptz NOT NULL,
  -- until then the other side may object
  until timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('objected', 'settled', 'ended')),
  PRIMARY KEY (agreement_id, milestone)
);
CREATE INDEX absence_open ON money.absence (until) WHERE outcome IS NULL;
