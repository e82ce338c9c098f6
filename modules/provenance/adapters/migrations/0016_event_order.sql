-- Order of capture: what follows from events is made anew in it.
CREATE INDEX event_in_order ON provenance.event (no);
