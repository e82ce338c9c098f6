import { sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPECTED_WITHIN_DAYS, findFaults, type Move, type Origin } from './moves.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [A, B, C, D] = ['maker', 'trader', 'clinic', 'other'];
const id = (name: string) => toHex0x(sha256(utf8(name)));
const MADE: Origin = { madeAt: A!, onboard: true };
const NOW = 30 * DAY;

const ship = (name: string, site: string, other: string | null, at: number, epcs = ['u1']): Move[] =>
  epcs.map((epc) => ({ epc, event: id(name), kind: 'ship', site, other, at }));
const receive = (name: string, site: string, other: string | null, at: number, epcs = ['u1']): Move[] =>
  epcs.map((epc) => ({ epc, event: id(name), kind: 'receive', site, other, at }));
const way = (epcs = ['u1']) => [
  ...ship('s1', A!, B!, DAY, epcs),
  ...receive('r1', B!, A!, 2 * DAY, epcs),
  ...ship('s2', B!, C!, 3 * DAY, epcs),
  ...receive('r2', C!, B!, 4 * DAY, epcs),
];
const faults = (moves: Move[], origin: Origin | ((epc: string) => Origin) = MADE, now = NOW) =>
  findFaults(moves, typeof origin === 'function' ? origin : () => origin, now).map(
    ({ fault, event, epcs }) => [
      fault,
      ['s1', 'r1', 's2', 'r2', 'x'].find((name) => id(name) === event),
      epcs.join(' '),
    ],
  );

describe('moves that agree', () => {
  it('have no fault', () => {
    expect(faults(way(['u1', 'u2']))).toEqual([]);
  });

  it('have none in whatever order they are told, and with clocks up to a day apart', () => {
    const skew = fc.integer({ min: -23 * HOUR, max: 23 * HOUR });
    fc.assert(
      fc.property(
        fc.tuple(skew, skew),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        ([a, b], order) => {
          const far = [
            ...ship('s1', A!, B!, 10 * DAY),
            ...receive('r1', B!, A!, 10 * DAY + a),
            ...ship('s2', B!, C!, 20 * DAY),
            ...receive('r2', C!, B!, 20 * DAY + b),
          ];
          expect(faults(order.map((i) => far[i]!))).toEqual([]);
        },
      ),
    );
  });

  it('need no maker where the product is not registered here', () => {
    expect(faults(way(), { madeAt: null, onboard: false })).toEqual([]);
  });

  it('may lack the name of the other side', () => {
    expect(faults([...ship('s1', A!, null, DAY), ...receive('r1', B!, null, 2 * DAY)])).toEqual([]);
  });

  it('that only just left are not missed yet', () => {
    expect(faults(ship('s1', A!, B!, DAY), MADE, (1 + EXPECTED_WITHIN_DAYS) * DAY - 1)).toEqual([]);
  });
});

describe('moves that do not agree', () => {
  it.each<[string, Move[], Origin, unknown[]]>([
    ['a receipt without shipment', receive('r1', B!, A!, DAY), MADE, [['not-shipped', 'r1', 'u1']]],
    [
      'a receipt by another than it was sent to',
      [...ship('s1', A!, B!, DAY), ...receive('r1', D!, A!, 2 * DAY)],
      MADE,
      [
        ['not-shipped', 'r1', 'u1'],
        ['not-received', 's1', 'u1'],
      ],
    ],
    [
      'a receipt from another than sent it',
      [...ship('s1', A!, B!, DAY), ...receive('r1', B!, D!, 2 * DAY)],
      MADE,
      [
        ['not-shipped', 'r1', 'u1'],
        ['not-received', 's1', 'u1'],
      ],
    ],
    [
      'shipped by who never received it',
      [...ship('s2', B!, C!, DAY), ...receive('r2', C!, B!, 2 * DAY)],
      MADE,
      [['not-held', 's2', 'u1']],
    ],
    [
      'shipped on without a receipt',
      [...ship('s1', A!, B!, DAY), ...ship('s2', B!, C!, 2 * DAY), ...receive('r2', C!, B!, 3 * DAY)],
      MADE,
      [
        ['not-held', 's2', 'u1'],
        ['not-received', 's1', 'u1'],
      ],
    ],
    [
      'shipped twice',
      [...ship('s1', A!, B!, DAY), ...ship('x', A!, B!, 2 * DAY), ...receive('r1', B!, A!, 3 * DAY)],
      MADE,
      [
        ['not-held', 'x', 'u1'],
        ['not-received', 's1', 'u1'],
      ],
    ],
    [
      'received twice at one place',
      [...way().slice(0, 2), ...receive('x', B!, A!, 5 * DAY)],
      MADE,
      [['received-twice', 'x', 'u1']],
    ],
    [
      'received again at another',
      [...way(), ...receive('x', D!, B!, 6 * DAY)],
      MADE,
      [['not-shipped', 'x', 'u1']],
    ],
    ['made by nobody', way(), { madeAt: null, onboard: true }, [['unknown-serial', 's1', 'u1']]],
    ['received by its own maker', receive('r1', A!, B!, DAY), MADE, [['received-twice', 'r1', 'u1']]],
  ])('%s', (_name, moves, origin, wanted) => {
    expect(faults(moves, origin).sort()).toEqual(wanted.sort());
  });

  it('name the units that are missing once some have arrived, and the whole only after days', () => {
    const sent = ship('s1', A!, B!, DAY, ['u1', 'u2', 'u3']);
    const some = receive('r1', B!, A!, 2 * DAY, ['u1', 'u3']);
    expect(faults([...sent, ...some], MADE, 2 * DAY)).toEqual([['quantity', 's1', 'u2']]);
    expect(faults(sent, MADE, 2 * DAY)).toEqual([]);
    expect(faults(sent, MADE, (1 + EXPECTED_WITHIN_DAYS) * DAY)).toEqual([
      ['not-received', 's1', 'u1 u2 u3'],
    ]);
    const rest = receive('r2', B!, A!, 9 * DAY, ['u2']);
    expect(faults([...sent, ...some, ...rest])).toEqual([]);
  });

  it('say what is one too many in a delivery', () => {
    const moves = [...ship('s1', A!, B!, DAY, ['u1']), ...receive('r1', B!, A!, 2 * DAY, ['u1', 'u9'])];
    expect(faults(moves)).toEqual([['not-shipped', 'r1', 'u9']]);
    const unknown = (epc: string): Origin => (epc === 'u9' ? { madeAt: null, onboard: true } : MADE);
    expect(faults(moves, unknown)).toEqual([['unknown-serial', 'r1', 'u9']]);
  });

  it('are found the same in whatever order they are told', () => {
    const moves = [
      ...way(['u1', 'u2']),
      ...receive('x', D!, B!, 6 * DAY, ['u2', 'u3']),
      ...ship('x', A!, D!, 7 * DAY, ['u1']),
    ];
    const whole = JSON.stringify(faults(moves).sort());
    fc.assert(
      fc.property(fc.shuffledSubarray(moves, { minLength: moves.length }), (told) => {
        expect(JSON.stringify(faults(told).sort())).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });
});
