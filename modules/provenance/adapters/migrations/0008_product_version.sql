-- Every version of a product's master data: none is ever changed or taken away.
CREATE TABLE provenance.product_version (
  gtin text NOT NULL,
  version integer NOT NULL,
  body jsonb NOT NULL,
  -- why it was changed, in the maker's words
  note text,
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (gtin, version)
);
INSERT INTO provenance.product_version (gtin, version, body, changed_by, changed_at)
SELECT gtin, 1, body, maker_id, registered_at FROM provenance.product;

CREATE FUNCTION provenance.never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON provenance.product_version
  FOR EACH ROW EXECUTE FUNCTION provenance.never_changes();

CREATE INDEX product_maker ON provenance.product (maker_id, gtin);
