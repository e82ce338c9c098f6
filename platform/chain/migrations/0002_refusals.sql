-- Why the chain will never take a transaction; an empty one then uses up its nonce, and the row ends as reverted.
ALTER TABLE chain.outgoing ADD COLUMN refusal text;
