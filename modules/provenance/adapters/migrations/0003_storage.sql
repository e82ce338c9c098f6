-- Storage for millions of events: identifiers once, events by month, containment as intervals. What was captured before
-- is carried over.
ALTER TABLE provenance.event RENAME TO event_before;
ALTER TABLE provenance.event_before RENAME CONSTRAINT event_pkey TO event_before_pkey;
DROP INDEX provenance.event_hash, provenance.event_captured, provenance.event_site;
ALTER TABLE provenance.event_epc RENAME TO event_epc_before;
ALTER TABLE provenance.event_epc_before RENAME CONSTRAINT event_epc_pkey TO event_epc_before_pkey;

-- Every identifier and step that events speak of, once.
CREATE TABLE provenance.identifier (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uri text COLLATE "C" NOT NULL UNIQUE
);

CREATE SEQUENCE provenance.event_no;
CREATE TABLE provenance.event (
  -- order of capture on this database
  no bigint NOT NULL DEFAULT nextval('provenance.event_no'),
  digest text COLLATE "C" NOT NULL,
  -- SHA-256 within the event hash of CBV 2.0
  hash bytea,
  -- the eventID the sender chose, if it is not that hash
  event_id text COLLATE "C",
  event_time timestamptz NOT NULL,
  type text COLLATE "C" NOT NULL,
  action text,
  biz_step text COLLATE "C",
  disposition text COLLATE "C",
  read_point text COLLATE "C",
  biz_location text COLLATE "C",
  -- where it happened: bizLocation, otherwise readPoint
  site text COLLATE "C",
  -- declared wrong, or itself such a declaration
  void boolean NOT NULL DEFAULT false,
  body jsonb NOT NULL,
  -- how the sender wrote identifiers, where that is not the canonical form
  written jsonb,
  captured_by uuid NOT NULL,
  captured_at timestamptz NOT NULL,
  -- transaction that captured it
  tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  PRIMARY KEY (event_time, no),
  UNIQUE (digest, event_time)
) PARTITION BY RANGE (event_time);
CREATE INDEX event_hash ON provenance.event (hash);
CREATE INDEX event_site ON provenance.event (site, event_time);
CREATE INDEX event_type ON provenance.event (type);
CREATE INDEX event_step ON provenance.event (biz_step);
CREATE INDEX event_disposition ON provenance.event (disposition);
CREATE INDEX event_read_point ON provenance.event (read_point);
CREATE INDEX event_recorded ON provenance.event USING brin (captured_at, tx) WITH (pages_per_range = 16, autosummarize = on);
-- months that nobody made a partition for
CREATE TABLE provenance.event_other PARTITION OF provenance.event DEFAULT;

-- Makes the partition of a month, with what waits for it. False if it was not there before: until the transaction ends,
-- others do not see it either.
CREATE FUNCTION provenance.ensure_month(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  part text := 'event_' || to_char(month, 'YYYY_MM');
  low timestamptz := month::timestamp AT TIME ZONE 'UTC';
  high timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass('provenance.' || part) IS NOT NULL THEN RETURN true; END IF;
  -- also lets others that make it at the same time wait
  LOCK TABLE provenance.event_other IN ACCESS EXCLUSIVE MODE;
  IF to_regclass('provenance.' || part) IS NOT NULL THEN RETURN true; END IF;
  EXECUTE format('CREATE TABLE provenance.%I (LIKE provenance.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
  EXECUTE format('WITH moved AS (DELETE FROM provenance.event_other WHERE event_time >= %L AND event_time < %L RETURNING *)
    INSERT INTO provenance.%I SELECT * FROM moved', low, high, part);
  EXECUTE format('ALTER TABLE provenance.event ATTACH PARTITION provenance.%I FOR VALUES FROM (%L) TO (%L)', part, low, high);
  RETURN false;
END
$$;

-- What an event speaks of, with what a trace and a recall ask for beside it.
CREATE TABLE provenance.event_epc (
  epc bigint NOT NULL,
  event_time timestamptz NOT NULL,
  event bigint NOT NULL,
  -- 1 epc, 2 child, 3 parent, 4 input, 5 output, 6 class, 7 input class, 8 output class, 9 site that readings are of
  role smallint NOT NULL,
  -- a child was put in (1) or taken out (-1); a parent was emptied (-1)
  change smallint,
  -- place of the step among those of the same moment
  rank smallint NOT NULL,
  void boolean NOT NULL DEFAULT false,
  step bigint,
  site bigint,
  -- what a child was put into
  parent bigint,
  -- what a unit was made in
  lot bigint,
  PRIMARY KEY (epc, event_time, event, role)
);
CREATE INDEX event_epc_lot ON provenance.event_epc (lot, epc) WHERE lot IS NOT NULL;

-- When something was in something; both ends belong to it. Follows from event_epc.
CREATE TABLE provenance.containment (
  child bigint NOT NULL,
  since timestamptz NOT NULL,
  parent bigint NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (child, since, parent)
);
CREATE INDEX containment_parent ON provenance.containment (parent, since);

-- Events with an errorDeclaration. They have the time of what they declare wrong.
CREATE TABLE provenance.correction (
  event_time timestamptz NOT NULL,
  event bigint NOT NULL,
  PRIMARY KEY (event_time, event)
);

-- eventIDs that senders chose. One organisation uses each once; a correction repeats it.
CREATE TABLE provenance.event_name (
  event_id text COLLATE "C" NOT NULL,
  organisation_id uuid NOT NULL,
  event_time timestamptz NOT NULL,
  event bigint NOT NULL,
  correction boolean NOT NULL,
  PRIMARY KEY (event_id, event)
);
CREATE UNIQUE INDEX event_name_once ON provenance.event_name (event_id, organisation_id) WHERE NOT correction;

-- What comes first of several steps at one moment; the same order as in the verdict.
CREATE FUNCTION provenance.step_rank(step text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT (coalesce(array_position(ARRAY['commissioning', 'packing', 'shipping', 'departing', 'arriving', 'receiving',
    'accepting', 'unpacking', 'storing', 'stocking', 'sensor_reporting', 'inspecting', 'holding', 'dispensing',
    'destroying', 'decommissioning'], step), 17) - 1)::smallint
$$;

-- Makes intervals anew from all that was said, in whatever order it came: those of these children, and of what was ever in
-- an emptied container. Where two statements have the same moment and rank, both count. Captures that say something of
-- one child, or of its container, follow each other.
CREATE FUNCTION provenance.settle_containment(children bigint[], parents bigint[], emptied bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  changed bigint[];
BEGIN
  PERFORM id FROM provenance.identifier WHERE id = ANY (children || parents) ORDER BY id FOR UPDATE;
  changed := children || ARRAY(SELECT DISTINCT child FROM provenance.containment WHERE parent = ANY (emptied));
  DELETE FROM provenance.containment WHERE child = ANY (changed);
  INSERT INTO provenance.containment (child, since, parent, until)
  SELECT s.epc, s.event_time, s.parent, max(least(s.next, left_at.emptied, 'infinity'))
  FROM (
    SELECT x.epc, x.event_time, x.rank, x.parent, x.change,
           min(x.event_time) OVER (PARTITION BY x.epc ORDER BY x.event_time, x.rank
             GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next
    FROM provenance.event_epc x
    WHERE x.epc = ANY (changed) AND x.role = 2 AND x.change IS NOT NULL AND NOT x.void
  ) s
  LEFT JOIN LATERAL (
    SELECT min(e.event_time) AS emptied FROM provenance.event_epc e
    WHERE e.epc = s.parent AND e.role = 3 AND e.change = -1 AND NOT e.void
      AND (e.event_time, e.rank) > (s.event_time, s.rank)
  ) left_at ON true
  WHERE s.change = 1
  GROUP BY s.epc, s.event_time, s.parent;
END
$$;

-- Events captured before.
DO $$
DECLARE month date;
BEGIN
  FOR month IN
    SELECT DISTINCT date_trunc('month', event_time AT TIME ZONE 'UTC')::date FROM provenance.event_before
    WHERE event_time >= '2015-01-01Z' AND event_time < now() + interval '1 year'
  LOOP
    PERFORM provenance.ensure_month(month);
  END LOOP;
END
$$;

INSERT INTO provenance.event (digest, hash, event_id, event_time, type, action, biz_step, disposition, read_point,
  biz_location, site, body, captured_by, captured_at)
SELECT digest, decode(substring(hash FROM 'sha-256;([0-9a-f]{64})'), 'hex'), nullif(event_id, hash), event_time,
  body ->> 'type', body ->> 'action', biz_step, body ->> 'disposition', body -> 'readPoint' ->> 'id',
  body -> 'bizLocation' ->> 'id', site, body, captured_by, captured_at
FROM provenance.event_before ORDER BY captured_at, digest;

CREATE FUNCTION provenance.link_part(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9._~'';=-]' THEN c ELSE '%' || lpad(upper(to_hex(ascii(c))), 2, '0') END, '' ORDER BY n)
  FROM regexp_split_to_table(part, '') WITH ORDINALITY AS t (c, n)
$$;

CREATE TEMP TABLE named ON COMMIT DROP AS
SELECT e.no, e.event_time, e.biz_step, e.site, n.uri, n.role::smallint, n.change::smallint, n.parent,
  CASE WHEN n.role IN (1, 5) THEN
    coalesce('https://id.gs1.org/01/' || substring(n.uri FROM '^https://id\.gs1\.org/01/(\d{14})/21/') || '/10/'
      || provenance.link_part(coalesce(e.body -> 'ilmd' ->> 'urn:epcglobal:cbv:mda:lotNumber', e.body -> 'ilmd' ->> 'lotNumber')),
      e.body ->> 'zm:lot') END AS lot
FROM provenance.event e
CROSS JOIN LATERAL (
  SELECT uri, role, change, parent FROM (VALUES
    ('epcList', 1), ('childEPCs', 2), ('inputEPCList', 4), ('outputEPCList', 5)) AS list (field, role)
  CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(e.body -> list.field) WHEN 'array' THEN e.body -> list.field ELSE '[]' END) AS item (uri)
  CROSS JOIN LATERAL (SELECT
    CASE WHEN list.role = 2 AND e.type IN ('AggregationEvent', 'AssociationEvent') AND e.body ? 'parentID'
      THEN CASE e.action WHEN 'DELETE' THEN -1 ELSE 1 END END AS change,
    CASE WHEN list.role = 2 THEN e.body ->> 'parentID' END AS parent) AS moved
  UNION ALL
  SELECT item ->> 'epcClass', role, NULL, NULL FROM (VALUES
    ('quantityList', 6), ('childQuantityList', 6), ('inputQuantityList', 7), ('outputQuantityList', 8)) AS list (field, role)
  CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(e.body -> list.field) WHEN 'array' THEN e.body -> list.field ELSE '[]' END) AS t (item)
  UNION ALL
  SELECT e.body ->> 'parentID', 3,
    CASE WHEN e.type IN ('AggregationEvent', 'AssociationEvent') AND e.action = 'DELETE'
      AND coalesce(e.body -> 'childEPCs', '[]') = '[]' AND coalesce(e.body -> 'childQuantityList', '[]') = '[]' THEN -1 END,
    NULL
  UNION ALL
  SELECT e.site, 9, NULL, NULL WHERE e.biz_step = 'sensor_reporting'
) AS n
WHERE n.uri IS NOT NULL;

INSERT INTO provenance.identifier (uri)
SELECT uri FROM named UNION SELECT parent FROM named WHERE parent IS NOT NULL
UNION SELECT lot FROM named WHERE lot IS NOT NULL UNION SELECT biz_step FROM named WHERE biz_step IS NOT NULL
UNION SELECT site FROM named WHERE site IS NOT NULL;

INSERT INTO provenance.event_epc (epc, event_time, event, role, change, rank, step, site, parent, lot)
SELECT i.id, n.event_time, n.no, n.role, n.change, provenance.step_rank(n.biz_step), step.id, site.id, parent.id, lot.id
FROM named n
JOIN provenance.identifier i ON i.uri = n.uri
LEFT JOIN provenance.identifier step ON step.uri = n.biz_step
LEFT JOIN provenance.identifier site ON site.uri = n.site
LEFT JOIN provenance.identifier parent ON parent.uri = n.parent
LEFT JOIN provenance.identifier lot ON lot.uri = n.lot
ON CONFLICT DO NOTHING;

INSERT INTO provenance.correction (event_time, event)
SELECT event_time, no FROM provenance.event WHERE body ? 'errorDeclaration';
UPDATE provenance.event e SET void = true
FROM provenance.correction k JOIN provenance.event c ON c.event_time = k.event_time AND c.no = k.event
WHERE e.event_time = k.event_time AND e.body - 'errorDeclaration' = c.body - 'errorDeclaration';
UPDATE provenance.event_epc x SET void = true
FROM provenance.event e WHERE e.void AND x.event_time = e.event_time AND x.event = e.no;
SELECT provenance.settle_containment(array_agg(DISTINCT epc), '{}', '{}') FROM provenance.event_epc WHERE role = 2;

INSERT INTO provenance.event_name (event_id, organisation_id, event_time, event, correction)
SELECT event_id, captured_by, event_time, no, body ? 'errorDeclaration' FROM provenance.event
WHERE event_id IS NOT NULL ORDER BY no ON CONFLICT DO NOTHING;

DROP FUNCTION provenance.link_part(text);
DROP TABLE provenance.event_epc_before;
DROP TABLE provenance.event_before;
