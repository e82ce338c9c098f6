-- What is taken back of a payment, who makes up for it, and what is given back, entry by entry and to the cent.
ALTER TABLE money.rail_entry
  -- of what a card paid: the capture that the acquirer knows it by
  ADD COLUMN capture text,
  -- the debit that took this credit back
  ADD COLUMN taken_by text,
  -- the credit that made up for it
  ADD COLUMN settled_by text,
  -- whose money it was that made up for a chargeback, where only a person can tell
  ADD COLUMN paid_by text CHECK (paid_by IN ('patient', 'house'));
CREATE INDEX rail_entry_by_capture ON money.rail_entry (capture) WHERE capture IS NOT NULL;
CREATE INDEX rail_entry_by_taken ON money.rail_entry (taken_by) WHERE taken_by IS NOT NULL;
CREATE INDEX rail_entry_by_settled ON money.rail_entry (settled_by) WHERE settled_by IS NOT NULL;
UPDATE money.rail_entry SET capture = entry WHERE rail = 'card' AND direction = 'credit';
UPDATE money.rail_entry e SET taken_by = d.entry FROM money.rail_entry d
  WHERE d.reverses = e.entry AND d.direction = 'debit' AND d.state IN ('reversed', 'paid');
-- a transfer between rails is found by its number
UPDATE money.rail_entry SET reference = substring(upper(reference) from 'ACQ-[A-Z0-9]{12}')
  WHERE state = 'moved' AND upper(reference) ~ 'ACQ-[A-Z0-9]{12}';

ALTER TABLE money.rail_payment
  -- the entry about which a person must tell whose money it was, before this is paid
  ADD COLUMN asks text REFERENCES money.rail_entry (entry),
  -- when the rail was asked first, and when it refused last
  ADD COLUMN sent_at timestamptz,
  ADD COLUMN refused_at timestamptz;
CREATE INDEX rail_payment_by_party ON money.rail_payment (party);
UPDATE money.rail_payment SET sent_at = updated_at WHERE state = 'sent';

-- the chargeback that is given back
ALTER TABLE money.demo_card_entry ADD COLUMN undoes text REFERENCES money.demo_card_entry (entry);
-- answered ones are decided on the next day
ALTER TABLE money.demo_card_dispute ADD COLUMN answered_at timestamptz;
