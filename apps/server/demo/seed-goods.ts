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
import { type PublicJwk, pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { DAY, type Hex, HOUR, MINUTE, toIso } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { SensorElement } from '@zhenmei/provenance/core/events.ts';
import { sensorElements } from '@zhenmei/provenance/core/sensor-leg.ts';
import { readTemperatureLog } from '@zhenmei/provenance/core/temperature-log.ts';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/random.ts';
import type { DemoActors } from './actors.ts';
import { type DemoLot, SHARES } from './seed-stock.ts';
import { ORGANISATIONS } from './world.ts';
import { PRODUCTS } from './world-products.ts';
import type { DemoProduct } from './world-types.ts';

/** Of each lot the maker and the distributor keep so many each; the clinics are sent the rest. */
const KEPT = 12;
const TRADER = 'yuanqiao';

const lotOf = (gtin: string): string => `L${gtin.slice(9, 13)}A`;

/** @returns a product's authorisation by the regulator, held by the key */
type Authorise = (product: object, holder: PublicJwk) => Promise<string>;

export class Goods {
  private readonly desks: Readonly<Record<string, Desk>>;
  private readonly actors: DemoActors;
  private readonly authorise: Authorise;
  private readonly now: () => number;

  constructor(
    desks: Readonly<Record<string, Desk>>,
    actors: DemoActors,
    authorise: Authorise,
    now: () => number,
  ) {
    this.desks = desks;
    this.actors = actors;
    this.authorise = authorise;
    this.now = now;
  }

  /** Factory → distributor. */
  async make(): Promise<DemoLot[]> {
    const lots: DemoLot[] = [];
    const roots = new Map<string, { to: Hex; data: Hex }[]>();
    for (const product of PRODUCTS) {
      const { link, units, call } = await this.commission(product);
      roots.set(product.maker, [...(roots.get(product.maker) ?? []), call]);
      // the broken trail: the distributor ships what it never stated to have received
      if (product.lot !== 'gap') await this.deliver(product, units);
      lots.push({ product, link, units });
      this.actors.units[product.gtin] = [...units];
      this.actors.codes.push({ key: product.key, name: product.name, code: units[0]! });
    }
    for (const [maker, calls] of roots) await operate(this.desks[maker]!, calls);
    return lots;
  }

  private supply(key: string): SupplyDesk {
    return { desk: this.desks[key]!, gln: glnOf(key), now: this.now };
  }

  private async commission(p: DemoProduct) {
    const maker = this.desks[p.maker]!;
    const body = bodyOf(p, this.now());
    const authorisation = await this.authorise(body, pointJwk(maker.device.point));
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
        count: forClinics(p) + 2 * KEPT,
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

  private async deliver(p: DemoProduct, units: readonly string[]): Promise<void> {
    const sentAt = this.now() - 58 * DAY;
    const sold = forClinics(p);
    const kept = units.slice(sold, sold + KEPT);
    if (p.lot === 'warm') {
      await this.handOver(p, units.slice(0, sold), sentAt, coolLeg(sentAt, p));
      // a second delivery, in which the cold chain broke
      const later = sentAt + 7 * DAY;
      return this.handOver(p, kept, later, await this.warmLeg(later, p));
    }
    const sent = [...units.slice(0, sold), ...kept];
    // the short delivery: two were stated as sent and did not arrive
    await this.handOver(p, sent, sentAt, coolLeg(sentAt, p), p.lot === 'short' ? sent.slice(0, -2) : sent);
  }

  /** Stated and signed by both sides. */
  private async handOver(
    p: DemoProduct,
    epcs: readonly string[],
    at: number,
    sensors: readonly SensorElement[],
    arrived = epcs,
  ): Promise<void> {
    const transfer: Transfer = {
      epcs,
      from: glnOf(p.maker),
      to: glnOf(TRADER),
      at,
      carrier: 'Farbridge',
      reference: `DN-${lotOf(p.gtin)}-${toIso(at).slice(5, 10)}`,
    };
    await stateSigned(this.supply(p.maker), shippingEvent(transfer));
    const receipt = { ...transfer, epcs: arrived, at: at + 31 * HOUR, sensors };
    await stateSigned(this.supply(TRADER), receivingEvent(receipt));
  }

  /** A leg with a logger's file: for three hours the cold chain broke. */
  private async warmLeg(at: number, { storage }: DemoProduct): Promise<readonly SensorElement[]> {
    const [first, last] = [40, 58];
    const rows = Array.from({ length: 181 }, (_, i) => {
      const celsius = i >= first && i < last ? storage.maxC + 4 + (i % 3) : (storage.minC + storage.maxC) / 2;
      return `${toIso(at + i * 10 * MINUTE)},${celsius}`;
    });
    const text = ['Time,Temperature (°C)', ...rows].join('\n');
    const { uri } = await this.desks[TRADER]!.api.call(provenanceApi.storeSensorLog, {
      body: { text, offsetMinutes: 0 },
    });
    return sensorElements(readTemperatureLog(text, 0).readings, [storage], { rawData: uri });
  }

  /** One lot turned out to be bad after it had been sold. */
  async recall(): Promise<void> {
    const p = PRODUCTS.find(({ lot }) => lot === 'recalled')!;
    const link = lotLink(p.gtin, lotOf(p.gtin));
    const maker = this.desks[p.maker]!;
    const site = { id: siteLink(glnOf(p.maker)) };
    await maker.api.call(provenanceApi.captureEvent, {
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

export const glnOf = (key: string): string => ORGANISATIONS.find((o) => o.key === key)!.gln;

/** What all clinics together are sent of a lot. */
const forClinics = (p: DemoProduct): number =>
  Object.values<number>(p.shares ?? SHARES).reduce((sum, n) => sum + n, 0);

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
