/** Who may be admitted as assessor and which clinics need tags, with what the ledger says of each. */
import type { MoneyContext } from '../context.ts';
import { calibrationOf } from './calibration.ts';

export async function candidates(ctx: MoneyContext) {
  const rows = await ctx.db.selectFrom('money.assessor').selectAll().execute();
  const now = ctx.clock.now();
  return Promise.all(
    (await ctx.disputes.candidates()).map(async (one) => {
      const row = rows.find(({ assessor }) => assessor === one.account);
      return {
        ...one,
        admitted: row
          ? {
              until: row.until.toISOString(),
              live: row.admitted && row.until.getTime() >= now,
              purse: (await ctx.disputes.purse(one.account)).toString(),
              calibration: calibrationOf(row.looks, row.seen_right),
            }
          : null,
      };
    }),
  );
}
