import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../core/reasons.ts';
import { CLINIC, day, facts, MAKER, made, recall, site, unit, use, way } from './stories.property.ts';
import { ADVERSARY_STORIES } from './stories-adversary.property.ts';
import { CUSTODY_STORIES } from './stories-custody.property.ts';
import { LABEL_STORIES } from './stories-label.property.ts';
import { WARNING_STORIES } from './stories-warnings.property.ts';
import { verdict } from './verdict.ts';

const STORIES = [...CUSTODY_STORIES, ...LABEL_STORIES, ...ADVERSARY_STORIES, ...WARNING_STORIES];

describe('stories', () => {
  it('are at least 40, each with its own name', () => {
    expect(new Set(STORIES.map(([name]) => name)).size).toBe(STORIES.length);
    expect(STORIES.length).toBeGreaterThanOrEqual(40);
  });

  it.each(STORIES)('%s', (_name, given, level, codes) => {
    const answer = verdict(given);
    expect([answer.level, answer.reasons.map(({ code }) => code)]).toEqual([level, codes]);
  });

  it.each(STORIES)('%s: told in any order, and twice, it is the same', (_name, given, level, codes) => {
    const events = given.events as unknown[];
    const whole = JSON.stringify(verdict(given));
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }), (told) => {
        expect(JSON.stringify(verdict({ ...given, events: told }))).toBe(whole);
      }),
      { numRuns: 5 },
    );
    expect(level).toBe(verdict(given).level);
    expect(codes.length).toBeGreaterThan(0);
  });

  it('cover every reason that facts in a file can give', () => {
    const told = new Set(STORIES.flatMap(([, , , codes]) => codes));
    expect(Object.keys(REASONS).filter((code) => !told.has(code))).toEqual([
      'PROOF_INVALID',
      'STALE_CHECKPOINT',
    ]);
  });

  it('never call a problem of the data a fake, and promise nothing', () => {
    for (const { level, zh, en, doZh, doEn } of Object.values(REASONS)) {
      expect(`${zh}${doZh}`).not.toMatch(/假货|伪造|保证|正品/);
      expect(`${en} ${doEn}`).not.toMatch(/fake|counterfeit|guarantee|authentic|genuine/i);
      if (level === 'amber') expect(doEn).not.toMatch(/report it/);
    }
  });
});

describe('an answer', () => {
  it('says who stated it, when, by which event, how to check and what to do', () => {
    const [reason] = verdict(facts([made(), ...way(), recall(day(8))])).reasons;
    expect(reason).toMatchObject({
      code: 'RECALLED_LOT',
      level: 'red',
      by: MAKER,
      at: day(8),
      event: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(reason!.check.zh).not.toBe('');
    expect(reason!.doNow.en).toMatch(/Do not use it/);
  });

  it('counts hand-overs that both sides signed', () => {
    const { handovers, reasons } = verdict(facts([made(), ...way()]));
    expect(handovers).toEqual({ signed: 2, total: 2 });
    expect(reasons[0]!.zh).toBe('没有发现矛盾；2 次交接中有 2 次由双方签认');
  });

  it('reads the house’s terms whatever namespace a document gives them', () => {
    const given = facts([made(), ...way(), use(day(8))], {
      scan: { purpose: 'after-use', procedureCommitment: 'C1' },
    });
    const events = (given.events as object[]).map((event) => ({
      '@context': [{ zm: 'https://elsewhere.example/ns#' }],
      ...event,
    }));
    expect(verdict({ ...given, events })).toMatchObject({ level: 'green' });
  });

  it('is the same for every writing of the events', () => {
    const given = facts([made(), ...way(), use(day(8), CLINIC, 'C0')]);
    const other = JSON.parse(
      JSON.stringify(given)
        .replaceAll(site(CLINIC), `https://example.com/gln/${CLINIC}`)
        .replaceAll('"dispensing"', '"cbv:BizStep-dispensing"')
        .replaceAll('"receiving"', '"urn:epcglobal:cbv:bizstep:receiving"'),
    );
    expect(verdict(other)).toEqual(verdict(given));
  });

  it.each([
    [{ now: 'yesterday' }, '/now'],
    [{ now: day(1), scan: { code: 'x', purpose: 'perhaps' } }, '/scan/purpose'],
    [{ now: day(1), scan: { code: 'x' }, master: { gtin: '1' } }, '/master/gtin'],
    [{ now: day(1), scan: { code: unit() }, events: ['x'] }, '/events'],
    [null, '/'],
  ])('is refused for wrong facts %j', (given, path) => {
    expect(() => verdict(given)).toThrowError(
      expect.objectContaining({ code: 'FACTS_INVALID', params: { path } }),
    );
  });
});
