/** What the reconciliation of a running house finds: nothing, if the money fits to the cent. */
import { apiAt, until } from '@zhenmei/cli/visit-play.ts';
import { moneyOperatorApi } from '@zhenmei/money';
import { sql } from 'kysely';
import type { TestHouse } from './test-house.ts';

/** What the escrow still owes to patients, in minor units; the house pays it home without being asked. */
export async function owedToPatients({ house }: TestHouse): Promise<bigint> {
  const { rows } = await sql<{ owed: string }>`SELECT coalesce(sum(CASE kind WHEN 'credited' THEN amount
    ELSE -amount END), 0)::text AS owed FROM money.movement WHERE length(party) = 66`.execute(
    house.engines.database.db,
  );
  return BigInt(rows[0]!.owed);
}

/** Waits until what is on its way home has arrived, and compares. */
export async function differencesIn(test: TestHouse) {
  const { url, house } = test;
  await until(async () => ((await owedToPatients(test)) === 0n ? true : null));
  const api = apiAt({ baseUrl: url, origin: url, patience: 0 }, 'desk');
  const found = await api.call(moneyOperatorApi.reconcileNow, { bearer: house.operatorToken, body: {} });
  return found.differences;
}
