-- What clinics put aside for the case that they do not come: projections of AbsencePledge and of its part of ClinicBond.

CREATE TABLE money.pledge (
  agreement_id text PRIMARY KEY,
  clinic text NOT NULL,
  sum numeric(30, 0) NOT NULL,
  state text NOT NULL CHECK (state IN ('standing', 'reported', 'paid', 'freed')),
  pledged_block bigint NOT NULL,
  payout text,
  -- what was credited to it has left for the patient
  paid_out boolean NOT NULL DEFAULT false
);
CREATE INDEX pledge_by_clinic ON money.pledge (clinic, pledged_block);
CREATE INDEX pledge_open ON money.pledge (pledged_block)
  WHERE state IN ('standing', 'reported') OR (state = 'paid' AND NOT paid_out);
CREATE INDEX pledge_by_payout ON money.pledge (payout) WHERE payout IS NOT NULL;

CREATE TABLE money.pledge_bond (
  provider text PRIMARY KEY,
  total numeric(30, 0) NOT NULL,
  locked numeric(30, 0) NOT NULL,
  -- taken back last in this block; null once the custodian was asked to pay it
  back_block bigint
);
