/** A visit goes on whatever is killed: database, ledger and its engine, one after the other, at every step. */
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { parseTrustFile } from '@zhenmei/evidence';
import { utf8 } from '@zhenmei/kernel';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../e2e/browser.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
});
afterAll(async () => {
  await house?.close();
});

const PARTS = ['postgres', 'sequencer', 'engine'] as const;

describe('kill -9 at every step of a visit', () => {
  it('loses nothing that was acknowledged, and releases once', async () => {
    const killed: string[] = [];
    let turn = 0;
    const played = await playVisit({
      baseUrl: house.url,
      origin: house.url,
      patience: 60,
      onStep: () => {
        const part = PARTS[turn++ % PARTS.length]!;
        const pid = house.house.engines.pids()[part];
        if (!pid) return;
        process.kill(pid, 'SIGKILL');
        killed.push(part);
      },
    });
    expect(killed.length).toBeGreaterThanOrEqual(12);
    const { exit } = await verifyReceipt({
      bytes: utf8(played.receipt),
      trust: parseTrustFile(played.trust),
      now: Date.now(),
    });
    expect(exit).toBe(0);
    const { db } = house.house.engines.database;
    const { sql } = await import('kysely');
    const { rows } = await sql<{
      funded: string;
      paid: string;
      fee: string;
      held: string;
      refunded: string;
    }>`select * from money.account`.execute(db);
    expect(rows).toHaveLength(1);
    const [account] = rows;
    expect(
      BigInt(account!.paid) + BigInt(account!.fee) + BigInt(account!.held) + BigInt(account!.refunded),
    ).toBe(BigInt(account!.funded));
    expect(account!.held).toBe('0');
  });
});
