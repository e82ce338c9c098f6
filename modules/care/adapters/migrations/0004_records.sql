-- Sealed procedure records: signed statements about boxes that only the visit's two sides can open.
-- A version is added and acknowledged once; nothing of it is ever changed.
CREATE TABLE care.record_version (
  visit_id uuid NOT NULL REFERENCES care.visit (id),
  version integer NOT NULL CHECK (version BETWEEN 1 AND 50),
  statement jsonb NOT NULL,
  -- hash of the statement
  hash text NOT NULL,
  signature text NOT NULL,
  box bytea NOT NULL,
  acknowledgement jsonb,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (visit_id, version)
);

CREATE FUNCTION care.keep_record_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.visit_id <> OLD.visit_id OR NEW.version <> OLD.version OR NEW.statement <> OLD.statement
    OR NEW.hash <> OLD.hash OR NEW.signature <> OLD.signature OR NEW.box <> OLD.box
    OR NEW.added_at <> OLD.added_at
    OR (OLD.acknowledgement IS NOT NULL AND NEW.acknowledgement IS DISTINCT FROM OLD.acknowledgement)
  THEN RAISE EXCEPTION 'a version of a record is not changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER record_version_is_kept BEFORE UPDATE ON care.record_version
  FOR EACH ROW EXECUTE FUNCTION care.keep_record_version();
