-- Raw files of temperature loggers, by the SHA-256 of their bytes, which lie in the blob store.
CREATE TABLE provenance.sensor_log (
  sha256 text PRIMARY KEY,
  organisation_id uuid NOT NULL,
  -- zone of times that name none, minutes east of UTC
  offset_minutes integer NOT NULL,
  readings integer NOT NULL,
  stored_at timestamptz NOT NULL
);
