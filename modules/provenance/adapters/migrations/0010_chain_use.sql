-- What the unit registry on chain says, built from its events by the indexer. Keys are keccak256 of the address.
CREATE TABLE provenance.chain_unit (
  unit text PRIMARY KEY,
  openings integer NOT NULL,
  used bigint NOT NULL
);

CREATE TABLE provenance.chain_lot (
  lot text PRIMARY KEY,
  blocked_block bigint NOT NULL
);
