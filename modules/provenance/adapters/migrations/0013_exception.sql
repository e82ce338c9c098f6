-- Where statements do not agree, or goods must not go on: cases with an owner and a deadline. Their history only grows.
CREATE TABLE provenance.exception (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- digest of the event that shows it
  event text NOT NULL,
  owner_id uuid,
  other_id uuid,
  gtin text,
  -- address of a lot that is concerned as a whole
  lot text COLLATE "C",
  state text NOT NULL,
  opened_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  resolved_at timestamptz,
  UNIQUE NULLS NOT DISTINCT (kind, event, owner_id)
);
CREATE INDEX exception_owner ON provenance.exception (owner_id, state, due_at);
CREATE INDEX exception_other ON provenance.exception (other_id, state, due_at);
CREATE INDEX exception_event ON provenance.exception (event);

CREATE TABLE provenance.exception_item (
  exception_id uuid NOT NULL REFERENCES provenance.exception (id),
  epc text COLLATE "C" NOT NULL,
  PRIMARY KEY (exception_id, epc)
);
CREATE INDEX exception_item_epc ON provenance.exception_item (epc);

CREATE TABLE provenance.exception_entry (
  exception_id uuid NOT NULL REFERENCES provenance.exception (id),
  no integer NOT NULL,
  at timestamptz NOT NULL,
  -- opened, reopened, changed, taken-on, quarantined, noted, overdue, resolved
  what text NOT NULL,
  organisation_id uuid,
  note text,
  -- digest of the event that brought it about
  event text,
  PRIMARY KEY (exception_id, no)
);
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON provenance.exception_entry
  FOR EACH ROW EXECUTE FUNCTION provenance.never_changes();
