/** Stories of people who try to make a wrong answer out of true statements, and of honest data that only looks wrong. */
import {
  after,
  CLINIC,
  DISTRIBUTOR,
  day,
  dose,
  event,
  FILLER,
  facts,
  GREY_TRADER,
  GTIN,
  LABEL,
  MAKER,
  made,
  move,
  OTHER_CLINIC,
  REGULATOR,
  recall,
  receive,
  type StoryCase,
  ship,
  site,
  toxin,
  unit,
  use,
  way,
} from './stories.property.ts';

const inDate = { 'cbvmda:itemExpirationDate': '2026-03-09' };
const lift = (at: string, where = MAKER) =>
  event(at, 'inspecting', where, {
    quantityList: [{ epcClass: `https://id.gs1.org/01/${GTIN}/10/L1` }],
    persistentDisposition: { unset: ['recalled'] },
  });
const state = (at: string, where: string, disposition: string, more: Record<string, unknown> = {}) =>
  event(at, 'holding', where, { epcList: [unit()], disposition, ...more });
/** The same statement with the clock of another zone. */
const inZone = (told: Record<string, unknown>, offset: string) => ({ ...told, eventTimeZoneOffset: offset });
const reading = (at: string, value: number, more: Record<string, unknown> = {}) =>
  event(at, 'sensor_reporting', CLINIC, {
    sensorElementList: [
      { sensorMetadata: { time: at }, sensorReport: [{ type: 'Temperature', value, uom: 'CEL', ...more }] },
    ],
  });
const every = (minutes: number, count: number, value: number) =>
  Array.from({ length: count }, (_, i) => reading(day(8, (i * minutes) / 60), value));

export const ADVERSARY_STORIES: readonly StoryCase[] = [
  [
    'an older production record of a trader does not make an expired unit fresh',
    facts(
      [
        event(day(-9), 'commissioning', GREY_TRADER, {
          action: 'ADD',
          epcList: [unit()],
          ilmd: { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2029-12-31' },
        }),
        made(day(0), [unit()], inDate),
        ...way(),
      ],
      { now: day(20) },
    ),
    'red',
    ['EXPIRED', 'DATA_MISMATCH'],
  ],
  [
    'an older production record of a trader does not move a unit out of a recalled lot',
    facts([
      event(day(-9), 'commissioning', GREY_TRADER, {
        action: 'ADD',
        epcList: [unit()],
        ilmd: { 'cbvmda:lotNumber': 'L7', 'cbvmda:itemExpirationDate': '2027-12-31' },
      }),
      made(),
      ...way(),
      recall(day(8)),
    ]),
    'red',
    ['RECALLED_LOT', 'DATA_MISMATCH'],
  ],
  [
    'a negative amount does not fill a vial again',
    facts([made(), ...way(), dose(day(9), 60, 'C1'), dose(day(9, 1), -30, 'C2'), dose(day(9, 2), 60, 'C3')], {
      ...toxin,
      now: day(9, 5),
    }),
    'red',
    ['ALREADY_USED', 'DATA_MISMATCH'],
  ],
  [
    'a lot that was recalled, on a package without serial number',
    facts([recall(day(8))], { scan: { code: `(01)${GTIN}(10)L1` } }),
    'red',
    ['RECALLED_LOT', 'NOT_ONBOARDED'],
  ],
  [
    'a product that was recalled as a whole',
    facts([
      made(),
      ...way(),
      event(day(8), 'inspecting', REGULATOR, {
        quantityList: [
          {
            epcClass: `urn:epc:idpat:sgtin:${GTIN.slice(1, 8)}.${GTIN[0]}${GTIN.slice(8, 13)}.*`,
          },
        ],
        disposition: 'recalled',
      }),
    ]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'an expired label on a package without serial number',
    facts([], { now: day(400), scan: { code: `(01)${GTIN}(17)270101(10)L1` } }),
    'red',
    ['EXPIRED', 'NOT_ONBOARDED'],
  ],
  [
    'a recall that the maker lifted',
    facts([made(), ...way(), recall(day(7)), lift(day(8))]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a recall that a trader says is lifted',
    facts([made(), ...way(), recall(day(7)), lift(day(8), GREY_TRADER)]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'the recall of a regulator cannot be lifted by the maker',
    facts([made(), ...way(), recall(day(7), REGULATOR), lift(day(8))]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'a recall dated ahead of the clock that asks',
    facts([made(), ...way(), recall(day(12))]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'reported stolen by a rival that never held it',
    facts([made(), ...way(), state(day(8), OTHER_CLINIC, 'stolen')]),
    'amber',
    ['DATA_MISMATCH'],
  ],
  [
    'stolen from the lorry, reported by the sender',
    facts([made(), ...way().slice(0, 3), state(day(5, 3), DISTRIBUTOR, 'stolen')]),
    'red',
    ['STOLEN_OR_DESTROYED', 'CUSTODY_GAP'],
  ],
  [
    'stolen, found again, and said so by its holder',
    facts([
      made(),
      ...way(),
      state(day(7), CLINIC, 'stolen'),
      event(day(8), 'inspecting', CLINIC, {
        epcList: [unit()],
        disposition: 'sellable_accessible',
        persistentDisposition: { unset: ['stolen'] },
      }),
    ]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'taken out of circulation by its maker, then offered',
    facts([
      made(),
      ...way(),
      event(day(8), 'decommissioning', MAKER, {
        action: 'DELETE',
        epcList: [unit()],
        disposition: 'inactive',
      }),
    ]),
    'red',
    ['STOLEN_OR_DESTROYED'],
  ],
  [
    'a clone that lies on the shelf of a second clinic',
    facts([made(), ...way(), event(day(8), 'storing', OTHER_CLINIC, { epcList: [unit()] })]),
    'amber',
    ['SEEN_ELSEWHERE'],
  ],
  [
    'the same shipment reported again with the clock of another zone',
    facts([made(), ...way(), inZone(ship(day(5), DISTRIBUTOR, CLINIC), '+00:00')]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'the same use reported again with the clock of another zone',
    facts([made(), ...way(), use(day(9)), inZone(use(day(9)), '-06:00')], {
      master: { ...FILLER, maxAmountPerUnit: 1 },
      scan: after('C1'),
    }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'used late on its last day, west of Greenwich',
    facts([made(day(0), [unit()], inDate), ...way(), inZone(use('2026-03-10T03:30:00.000Z'), '-06:00')], {
      now: day(20),
      scan: after('C1'),
    }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'used early on the day after its last, east of Greenwich',
    facts([made(day(0), [unit()], inDate), ...way(), inZone(use('2026-03-09T17:00:00.000Z'), '+08:00')], {
      now: day(20),
      scan: after('C1'),
    }),
    'red',
    ['EXPIRED'],
  ],
  [
    'used in time by somebody else, asked after its last day',
    facts([made(day(0), [unit()], inDate), ...way(), use(day(8), CLINIC, 'C0')], { now: day(20) }),
    'red',
    ['ALREADY_USED'],
  ],
  [
    'an expiry without a day is the end of the month',
    facts([made(), ...way()], { scan: { code: LABEL('L1', '271200') } }),
    'green',
    ['CONSISTENT'],
  ],
  [
    'frozen on the way',
    facts([
      made(),
      ship(day(1), MAKER, DISTRIBUTOR),
      receive(day(2), MAKER, DISTRIBUTOR, [unit()], {
        sensorElementList: [
          {
            sensorMetadata: { startTime: day(1), endTime: day(1, 5) },
            sensorReport: [{ type: 'Temperature', minValue: 23, maxValue: 41, uom: 'FAH' }],
          },
        ],
      }),
      ...move(5, DISTRIBUTOR, CLINIC),
    ]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a logger that gives only an alarm',
    facts([
      made(),
      ship(day(1), MAKER, DISTRIBUTOR),
      receive(day(2), MAKER, DISTRIBUTOR, [unit()], {
        sensorElementList: [
          {
            sensorMetadata: { startTime: day(1), endTime: day(1, 5) },
            sensorReport: [{ type: 'Temperature', exception: 'ALARM_CONDITION' }],
          },
        ],
      }),
      ...move(5, DISTRIBUTOR, CLINIC),
    ]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a refrigerator that reports one reading at a time, warm for hours',
    facts([made(), ...way(), ...every(10, 30, 40), reading(day(8, 5), 8)]),
    'amber',
    ['COLD_CHAIN_EXCURSION'],
  ],
  [
    'a refrigerator that was warm for one reading',
    facts([made(), ...way(), ...every(10, 6, 8), reading(day(8, 1), 40), reading(day(8, 1.2), 8)]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'sent to a clinic that sent it back unopened',
    facts([made(), ...way(), ...move(8, CLINIC, DISTRIBUTOR)], { now: day(12) }),
    'red',
    ['OPENED_OUTSIDE_CUSTODY'],
  ],
  [
    'accepted a day after it was received',
    facts([
      made(),
      ...way(),
      event(day(7), 'accepting', CLINIC, {
        epcList: [unit()],
        sourceList: [{ type: 'possessing_party', source: site(DISTRIBUTOR) }],
        destinationList: [{ type: 'possessing_party', destination: site(CLINIC) }],
      }),
    ]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a code that is only text',
    facts([], { scan: { code: ']Q1www.example.com says hello' } }),
    'grey',
    ['NOT_ONBOARDED'],
  ],
];
