/** Brings the demo world to life through the public API: every act is signed by its actor. */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import { Api, cookieFetch } from '@zhenmei/client/api.ts';
import { type Desk, joinDesk, operate } from '@zhenmei/client/desk.ts';
import { payInCapital } from '@zhenmei/client/lender.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { IssuerRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { HttpServer } from '@zhenmei/http';
import { identityApi } from '@zhenmei/identity/api.ts';
import type { CredentialName } from '@zhenmei/identity/core/catalogue.ts';
import { type PublicJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import { typeSubject } from '@zhenmei/identity/core/trust.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { DAY, derive, type Hex, keccak256, newId, sha256, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import { houseApi } from '../api/contract.ts';
import { random } from '../compose/random.ts';
import { type DemoActors, newSecret, readActors, secretBytes, writeActors } from './actors.ts';
import { facilityClaims, ISSUER, PURPOSES, physicianClaims, REGULATOR_TYPES } from './claims.ts';
import { ENERGY_CONSENT, ENERGY_STANDARD, FILLER_CONSENT, INJECTION_STANDARD } from './documents.ts';
import { insideFetch } from './inside.ts';
import { seedChecks } from './seed-checks.ts';
import { Goods, glnOf } from './seed-goods.ts';
import { seedPanel } from './seed-panel.ts';
import { SeedStock } from './seed-stock.ts';
import { timesFrom } from './times.ts';
import { DOCTORS, ORGANISATIONS, REGULATOR } from './world.ts';
import { ASSESSORS } from './world-assessors.ts';
import { PRODUCTS } from './world-products.ts';
import { SERVICES } from './world-services.ts';
import type { DemoOrganisation } from './world-types.ts';

export interface SeedOptions {
  readonly http: HttpServer;
  readonly origin: string;
  readonly operatorToken: string;
  readonly dataDir: string;
  /** Milliseconds since the epoch. */
  now(): number;
  progress?(step: string): void;
  /** Called before anything is made, and not at all if there is nothing to make. */
  begin?(): void;
}

/** Idempotent at its end: a world that is ready is left alone. @returns false if nothing had to be done */
export async function seedWorld(options: SeedOptions): Promise<boolean> {
  if (readActors(options.dataDir)?.ready) return false;
  options.begin?.();
  const seed = new Seed(options);
  await seed.run();
  return true;
}

/** ¥1,000,000.00 */
const LENDERS_CAPITAL = 100_000_000n;

class Seed {
  private readonly o: SeedOptions;
  private readonly actors: DemoActors;
  private readonly desks: Record<string, Desk> = {};
  /** Entries of the doctors in the regulator's register. */
  private readonly entries = new Map<string, string>();
  private networks = 0;

  constructor(options: SeedOptions) {
    this.o = options;
    this.actors = {
      ready: false,
      regulator: { id: '', secret: newSecret(), issuer: ISSUER },
      organisations: {},
      doctors: {},
      codes: [],
      units: {},
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
    const authorise = (body: object, holder: PublicJwk) => this.authorise(regulator, body, holder);
    const goods = new Goods(desks, actors, authorise, now);
    await new SeedStock({ desks, gln: glnOf, now }).deliver(await goods.make());
    await goods.recall();
    this.o.progress?.('services');
    await this.services(regulator);
    await this.verifiers(regulator);
    this.o.progress?.('capital');
    for (const o of ORGANISATIONS.filter(({ kind }) => kind === 'lender'))
      await payInCapital(this.desks[o.key]!, LENDERS_CAPITAL);
    await this.suspend(regulator);
    this.o.progress?.('assessors');
    await this.panel(regulator);
    this.actors.ready = true;
    writeActors(this.o.dataDir, this.actors);
  }

  /** Every organisation calls from a network of its own, in the range that RFC 3849 keeps for examples. */
  private api(): Api {
    const address = `2001:db8:${(++this.networks).toString(16)}::1`;
    return new Api({
      baseUrl: this.o.origin,
      seat: 'desk',
      lang: () => 'en',
      newKey: () => newId(Date.now(), random.bytes(10)),
      fetch: cookieFetch(this.o.origin, insideFetch(this.o.http, address)),
    });
  }

  private async join(o: DemoOrganisation, secret: Hex): Promise<Desk> {
    const { key: _, departments: __, ...body } = o;
    const operator = this.api();
    const { invitation } = await operator.call(identityApi.createOrganisation, {
      body: {
        ...body,
        region: 'CN',
        licensedForToxin: !['regulator', 'lender', 'assessor'].includes(o.kind) && o.key !== 'qinghe',
      },
      bearer: this.o.operatorToken,
    });
    const passkey = softwarePasskey(secretBytes(secret), this.o.origin);
    return joinDesk(this.api(), passkey, deviceKey(secret), invitation, o.name.en);
  }

  private async licences(regulator: Desk): Promise<void> {
    const now = this.o.now();
    const { key } = await regulator.api.call(registerApi.openIssuer, { body: { id: ISSUER } });
    const { contracts } = await regulator.api.call(houseApi.readConfig);
    const id = (text: string) => toHex0x(keccak256(utf8(text)));
    const from = BigInt(toSeconds(now - 365 * DAY));
    const call = (functionName: 'setIssuer' | 'setType' | 'setKey', args: readonly unknown[]) => ({
      to: contracts.IssuerRegistry!,
      data: encodeFunctionData({ abi: IssuerRegistryAbi, functionName, args: args as never }),
    });
    const types = REGULATOR_TYPES.map(({ vct, scope }) =>
      call('setType', [id(ISSUER), id(typeSubject(vct, scope)), from, 0n]),
    );
    await operate(regulator, [
      call('setIssuer', [id(ISSUER), toHex0x(sha256(utf8(REGULATOR.name.en)))]),
      ...types,
      call('setKey', [id(ISSUER), toHex0x(thumbprint(key)), from, 0n]),
    ]);
    for (const o of ORGANISATIONS.filter(({ kind }) => kind === 'clinic'))
      await this.enter(regulator, 'facilityLicence', facilityClaims(this.desks[o.key]!.organisationId, o));
    for (const d of DOCTORS) {
      const clinic = this.desks[d.clinic]!;
      const doctor = { id: newId(now, random.bytes(10)) };
      this.actors.doctors[d.key] = doctor;
      await clinic.api.call(identityApi.addPractitioner, {
        body: { id: doctor.id, name: d.name, title: d.title },
      });
      const claims = physicianClaims(doctor.id, clinic.organisationId, d);
      this.entries.set(d.key, await this.enter(regulator, 'physicianLicence', claims));
    }
    for (const o of ORGANISATIONS.filter(({ kind }) => kind === 'clinic'))
      await this.desks[o.key]!.api.call(registerApi.collectCertificates);
  }

  private async panel(regulator: Desk): Promise<void> {
    const assessors = [];
    for (const world of ASSESSORS) {
      const secret = newSecret();
      const desk = await this.join(world, secret);
      this.actors.organisations[world.key] = { id: desk.organisationId, secret };
      assessors.push({ world, desk });
    }
    await seedPanel({ regulator, assessors, now: this.o.now });
    await seedChecks({ regulator, now: this.o.now });
  }

  private async enter(regulator: Desk, kind: CredentialName, claims: object): Promise<string> {
    const { id } = await regulator.api.call(registerApi.enter, { body: { kind, claims: claims as never } });
    return id;
  }

  /** A product's authorisation, issued to the maker's key. */
  private async authorise(regulator: Desk, body: object, holder: PublicJwk): Promise<string> {
    const id = await this.enter(regulator, 'productAuthorisation', body);
    const { token } = await regulator.api.call(registerApi.makeCertificate, {
      params: { id },
      body: { holder },
    });
    return token;
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
          ...(s.code ? { code: s.code } : {}),
          procedure: { ...s.procedure, zones: [...s.procedure.zones] },
          summary: s.summary,
          minutes: s.minutes,
          currency: 'CNY',
          items: s.items.map((i) => ({ ...i })),
          excluded: [...s.excluded],
          ...(s.plan ? { plan: s.plan } : {}),
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

  /** Who may ask for what: makers for their trainings, clinics whether somebody is of age. */
  private async verifiers(regulator: Desk): Promise<void> {
    for (const o of ORGANISATIONS) {
      const purposes = PURPOSES[o.kind];
      if (!purposes) continue;
      const params = { id: this.desks[o.key]!.organisationId };
      await regulator.api.call(registerApi.registerVerifier, { params, body: { purposes: [...purposes] } });
    }
  }

  private async suspend(regulator: Desk): Promise<void> {
    for (const { key } of DOCTORS.filter(({ suspended }) => suspended))
      await regulator.api.call(registerApi.changeEntry, {
        params: { id: this.entries.get(key)! },
        body: { state: 'suspended', reason: { zh: '正在调查投诉', en: 'A complaint is being looked into' } },
      });
  }
}

function deviceKey(secret: Hex): Desk['device'] {
  const key = derive(secretBytes(secret), 'zhenmei/demo/device-key');
  return {
    point: p256.getPublicKey(key, false),
    sign: async (message) => p256.sign(message, key, { prehash: true }),
  };
}
