-- The coin that an agreement is held in; null is the closed loop's unit, which all earlier rows are in.
ALTER TABLE money.account ADD COLUMN coin text;
ALTER TABLE money.movement ADD COLUMN coin text;
CREATE INDEX movement_coin ON money.movement (coin, party) WHERE coin IS NOT NULL;
