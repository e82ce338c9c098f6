-- On which version of the notice somebody takes part: answers come without an account, and none is taken under a version
-- that has changed since. Null: from before this was kept; those are asked again.
ALTER TABLE vault.pool_member ADD COLUMN notice text;
