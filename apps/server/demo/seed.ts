/** Brings the demo world to life through the public API: every act is signed by its actor. */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import { Api, cookieFetch } from '@zhenmei/client/api.ts';
import { type Desk, joinDesk, operate } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { unitId, unitRoot } from '@zhenmei/client/unit-tree.ts';
import { IssuerRegistryAbi, UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { lotLink, siteLink, unitLink } from '@zhenmei/gs1';
import { identityApi } from '@zhenmei/identity/api.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { pointJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import {
  DAY,
  derive,
  type Hex,
  HOUR,
  keccak256,
  newId,
  sha256,
  toBase64Url,
  toHex0x,
  toIso,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/random.ts';
import { type DemoActors, newSecret, readActors, secretBytes, writeActors } from './actors.ts';
import { facilityClaims, physicianClaims } from './desk.ts';
import { ENERGY_CONSENT, ENERGY_STANDARD, FILLER_CONSENT, INJECTION_STANDARD } from './documents.ts';
import { ISSUER, nextStatusIndex, regulatorOf } from './regulator.ts';
import { type DemoLot, SeedStock, SHARES } from './seed-stock.ts';
import { timesFrom } from './times.ts';
import { DOCTORS, ORGANISATIONS, REGULATOR } from './world.ts';
import { PRODUCTS } from './world-products.ts';
import { SERVICES } from './world-services.ts';
import type { DemoOrganisation, DemoProduct } from './world-types.ts';

export interface SeedOptions {
  readonly baseUrl: string;
  readonly origin: string;
  readonly operatorToken: string;
  readonly dataDir: string;
  /** Milliseconds since the epoch. */
  now(): number;
  progress?(step: string): void;
}

/** Idempotent at its end: a world that is ready is left alone. @returns false if nothing had to be done */
export async function seedWorld(options: SeedOptions): Promise<boolean> {
  if (readActors(options.dataDir)?.ready) return false;
  const seed = new Seed(options);
  await seed.run();
  return true;
}

class Seed {
  private readonly o: SeedOptions;
  private readonly actors: DemoActors;
  private readonly desks: Record<string, Desk> = {};
  private readonly lots: DemoLot[] = [];
  private readonly stock: SeedStock;

  constructor(options: SeedOptions) {
    this.o = options;
    this.actors = {
      ready: false,
      regulator: { id: '', secret: newSecret(), issuer: ISSUER },
      organisations: {},
      doctors: {},
      clinicStatus: {},
      codes: [],
      units: {},
      suspended: [],
    };
    this.stock = new SeedStock({ desks: this.desks, gln: (key) => this.gln(key), now: () => this.o.now() });
  }

  async run(): Promise<void> {
    this.o.progress?.('organisations');
    const regulator = await this.join(REGULATOR, this.actors.regulator.secret);
    this.actors.regulator = { ...this.actors.regulator, id: regulator.organisationId };
    for (const o of ORGANISATIONS) {
      const secret = newSecret();
      const desk = await this.join(o, secret);
      this.desks[o.key] = desk;
      this.actors.organisations[o.key] = { id: desk.organisationId, secret };
    }
    this.o.progress?.('licences');
    await this.licences(regulator);
    this.o.progress?.('products');
    await this.products();
    this.o.progress?.('services');
    await this.services(regulator);
    await this.suspend(regulator);
    this.actors.ready = true;
    writeActors(this.o.dataDir, this.actors);
  }

  private api(): Api {
    return new Api({
      baseUrl: this.o.baseUrl,
      seat: 'desk',
      lang: () => 'en',
      newKey: () => newId(Date.now(), random.bytes(10)),
      fetch: cookieFetch(this.o.origin),
    });
  }

  private async join(o: DemoOrganisation, secret: Hex): Promise<Desk> {
    const { key: _, departments: __, ...body } = o;
    const operator = this.api();
    const { invitation } = await operator.call(identityApi.createOrganisation, {
      body: { ...body, region: 'CN', licensedForToxin: o.kind !== 'regulator' && o.key !== 'qinghe' },
      bearer: this.o.operatorToken,
    });
    return joinDesk(
      this.api(),
      softwarePasskey(secretBytes(secret), this.o.origin),
      deviceKey(secret),
      invitation,
      o.name.en,
    );
  }

  private async licences(regulatorDesk: Desk): Promise<void> {
    const now = this.o.now();
    const regulator = regulatorOf(this.actors.regulator.secret);
    const { contracts } = await regulatorDesk.api.call(houseApi.readConfig);
    const id = (text: string) => toHex0x(keccak256(utf8(text)));
    const from = BigInt(toSeconds(now - 365 * DAY));
    const call = (functionName: 'setIssuer' | 'setType' | 'setKey', args: readonly unknown[]) => ({
      to: contracts.IssuerRegistry!,
      data: encodeFunctionData({ abi: IssuerRegistryAbi, functionName, args: args as never }),
    });
    await operate(regulatorDesk, [
      call('setIssuer', [id(ISSUER), toHex0x(sha256(utf8(REGULATOR.name.en)))]),
      ...Object.values(CREDENTIAL_TYPES).map((vct) => call('setType', [id(ISSUER), id(vct), from, 0n])),
      call('setKey', [id(ISSUER), toHex0x(thumbprint(regulator.jwk)), from, 0n]),
    ]);
    await regulatorDesk.api.call(identityApi.registerIssuer, { body: { id: ISSUER, keys: [regulator.jwk] } });
    await regulatorDesk.api.call(identityApi.publishStatusList, {
      body: { token: await regulator.statusList([], now) },
    });
    for (const o of ORGANISATIONS.filter(({ kind }) => kind === 'clinic')) {
      const desk = this.desks[o.key]!;
      this.actors.clinicStatus[o.key] = nextStatusIndex(this.actors);
      const token = await regulator.issue(
        'facilityLicence',
        facilityClaims(desk.organisationId, o),
        pointJwk(desk.device.point),
        this.actors.clinicStatus[o.key]!,
        now,
      );
      await desk.api.call(identityApi.registerCredential, { body: { token } });
    }
    for (const d of DOCTORS) {
      const desk = this.desks[d.clinic]!;
      const doctor = { id: newId(now, random.bytes(10)), statusIndex: nextStatusIndex(this.actors) };
      this.actors.doctors[d.key] = doctor;
      await desk.api.call(identityApi.addPractitioner, {
        body: { id: doctor.id, name: d.name, title: d.title },
      });
      const token = await regulator.issue(
        'physicianLicence',
        physicianClaims(doctor.id, desk.organisationId, d),
        pointJwk(desk.device.point),
        doctor.statusIndex,
        now,
      );
      await desk.api.call(identityApi.registerCredential, { body: { token } });
    }
  }

  private async products(): Promise<void> {
    const regulator = regulatorOf(this.actors.regulator.secret);
    const lots = new Map<string, { to: Hex; data: Hex }[]>();
    for (const p of PRODUCTS) {
      const maker = this.desks[p.maker]!;
      const body = bodyOf(p);
      const authorisation = await regulator.issue(
        'productAuthorisation',
        body as never,
        pointJwk(maker.device.point),
        5,
        this.o.now(),
      );
      await maker.api.call(provenanceApi.registerProduct, { body: { product: body, authorisation } });
      const lot = `L${p.gtin.slice(9, 13)}A`;
      const link = lotLink(p.gtin, lot);
      const count = Object.values<number>(p.shares ?? SHARES).reduce((sum, n) => sum + n, 0);
      const serials = Array.from({ length: count }, () =>
        toBase64Url(random.bytes(8)).replaceAll(/[-_]/g, 'X').toUpperCase(),
      );
      const units = serials.map((serial) => unitLink(p.gtin, serial));
      await maker.api.call(provenanceApi.registerLot, { body: { link, gtin: p.gtin, units } });
      const { contracts } = await maker.api.call(houseApi.readConfig);
      const data = encodeFunctionData({
        abi: UnitRegistryAbi,
        functionName: 'registerLot',
        args: [unitId(link), unitRoot(units), BigInt(p.amount), p.singleUse],
      });
      lots.set(p.maker, [...(lots.get(p.maker) ?? []), { to: contracts.UnitRegistry!, data }]);
      await this.way(p, lot, link, units);
      this.lots.push({ product: p, link, units });
      this.actors.units[p.gtin] = units;
      this.actors.codes.push({ key: p.key, name: p.name, code: units[0]! });
    }
    for (const [maker, calls] of lots) await operate(this.desks[maker]!, calls);
    await this.stock.deliver(this.lots);
    await this.recall();
  }

  /** Factory → distributor, stated by both sides. */
  private async way(p: DemoProduct, lot: string, link: string, units: string[]): Promise<void> {
    const made = this.o.now() - 60 * DAY;
    const expiry = toIso(p.lot === 'expired' ? this.o.now() - 10 * DAY : made + 730 * DAY).slice(0, 10);
    const ilmd = { lotNumber: lot, itemExpirationDate: expiry };
    await this.event(p.maker, made, 'commissioning', 'ADD', units, {
      ilmd,
      'zm:lot': link,
      disposition: 'active',
    });
    // the broken trail: the distributor ships what it never stated to have received
    if (p.lot !== 'gap') await this.handOver(p.maker, 'yuanqiao', made + 2 * DAY, units, p);
  }

  private async handOver(
    from: string,
    to: string,
    at: number,
    units: string[],
    p: DemoProduct,
  ): Promise<void> {
    const destination = siteLink(this.gln(to));
    const parties = {
      sourceList: [{ type: 'possessing_party' as const, source: siteLink(this.gln(from)) }],
      destinationList: [{ type: 'possessing_party' as const, destination }],
    };
    const sensorElementList = [
      {
        sensorMetadata: { startTime: toIso(at), endTime: toIso(at + 30 * HOUR) },
        sensorReport: [
          {
            type: 'Temperature',
            minValue: p.storage.minC + 1,
            maxValue: p.storage.maxC - 1,
            meanValue: (p.storage.minC + p.storage.maxC) / 2,
            uom: 'CEL',
          },
        ],
      },
    ];
    await this.event(from, at, 'shipping', 'OBSERVE', units, { ...parties, disposition: 'in_transit' });
    await this.event(to, at + 31 * HOUR, 'receiving', 'OBSERVE', units, {
      ...parties,
      sensorElementList,
      disposition: 'in_progress',
    });
  }

  private gln(key: string): string {
    return ORGANISATIONS.find((o) => o.key === key)!.gln;
  }

  private async event(
    actor: string,
    at: number,
    bizStep: 'commissioning' | 'shipping' | 'receiving' | 'inspecting',
    action: 'ADD' | 'OBSERVE',
    epcList: string[],
    more: object,
  ): Promise<void> {
    const site = siteLink(this.gln(actor));
    const body = {
      type: 'ObjectEvent' as const,
      eventTime: toIso(at),
      eventTimeZoneOffset: '+08:00',
      action,
      ...(epcList.length > 0 ? { epcList } : {}),
      bizStep,
      readPoint: { id: site },
      bizLocation: { id: site },
      ...more,
    };
    await this.desks[actor]!.api.call(provenanceApi.captureEvent, { body });
  }

  private async recall(): Promise<void> {
    const p = PRODUCTS.find(({ lot }) => lot === 'recalled')!;
    const link = lotLink(p.gtin, `L${p.gtin.slice(9, 13)}A`);
    await this.event(p.maker, this.o.now() - DAY, 'inspecting', 'OBSERVE', [], {
      quantityList: [{ epcClass: link }],
      disposition: 'recalled',
    });
    const maker = this.desks[p.maker]!;
    const { contracts } = await maker.api.call(houseApi.readConfig);
    await operate(maker, [
      {
        to: contracts.UnitRegistry!,
        data: encodeFunctionData({ abi: UnitRegistryAbi, functionName: 'blockLot', args: [unitId(link)] }),
      },
    ]);
  }

  private async services(regulator: Desk): Promise<void> {
    for (const body of [INJECTION_STANDARD, ENERGY_STANDARD])
      await regulator.api.call(careApi.publishStandard, { body });
    for (const s of SERVICES) {
      const desk = this.desks[s.clinic]!;
      const energy = s.consent === 'energy';
      const consent = energy ? ENERGY_CONSENT : FILLER_CONSENT;
      const standard = energy ? ENERGY_STANDARD : INJECTION_STANDARD;
      await desk.api.call(careApi.publishConsent, { body: consent });
      await desk.api.call(careApi.publishService, {
        body: {
          procedure: { ...s.procedure, zones: [...s.procedure.zones] },
          summary: s.summary,
          minutes: s.minutes,
          currency: 'CNY',
          items: s.items.map((i) => ({ ...i })),
          excluded: [...s.excluded],
          gtin: PRODUCTS.find(({ key }) => key === s.product)!.gtin,
          doctors: s.doctors.map((d) => this.actors.doctors[d]!.id),
          consent: { id: consent.id, version: consent.version },
          standard: { id: standard.id, version: standard.version },
        },
      });
    }
    const slots = timesFrom(this.o.now());
    for (const d of DOCTORS)
      await this.desks[d.clinic]!.api.call(careApi.publishSlots, {
        body: { doctorId: this.actors.doctors[d.key]!.id, slots },
      });
  }

  private async suspend(regulatorDesk: Desk): Promise<void> {
    this.actors.suspended = DOCTORS.filter(({ suspended }) => suspended).map(
      ({ key }) => this.actors.doctors[key]!.statusIndex,
    );
    const token = await regulatorOf(this.actors.regulator.secret).statusList(
      this.actors.suspended,
      this.o.now() + 1000,
    );
    await regulatorDesk.api.call(identityApi.publishStatusList, { body: { token } });
  }
}

function deviceKey(secret: Hex): Desk['device'] {
  const key = derive(secretBytes(secret), 'zhenmei/demo/device-key');
  return {
    point: p256.getPublicKey(key, false),
    sign: async (message) => p256.sign(message, key, { prehash: true }),
  };
}

function bodyOf(p: DemoProduct) {
  return {
    gtin: p.gtin,
    name: p.name,
    class: p.class,
    registration: p.registration,
    approvedRoutes: [...p.routes],
    approvedRegions: [...p.regions],
    storage: p.storage,
    singleUse: p.singleUse,
    isToxin: p.toxin,
    maxAmountPerUnit: p.amount,
    amountUnit: p.unit,
    ...(p.withinHours ? { useWithinHours: p.withinHours } : {}),
    ingredients: [...p.ingredients],
  };
}
