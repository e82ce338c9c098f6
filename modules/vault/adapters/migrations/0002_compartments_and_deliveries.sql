-- An object knows its compartment by a label without meaning, and its content key in wrapped form.
ALTER TABLE vault.object ADD COLUMN compartment text NOT NULL DEFAULT '';
ALTER TABLE vault.object ADD COLUMN wrapped_key text NOT NULL DEFAULT '';

-- One mailbox holds several files; nothing that was left is overwritten. Only the day is kept, not the time.
ALTER TABLE vault.mailbox ADD COLUMN n integer NOT NULL DEFAULT 1;
ALTER TABLE vault.mailbox DROP CONSTRAINT mailbox_pkey;
ALTER TABLE vault.mailbox ADD PRIMARY KEY (label, n);
ALTER TABLE vault.mailbox ADD UNIQUE (label, blob_key);
ALTER TABLE vault.mailbox ALTER COLUMN left_at TYPE date;
ALTER TABLE vault.mailbox RENAME COLUMN left_at TO left_on;
