-- Whether a certificate of age was shown at the booking; the age itself is not kept.
ALTER TABLE care.visit ADD COLUMN age_proven boolean NOT NULL DEFAULT false;
-- When a guardian last looked at a child's visit, so that the child sees it.
ALTER TABLE care.visit ADD COLUMN guardian_seen_at timestamptz;
CREATE INDEX visit_of_child ON care.visit ((minor ->> 'child')) WHERE minor IS NOT NULL;
