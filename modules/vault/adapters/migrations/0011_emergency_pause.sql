-- A card whose sheet the patient has withdrawn: it is on, and shows nothing until there is a sheet again.
ALTER TABLE vault.emergency_card ADD COLUMN paused_at timestamptz;
