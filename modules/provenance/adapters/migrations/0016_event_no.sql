-- Order of capture: what follows from events is made anew in it.
CREATE INDEX event_no ON provenance.event (no);
