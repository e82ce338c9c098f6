-- Work that is due at a time: reminders, deadlines, and everything that must follow a committed change (the outbox).
CREATE SCHEMA jobs;

CREATE TABLE jobs.job (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  -- The same key is the same work: it is put in once.
  key text NOT NULL UNIQUE,
  payload jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- Technical time of the database server, not of the business clock: a worker that died loses its claim.
  locked_until timestamptz,
  done_at timestamptz,
  -- Given up; somebody has to look.
  dead_at timestamptz,
  last_error text
);
CREATE INDEX job_due ON jobs.job (due_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX job_dead ON jobs.job (dead_at) WHERE dead_at IS NOT NULL;
