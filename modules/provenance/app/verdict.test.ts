import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../core/reasons.ts';
import * as s from './stories.property.ts';
import { verdict } from './verdict.ts';

const { day, facts, made, move, receive, ship, unit, use, way, dose, pack, recall, warm, event, site, box } =
  s;
const { CLINIC, DISTRIBUTOR, FILLER, GREY_TRADER, GTIN, MAKER, OTHER_CLINIC, REGULATOR, TOXIN, VIAL } = s;

type Facts = ReturnType<typeof facts>;
const LABEL = (lot: string, expiry: string) => `(01)${GTIN}(17)${expiry}(10)${lot}(21)S1`;
const toxin = { master: TOXIN, scan: { intendedRoute: 'intramuscular' } };
const after = (commitment?: string) => ({
  purpose: 'after-use',
  ...(commitment ? { procedureCommitment: commitment } : {}),
});
const cased = [
  made(),
  pack(day(0, 1), box(), [unit()]),
  ...move(1, MAKER, DISTRIBUTOR, [box()]),
  ...move(5, DISTRIBUTOR, CLINIC, [box()]),
  pack(day(6, 2), box(), [unit()], 'DELETE', CLINIC),
];
const vial = (serial: string) => unit(serial, VIAL);
const trueBox = [made(), pack(day(0, 1), unit(), [vial('V1')]), ...way()];
const boxed = { ...FILLER, contains: { gtin: VIAL, count: 1 } };
const lateDelivery = (hours: number) =>
  receive(new Date(Date.parse(day(5)) - hours * 3_600_000).toISOString(), DISTRIBUTOR, CLINIC);

/** [what happened, facts, level, reasons in order] */
const STORIES: readonly (readonly [string, Facts, string, string[]])[] = [
  ['a clean way, before use', facts([made(), ...way()]), 'green', ['CONSISTENT']],
  [
    'a clean way, seen by anyone',
    facts([made(), ...way()], { scan: { purpose: 'public', place: undefined } }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a clean way, after its own use',
    facts([made(), ...way(), use(day(9))], { scan: after('C1') }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'on its way to the clinic, seen by anyone',
    facts([made(), ...way().slice(0, 3)], { now: day(6), scan: { purpose: 'public', place: undefined } }),
    'green',
    ['CONSISTENT'],
  ],
  ['packed in a case on the way', facts(cased), 'green', ['CONSISTENT']],
  [
    'clone: the genuine one was used before',
    facts([made(), ...way(), use(day(8), CLINIC, 'C0')]),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'clone: used at a clinic that never had it',
    facts([made(), ...way(), use(day(8), OTHER_CLINIC, 'C0')]),
    'red',
    ['ALREADY_USED', 'OPENED_OUTSIDE_CUSTODY'],
  ],
  [
    'clone: about to be used where it never arrived',
    facts([made(), ...way()], { scan: { place: OTHER_CLINIC } }),
    'red',
    ['OPENED_OUTSIDE_CUSTODY'],
  ],
  [
    'clone: received by a second clinic, seen at the first',
    facts([made(), ...way(), receive(day(8), GREY_TRADER, OTHER_CLINIC)]),
    'amber',
    ['SEEN_ELSEWHERE'],
  ],
  [
    'clone: received by a second clinic, about to be used there',
    facts([made(), ...way(), receive(day(8), GREY_TRADER, OTHER_CLINIC)], { scan: { place: OTHER_CLINIC } }),
    'red',
    ['OPENED_OUTSIDE_CUSTODY', 'SEEN_ELSEWHERE'],
  ],
  [
    'clone: spent twice, asked after the first use',
    facts([made(), ...way(), use(day(8), CLINIC, 'C1'), use(day(9), CLINIC, 'C2')], { scan: after('C1') }),
    'red',
    ['ALREADY_USED'],
  ],
  ['a serial number that was never made', facts([]), 'red', ['UNKNOWN_SERIAL']],
  [
    'a serial number that only a trader brought in',
    facts([
      event(day(0), 'commissioning', GREY_TRADER, { action: 'ADD', epcList: [unit()] }),
      ...move(5, GREY_TRADER, CLINIC),
    ]),
    'red',
    ['UNKNOWN_SERIAL'],
  ],
  [
    'diversion: sent to one clinic, turns up at another',
    facts([made(), ...move(1, MAKER, DISTRIBUTOR), ...move(5, DISTRIBUTOR, OTHER_CLINIC)]),
    'red',
    ['OPENED_OUTSIDE_CUSTODY'],
  ],
  [
    'diversion: used at another clinic than received it',
    facts([made(), ...way(), use(day(9), OTHER_CLINIC, 'C1')], {
      scan: { ...after('C1'), place: OTHER_CLINIC },
    }),
    'red',
    ['OPENED_OUTSIDE_CUSTODY'],
  ],
  [
    'grey import: made for another region',
    facts([made(), ...way()], { master: { ...FILLER, approvedRegions: ['KR'] } }),
    'red',
    ['NOT_APPROVED_FOR_USE'],
  ],
  [
    'a way of use that is not approved',
    facts([made(), ...way()], { scan: { intendedRoute: 'intravenous' } }),
    'red',
    ['NOT_APPROVED_FOR_USE'],
  ],
  [
    'class II sold as injectable',
    facts([made(), ...way()], { master: { ...FILLER, class: 'II', approvedRoutes: ['topical'] } }),
    'red',
    ['NOT_APPROVED_FOR_USE'],
  ],
  [
    'class II whose papers even claim injection',
    facts([made(), ...way()], { master: { ...FILLER, class: 'II' } }),
    'red',
    ['NOT_APPROVED_FOR_USE'],
  ],
  [
    'split vial within its limits',
    facts([made(), ...way(), dose(day(9), 40, 'C1'), dose(day(9, 3), 40, 'C2')], {
      ...toxin,
      now: day(9, 5),
    }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'split vial, asked by one of its patients',
    facts([made(), ...way(), dose(day(9), 40, 'C1'), dose(day(9, 3), 40, 'C2')], {
      ...toxin,
      scan: { ...toxin.scan, ...after('C1') },
    }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'split vial with more taken than it holds',
    facts([made(), ...way(), dose(day(9), 60, 'C1'), dose(day(9, 3), 60, 'C2')], {
      ...toxin,
      scan: { ...toxin.scan, ...after('C2') },
    }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'split vial that is used up',
    facts([made(), ...way(), dose(day(9), 60, 'C1'), dose(day(9, 3), 40, 'C2')], {
      ...toxin,
      now: day(9, 5),
    }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'split vial open for too long',
    facts([made(), ...way(), dose(day(8), 40, 'C1')], { ...toxin, now: day(9, 1) }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'split vial whose second dose came too late',
    facts([made(), ...way(), dose(day(7), 40, 'C1'), dose(day(9), 40, 'C2')], {
      ...toxin,
      scan: { ...toxin.scan, ...after('C2') },
    }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'doses in different units',
    facts([made(), ...way(), { ...dose(day(9), 40, 'C1'), 'zm:amountUnit': 'mL' }], {
      ...toxin,
      now: day(9, 5),
    }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'toxin at a site without licence',
    facts([made(), ...move(1, MAKER, DISTRIBUTOR), ...move(5, DISTRIBUTOR, OTHER_CLINIC)], {
      ...toxin,
      scan: { ...toxin.scan, place: OTHER_CLINIC },
    }),
    'red',
    ['SITE_NOT_LICENSED'],
  ],
  [
    'toxin through a distributor that is not designated',
    facts([made(), ...move(1, MAKER, GREY_TRADER), ...move(5, GREY_TRADER, CLINIC)], toxin),
    'red',
    ['SITE_NOT_LICENSED'],
  ],
  [
    'late data: the clinic has not yet recorded the receipt',
    facts([made(), ...way().slice(0, 3)]),
    'amber',
    ['CUSTODY_GAP'],
  ],
  [
    'late data: the distributor has not recorded the shipment',
    facts([made(), ...move(1, MAKER, DISTRIBUTOR), receive(day(6), DISTRIBUTOR, CLINIC)]),
    'amber',
    ['CUSTODY_GAP'],
  ],
  ['late data: the maker’s production record is missing', facts(way()), 'amber', ['CUSTODY_GAP']],
  [
    'late data: used before the receipt was recorded',
    facts([made(), ...way().slice(0, 3), use(day(8))], { scan: after('C1') }),
    'amber',
    ['CUSTODY_GAP'],
  ],
  [
    'late data: the use is not recorded yet',
    facts([made(), ...way()], { scan: after('C1') }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'mis-pick: the clinic found another unit than announced',
    facts([
      made(),
      ...way().slice(0, 3),
      receive(day(6), DISTRIBUTOR, CLINIC, [unit()], { disposition: 'mismatch_instance' }),
    ]),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'mis-pick: shipped units S2, received S1',
    facts([
      made(day(0), [unit(), unit('S2')]),
      ...move(1, MAKER, DISTRIBUTOR, [unit(), unit('S2')]),
      ship(day(5), DISTRIBUTOR, CLINIC, [unit('S2')]),
      receive(day(6), DISTRIBUTOR, CLINIC, [unit()]),
    ]),
    'amber',
    ['CUSTODY_GAP'],
  ],
  ['recalled before use', facts([made(), ...way(), recall(day(8))]), 'red', ['RECALLED_LOT']],
  [
    'recalled after use',
    facts([made(), ...way(), use(day(8)), recall(day(9))], { scan: after('C1') }),
    'red',
    ['RECALLED_LOT'],
  ],
  ['another lot recalled', facts([made(), ...way(), recall(day(8), MAKER, 'L2')]), 'green', ['CONSISTENT']],
  [
    'recalled by the regulator',
    facts([made(), ...way(), recall(day(8), REGULATOR)]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'recalled by a rival clinic, which it cannot',
    facts([made(), ...way(), recall(day(8), OTHER_CLINIC)]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a recall that was declared a mistake',
    facts([
      made(),
      ...way(),
      recall(day(8)),
      { ...recall(day(8)), errorDeclaration: { declarationTime: day(9), reason: 'did_not_occur' } },
    ]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'expired before use',
    facts([made(day(0), [unit()], { 'cbvmda:itemExpirationDate': '2026-03-09' }), ...way()], {
      now: day(20),
    }),
    'red',
    ['EXPIRED'],
  ],
  [
    'used in time, asked long after the expiry date',
    facts([made(day(0), [unit()], { 'cbvmda:itemExpirationDate': '2026-03-11' }), ...way(), use(day(9))], {
      now: day(400),
      scan: after('C1'),
    }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'used after the expiry date',
    facts([made(day(0), [unit()], { 'cbvmda:itemExpirationDate': '2026-03-09' }), ...way(), use(day(10))], {
      now: day(400),
      scan: after('C1'),
    }),
    'red',
    ['EXPIRED'],
  ],
  [
    'relabelled expiry, still in date',
    facts([made(), ...way()], { scan: { code: LABEL('L1', '281231') } }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'relabelled expiry of an expired unit',
    facts([made(day(0), [unit()], { 'cbvmda:itemExpirationDate': '2026-03-09' }), ...way()], {
      now: day(20),
      scan: { code: LABEL('L1', '281231') },
    }),
    'red',
    ['EXPIRED', 'DATA_MISMATCH'],
  ],
  [
    'another lot on the label',
    facts([made(), ...way()], { scan: { code: LABEL('L9', '271231') } }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'swapped vial in a true box',
    facts(trueBox, { master: boxed, scan: { innerCode: vial('V9') } }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'vial of another product in a true box',
    facts(trueBox, { master: boxed, scan: { innerCode: unit('S9') } }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'unreadable code on the vial',
    facts(trueBox, { master: boxed, scan: { innerCode: 'x' } }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'true vial in a true box',
    facts(trueBox, { master: boxed, scan: { innerCode: vial('V1') } }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'used vial in a true box',
    facts([...trueBox, { ...use(day(8), CLINIC, 'C0'), epcList: [vial('V1')] }], {
      master: boxed,
      scan: { innerCode: vial('V1') },
    }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'more vials in the box than it holds',
    facts([made(), pack(day(0, 1), unit(), [vial('V1'), vial('V2')]), ...way()], { master: boxed }),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    're-scanned box of a used unit',
    facts([made(), ...way(), use(day(8), CLINIC, 'C0')], { scan: { purpose: 'public', place: undefined } }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'clock skew: received some hours before it was shipped',
    facts([made(), ...way().slice(0, 3), lateDelivery(8)]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'clock skew: used an hour before the receipt',
    facts([made(), ...way(), use(day(5, 23))], { scan: after('C1') }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'stolen',
    facts([made(), ...way(), event(day(8), 'holding', CLINIC, { epcList: [unit()], disposition: 'stolen' })]),
    'red',
    ['STOLEN_OR_DESTROYED'],
  ],
  [
    'destroyed, then offered',
    facts([
      made(),
      ...way(),
      event(day(8), 'destroying', CLINIC, { action: 'DELETE', epcList: [unit()], disposition: 'destroyed' }),
    ]),
    'red',
    ['STOLEN_OR_DESTROYED'],
  ],
  [
    'the empty syringe destroyed after its use',
    facts(
      [
        made(),
        ...way(),
        use(day(8)),
        event(day(9), 'destroying', CLINIC, {
          action: 'DELETE',
          epcList: [unit()],
          disposition: 'destroyed',
        }),
      ],
      { scan: after('C1') },
    ),
    'green',
    ['CONSISTENT'],
  ],
  [
    'too warm on one leg',
    facts([
      made(),
      ship(day(1), MAKER, DISTRIBUTOR),
      receive(day(2), MAKER, DISTRIBUTOR, [unit()], warm(day(1), day(1, 2), 30)),
      ...move(5, DISTRIBUTOR, CLINIC),
    ]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a little too warm on two legs',
    facts([
      made(),
      ship(day(1), MAKER, DISTRIBUTOR),
      receive(day(2), MAKER, DISTRIBUTOR, [unit()], warm(day(1), day(1, 0.6), 30)),
      ship(day(5), DISTRIBUTOR, CLINIC),
      receive(day(6), DISTRIBUTOR, CLINIC, [unit()], warm(day(5), day(5, 0.6), 30)),
    ]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'the same warm hour reported by both sides',
    facts([
      made(),
      ship(day(1), MAKER, DISTRIBUTOR, [unit()], warm(day(1), day(1, 0.9), 30)),
      receive(day(2), MAKER, DISTRIBUTOR, [unit()], warm(day(1), day(1, 0.9), 30)),
      ...move(5, DISTRIBUTOR, CLINIC),
    ]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'too warm in the case it was packed in',
    facts([
      ...cased.slice(0, 3),
      receive(day(2), MAKER, DISTRIBUTOR, [box()], warm(day(1), day(1, 2), 30)),
      ...cased.slice(4),
    ]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a warm refrigerator at the clinic',
    facts([made(), ...way(), event(day(8), 'sensor_reporting', CLINIC, warm(day(7), day(7, 3), 40))]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a warm refrigerator after the use',
    facts(
      [made(), ...way(), use(day(7)), event(day(9), 'sensor_reporting', CLINIC, warm(day(8), day(8, 3), 40))],
      { scan: after('C1') },
    ),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a maker that is not on board',
    facts([], { master: { ...FILLER, makerOnboarded: false } }),
    'grey',
    ['NOT_ONBOARDED'],
  ],
  ['a product nobody registered', facts([], { master: null }), 'grey', ['NOT_ONBOARDED']],
  ['a drug trace code', facts([], { scan: { code: '81234567890123456781' } }), 'grey', ['NOT_ONBOARDED']],
  [
    'a code of another issuing agency',
    facts([], { scan: { code: '+A123BJC5D6E71' } }),
    'grey',
    ['NOT_ONBOARDED'],
  ],
  [
    'a package without serial number',
    facts([], { scan: { code: `(01)${GTIN}(10)L1` } }),
    'grey',
    ['NOT_ONBOARDED'],
  ],
  [
    'a mistyped product number',
    facts([], { scan: { code: `(01)${GTIN.slice(0, 13)}${(Number(GTIN[13]) + 1) % 10}(21)S1` } }),
    'red',
    ['MALFORMED_CODE'],
  ],
  [
    'a lost separator',
    facts([], { scan: { code: `01${GTIN}10${'A'.repeat(30)}` } }),
    'red',
    ['MALFORMED_CODE'],
  ],
  [
    'void shipment, used where it stayed',
    facts([
      made(),
      ...way(),
      ship(day(7), CLINIC, OTHER_CLINIC),
      event(day(7, 1), 'void_shipping', CLINIC, { epcList: [unit()] }),
    ]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'returned by one clinic and sold to the next',
    facts([
      made(),
      ...move(1, MAKER, DISTRIBUTOR),
      ...move(3, DISTRIBUTOR, OTHER_CLINIC),
      ...move(5, OTHER_CLINIC, DISTRIBUTOR),
      ...move(7, DISTRIBUTOR, CLINIC),
    ]),
    'green',
    ['CONSISTENT'],
  ],
];

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
