/**
 * Visits go on whatever is killed: server, database, ledger and its engine, at random instants inside every step.
 * `ZM_CHAOS_SEED=n` makes the same choices again.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '@zhenmei/chain/fixtures/kill-rounds.ts';
import { type Played, playVisit } from '@zhenmei/cli/play-visit.ts';
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { CareEscrowAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { parseTrustFile } from '@zhenmei/evidence';
import { type Hex, utf8 } from '@zhenmei/kernel';
import { type House, startHouse } from '@zhenmei/server';
import { readConfig } from '@zhenmei/server/config.ts';
import { createLogger } from '@zhenmei/telemetry';
import { verifyConsistency } from '@zhenmei/tlog';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../house/test-house.ts';
import { PARTS, StruckHouse } from './strike.ts';

const KILLS = 50;
const seed = Number(process.env.ZM_CHAOS_SEED ?? Date.now() % 1_000_000);
const random = seeded(seed);

/** What the house acknowledged: moves of visits, and transactions. */
const moves: { visit: string; sequence: number; hash: Hex }[] = [];
const transactions: { hash: Hex; block: number }[] = [];

/** Keeps what was acknowledged in an answer that arrived whole. */
const listening: typeof fetch = async (input, init) => {
  const reply = await fetch(input, init);
  if (reply.ok && init?.method === 'POST') {
    const body = (await reply.clone().json()) as Record<string, unknown>;
    if (/\/api\/visits\/[^/]+\/steps$/.test(String(input)))
      moves.push({ visit: String(body.id), sequence: Number(body.sequence), hash: body.lastHash as Hex });
    if (typeof body.transaction === 'string')
      transactions.push({ hash: body.transaction as Hex, block: Number(body.block) });
  }
  return reply;
};

/** The parts in random order, each as often as the others. */
function* deck(): Generator<(typeof PARTS)[number]> {
  for (;;) {
    const cards = PARTS.flatMap((part) => [part, part]);
    while (cards.length > 0) yield cards.splice(Math.floor(random() * cards.length), 1)[0]!;
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-chaos-'));
const visits: Played[] = [];
let struck: StruckHouse;
let house: House;

beforeAll(async () => {
  fs.chmodSync(folder, 0o711);
  const port = await freePort();
  struck = new StruckHouse(folder, port);
  await struck.start();
  const place = { baseUrl: struck.url, origin: struck.url, patience: 60, fetch: listening };
  /** Milliseconds that each step takes when nothing happens. */
  const quiet = new Map<string, number>();
  visits.push(await playVisit({ ...place, onStep: (name, ms) => void quiet.set(name, ms) }));
  const parts = deck();
  const beside = async (step: string) => {
    await struck.look();
    do {
      await pause(random() * quiet.get(step)!);
      await struck.strike(parts.next().value!, step);
      // sometimes the next kill comes while the house is still coming back
    } while (random() < 0.2);
  };
  try {
    while (struck.strikes.length < KILLS)
      visits.push(await playVisit({ ...place, onStep: () => undefined, beside }));
  } catch (cause) {
    const last = struck.strikes.slice(-3).map(({ part, step }) => `${part} in "${step}"`);
    console.error(struck.words);
    throw new Error(`seed ${seed}, after ${struck.strikes.length} kills: ${last.join(', ')}: ${cause}`, {
      cause,
    });
  }
  await struck.look();
  expect(await struck.stop()).toBe(0);
  house = await startHouse({
    config: { ...readConfig({ PORT: String(port) }), dataDir: folder, publicUrl: struck.url },
    log: createLogger({ level: 'silent' }),
  });
});
afterAll(async () => {
  await struck?.stop();
  await house?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const rows = async <T>(text: string): Promise<T[]> =>
  (await sql.raw<T>(text).execute(house.engines.database.db)).rows;

describe('after at least 50 kills -9 at random instants of visits', () => {
  it('every step was struck, and every part about as often', () => {
    const by = (key: 'part' | 'step') => Map.groupBy(struck.strikes, (strike) => strike[key]);
    console.log(
      `seed ${seed}: ${struck.strikes.length} kills in ${visits.length - 1} visits,`,
      [...by('part')].map(([part, all]) => `${part} ${all.length}`).join(', '),
    );
    expect(struck.strikes.length).toBeGreaterThanOrEqual(KILLS);
    expect([...by('part')].filter(([, all]) => all.length >= 10)).toHaveLength(PARTS.length);
    expect(by('step').size).toBe(17);
  });

  it('every acknowledged step and transaction is there', async () => {
    const kept = await rows<{ visit_id: string; sequence: number; hash: Hex }>(
      'select visit_id, sequence, hash from care.visit_step',
    );
    const known = new Set(kept.map((row) => `${row.visit_id} ${row.sequence} ${row.hash}`));
    const asked = moves.filter(({ sequence }) => sequence > 0);
    expect(asked.length).toBeGreaterThan(visits.length * 5);
    expect(asked.filter((move) => !known.has(`${move.visit} ${move.sequence} ${move.hash}`))).toEqual([]);
    expect(transactions.length).toBeGreaterThanOrEqual(visits.length * 5);
    for (const { hash, block } of transactions) {
      const receipt = await house.engines.chain.viem.getTransactionReceipt({ hash });
      expect([receipt.status, Number(receipt.blockNumber)]).toEqual(['success', block]);
    }
  });

  it('nothing was done twice: one visit, one payment, one release each', async () => {
    expect(await rows('select id, state from care.visit order by created_at')).toEqual(
      visits.map(({ visitId }) => ({ id: visitId, state: 'closed' })),
    );
    expect(await rows(`select state from money.payment_order where purpose = 'agreement'`)).toEqual(
      visits.map(() => ({ state: 'held' })),
    );
    // what the demo world paid in for itself
    expect(await rows(`select * from money.payment_order where state <> 'held'`)).toEqual([]);
    expect(await rows(`select * from money.rail_entry where state not in ('matched', 'paid')`)).toEqual([]);
    // the next night's comparison is always planned
    const unfinished = () =>
      rows(`select * from jobs.job where done_at is null and kind <> 'reconcile-money'`);
    await expect.poll(unfinished).toEqual([]);
    const released = await house.engines.chain.viem.getContractEvents({
      address: house.deps.protocol.contracts.CareEscrow,
      abi: CareEscrowAbi,
      eventName: 'MilestoneReleased',
      fromBlock: 0n,
    });
    expect(released).toHaveLength(visits.length);
    expect(new Set(released.map(({ args }) => args.id)).size).toBe(visits.length);
  });

  it('every unit of money is accounted for', async () => {
    const accounts = await rows<Record<'funded' | 'paid' | 'fee' | 'held' | 'refunded', string>>(
      'select funded, paid, fee, held, refunded from money.account',
    );
    expect(accounts).toHaveLength(visits.length);
    for (const { funded, paid, fee, held, refunded } of accounts) {
      expect(BigInt(paid) + BigInt(fee) + BigInt(held) + BigInt(refunded)).toBe(BigInt(funded));
      expect(held).toBe('0');
    }
    const { chain } = house.engines;
    const { SettlementUnit } = house.deps.protocol.contracts;
    const sum = async (eventName: 'Minted' | 'Redeemed') =>
      (
        await chain.viem.getContractEvents({
          address: SettlementUnit,
          abi: SettlementUnitAbi,
          eventName,
          fromBlock: 0n,
        })
      ).reduce((total, { args }) => total + args.amount!, 0n);
    const read = { address: SettlementUnit, abi: SettlementUnitAbi } as const;
    const supply = await chain.viem.readContract({ ...read, functionName: 'totalSupply' });
    expect(supply).toBe((await sum('Minted')) - (await sum('Redeemed')));
    // what is left lies in our contracts; what the escrow has is credited to somebody
    const { escrow: inEscrow, holders } = await house.modules.money.chainMoney.totals();
    expect(Object.values(holders).reduce((total, one) => total + one, inEscrow)).toBe(supply);
    const [open] = await rows<{ credit: string }>(`select sum(case kind when 'credited' then amount
      when 'withdrawn' then -amount else 0 end)::text as credit from money.movement`);
    expect(BigInt(open!.credit)).toBe(inEscrow);
  });

  it('every receipt proves all five', async () => {
    for (const { receipt, trust } of visits) {
      const { exit } = await verifyReceipt({
        bytes: utf8(receipt),
        trust: parseTrustFile(trust),
        now: Date.now(),
      });
      expect(exit).toBe(0);
    }
  });

  it('the log only grew: every checkpoint that was ever seen leads to the newest', async () => {
    const newest = await house.modules.log.checkpoint();
    const heads = [...new Map(struck.heads.map((head) => [`${head.size} ${head.root}`, head])).values()];
    expect(heads.length).toBeGreaterThan(visits.length);
    for (const { size, root } of heads)
      verifyConsistency(
        size,
        newest.size,
        root,
        newest.root,
        await house.modules.log.consistency(size, newest.size),
      );
  });

  it('everything that follows from chain and log is as it must be', async () => {
    const compared = await rebuildAndCompare(house);
    expect(compared.filter(({ different }) => different.length > 0)).toEqual([]);
    const built = compared.filter(({ rows: count }) => count > 0).map(({ what }) => what);
    expect(built).toEqual(
      expect.arrayContaining(['chain.event', 'log', 'money.account', 'money.movement', 'care.stock_unit']),
    );
  });
});
