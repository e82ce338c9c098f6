/** The roots of lots as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { ProvenanceContext } from '../context.ts';

export interface RegistryEvent {
  readonly contract: string;
  readonly name: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly block: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

type Db = ProvenanceContext['db'];

export async function resetLotRoots(tx: Db): Promise<void> {
  await tx.deleteFrom('provenance.lot_root').execute();
}

export async function applyLotRoots(tx: Db, event: RegistryEvent): Promise<void> {
  if (event.contract !== 'UnitRegistry') return;
  const { args, name } = event;
  if (name === 'LotRegistered')
    await tx
      .insertInto('provenance.lot_root')
      .values({
        lot_id: args.lot as Hex,
        maker: args.maker as Hex,
        root: args.root as Hex,
        amount_per_unit: String(args.amountPerUnit),
        single_use: Boolean(args.singleUse),
        blocked: false,
        block: String(event.block),
        at: new Date(event.time),
      })
      .execute();
  else if (name === 'LotBlocked')
    await tx
      .updateTable('provenance.lot_root')
      .set({ blocked: true })
      .where('lot_id', '=', args.lot as Hex)
      .execute();
}
