-- What the REST binding of EPCIS 2.0 keeps: capture jobs, page tokens that were given back.
CREATE TABLE provenance.capture_job (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  behaviour text NOT NULL CHECK (behaviour IN ('rollback', 'proceed')),
  -- JSON-LD; forgotten with the end of the job
  document text,
  events integer NOT NULL,
  -- the first event that is not settled yet; only `proceed` goes on from there
  next integer NOT NULL DEFAULT 0,
  success boolean NOT NULL DEFAULT true,
  errors jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX capture_job_organisation ON provenance.capture_job (organisation_id, id);

CREATE TABLE provenance.ended_token (
  hash bytea PRIMARY KEY,
  until timestamptz NOT NULL
);
