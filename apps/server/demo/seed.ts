/** Brings the demo world to life through the public API: every act is signed by its actor. */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import { Api, cookieFetch } from '@zhenmei/client/api.ts';
import { type Desk, joinDesk, operate } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { IssuerRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { pointJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import { DAY, derive, type Hex, keccak256, newId, sha256, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/modules.ts';
import { type DemoActors, newSecret, readActors, secretBytes, writeActors } from './actors.ts';
import { facilityClaims, physicianClaims } from './desk.ts';
import { ENERGY_CONSENT, ENERGY_STANDARD, FILLER_CONSENT, INJECTION_STANDARD } from './documents.ts';
import { ISSUER, nextStatusIndex, regulatorOf } from './regulator.ts';
import { Goods, glnOf } from './seed-goods.ts';
import { SeedStock } from './seed-stock.ts';
import { timesFrom } from './times.ts';
import { DOCTORS, ORGANISATIONS, REGULATOR } from './world.ts';
import { PRODUCTS } from './world-products.ts';
import { SERVICES } from './world-services.ts';
import type { DemoOrganisation } from './world-types.ts';

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
    const { desks, actors } = this;
    const { now } = this.o;
    const goods = new Goods(desks, actors, regulatorOf(actors.regulator.secret), now);
    await new SeedStock({ desks, gln: glnOf, now }).deliver(await goods.make());
    await goods.recall();
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
