/** Units of UN/CEFACT Recommendation 20, as far as readings of goods have them: how each becomes its SI unit. */

interface Unit {
  readonly kind: string;
  /** SI = value × factor + offset. */
  readonly factor: number;
  readonly offset: number;
}

const KINDS: Readonly<
  Record<string, Readonly<Record<string, number | readonly [factor: number, offset: number]>>>
> = {
  temperature: { KEL: 1, CEL: [1, 273.15], FAH: [5 / 9, (459.67 * 5) / 9] },
  mass: { KGM: 1, GRM: 1e-3, MGM: 1e-6, MC: 1e-9, TNE: 1e3, LBR: 0.45359237, ONZ: 0.028349523125 },
  length: {
    MTR: 1,
    DMT: 0.1,
    CMT: 0.01,
    MMT: 1e-3,
    '4H': 1e-6,
    C45: 1e-9,
    KMT: 1e3,
    INH: 0.0254,
    FOT: 0.3048,
    YRD: 0.9144,
    SMI: 1609.344,
  },
  area: { MTK: 1, CMK: 1e-4, MMK: 1e-6 },
  volume: {
    MTQ: 1,
    LTR: 1e-3,
    DMQ: 1e-3,
    CLT: 1e-5,
    MLT: 1e-6,
    CMQ: 1e-6,
    '4G': 1e-9,
    MMQ: 1e-9,
    GLL: 3.785411784e-3,
  },
  time: { SEC: 1, C26: 1e-3, B98: 1e-6, MIN: 60, HUR: 3600, DAY: 86_400, WEE: 604_800 },
  pressure: {
    PAL: 1,
    A97: 100,
    KPA: 1e3,
    MPA: 1e6,
    BAR: 1e5,
    MBR: 100,
    ATM: 101_325,
    HN: 133.322,
    PS: 6894.757,
  },
  ratio: { C62: 1, P1: 0.01, '59': 1e-6, '61': 1e-9 },
  speed: { MTS: 1, KMH: 1 / 3.6 },
  frequency: { HTZ: 1, KHZ: 1e3, MHZ: 1e6, A86: 1e9 },
  energy: { JOU: 1, KJO: 1e3, KWH: 3.6e6 },
  power: { WTT: 1, KWT: 1e3 },
  voltage: { VLT: 1, '2Z': 1e-3 },
  current: { AMP: 1, '4K': 1e-3 },
  density: { KMQ: 1, GL: 1, '23': 1e3 },
  angle: { C81: 1, DD: Math.PI / 180 },
};

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(KINDS).flatMap(([kind, units]) =>
    Object.entries(units).map(([code, given]) => {
      const [factor, offset] = typeof given === 'number' ? [given, 0] : given;
      return [code, { kind, factor, offset }] as const;
    }),
  ),
);

export interface InUnit {
  readonly uom: string;
  readonly value: number;
  /** Computed: it may differ in the last digits from what somebody else computed. */
  readonly converted: boolean;
}

/** The same amount in its own unit and in every other unit of its kind; in an unknown unit it is only itself. */
export function inAllUnits(value: number, uom: string): readonly InUnit[] {
  const own = UNITS.get(uom);
  const itself = { uom, value, converted: false };
  if (!own) return [itself];
  const si = value * own.factor + own.offset;
  const others = [...UNITS].filter(([code, { kind }]) => kind === own.kind && code !== uom);
  return [
    itself,
    ...others.map(([code, { factor, offset }]) => ({
      uom: code,
      value: (si - offset) / factor,
      converted: true,
    })),
  ];
}
