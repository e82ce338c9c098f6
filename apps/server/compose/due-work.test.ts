import { AppError, MINUTE, SECOND } from '@zhenmei/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDueWork, type DueKind, type DueWork } from './due-work.ts';
import './protocol.ts';

interface Item {
  readonly key: string;
}

let now = 0;
let closing = false;
let told: { kind?: string; key?: string; code?: string }[] = [];
let work: DueWork;
beforeEach(() => {
  now = Date.parse('2026-11-26T04:00:00Z');
  closing = false;
  told = [];
  work = createDueWork({
    log: { warn: ({ kind, key, code }: Record<string, string>) => void told.push({ kind, key, code }) },
    clock: { now: () => now },
    closing: () => closing,
  });
});

const PAGE = 2;
/** Work that is due until it is done, in pages; `act` says what happens to an item. */
function kindOf(keys: readonly string[], act: (key: string, open: Set<string>) => void) {
  const open = new Set(keys);
  const tried: string[] = [];
  const kind: DueKind<Item> = {
    name: 'deadlines',
    due: async (skip) => [...open].slice(skip, skip + PAGE).map((key) => ({ key })),
    act: async ({ key }) => {
      tried.push(key);
      act(key, open);
    },
  };
  return { kind, open, tried };
}
const reverted = () => new AppError('CHAIN_REVERTED', { reason: '0x' });
const done = (key: string, open: Set<string>) => open.delete(key);

describe('work that is due', () => {
  it('is done, all of it, in as many rounds as pages move up', async () => {
    const { kind, open } = kindOf(['a', 'b', 'c', 'd', 'e'], done);
    for (let round = 0; round < 3; round++) await work.round(kind);
    expect([...open]).toEqual([]);
    expect(work.stuck()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is done although older items fail, even if these fill whole pages', async () => {
    const { kind, open, tried } = kindOf(['x', 'y', 'z', 'good'], (key, all) => {
      if (key !== 'good') throw reverted();
      all.delete(key);
    });
    await work.round(kind);
    expect(tried).toEqual(['x', 'y', 'z', 'good']);
    expect([...open]).toEqual(['x', 'y', 'z']);
  });

  it('goes past what the house cannot act on', async () => {
    const tried: string[] = [];
    const pages = [[null, null], [{ key: 'good' }], []];
    await work.round({
      name: 'absences',
      due: async (skip) => pages[skip === 0 ? 0 : skip === 2 ? 1 : 2]!,
      act: async ({ key }) => void tried.push(key),
    });
    expect(tried).toEqual(['good']);
  });

  it('is tried in every round and told once with its code, and again only with another', async () => {
    let code = 'CHAIN_REVERTED';
    const { kind, tried } = kindOf(['bad'], () => {
      throw new AppError(code);
    });
    await work.round(kind);
    now += 29 * SECOND;
    await work.round(kind);
    expect([told, work.stuck()]).toEqual([[], []]);
    now += SECOND;
    for (let round = 0; round < 5; round++) await work.round(kind);
    const first = { kind: 'deadlines', key: 'bad', code: 'CHAIN_REVERTED' };
    expect(told).toEqual([first]);
    expect(work.stuck()).toEqual([first]);
    code = 'CHAIN_UNAVAILABLE';
    for (let round = 0; round < 2; round++) await work.round(kind);
    code = 'CHAIN_REVERTED';
    await work.round(kind);
    expect(told).toEqual([first, { ...first, code: 'CHAIN_UNAVAILABLE' }]);
    expect(work.stuck()).toEqual([first]);
    expect(tried).toHaveLength(10);
  });

  it('says of what nobody expected that it was unexpected', async () => {
    const { kind } = kindOf(['bad'], () => {
      throw new TypeError('broken');
    });
    await work.round(kind);
    now += MINUTE;
    await work.round(kind);
    expect(work.stuck()).toEqual([{ kind: 'deadlines', key: 'bad', code: 'UNEXPECTED' }]);
  });

  it('that somebody else did in the meantime is no error', async () => {
    const { kind } = kindOf(['taken'], (key, open) => {
      open.delete(key);
      throw reverted();
    });
    await work.round(kind);
    now += MINUTE;
    await work.round(kind);
    expect([told, work.stuck()]).toEqual([[], []]);
  });

  it('is not stuck any more once it is done, and begins anew if it fails later', async () => {
    let fails = true;
    const { kind, open } = kindOf(['late'], (key, all) => {
      if (fails) throw reverted();
      all.delete(key);
    });
    await work.round(kind);
    now += MINUTE;
    await work.round(kind);
    expect(work.stuck()).toHaveLength(1);
    fails = false;
    await work.round(kind);
    await work.round(kind);
    expect(work.stuck()).toEqual([]);
    fails = true;
    open.add('late');
    await work.round(kind);
    expect([told.length, work.stuck()]).toEqual([1, []]);
  });

  it('of one kind says nothing about another', async () => {
    const bad = kindOf(['bad'], () => {
      throw reverted();
    }).kind;
    await work.round(bad);
    now += MINUTE;
    await work.round(bad);
    await work.round({ ...kindOf([], done).kind, name: 'guarantee' });
    expect(work.stuck().map(({ kind }) => kind)).toEqual(['deadlines']);
  });

  it('stops between two items when the house closes', async () => {
    const { kind, open, tried } = kindOf(['a', 'b', 'c'], (key, all) => {
      all.delete(key);
      closing = true;
    });
    await work.round(kind);
    expect(tried).toEqual(['a']);
    expect([...open]).toEqual(['b', 'c']);
  });

  it('that cannot be read is for the caller to hear, and forgets nothing', async () => {
    const { kind } = kindOf(['bad'], () => {
      throw reverted();
    });
    await work.round(kind);
    now += MINUTE;
    await work.round(kind);
    const away = { ...kind, due: () => Promise.reject(new AppError('CHAIN_UNAVAILABLE')) };
    await expect(work.round(away)).rejects.toThrow('CHAIN_UNAVAILABLE');
    expect(work.stuck()).toHaveLength(1);
  });
});
