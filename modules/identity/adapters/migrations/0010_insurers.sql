-- Insurance companies, whose bond may stand behind a clinic's promise, are organisations of their own.
ALTER TABLE identity.organisation DROP CONSTRAINT organisation_kind_check;
ALTER TABLE identity.organisation
  ADD CONSTRAINT organisation_kind_check
  CHECK (kind IN ('regulator', 'maker', 'distributor', 'clinic', 'lender', 'insurer', 'assessor'));
