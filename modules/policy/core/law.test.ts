import { describe, expect, it } from 'vitest';
import { cn } from '../packs/cn.ts';
import { deadlinesOf, largest, retentionOf } from './law.ts';
import { packHash } from './pack.ts';

const stricter = { ...cn, id: 'xx', parameters: { erasureWaitDays: 10, name: 'x' } };
const { retention: _, deadlines: __, ...silent } = cn;

describe('what a region’s packs say', () => {
  it('of what is kept: each rule with its pack, only what goes with so much erased', () => {
    const all = retentionOf([cn], 'everything');
    expect(all.map(({ id }) => id)).toContain('outpatient-record');
    for (const rule of all) {
      expect(rule).toMatchObject({ pack: 'cn', version: cn.version, hash: packHash(cn) });
      for (const text of [rule.what, rule.reason])
        expect([text.zh, text.en].every((t) => t.length > 5)).toBe(true);
      expect(rule.source).not.toBe('');
    }
    const some = retentionOf([cn], 'objects').map(({ id }) => id);
    expect(some).toContain('access-log');
    expect(some).not.toContain('log-commitment');
  });

  it('adds up: the rules of every pack count', () => {
    expect(retentionOf([cn, stricter], 'everything')).toHaveLength(
      2 * retentionOf([cn], 'everything').length,
    );
    expect(retentionOf([silent], 'everything')).toEqual([]);
    expect(retentionOf([], 'everything')).toEqual([]);
  });

  it('of clocks: for this event, and none where none is stated', () => {
    expect(deadlinesOf([cn], 'breach').map(({ to }) => to)).toEqual(['authority', 'person']);
    expect(deadlinesOf([silent], 'breach')).toEqual([]);
  });

  it('of numbers: the largest, and nothing instead of a guess', () => {
    expect(largest([cn, stricter], 'erasureWaitDays')).toBe(10);
    expect(largest([cn], 'erasureWaitDays')).toBe(7);
    for (const name of ['name', 'toString', 'unknown']) expect(largest([stricter], name)).toBeNull();
    expect(largest([], 'erasureWaitDays')).toBeNull();
  });
});
