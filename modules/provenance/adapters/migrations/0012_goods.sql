-- Where goods are now: follows from the events, written in the transaction that captures them.
CREATE TABLE provenance.item (
  -- address of a unit or container
  epc text COLLATE "C" PRIMARY KEY,
  gtin text,
  standing text NOT NULL,
  -- GLNs of who holds it and of where it is going
  holder text,
  bound text,
  -- digest of the shipment it is part of
  shipment text,
  parent text COLLATE "C",
  -- address of its lot, last day of use, event that made it
  lot text COLLATE "C",
  expiry text,
  made text,
  since timestamptz NOT NULL,
  at timestamptz NOT NULL,
  -- chained digest of its events: what has the same story has the same state
  story text NOT NULL
);
CREATE INDEX item_holder ON provenance.item (holder, standing, gtin);
CREATE INDEX item_bound ON provenance.item (bound) WHERE bound IS NOT NULL;
CREATE INDEX item_parent ON provenance.item (parent) WHERE parent IS NOT NULL;
CREATE INDEX item_lot ON provenance.item (lot) WHERE lot IS NOT NULL;

-- What was ever put into a container, so that a late word about it reaches what has left it since.
CREATE TABLE provenance.content (
  parent text COLLATE "C" NOT NULL,
  child text COLLATE "C" NOT NULL,
  PRIMARY KEY (parent, child)
);

-- What each side of a hand-over stated, unit by unit; the contents of a container as they were then.
CREATE TABLE provenance.movement (
  epc text COLLATE "C" NOT NULL,
  digest text NOT NULL,
  kind text NOT NULL,
  site text NOT NULL,
  other text,
  at timestamptz NOT NULL,
  PRIMARY KEY (epc, digest)
);
CREATE INDEX movement_digest ON provenance.movement (digest);

CREATE TABLE provenance.handover (
  -- the shipping or receiving event
  digest text PRIMARY KEY,
  kind text NOT NULL,
  from_gln text,
  to_gln text,
  at timestamptz NOT NULL,
  units integer NOT NULL,
  carrier text,
  reference text,
  -- declared wrong or void
  void boolean NOT NULL DEFAULT false,
  captured_at timestamptz NOT NULL
);
CREATE INDEX handover_from ON provenance.handover (from_gln, at DESC);
CREATE INDEX handover_to ON provenance.handover (to_gln, at DESC);
