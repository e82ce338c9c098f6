-- Loans that pay for agreements: what was asked for and offered, the projection of the chain's loans, and payments to come.

CREATE TABLE money.loan_application (
  agreement_id text PRIMARY KEY,
  -- the same for every loan of a person here, and nowhere else
  person text NOT NULL,
  borrower text NOT NULL,
  -- where her own money returns to
  payout text NOT NULL,
  months integer NOT NULL CHECK (months BETWEEN 1 AND 36),
  principal numeric(30, 0) NOT NULL CHECK (principal > 0),
  state text NOT NULL CHECK (state IN ('asked', 'offered', 'agreed', 'declined')),
  -- what she stated: of age for this, a student or not
  statements jsonb NOT NULL,
  lender_id uuid,
  plan_id text UNIQUE,
  plan jsonb,
  offer text,
  -- her signature under the agreement, with which it is opened once the loan is paid out
  signature text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX loan_application_by_person ON money.loan_application (person);

-- projection of InstalmentBook
CREATE TABLE money.loan (
  plan_id text PRIMARY KEY,
  agreement_id text NOT NULL,
  lender text NOT NULL,
  state text NOT NULL,
  body jsonb NOT NULL,
  -- what the borrower paid, what refunds gave the loan and her
  taken numeric(30, 0) NOT NULL,
  to_loan numeric(30, 0) NOT NULL,
  to_patient numeric(30, 0) NOT NULL,
  accepted_at timestamptz NOT NULL,
  paid_out_at timestamptz,
  closed_at timestamptz
);
CREATE INDEX loan_by_agreement ON money.loan (agreement_id);
