-- What is known of a patient's health stops a visit at booking, before it, at check-in and at unsealing.
-- The reasons are ciphertext and commitments; visits from before keep the rules under which they were signed.
ALTER TABLE care.visit ADD COLUMN gate_version integer NOT NULL DEFAULT 1;
ALTER TABLE care.visit ADD COLUMN gate jsonb;
-- overrides are counted by clinic
CREATE INDEX visit_step_override ON care.visit_step (visit_id) WHERE type = 'override';
