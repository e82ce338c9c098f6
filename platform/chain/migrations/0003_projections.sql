-- Projections that have seen every stored event; a new one is built from the first event on before it follows.
CREATE TABLE chain.projection (name text PRIMARY KEY);
