/** The server-blind run, and that it would see something if there were something to see. */
import { createHash } from 'node:crypto';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { TABLE } from '@zhenmei/contracts/tools/privacy.ts';
import { fromUtf8 } from '@zhenmei/kernel';
import { readCard } from '@zhenmei/vault/core/emergency/card.ts';
import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attack } from './blind/attack.ts';
import { type BlindRun, blindRun, summary } from './blind/blind.ts';
import { Ledger } from './blind/ledger.ts';
import { plantedText, Search } from './blind/search.ts';

let run: BlindRun;
beforeAll(async () => {
  run = await blindRun();
}, 900_000);
afterAll(() => run?.close());

describe('with everything the server has', () => {
  it('nothing that was planted is found, and nothing opens', () => {
    expect(run.found).toEqual([]);
    expect(run.decrypted.map(({ what }) => what)).toEqual([]);
    expect(summary(run)).toBe('planted 500, found 0, decrypted 0');
    // the database's files alone are more
    expect(run.searched).toBeGreaterThan(30_000_000);
    expect(run.secrets).toBeGreaterThan(100);
  });

  it('and with one root more, that person’s things open and hold what was planted; nobody else’s', async () => {
    // somebody who is a guardian too: the key to which a share is sealed follows from the same root
    const vault = run.vaults[2];
    const opened = await attack(run.rows, run.blob, [vault!.root]);
    expect(new Set(opened.map(({ what }) => what.split(' ')[0]))).toEqual(new Set(['object', 'list', 'a']));
    const search = new Search(run.plants.all);
    const seen = new Set(opened.flatMap(({ what, text }) => search.in(what, text)).map((f) => f.planted));
    expect(seen.size).toBeGreaterThan(50);
    expect(seen.size).toBeLessThan(150);
  });
});

describe('the data pool', () => {
  it('holds an answer, and no row of it names the account or says when', () => {
    const joined = run.rows['vault.pool_joined']!;
    expect(joined).toHaveLength(1);
    for (const table of ['vault.pool_member', 'vault.pool_answer']) {
      expect(run.rows[table]).toHaveLength(1);
      expect(JSON.stringify(run.rows[table])).not.toContain(String(joined[0]!.patient_id));
      expect(JSON.stringify(run.rows[table])).not.toMatch(/\d{4}-\d\d-\d\dT/);
    }
  });
});

describe('the ledger', () => {
  it('holds public facts, commitments and roots, in every field of every call and event', () => {
    expect(run.ledger.unjudged).toEqual([]);
    expect(run.ledger.transactions).toBeGreaterThan(50);
    expect(run.ledger.events).toBeGreaterThan(100);
    expect(run.ledger.fields).toBeGreaterThan(500);
  });

  it('says nothing twice that would link two visits of a person', () => {
    const own = /^(Terms\.(patient|payout|quote|review|salt)|SettlementUnit\.paymentRef)$/;
    const opened = run.ledger.hidden.filter(({ field }) => field === 'CareEscrow.patient');
    expect(opened.length).toBeGreaterThanOrEqual(2);
    expect(new Set(opened.map(({ value }) => value)).size).toBe(opened.length);
    const seen = new Map<string, Set<string>>();
    for (const { field, value } of run.ledger.hidden)
      if (own.test(field)) seen.set(field, (seen.get(field) ?? new Set()).add(value));
    // a lender's capital, and what the authority puts into purses and verifiers' bonds, were paid in as well
    const paid = opened.length + 3;
    for (const [field, values] of seen)
      expect([field, values.size]).toEqual([
        field,
        field === 'SettlementUnit.paymentRef' ? paid : opened.length,
      ]);
  });

  it('would be found to say what nobody judged', () => {
    const { CareEscrow: _, ...less } = TABLE;
    const ledger = new Ledger({ CareEscrow: `0x${'1'.repeat(40)}` }, less);
    const data = encodeFunctionData({
      abi: CareEscrowAbi,
      functionName: 'allowToken',
      args: [`0x${'2'.repeat(40)}`, true],
    });
    ledger.call(`0x${'1'.repeat(40)}`, data);
    ledger.call(`0x${'1'.repeat(40)}`, '0xdeadbeef');
    expect(ledger.judged().unjudged).toEqual([
      'CareEscrow.token',
      'CareEscrow.allowed',
      'a call of CareEscrow cannot be read: 0xdeadbeef',
    ]);
  });
});

describe('with a card in hand', () => {
  it('that card opens, as it would for a doctor, and nothing else does', async () => {
    const code = run.vaults.find(({ contents }) => contents.emergency)!.contents.emergency!.code;
    const opened = await attack(run.rows, run.blob, [readCard(code).half]);
    expect(opened.map(({ what }) => what)).toEqual([`card ${readCard(code).name}`]);
    expect(new Search(run.plants.all).in('card', opened[0]!.text)).toHaveLength(1);
  });
});

describe('the search', () => {
  const text = '右颊淤青 k7m3p9x2q4';
  const search = new Search([{ ...plantedText('k7m3p9x2q4'), name: text }]);
  const hash = createHash('sha256').update(text).digest('hex');

  it.each([
    ['UTF-8', Buffer.from(`x${text}y`)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(text, 'utf16le').swap16()],
    ['hexadecimal', Buffer.from(Buffer.from(`…${text}`).toString('hex'))],
    ['base64', Buffer.from(Buffer.from(`aa${text}b`).toString('base64'))],
    ['base64, one further', Buffer.from(Buffer.from(`a${text}bb`).toString('base64'))],
    ['base64url', Buffer.from(Buffer.from(`aaa${text}`).toString('base64url'))],
    ['JSON', Buffer.from(JSON.stringify({ text }))],
  ])('finds it in %s', (_, bytes) => {
    expect(search.in('here', Buffer.concat([Buffer.alloc(1_000, 7), bytes]))).toEqual([
      { planted: text, where: 'here' },
    ]);
  });

  it('finds nothing where it is not', () => {
    const near = text.replace('k7m3p9x2q4', 'k7m3p9x2q5');
    expect(search.in('here', Buffer.from(`${near} ${hash}`))).toEqual([]);
    expect(fromUtf8(Buffer.from(text))).toBe(text);
  });
});
