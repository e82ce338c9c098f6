/** A visit through the API, its receipt offline, and what must be refused on the way. */

import { excerptOf, PARTS, Receipt } from '@zhenmei/care/core/receipt.ts';
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { changeOneByte } from '@zhenmei/cli/tamper.ts';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence';
import { canonicalJson, type Json, utf8 } from '@zhenmei/kernel';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';

let house: TestHouse;
let receipts: string[] = [];
let trust: TrustFile;
const NOW = Date.parse('2026-12-01T00:00:00Z');
const verify = (text: string, by: TrustFile = trust) =>
  verifyReceipt({ bytes: utf8(text), trust: by, now: NOW });

beforeAll(async () => {
  house = await openTestHouse();
  for (let i = 0; i < 2; i++) {
    const played = await playVisit({ baseUrl: house.url, origin: house.url, onStep: () => undefined });
    receipts.push(played.receipt);
    trust = parseTrustFile(played.trust);
  }
  // from here on nothing is asked from the server any more
  await house.close();
});
afterAll(() => {
  receipts = [];
});

describe('a receipt', () => {
  it('holds five proofs, offline, vouched for by the operator only', async () => {
    for (const text of receipts) {
      const { proofs, exit } = await verify(text);
      expect(Object.values(proofs).map((p) => p.code)).toEqual([
        'LICENCE_PROVEN',
        'PRODUCT_PROVEN',
        'CONSENT_PROVEN',
        'MONEY_PROVEN',
        'REVIEW_PROVEN',
      ]);
      expect(Object.values(proofs).every((p) => p.grade === 'operator-only')).toBe(true);
      expect(exit).toBe(0);
    }
  });

  it('names the part in which any value was changed', async () => {
    for (const change of changeOneByte(JSON.parse(receipts[0]!) as Json, 25)) {
      const { proofs, exit } = await verify(canonicalJson(change.receipt));
      expect(proofs[change.part].verdict, `${change.part}${change.path}`).toBe('false');
      expect(exit).toBe(1);
    }
  });

  it('notices a part of another visit', async () => {
    const [a, b] = receipts.map((text) => JSON.parse(text) as { parts: Record<string, Json> });
    for (const name of PARTS) {
      const mixed = { ...a!, parts: { ...a!.parts, [name]: b!.parts[name]! } };
      const { proofs } = await verify(canonicalJson(mixed));
      expect(proofs[name], name).toMatchObject({ verdict: 'false', code: 'PART_NOT_OF_THIS_VISIT' });
    }
  });

  it('notices a missing part, and judges an excerpt for what it gives', async () => {
    const receipt = Receipt.parse(JSON.parse(receipts[0]!));
    for (const name of PARTS) {
      const { [name]: _, ...parts } = receipt.parts;
      const { proofs, exit } = await verify(canonicalJson({ ...receipt, parts }));
      expect(proofs[name]).toMatchObject({ verdict: 'false', code: 'PART_MISSING' });
      expect(exit).toBe(1);
      const alone = await verify(canonicalJson(excerptOf(receipt, [name])));
      expect(alone.proofs[name].verdict, name).toBe('proven');
      expect(alone.exit).toBe(2);
    }
  });

  it('refuses another order, white space, duplicates, rubbish and a file that is too large', async () => {
    const text = receipts[0]!;
    const wrong: [string, string][] = [
      [text.replace('{"chainId"', '{ "chainId"'), 'RECEIPT_NOT_CANONICAL'],
      [text.replace('{"chainId":', '{"chainId":1,"chainId":'), 'RECEIPT_UNREADABLE'],
      [text.slice(0, -1), 'RECEIPT_UNREADABLE'],
      ['', 'RECEIPT_UNREADABLE'],
      ['[]', 'PART_MISSING'],
      [`"${'x'.repeat(2_000_001)}"`, 'RECEIPT_UNREADABLE'],
    ];
    for (const [bad, code] of wrong) {
      const { proofs, exit } = await verify(bad);
      expect(exit).toBe(1);
      expect(proofs.money.code).toBe(code);
    }
  });

  it('proves nothing to somebody who trusts another ledger, another log, another witness or no issuer', async () => {
    const text = receipts[0]!;
    expect((await verify(text, { ...trust, chain: { ...trust.chain, id: 1 } })).proofs.money.code).toBe(
      'RECEIPT_OTHER_CHAIN',
    );
    expect((await verify(text, { ...trust, logs: [] })).proofs.money.code).toBe('SEAL_CHANGED');
    const stranger = { name: 'other', key: `0x${'11'.repeat(32)}` as const, operator: false };
    const unwitnessed = await verify(text, { ...trust, witnesses: { k: 1, keys: [stranger] } });
    expect(unwitnessed.proofs.money).toMatchObject({ verdict: 'cannot-judge', code: 'CHAIN_NOT_VOUCHED' });
    expect(unwitnessed.exit).toBe(2);
    const orphan = await verify(text, { ...trust, issuers: [] });
    expect(orphan.proofs.licence).toMatchObject({ verdict: 'cannot-judge', code: 'ISSUER_UNKNOWN' });
  });
});
