/** What the maker releases counts no more, what anybody else says of it counts as before. */
import { describe, expect, it } from 'vitest';
import * as s from './stories.property.ts';
import { digestOf, keyOf, pointOf, signWith } from './supply/setting.property.ts';
import { verdict } from './verdict.ts';

const hot = s.receive(s.day(6), s.DISTRIBUTOR, s.CLINIC, [s.unit()], s.warm(s.day(5), s.day(5, 3), 40));
const way = [s.made(), ...s.way().slice(0, 3), hot];
const release = (more: object = {}, by = s.MAKER) =>
  s.event(s.day(8), 'inspecting', by, {
    epcList: [s.unit()],
    disposition: 'conformant',
    'zm:releases': [digestOf(hot)],
    'zm:reason': 'stability data cover it',
    ...more,
  });
const codes = (events: Record<string, unknown>[], more: object = {}) =>
  verdict({ ...s.facts(events), ...more }).reasons.map(({ code }) => code);

describe('an excursion', () => {
  it('ends with the maker’s release, for the unit or its lot', () => {
    expect(codes(way)).toEqual(['COLD_CHAIN_EXCURSION']);
    expect(codes([...way, release()])).toEqual(['CONSISTENT']);
    const { epcList: _, ...rest } = release();
    const ofLot = {
      ...rest,
      quantityList: [{ epcClass: `https://id.gs1.org/01/${s.GTIN}/10/L1` }],
    };
    expect(codes([...way, ofLot])).toEqual(['CONSISTENT']);
  });

  it.each([
    ['the clinic’s own', release({}, s.CLINIC)],
    ['the distributor’s', release({}, s.DISTRIBUTOR)],
    ['one of another event', release({ 'zm:releases': [digestOf(s.made())] })],
    ['one of another unit', release({ epcList: [s.unit('S2')] })],
    ['one that names nothing', release({ 'zm:releases': [] })],
    ['one that was declared wrong', release({ errorDeclaration: { declarationTime: s.day(9) } })],
  ])('does not end with %s', (_what, event) => {
    expect(codes([...way, event])).toEqual(['COLD_CHAIN_EXCURSION']);
  });

  it('comes back with the next one', () => {
    const again = s.event(s.day(9), 'storing', s.CLINIC, {
      epcList: [s.unit()],
      ...s.warm(s.day(8, 1), s.day(8, 4), 40),
    });
    expect(codes([...way, release(), again])).toEqual(['COLD_CHAIN_EXCURSION']);
  });

  it('ends only with a signed release where signatures are given', () => {
    const parties = s.PARTIES.map((party) => ({ ...party, keys: [pointOf(party.gln)] }));
    const by = (gln: string) => ({
      event: digestOf(release()),
      key: pointOf(gln),
      signature: signWith(keyOf(gln), digestOf(release())),
    });
    const given = (signatures: object[]) => codes([...way, release()], { parties, signatures });
    expect(given([])).toEqual(['COLD_CHAIN_EXCURSION']);
    expect(given([by(s.CLINIC)])).toEqual(['COLD_CHAIN_EXCURSION']);
    expect(given([by(s.MAKER)])).toEqual(['CONSISTENT']);
  });
});
