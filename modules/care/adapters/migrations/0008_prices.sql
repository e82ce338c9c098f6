-- Price lists as clinics published them, for good; and what a clinic proposed beside an agreement.
CREATE TABLE care.price_list (
  clinic_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  valid_from timestamptz NOT NULL,
  body jsonb NOT NULL,
  hash text NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, version)
);
CREATE INDEX price_list_in_force ON care.price_list (clinic_id, valid_from DESC);

CREATE TABLE care.change_order (
  id uuid PRIMARY KEY,
  visit_id uuid NOT NULL REFERENCES care.visit (id),
  state text NOT NULL CHECK (state IN ('proposed', 'declined', 'accepted')),
  quote jsonb NOT NULL,
  reason jsonb NOT NULL,
  proposed_at timestamptz NOT NULL,
  lapses_at timestamptz NOT NULL,
  answered_at timestamptz
);
CREATE INDEX change_order_by_visit ON care.change_order (visit_id);
