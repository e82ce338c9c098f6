-- What answers earned. By handle, like all that was said: a copy of the database cannot tell whose account it is.
CREATE TABLE vault.pool_earned (
  study uuid NOT NULL,
  release integer NOT NULL,
  handle text NOT NULL,
  -- the payment was asked for, in the transaction that says so here
  asked boolean NOT NULL DEFAULT false,
  PRIMARY KEY (study, release, handle),
  FOREIGN KEY (study, handle) REFERENCES vault.pool_member ON DELETE CASCADE
);
CREATE INDEX pool_earned_waiting ON vault.pool_earned (study, handle) WHERE NOT asked;

-- Where a person wants it: a reference that her device made for this study alone, known to the custodian.
CREATE TABLE vault.pool_payee (
  study uuid NOT NULL,
  handle text NOT NULL,
  payout text NOT NULL CHECK (payout ~ '^0x[0-9a-f]{64}$'),
  PRIMARY KEY (study, handle),
  FOREIGN KEY (study, handle) REFERENCES vault.pool_member ON DELETE CASCADE
);

-- What was answered while nothing could be paid earns nothing: it was promised without money behind it.
ALTER TABLE vault.pool_member ADD COLUMN unpaid integer NOT NULL DEFAULT 0;
UPDATE vault.pool_member SET unpaid = answered;
ALTER TABLE vault.pool_answer ADD COLUMN earns boolean NOT NULL DEFAULT true;
UPDATE vault.pool_answer SET earns = false;
