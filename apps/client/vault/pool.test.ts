/** Studies on the device: a receipt for whoever takes part and for nobody else, and no answer that was not agreed to. */
import { HOUR, toIso } from '@zhenmei/kernel';
import type { MyStudy } from '@zhenmei/vault/api.ts';
import { EMPTY, type Item } from '@zhenmei/vault/core/contents.ts';
import { describe, expect, it } from 'vitest';
import { Api } from '../api.ts';
import { answerAllDue, joinStudy, poolNow, takesAnswers, waitingMoney } from './pool.ts';
import type { Vault } from './vault.ts';

const NOW = Date.UTC(2026, 11, 1);
const ID = '0198f0a0-0000-7000-8000-000000000001';
const PAY = {
  earned: '0',
  waiting: '0',
  onWay: '0',
  paid: '0',
  pending: 0,
  paidAt: null,
  named: false,
  unpaid: 0,
};

const study = (mine: Partial<MyStudy['mine']> = {}, fund: MyStudy['fund'] = 'none'): MyStudy => ({
  plan: {
    id: ID,
    title: { zh: '恢复', en: 'Recovery' },
    why: { zh: '了解', en: 'To know' },
    questions: ['event-14-days'],
    epsilon: 500,
    epsilonTotal: 1_000,
    k: 20,
    releases: [toIso(NOW + HOUR)],
    payment: { minor: '0', currency: 'CNY' },
  },
  organisation: { id: ID, name: { zh: '局', en: 'Office' }, region: 'CN' },
  registeredAt: toIso(NOW),
  published: [],
  fund,
  mine: {
    state: 'joined',
    receipt: 'r'.repeat(43),
    changed: false,
    spent: 0,
    answered: 0,
    pay: PAY,
    ...mine,
  },
});

/** A vault that has joined the study, against a server that says so. @param answers by the end of the path */
function deviceOf(answers: Record<string, () => Response>) {
  const asked: string[] = [];
  const kept: Item[] = [];
  const removed: Item[] = [];
  let held: Vault['contents'] = { ...EMPTY, pool: { [ID]: { token: 't'.repeat(43), sent: [] } } };
  const api = new Api({
    baseUrl: 'http://house.example',
    seat: 'patient',
    lang: () => 'en',
    newKey: () => 'k',
    patience: 0,
    fetch: async (input) => {
      const path = new URL(String(input)).pathname;
      asked.push(path.split('/').at(-1)!);
      const answer = answers[path.split('/').at(-1)!];
      if (!answer) throw new TypeError('fetch failed');
      return answer();
    },
  });
  const root = new Uint8Array(32).fill(7);
  const vault = {
    io: { api, now: () => NOW, random: (n: number) => new Uint8Array(n).fill(9) },
    root,
    roots: [root],
    get contents() {
      return held;
    },
    put: async (facts: object) => {
      const item = { ...facts, object: `o${kept.length}` } as Item;
      kept.push(item);
      return item;
    },
    remove: async (item: Item) => void removed.push(item),
    update: async (change: (contents: Vault['contents']) => Vault['contents']) => {
      held = change(held);
    },
  } as unknown as Vault;
  return { vault, asked, kept, removed };
}
const refusal = (code: string, status: number, retryable: boolean) => () =>
  Response.json({ code, retryable, texts: { 'zh-CN': '不行', en: 'no' } }, { status });
const mineAre = (studies: MyStudy[]) => () =>
  Response.json({ studies, budget: { of: 16_000, spent: 0, taken: 0 }, earnings: PAY });
const OK = () => Response.json({ ok: true });

describe('answers that leave by themselves', () => {
  it('go to a study that she takes part in', async () => {
    const { vault, asked } = deviceOf({ mine: mineAre([study()]), answers: OK });
    expect(await answerAllDue(vault)).toBe(1);
    expect(asked).toEqual(['mine', 'answers']);
  });

  it.each([
    ['whose notice has changed since', study({ changed: true })],
    ['that she left', study({ state: 'left', receipt: null })],
    ['that she never joined', study({ state: 'none', receipt: null })],
    ['that has no money for one', study({}, 'used')],
    ['that is not paid in', study({}, 'missing')],
  ])('do not go to one %s', async (_, one) => {
    expect(takesAnswers(one)).toBe(false);
    const { vault, asked } = deviceOf({ mine: mineAre([one]), answers: OK });
    expect(await answerAllDue(vault)).toBe(0);
    expect(asked).toEqual(['mine']);
  });
});

describe('the page of studies', () => {
  const OTHER = '0198f0a0-0000-7000-8000-000000000002';
  const other = { ...study(), plan: { ...study().plan, id: OTHER } };

  it('is there, with the other studies answered, though the answer to a consent was lost', async () => {
    let first = true;
    const device = deviceOf({
      mine: mineAre([study(), other]),
      answers: () => {
        const lost = first;
        first = false;
        return lost ? refusal('POOL_NOT_YOURS', 403, false)() : OK();
      },
      consent: () => Response.json({ token: 'n'.repeat(43) }),
    });
    await device.vault.update((contents) => ({
      ...contents,
      pool: { ...contents.pool, [OTHER]: { token: 'o'.repeat(43), sent: [] } },
    }));
    expect(await poolNow(device.vault)).toMatchObject({ studies: [{}, {}], lost: [ID] });
    expect(device.vault.contents.pool[OTHER]?.sent).toHaveLength(1);
    await joinStudy(device.vault, study(), 'en');
    expect((await poolNow(device.vault)).lost).toEqual([]);
    expect(device.vault.contents.pool[ID]?.sent).toHaveLength(1);
  });
  it('asks whoever takes part without a pass to agree again', async () => {
    const { vault, asked } = deviceOf({ mine: mineAre([other]), answers: OK });
    expect((await poolNow(vault)).lost).toEqual([OTHER]);
    expect(asked).toEqual(['mine']);
  });
  it('asks nobody to agree again because of a way that is closed, or of a study that she left', async () => {
    const left = study({ state: 'left', receipt: null });
    expect((await poolNow(deviceOf({ mine: mineAre([left]) }).vault)).lost).toEqual([]);
    expect((await poolNow(deviceOf({ mine: mineAre([study()]) }).vault)).lost).toEqual([]);
  });
  it('counts money that waits, whether she said where to or not', () => {
    const earned = (waiting: string, named: boolean) => study({ pay: { ...PAY, waiting, named } });
    expect(waitingMoney([earned('550', false), earned('300', true), earned('7', true)])).toEqual({
      unnamed: 550n,
      named: 307n,
    });
    expect(waitingMoney([])).toEqual({ unnamed: 0n, named: 0n });
  });
});

describe('the receipt of a study', () => {
  const join = (device: ReturnType<typeof deviceOf>) =>
    joinStudy(device.vault, study(), 'en').then(
      () => 'joined',
      (error: { code: string }) => error.code,
    );

  it('is kept by whoever joined', async () => {
    const device = deviceOf({ consent: () => Response.json({ token: 'n'.repeat(43) }), answers: OK });
    expect(await join(device)).toBe('joined');
    expect([device.kept.length, device.removed]).toEqual([1, []]);
    expect(device.vault.contents.pool[ID]).toMatchObject({ token: 'n'.repeat(43) });
  });

  it('is not left behind by a study that refused', async () => {
    const device = deviceOf({ consent: refusal('POOL_FUND_USED', 409, false) });
    expect(await join(device)).toBe('POOL_FUND_USED');
    expect(device.removed).toEqual(device.kept);
    expect(device.kept).toHaveLength(1);
  });

  it('stays when nobody knows whether she joined', async () => {
    const device = deviceOf({});
    expect(await join(device)).toBe('NETWORK');
    expect([device.kept.length, device.removed]).toEqual([1, []]);
  });
});
