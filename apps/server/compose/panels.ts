/** The house's part in panels: its number for each draw, and whatever anybody may do, as soon as it is time. */
import { AssessorPanelAbi } from '@zhenmei/contracts/generated/abis.ts';
import { derive, type Hex, HOUR, MINUTE } from '@zhenmei/kernel';
import {
  drawSecret,
  isClaimPanel,
  layoutCommitment,
  layPictures,
  type MoneyDatabase,
  panelNumber,
  secretCommitment,
  sideNumber,
} from '@zhenmei/money';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import { encodedTerms, visitOf } from './disputes.ts';
import { encodedCover } from './guarantee.ts';
import type { Modules } from './modules.ts';

/** What the house does in every live case: its number for the draw, and whatever anybody may do once it is time. */
export async function advancePanels(deps: ModuleDeps, modules: Modules): Promise<void> {
  const db = deps.engines.database.as<MoneyDatabase>();
  const milestones = await db
    .selectFrom('money.dispute')
    .select(['panel_id', 'round', 'beacon', 'phase', 'deadline', 'ends_at', 'open', 'agreement_id'])
    .where('panel_id', 'is not', null)
    .where('phase', 'not in', ['settled', 'failed'])
    .execute();
  const claims = await db
    .selectFrom('money.claim_case as p')
    .innerJoin('money.cover as c', 'c.id', 'p.cover_id')
    .select(['p.panel_id', 'p.round', 'p.beacon', 'p.phase', 'p.deadline', 'p.cover_id', 'p.asked'])
    .select(['c.deadline as ends_at', 'c.state', 'c.ruling', 'c.agreement_id'])
    .where('p.phase', 'not in', ['settled', 'failed'])
    .execute();
  const rows: Row[] = [
    ...milestones.map((row) => ({ ...row, panel_id: row.panel_id!, cover_id: null, asked: null })),
    ...claims.map(({ state, ruling, ends_at, ...row }) => ({
      ...row,
      ends_at: ends_at!,
      open: state === 'claimed' && ruling === null,
    })),
  ];
  for (const row of rows) {
    const sides = await db
      .selectFrom('money.dispute_secret')
      .selectAll()
      .where('panel_id', '=', row.panel_id)
      .where('round', '=', row.round)
      .execute();
    await advance(deps, modules, row, sides);
  }
  if (rows.length > 0) await modules.indexer.catchUp();
}

type Row = {
  panel_id: string;
  round: number;
  beacon: Hex | null;
  phase: string | null;
  deadline: Date | null;
  ends_at: Date;
  open: boolean;
  agreement_id: Hex;
  /** Null in a case about a milestone. */
  cover_id: Hex | null;
  asked: number | null;
};
type Secret = { side: string; secret: Hex | null };

const NONE: Hex = `0x${'0'.repeat(64)}`;

async function advance(
  deps: ModuleDeps,
  { money }: Modules,
  row: Row,
  sides: readonly Secret[],
): Promise<void> {
  const { contracts, examiner, relayer } = deps.protocol;
  const panel = row.panel_id;
  const id = panelNumber(panel);
  const to = isClaimPanel(panel) ? contracts.GuaranteePanel : contracts.AssessorPanel;
  const place = { panel, round: row.round, beacon: row.beacon! };
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
    const key = `panel/${name}/${panel}/${row.round}/${row.phase}/${turn}`;
    await by.send({ key, to, data, gas: 7_000_000n }).catch((error: { code?: string }) => {
      // somebody else was quicker, or the chain's clock is behind
      if (error.code !== 'CHAIN_REVERTED') throw error;
    });
  };
  const house = sides.find(({ side }) => side === 'house');
  if (!row.open || deps.clock.now() > row.ends_at.getTime() + 2_000) return act('lapse', [id]);
  // where no pictures are shown the panel takes any layout
  const layout = () => money.disputes.layoutSecret(panel, row.round);
  switch (row.phase) {
    case 'secrets':
      if (!over && !house) {
        const late = deps.clock.now() > row.deadline!.getTime() - 12 * HOUR;
        const laid = row.cover_id ? await layPictures(money, panel, row.round, row.cover_id) : null;
        // until both sides are here, or half a day is over, the clinic may still offer pictures
        if (row.asked === 2 && !laid && sides.length < 2 && !late) return;
        const commitment = secretCommitment({ ...place, side: 'house' }, secret);
        const pictures = laid ? layoutCommitment(panel, row.round, laid) : NONE;
        return act('prepare', [id, row.beacon, commitment, pictures], examiner);
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
        return act('tally', [id, layout()]);
      return;
    case 'revealing':
      if (over) return act('tally', [id, layout()]);
      return;
    case 'tallying':
      return act('tally', [id, layout()]);
    case 'appealable':
    case 'ruled': {
      if (row.phase === 'appealable' && !over) return;
      const subject = row.cover_id
        ? await encodedCover(deps, row.cover_id)
        : await visitOf(deps, row.agreement_id).then((visit) => visit?.terms && encodedTerms(visit.terms));
      if (subject) await act('settle', [id, subject]);
    }
  }
}
