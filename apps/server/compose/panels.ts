/** The house's part in panels: its number for each draw, and whatever anybody may do, as soon as it is time. */
import { AssessorPanelAbi } from '@zhenmei/contracts/generated/abis.ts';
import { derive, type Hex, MINUTE } from '@zhenmei/kernel';
import { drawSecret, type MoneyDatabase, secretCommitment, sideNumber } from '@zhenmei/money';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import { encodedTerms, visitOf } from './disputes.ts';
import type { Modules } from './modules.ts';

/** What the house does in every live case: its number for the draw, and whatever anybody may do once it is time. */
export async function advancePanels(deps: ModuleDeps, modules: Modules): Promise<void> {
  const db = deps.engines.database.as<MoneyDatabase>();
  const rows = await db
    .selectFrom('money.dispute')
    .selectAll()
    .where('panel_id', 'is not', null)
    .where('phase', 'not in', ['settled', 'failed'])
    .execute();
  for (const row of rows)
    await advance(
      deps,
      row,
      await db
        .selectFrom('money.dispute_secret')
        .selectAll()
        .where('panel_id', '=', row.panel_id)
        .where('round', '=', row.round)
        .execute(),
    );
  if (rows.length > 0) await modules.indexer.catchUp();
}

type Row = {
  panel_id: string | null;
  round: number;
  beacon: Hex | null;
  phase: string | null;
  deadline: Date | null;
  ends_at: Date;
  open: boolean;
  agreement_id: Hex;
};
type Secret = { side: string; secret: Hex | null };

async function advance(deps: ModuleDeps, row: Row, sides: readonly Secret[]): Promise<void> {
  const { contracts, examiner, relayer } = deps.protocol;
  const id = BigInt(row.panel_id!);
  const place = { panel: row.panel_id!, round: row.round, beacon: row.beacon! };
  const secret = drawSecret(derive(deps.secrets.issuerSeed, 'zhenmei/panel/house'), place);
  const over = row.deadline !== null && deps.clock.now() > row.deadline.getTime() + 2_000;
  /** Milliseconds over the deadline: the try is made again later if it came too early by the chain's clock. */
  const turn = over ? Math.floor((deps.clock.now() - row.deadline!.getTime()) / MINUTE) : 0;
  const act = async (name: string, args: readonly unknown[], by = relayer): Promise<void> => {
    const data = encodeFunctionData({
      abi: AssessorPanelAbi,
      functionName: name as never,
      args: args as never,
    });
    const key = `panel/${name}/${id}/${row.round}/${row.phase}/${turn}`;
    await by
      .send({ key, to: contracts.AssessorPanel, data, gas: 7_000_000n })
      .catch((error: { code?: string }) => {
        // somebody else was quicker, or the chain's clock is behind
        if (error.code !== 'CHAIN_REVERTED') throw error;
      });
  };
  const house = sides.find(({ side }) => side === 'house');
  if (!row.open || deps.clock.now() > row.ends_at.getTime() + 2_000) return act('lapse', [id]);
  switch (row.phase) {
    case 'secrets':
      if (!over && !house) {
        const commitment = secretCommitment({ ...place, side: 'house' }, secret);
        return act('prepare', [id, row.beacon, commitment, `0x${'0'.repeat(64)}`], examiner);
      }
      if (over && house && house.secret === null) return act('openSecret', [id, sideNumber('house'), secret]);
      // the phase of opening lasts as long again
      if (over && deps.clock.now() > row.deadline!.getTime() + 86_402_000) return act('draw', [id]);
      return;
    case 'opening':
      if (house && house.secret === null && !over)
        return act('openSecret', [id, sideNumber('house'), secret]);
      if (over || sides.filter((side) => side.secret !== null).length === 3) return act('draw', [id]);
      return;
    case 'voting':
      if (over && deps.clock.now() > row.deadline!.getTime() + 3 * 86_400_000)
        return act('tally', [id, secret]);
      return;
    case 'revealing':
      if (over) return act('tally', [id, secret]);
      return;
    case 'tallying':
      return act('tally', [id, secret]);
    case 'appealable':
    case 'ruled': {
      if (row.phase === 'appealable' && !over) return;
      const visit = await visitOf(deps, row.agreement_id);
      if (visit?.terms) await act('settle', [id, encodedTerms(visit.terms)]);
    }
  }
}
