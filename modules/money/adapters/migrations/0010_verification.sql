-- Paid checks of clinics. Projections of ProviderVerification:
CREATE TABLE money.check_task (
  id text PRIMARY KEY,
  clinic text NOT NULL,
  subject text NOT NULL,
  fee numeric(30, 0) NOT NULL,
  phase text NOT NULL,
  round integer NOT NULL DEFAULT 0,
  accepted boolean NOT NULL DEFAULT false,
  -- two verifiers or a jury have come to a result
  counted boolean NOT NULL DEFAULT false,
  deadline timestamptz,
  asked_at timestamptz NOT NULL,
  decided_at timestamptz,
  beacon text,
  challenger text,
  grounds text,
  fake boolean
);
CREATE INDEX check_task_by_clinic ON money.check_task (clinic, asked_at DESC);
CREATE TABLE money.check_seat (
  task_id text NOT NULL,
  round integer NOT NULL,
  verifier text NOT NULL,
  place integer NOT NULL,
  committed boolean NOT NULL DEFAULT false,
  failed integer,
  checked_on timestamptz,
  evidence text,
  slashed numeric(30, 0) NOT NULL DEFAULT 0,
  earned numeric(30, 0) NOT NULL DEFAULT 0,
  PRIMARY KEY (task_id, round, verifier)
);
CREATE INDEX check_seat_by_verifier ON money.check_seat (verifier);
CREATE TABLE money.check_verifier (
  verifier text PRIMARY KEY,
  admitted boolean NOT NULL,
  until timestamptz,
  checks integer NOT NULL DEFAULT 0,
  misses integer NOT NULL DEFAULT 0,
  suspended boolean NOT NULL DEFAULT false
);
CREATE TABLE money.check_tagged (clinic text PRIMARY KEY);
CREATE TABLE money.check_pay (one boolean PRIMARY KEY CHECK (one), pay numeric(30, 0) NOT NULL);
-- not projections: these stay when the ones above are built again
CREATE TABLE money.check_statement (
  subject text PRIMARY KEY,
  clinic text NOT NULL,
  statement jsonb NOT NULL,
  salt text NOT NULL,
  at timestamptz NOT NULL
);
CREATE TABLE money.check_answer (
  task_id text NOT NULL,
  round integer NOT NULL,
  verifier text NOT NULL,
  answer jsonb NOT NULL,
  salt text NOT NULL,
  signature text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (task_id, round, verifier)
);
CREATE TABLE money.check_grounds (digest text PRIMARY KEY, text text NOT NULL, salt text NOT NULL, at timestamptz NOT NULL);
-- clinics that the operator made up; known to nobody else until a task of theirs is opened
CREATE TABLE money.check_fake (clinic text PRIMARY KEY, since timestamptz NOT NULL);
