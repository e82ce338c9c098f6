-- The life of a device: what it is called, and how it ended. The row stays, with its key: what it signed before counts.
ALTER TABLE identity.device
  ADD COLUMN name text,
  ADD COLUMN retired_at timestamptz,
  -- null until somebody says why
  ADD COLUMN retired_reason text CHECK (retired_reason IN ('lost', 'broken', 'unused')),
  -- devices
  ADD COLUMN retired_by uuid,
  ADD COLUMN replaced_by uuid REFERENCES identity.device (id),
  ADD CONSTRAINT device_ended CHECK (
    retired_at IS NOT NULL OR (retired_reason IS NULL AND retired_by IS NULL AND replaced_by IS NULL)
  );
CREATE INDEX device_organisation ON identity.device (organisation_id, joined_at);
