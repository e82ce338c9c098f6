/** Everything that follows from chain and log, made anew and compared with what is stored. */
import { rebuildStock } from '@zhenmei/care';
import { LogAnchorAbi } from '@zhenmei/contracts/generated/abis.ts';
import { canonicalJson, equalBytes, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { House } from '@zhenmei/server';
import { followed } from '@zhenmei/server/compose/protocol.ts';
import {
  decodeBundle,
  LEAF_TYPES,
  leafHash,
  MerkleTree,
  parseCheckpoint,
  splitNote,
  TILE_WIDTH,
} from '@zhenmei/tlog';
import { sql } from 'kysely';
import { type AbiEvent, toEventSelector } from 'viem';

export interface Compared {
  /** A table, or what was compared with what. */
  readonly what: string;
  readonly rows: number;
  /** Keys of rows that differ, are missing or are too many; at most 20. */
  readonly different: readonly string[];
  /** What differed was put right. */
  readonly repaired: boolean;
}

const SHOWN = 20;
/** Leaves that are captured events. */
const EVENTS: ReadonlySet<number | undefined> = new Set([LEAF_TYPES['custody-event'], LEAF_TYPES.correction]);
const digest = (bytes: Uint8Array): Hex => toHex0x(keccak256(bytes));
const KEYS = {
  'money.account': ['agreement_id'],
  'money.movement': ['block', 'log_index'],
  'money.unit_flow': ['place'],
  'money.loan': ['plan_id'],
  'money.cover': ['id'],
  'money.bond': ['provider'],
  'money.price_table': ['epoch'],
  'money.insurer': ['account'],
  'money.pool_exit': ['owner'],
  'money.absence': ['agreement_id', 'milestone'],
  'money.pledge': ['agreement_id'],
  'money.pledge_bond': ['provider'],
  'money.dispute': ['agreement_id', 'milestone'],
  'money.dispute_secret': ['panel_id', 'round', 'side'],
  'money.dispute_seat': ['panel_id', 'round', 'assessor'],
  'money.check_task': ['id'],
  'money.check_seat': ['task_id', 'round', 'verifier'],
  'money.check_verifier': ['verifier'],
  'money.check_tagged': ['clinic'],
  'money.check_pay': ['one'],
  'money.claim_case': ['panel_id'],
  'money.assessor': ['assessor'],
  'care.stock_unit': ['clinic_id', 'unit'],
  'care.stock_movement': ['clinic_id', 'unit', 'sequence'],
} as const;
type Rows = ReadonlyMap<string, string>;

/** Drops the projections, builds them again from chain and custody events, and checks events and log against their sources. */
export async function rebuildAndCompare(house: House): Promise<Compared[]> {
  const tables = Object.keys(KEYS) as (keyof typeof KEYS)[];
  const before = new Map<string, Rows>();
  for (const table of tables) before.set(table, await rowsOf(house, table));
  await house.modules.indexer.rebuild();
  await rebuildStock(house.modules.care);
  const compared: Compared[] = [await compareEvents(house)];
  for (const table of tables)
    compared.push(compare(table, before.get(table)!, await rowsOf(house, table), true));
  return [...compared, ...(await compareLog(house))];
}

function compare(what: string, stored: Rows, right: Rows, repaired: boolean): Compared {
  const keys = new Set([...stored.keys(), ...right.keys()]);
  const different = [...keys].filter((key) => stored.get(key) !== right.get(key));
  return { what, rows: right.size, different: different.slice(0, SHOWN), repaired };
}

async function rowsOf({ engines }: House, table: keyof typeof KEYS): Promise<Rows> {
  const { rows } = await sql<{ row: Record<string, unknown> }>`select to_jsonb(t) as row from ${sql.table(
    table,
  )} t`.execute(engines.database.db);
  return new Map(
    rows.map(({ row }) => [KEYS[table].map((key) => String(row[key])).join('/'), canonicalJson(row)]),
  );
}

/** The index of events against the chain's own logs; events that our contracts do not declare are not stored. */
async function compareEvents({ engines, deps }: House): Promise<Compared> {
  const contracts = Object.values(followed(deps.protocol.contracts));
  const declared = new Set(
    contracts.flatMap(({ address, abi }) =>
      (abi as readonly AbiEvent[])
        .filter(({ type }) => type === 'event')
        .map((event) => `${address.toLowerCase()} ${toEventSelector(event)}`),
    ),
  );
  const { number } = await engines.chain.head();
  const addresses = contracts.map(({ address }) => address);
  const logs = await engines.chain.logs(0, number, addresses);
  const { rows } = await sql<{ block: string; log_index: number; tx_hash: string }>`
    select block::text, log_index, tx_hash from chain.event where block <= ${number}`.execute(
    engines.database.db,
  );
  const stored = new Map(rows.map((row) => [`${row.block}/${row.log_index}`, row.tx_hash]));
  const right = new Map(
    logs
      .filter(({ address, topics }) => declared.has(`${address.toLowerCase()} ${topics[0]}`))
      .map((log) => [`${Number(log.blockNumber)}/${Number(log.logIndex)}`, log.transactionHash as string]),
  );
  return compare('chain.event', stored, right, false);
}

/** The log's root from its leaves, against its checkpoint and the anchor on chain; its events against the stored ones. */
async function compareLog({ engines, deps, modules }: House): Promise<Compared[]> {
  await modules.log.tick({ force: true });
  const { size, root } = parseCheckpoint(splitNote((await modules.log.checkpoint()).note).text);
  const tree = new MerkleTree();
  const leaves = new Map<string, string>();
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    for (const leaf of decodeBundle(await modules.log.bundle(n, width), width)) {
      tree.append(leafHash(leaf));
      if (EVENTS.has(leaf[0])) leaves.set(digest(leaf.subarray(1)), '');
    }
  }
  const anchor = await engines.chain.viem.readContract({
    address: deps.protocol.contracts.LogAnchor,
    abi: LogAnchorAbi,
    functionName: 'latest',
    args: [digest(utf8(modules.log.origin))],
  });
  const different: string[] = [];
  if (!equalBytes(tree.root(), root)) different.push('checkpoint');
  const anchored = Number(anchor.size);
  if (anchored > 0 && toHex0x(tree.root(anchored)) !== anchor.root) different.push(`anchor ${anchored}`);
  const { rows } = await sql<{ digest: string; body: unknown }>`
    select digest, body from provenance.event`.execute(engines.database.db);
  const stored = new Map(rows.map(({ body }) => [digest(utf8(canonicalJson(body))), '']));
  return [
    { what: 'log', rows: size, different, repaired: false },
    compare('provenance.event', stored, leaves, false),
  ];
}
