-- A certificate is made public once, by whom it concerns; a list stands under its issuer's address; every passkey has one owner.
ALTER TABLE identity.credential ADD COLUMN digest text;
CREATE UNIQUE INDEX credential_once ON identity.credential (subject_id, digest);

-- issuer of the list, and the two names under which this server hands it on: /status/{slug}/{name}
ALTER TABLE identity.status_list ADD COLUMN issuer_id text;
ALTER TABLE identity.status_list ADD COLUMN slug text;
ALTER TABLE identity.status_list ADD COLUMN name text;
CREATE UNIQUE INDEX status_list_by_name ON identity.status_list (slug, name);

ALTER TABLE identity.passkey
  ADD CONSTRAINT passkey_has_one_owner CHECK (num_nonnulls(patient_id, device_id) = 1),
  ADD CONSTRAINT passkey_device FOREIGN KEY (device_id) REFERENCES identity.device (id);

CREATE INDEX challenge_by_end ON identity.challenge (expires_at);
CREATE INDEX practitioner_by_clinic ON identity.practitioner (clinic_id);
CREATE INDEX device_by_organisation ON identity.device (organisation_id);
