/** The demo's clinics get their stock as clinics do: boxes are packed, sent, scanned at the door, and devices installed. */
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { type Desk, operate } from '@zhenmei/client/desk.ts';
import { stateSigned } from '@zhenmei/client/hand-over.ts';
import {
  fitPart,
  recordInspection,
  recordReading,
  registerDevice,
  sendScan,
  signScan,
} from '@zhenmei/client/stock.ts';
import { unitId, unitProof } from '@zhenmei/client/unit-tree.ts';
import { UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { parseUnitLink, siteLink } from '@zhenmei/gs1';
import { DAY, HOUR, noneFor, toHex0x, toIso } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/random.ts';
import { withCheckDigit } from './world-ids.ts';
import type { DemoProduct } from './world-types.ts';

const TRADER = 'yuanqiao';
/** Units of a lot that each clinic is sent, unless its product says otherwise. */
export const SHARES = { meiyuan: 24, qinghe: 12, xinglan: 12 };
/** The last of the first clinic's share are still on their way to it, all in one box. */
const ON_THE_WAY = 2;
const PERSON = { meiyuan: '陈护士', qinghe: '何护士', xinglan: '吴护士' } as const;

export interface StockSeed {
  readonly desks: Readonly<Record<string, Desk>>;
  gln(key: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A lot that was made and is known on chain; its first units are for the clinics. */
export interface DemoLot {
  readonly product: DemoProduct;
  readonly link: string;
  readonly units: readonly string[];
}

export class SeedStock {
  private readonly o: StockSeed;
  private boxes = 0;

  constructor(seed: StockSeed) {
    this.o = seed;
  }

  /** Boxes for each clinic, scanned at its door; what is on its way to the first is left to whoever tries it. */
  async deliver(lots: readonly DemoLot[]): Promise<void> {
    const now = this.o.now();
    const onTheWay: string[] = [];
    for (const { product, units } of lots) {
      let from = 0;
      for (const [clinic, share] of Object.entries<number>(product.shares ?? SHARES)) {
        const own = units.slice(from, from + share);
        from += share;
        const device = product.routes.includes('energy-device') && product.shares !== undefined;
        const sentAt = now - (device ? 14 : 5) * DAY;
        const later = clinic === 'meiyuan' && product.shares === undefined ? ON_THE_WAY : 0;
        onTheWay.push(...own.slice(share - later));
        const sscc = await this.ship(clinic, own.slice(0, share - later), sentAt);
        // what its door would refuse is left for whoever tries it there
        const odd = product.lot === 'expired' || !product.regions.includes('CN');
        if (!odd) await this.receive(clinic as 'meiyuan', sscc, product, sentAt, sentAt + 2 * DAY - HOUR);
      }
    }
    await this.ship('meiyuan', onTheWay, now - 20 * HOUR);
    const lot = (key: string) => lots.find(({ product }) => product.key === key)!;
    await this.openVial(lot('toxin'));
    const sent = ({ product, units }: DemoLot) => units.slice(0, (product.shares ?? SHARES).meiyuan);
    await this.devices(sent(lot('rf-console')), sent(lot('rf-handpiece')));
  }

  /** Packed and sent by the distributor. @returns the number of the box */
  private async ship(clinic: string, units: readonly string[], sentAt: number): Promise<string> {
    // the first digit is the trader's own, so that no lot's box has the same number
    const sscc = withCheckDigit(`1952123400${String(++this.boxes).padStart(7, '0')}`);
    const box = `https://id.gs1.org/00/${sscc}`;
    const site = { id: siteLink(this.o.gln(TRADER)) };
    const said = { eventTimeZoneOffset: '+08:00', readPoint: site, bizLocation: site };
    const capture = (body: { type: string }) =>
      this.o.desks[TRADER]!.api.call(provenanceApi.captureEvent, { body });
    const packing = {
      ...said,
      type: 'AggregationEvent',
      eventTime: toIso(sentAt - HOUR),
      action: 'ADD',
      parentID: box,
      childEPCs: [...units],
      bizStep: 'packing',
      disposition: 'in_progress',
    };
    await capture(packing);
    const shipping = {
      ...said,
      type: 'ObjectEvent',
      eventTime: toIso(sentAt),
      action: 'OBSERVE',
      epcList: [box],
      bizStep: 'shipping',
      disposition: 'in_transit',
      sourceList: [{ type: 'possessing_party', source: site.id }],
      destinationList: [{ type: 'possessing_party', destination: siteLink(this.o.gln(clinic)) }],
    };
    // a delivery that no one may sign for happened all the same: it stands there unsigned
    const signed = await stateSigned({ desk: this.o.desks[TRADER]! }, shipping).catch(
      noneFor('SUPPLY_REFUSED'),
    );
    if (!signed) await capture(shipping);
    return sscc;
  }

  /** Scans the box at the clinic's door, with what the logger in it showed. */
  private async receive(
    clinic: keyof typeof PERSON,
    sscc: string,
    p: DemoProduct,
    sentAt: number,
    at: number,
  ) {
    const { minC, maxC } = p.storage;
    const reading = { minC: minC + 1, maxC: maxC - 1, from: toIso(sentAt), until: toIso(at) };
    const shelf = this.shelf(clinic, at);
    await sendScan(
      shelf.desk,
      await signScan(shelf, { code: `]C100${sscc}`, person: PERSON[clinic], reading }),
    );
  }

  private shelf(clinic: string, at: number): Pick<Clinic, 'desk' | 'now' | 'random'> {
    return { desk: this.o.desks[clinic]!, now: () => at, random: (n) => random.bytes(n) };
  }

  /** A vial of toxin that a patient was treated from this morning; the rest waits for the next. */
  private async openVial({ product, link, units }: DemoLot): Promise<void> {
    const desk = this.o.desks.meiyuan!;
    const unit = units[0]!;
    const amount = 40;
    const { contracts } = await desk.api.call(houseApi.readConfig);
    const args = [
      unitId(link),
      unitId(unit),
      unitProof(units, unit),
      BigInt(amount),
      toHex0x(random.bytes(32)),
    ] as const;
    await operate(desk, [
      {
        to: contracts.UnitRegistry!,
        data: encodeFunctionData({ abi: UnitRegistryAbi, functionName: 'open', args }),
      },
    ]);
    const site = { id: siteLink(this.o.gln('meiyuan')) };
    const event = {
      type: 'ObjectEvent',
      eventTime: toIso(this.o.now() - 2 * HOUR),
      eventTimeZoneOffset: '+08:00',
      action: 'OBSERVE',
      epcList: [unit],
      bizStep: 'dispensing',
      disposition: 'partially_dispensed',
      readPoint: site,
      bizLocation: site,
      'zm:procedureCommitment': toHex0x(random.bytes(32)),
      'zm:amountUsed': amount,
      'zm:amountUnit': product.unit,
    };
    await desk.api.call(provenanceApi.captureEvent, { body: event });
  }

  /** Two consoles: one calibrated, one whose calibration has run out; a handpiece on the first, one to spare. */
  private async devices(consoles: readonly string[], handpieces: readonly string[]): Promise<void> {
    const now = this.o.now();
    const shelf = this.shelf('meiyuan', now - 12 * DAY + 4 * HOUR);
    const person = PERSON.meiyuan;
    for (const unit of consoles) await registerDevice(shelf, { unit, deviceClass: 'radiofrequency', person });
    for (const unit of handpieces) await registerDevice(shelf, { unit, deviceClass: null, person });
    await fitPart(shelf, { console: consoles[0]!, part: handpieces[0]!, on: true, person });
    await recordReading(shelf, { unit: handpieces[0]!, value: 12_400, person });
    await recordReading(shelf, { unit: consoles[0]!, value: 31_850, person });
    const maker = this.o.desks.bailu!;
    for (const [i, until] of [now + 354 * DAY, now - DAY].entries())
      await recordInspection(maker, {
        clinicId: this.o.desks.meiyuan!.organisationId,
        unit: consoles[i]!,
        kind: 'calibration',
        performedAt: toIso(now - 11 * DAY),
        validUntil: toIso(until),
        passed: true,
        certificate: `BL-CAL-${parseUnitLink(consoles[i]!)!.serial}`,
        inspector: '白鹭医疗 服务工程师 刘工',
      });
  }
}
