/** The goods of the demo world: made in lots, handed over with both sides’ signatures, and some deliberately wrong. */
import { type Desk, operate } from '@zhenmei/client/desk.ts';
import {
  receivingEvent,
  type SupplyDesk,
  shippingEvent,
  stateSigned,
  type Transfer,
} from '@zhenmei/client/hand-over.ts';
import { commissionLot, planLot } from '@zhenmei/client/maker.ts';
import { unitId, unitRoot } from '@zhenmei/client/unit-tree.ts';
import { UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { lotLink, siteLink } from '@zhenmei/gs1';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { DAY, type Hex, HOUR, MINUTE, toIso } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { SensorElement } from '@zhenmei/provenance/core/events.ts';
import { sensorElements } from '@zhenmei/provenance/core/sensor-leg.ts';
import { readTemperatureLog } from '@zhenmei/provenance/core/temperature-log.ts';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/modules.ts';
import type { DemoActors } from './actors.ts';
import type { Regulator } from './regulator.ts';
import { ORGANISATIONS } from './world.ts';
import { PRODUCTS } from './world-products.ts';
import type { DemoProduct } from './world-types.ts';

const UNITS = 72;
/** Of each lot the maker keeps some, the distributor keeps some, and the clinics have the rest. */
const SENT = 60;
const SHARES: readonly [clinic: string, from: number, to: number][] = [
  ['meiyuan', 0, 24],
  ['qinghe', 24, 36],
  ['xinglan', 36, 48],
];
const TRADER = 'yuanqiao';

export const lotOf = (gtin: string): string => `L${gtin.slice(9, 13)}A`;

export class Goods {
  private readonly desks: Readonly<Record<string, Desk>>;
  private readonly actors: DemoActors;
  private readonly regulator: Regulator;
  private readonly now: () => number;

  constructor(
    desks: Readonly<Record<string, Desk>>,
    actors: DemoActors,
    regulator: Regulator,
    now: () => number,
  ) {
    this.desks = desks;
    this.actors = actors;
    this.regulator = regulator;
    this.now = now;
  }

  async run(): Promise<void> {
    const lots = new Map<string, { to: Hex; data: Hex }[]>();
    for (const p of PRODUCTS) {
      const { link, units, call } = await this.make(p);
      lots.set(p.maker, [...(lots.get(p.maker) ?? []), call]);
      await this.way(p, link, units);
      this.actors.codes.push({ key: p.key, name: p.name, code: units[0]! });
    }
    for (const [maker, calls] of lots) await operate(this.desks[maker]!, calls);
    await this.recall();
  }

  private supply(key: string): SupplyDesk {
    return { desk: this.desks[key]!, gln: glnOf(key), now: this.now };
  }

  private async make(p: DemoProduct) {
    const maker = this.desks[p.maker]!;
    const body = bodyOf(p, this.now());
    const authorisation = await this.regulator.issue(
      'productAuthorisation',
      body as never,
      pointJwk(maker.device.point),
      5,
      this.now(),
    );
    await maker.api.call(provenanceApi.registerProduct, { body: { product: body, authorisation } });
    const made = this.now() - 60 * DAY;
    const { link, units } = await planLot(
      this.supply(p.maker),
      {
        gtin: p.gtin,
        lot: lotOf(p.gtin),
        expiry: toIso(p.lot === 'expired' ? this.now() - 10 * DAY : made + 730 * DAY).slice(0, 10),
        madeAt: toIso(made),
        offset: '+08:00',
        count: UNITS,
        packing: null,
      },
      random.bytes,
    );
    await commissionLot(this.supply(p.maker), link);
    const { contracts } = await maker.api.call(houseApi.readConfig);
    const data = encodeFunctionData({
      abi: UnitRegistryAbi,
      functionName: 'registerLot',
      args: [unitId(link), unitRoot(units), BigInt(p.amount), p.singleUse],
    });
    return { link, units, call: { to: contracts.UnitRegistry!, data } };
  }

  /** Factory → distributor → three clinics, each hand-over stated and signed by both sides. */
  private async way(p: DemoProduct, link: string, units: readonly string[]): Promise<void> {
    const made = this.now() - 60 * DAY;
    if (p.lot !== 'gap') {
      const sent = units.slice(0, SENT);
      // the short delivery: two were stated as sent and did not arrive
      await this.handOver(
        p.maker,
        TRADER,
        made + 2 * DAY,
        sent,
        p,
        p.lot === 'short' ? sent.slice(0, -2) : sent,
      );
    }
    for (const [clinic, from, to] of SHARES) {
      // toxic drugs go only to sites that are licensed for them
      if (p.toxin && clinic === 'qinghe') continue;
      const share = units.slice(from, to);
      // the broken trail: the distributor ships what it never stated to have received
      await this.handOver(TRADER, clinic, made + 6 * DAY, share, p);
      const stock = share.map((unit) => ({ unit, lot: link, gtin: p.gtin }));
      this.actors.stock[clinic] = [...(this.actors.stock[clinic] ?? []), ...stock];
    }
  }

  private async handOver(
    from: string,
    to: string,
    at: number,
    epcs: readonly string[],
    p: DemoProduct,
    arrived = epcs,
  ): Promise<void> {
    const transfer: Transfer = {
      epcs,
      from: glnOf(from),
      to: glnOf(to),
      at,
      carrier: 'Farbridge',
      reference: `DN-${lotOf(p.gtin)}-${to}`,
    };
    await stateSigned(this.supply(from), shippingEvent(transfer));
    const warm = p.lot === 'warm' && to === 'xinglan';
    const sensors = warm ? await this.warmLeg(to, at, p) : coolLeg(at, p);
    await stateSigned(
      this.supply(to),
      receivingEvent({ ...transfer, epcs: arrived, at: at + 31 * HOUR, sensors }),
    );
  }

  /** A leg with a logger's file: for three hours the cold chain broke. */
  private async warmLeg(by: string, at: number, { storage }: DemoProduct): Promise<readonly SensorElement[]> {
    const [first, last] = [40, 58];
    const rows = Array.from({ length: 181 }, (_, i) => {
      const celsius = i >= first && i < last ? storage.maxC + 4 + (i % 3) : (storage.minC + storage.maxC) / 2;
      return `${toIso(at + i * 10 * MINUTE)},${celsius}`;
    });
    const text = ['Time,Temperature (°C)', ...rows].join('\n');
    const { uri } = await this.desks[by]!.api.call(provenanceApi.storeSensorLog, {
      body: { text, offsetMinutes: 0 },
    });
    return sensorElements(readTemperatureLog(text, 0).readings, [storage], { rawData: uri });
  }

  private async recall(): Promise<void> {
    const p = PRODUCTS.find(({ lot }) => lot === 'recalled')!;
    const link = lotLink(p.gtin, lotOf(p.gtin));
    const maker = this.desks[p.maker]!;
    const site = { id: siteLink(glnOf(p.maker)) };
    await maker.api.call(provenanceApi.capture, {
      body: {
        type: 'ObjectEvent',
        eventTime: toIso(this.now() - DAY),
        eventTimeZoneOffset: '+08:00',
        action: 'OBSERVE',
        bizStep: 'inspecting',
        readPoint: site,
        bizLocation: site,
        quantityList: [{ epcClass: link }],
        disposition: 'recalled',
      },
    });
    const { contracts } = await maker.api.call(houseApi.readConfig);
    const data = encodeFunctionData({ abi: UnitRegistryAbi, functionName: 'blockLot', args: [unitId(link)] });
    await operate(maker, [{ to: contracts.UnitRegistry!, data }]);
  }
}

const glnOf = (key: string): string => ORGANISATIONS.find((o) => o.key === key)!.gln;

const coolLeg = (at: number, { storage }: DemoProduct): readonly SensorElement[] => [
  {
    sensorMetadata: { startTime: toIso(at), endTime: toIso(at + 30 * HOUR) },
    sensorReport: [
      {
        type: 'Temperature',
        minValue: storage.minC + 1,
        maxValue: storage.maxC - 1,
        meanValue: (storage.minC + storage.maxC) / 2,
        uom: 'CEL',
      },
    ],
  },
];

function bodyOf(p: DemoProduct, now: number) {
  return {
    gtin: p.gtin,
    name: p.name,
    class: p.class,
    registration: p.registration,
    approvedRoutes: [...p.routes],
    approvedRegions: [...p.regions],
    approvals: p.regions.map((region) => ({
      region,
      class: p.class,
      routes: [...p.routes],
      ...(p.indications ? { indications: [...p.indications] } : {}),
      number: p.registration,
      until: toIso(now + 4 * 365 * DAY).slice(0, 10),
    })),
    storage: p.storage,
    singleUse: p.singleUse,
    isToxin: p.toxin,
    maxAmountPerUnit: p.amount,
    amountUnit: p.unit,
    ...(p.withinHours ? { useWithinHours: p.withinHours } : {}),
    ingredients: [...p.ingredients],
  };
}
