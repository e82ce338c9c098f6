-- A patient under age: thumbprints of the child's and the guardian's keys, and the day on which the guardian's rights end.
ALTER TABLE care.visit ADD COLUMN minor jsonb;
