-- Which key of the assessor a paper is sealed for: one for a device that was replaced does not count as given.
-- Null for papers from before, whose key nobody wrote down.
ALTER TABLE money.dispute_paper ADD COLUMN sealed_for text;
