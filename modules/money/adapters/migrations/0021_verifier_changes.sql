-- How often a verifier's entry changed was guessed when it was counted first (0015): one admission, or one and its end. Who
-- had been admitted again was counted too low, and a rebuild, which counts the ledger's events, came to another number
-- than the notes had been written with. Counted anew from the events that were read; what was noted moves along, so that it
-- stands before and after the same changes as it did. Where both agree nothing changes.
DO $$
BEGIN
  IF to_regclass('chain.event') IS NULL THEN
    RETURN;
  END IF;
  CREATE TEMPORARY TABLE verifier_counted ON COMMIT DROP AS
    SELECT v.verifier, v.changes AS was, count(e.args)::integer AS counted
    FROM money.check_verifier v
    LEFT JOIN chain.event e ON e.contract = 'ProviderVerification'
      AND e.name IN ('VerifierAdmitted', 'VerifierDismissed') AND lower(e.args ->> 'verifier') = v.verifier
    GROUP BY v.verifier, v.changes;
  UPDATE money.check_admission a SET changes = a.changes + c.counted - c.was
    FROM verifier_counted c WHERE c.verifier = a.verifier AND c.counted > c.was AND a.changes > 0;
  UPDATE money.check_verifier v SET changes = c.counted
    FROM verifier_counted c WHERE c.verifier = v.verifier AND c.counted > c.was;
  DROP TABLE verifier_counted;
END
$$;
