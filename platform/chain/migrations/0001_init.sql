-- Durable transactions on their way to the chain, and what the chain said.
CREATE SCHEMA IF NOT EXISTS chain;

CREATE TABLE chain.signer (
  address text PRIMARY KEY,
  next_nonce bigint NOT NULL
);

CREATE TABLE chain.outgoing (
  key text PRIMARY KEY,
  signer text NOT NULL REFERENCES chain.signer (address),
  nonce bigint NOT NULL,
  raw text NOT NULL,
  hash text NOT NULL UNIQUE,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'mined', 'reverted')),
  block bigint,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (signer, nonce)
);
CREATE INDEX outgoing_pending ON chain.outgoing (signer, nonce) WHERE state = 'pending';

CREATE TABLE chain.block (
  number bigint PRIMARY KEY,
  hash text NOT NULL,
  time timestamptz NOT NULL
);

CREATE TABLE chain.event (
  block bigint NOT NULL REFERENCES chain.block (number) ON DELETE CASCADE,
  log_index integer NOT NULL,
  contract text NOT NULL,
  name text NOT NULL,
  args jsonb NOT NULL,
  tx_hash text NOT NULL,
  PRIMARY KEY (block, log_index)
);
CREATE INDEX event_by_name ON chain.event (contract, name);
