-- The event hash of CBV 2.0 beside the leaf digest, and site, step and time beside each identifier.
ALTER TABLE provenance.event ALTER COLUMN biz_step DROP NOT NULL;
ALTER TABLE provenance.event ADD COLUMN hash text;
ALTER TABLE provenance.event ADD COLUMN event_id text;
CREATE INDEX event_hash ON provenance.event (hash);
CREATE INDEX event_captured ON provenance.event (captured_at, digest);
CREATE INDEX event_site ON provenance.event (site, biz_step, event_time);

ALTER TABLE provenance.event_epc ADD COLUMN role text NOT NULL DEFAULT 'epc';
CREATE INDEX event_epc_digest ON provenance.event_epc (digest);
