-- Capital for the pool behind promises has orders of its own: an order for the instalment pool is another one, on the
-- same account.
ALTER TABLE money.payment_order
  DROP CONSTRAINT payment_order_purpose_check,
  ADD CONSTRAINT payment_order_purpose_check
    CHECK (purpose IN ('agreement', 'instalment', 'capital', 'pool', 'bond', 'panel', 'pot'));
