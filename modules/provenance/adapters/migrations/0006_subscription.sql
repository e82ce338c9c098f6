-- Named queries, and who is told of new events that they find.
CREATE TABLE provenance.named_query (
  organisation_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  query jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, name)
);

CREATE TABLE provenance.subscription (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  query_name text COLLATE "C" NOT NULL,
  dest text NOT NULL,
  -- the receiver's secret, sealed
  token text,
  -- null: whenever there is something new
  schedule jsonb,
  report_if_empty boolean NOT NULL,
  epc_format text NOT NULL,
  initial_record_time timestamptz,
  min_record_time timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_notified_at timestamptz,
  -- what was delivered: everything captured as of a snapshot (pg_snapshot) of an era
  era integer NOT NULL,
  delivered text,
  -- what is being delivered: as of this snapshot, behind this event
  window_era integer,
  window_until text,
  after_no bigint NOT NULL DEFAULT 0,
  window_sent boolean NOT NULL DEFAULT false,
  -- last number given out when it was looked at last
  seen_no bigint NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  stopped_at timestamptz,
  stopped_code text,
  last_error text,
  FOREIGN KEY (organisation_id, query_name) REFERENCES provenance.named_query ON DELETE CASCADE
);
CREATE INDEX subscription_due ON provenance.subscription (due_at) WHERE stopped_at IS NULL;

-- Transaction numbers mean something only within one cluster: a database that was restored elsewhere begins a new era.
CREATE TABLE provenance.era (
  no integer PRIMARY KEY,
  cluster text NOT NULL,
  first_event bigint NOT NULL
);
CREATE FUNCTION provenance.note_era() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  here text := 'unknown';
  last provenance.era;
BEGIN
  BEGIN
    SELECT system_identifier::text INTO here FROM pg_control_system();
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  LOCK TABLE provenance.era IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO last FROM provenance.era ORDER BY no DESC LIMIT 1;
  IF last.cluster = here THEN RETURN last.no; END IF;
  INSERT INTO provenance.era (no, cluster, first_event)
  VALUES (coalesce(last.no, 0) + 1, here, CASE WHEN last.no IS NULL THEN 0 ELSE nextval('provenance.event_no') END);
  RETURN coalesce(last.no, 0) + 1;
END
$$;
SELECT provenance.note_era();

-- Whether an event had been captured as of a snapshot of an era.
CREATE FUNCTION provenance.captured_as_of(event bigint, tx bigint, era_no integer, snapshot pg_snapshot) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN event >= coalesce((SELECT first_event FROM provenance.era WHERE no = era_no + 1), 9223372036854775807) THEN false
    WHEN event < (SELECT first_event FROM provenance.era WHERE no = era_no) THEN true
    ELSE pg_visible_in_snapshot(tx::text::xid8, snapshot)
  END
$$;
