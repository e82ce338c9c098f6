-- The log's own schema: leaves as given, their place in the order, the tree above them, the checkpoints signed.
CREATE SCHEMA tlog;

-- One log lives in one schema; its origin never changes.
CREATE TABLE tlog.identity (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  origin text NOT NULL
);

-- What callers gave, in their own transactions. Times are milliseconds since the epoch.
CREATE TABLE tlog.entry (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  leaf bytea NOT NULL CHECK (octet_length(leaf) BETWEEN 1 AND 65535),
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  queued_at bigint NOT NULL
);

-- Entries that have no index yet.
CREATE TABLE tlog.queue (
  seq bigint PRIMARY KEY REFERENCES tlog.entry
);

-- The order. Indices have no gaps: they are given by one writer at a time.
CREATE TABLE tlog.position (
  idx bigint PRIMARY KEY CHECK (idx >= 0),
  seq bigint NOT NULL UNIQUE,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32)
);
CREATE INDEX position_leaf_hash ON tlog.position (leaf_hash, idx);
CREATE INDEX entry_leaf_hash ON tlog.entry (leaf_hash);

-- Full tiles only (C2SP tlog-tiles); partial ones are read from the level below.
CREATE TABLE tlog.tile (
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
  n bigint NOT NULL CHECK (n >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  PRIMARY KEY (level, n)
);

CREATE TABLE tlog.checkpoint (
  size bigint PRIMARY KEY CHECK (size > 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  signed_at bigint NOT NULL,
  anchored_at bigint
);

-- A log only grows. What is written stays as it is.
CREATE FUNCTION tlog.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tlog.% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tlog.entry
  FOR EACH STATEMENT EXECUTE FUNCTION tlog.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tlog.position
  FOR EACH STATEMENT EXECUTE FUNCTION tlog.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tlog.tile
  FOR EACH STATEMENT EXECUTE FUNCTION tlog.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON tlog.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION tlog.refuse_change();
