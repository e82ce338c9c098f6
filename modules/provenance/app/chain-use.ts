/** What the unit registry says of units and lots, built from its events: a pure function of the chain. */
import { type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { UnitUsePort } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';

type Db = ProvenanceContext['db'];

export interface RegistryEvent {
  readonly contract: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly block: number;
}

export async function resetChainUse(db: Db): Promise<void> {
  await db.deleteFrom('provenance.chain_unit').execute();
  await db.deleteFrom('provenance.chain_lot').execute();
}

export async function applyChainUse(db: Db, { contract, name, args, block }: RegistryEvent): Promise<void> {
  if (contract !== 'UnitRegistry') return;
  if (name === 'UnitOpened')
    await db
      .insertInto('provenance.chain_unit')
      .values({ unit: args.unit as Hex, openings: 1, used: BigInt(String(args.amount)) })
      .onConflict((c) =>
        c.column('unit').doUpdateSet({
          openings: sql`provenance.chain_unit.openings + 1`,
          used: sql`provenance.chain_unit.used + excluded.used`,
        }),
      )
      .execute();
  if (name === 'LotBlocked')
    await db
      .insertInto('provenance.chain_lot')
      .values({ lot: args.lot as Hex, blocked_block: BigInt(block) })
      .onConflict((c) => c.doNothing())
      .execute();
  if (name === 'LotReleased')
    await db
      .deleteFrom('provenance.chain_lot')
      .where('lot', '=', args.lot as Hex)
      .execute();
}

export function chainUse(db: Db): UnitUsePort {
  return {
    async openings(unit) {
      const row = await db
        .selectFrom('provenance.chain_unit')
        .selectAll()
        .where('unit', '=', toHex0x(keccak256(utf8(unit))))
        .executeTakeFirst();
      return row ? { openings: row.openings, used: Number(row.used) } : null;
    },
  };
}
