/** Both sides of a visit over the public API, with real signatures: one step a method. For `demo` and for tests. */
import { randomBytes } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { leadSeconds } from '@zhenmei/care/core/plan.ts';
import { presenceCode } from '@zhenmei/care/core/presence.ts';
import { serviceCode } from '@zhenmei/care/core/service.ts';
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import { spread } from '@zhenmei/care/core/zone-amounts.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { Api, ApiError, cookieFetch } from '@zhenmei/client/api.ts';
import {
  type Clinic,
  claim,
  makeOffer,
  openUnit,
  proposeCheckIn,
  proposePerform,
  proposeUnseal,
  readVisitAtDesk,
  type UnitChoice,
  withdraw,
} from '@zhenmei/client/clinic.ts';
import { leaveAgreement, pickTime, proposeFollowUp } from '@zhenmei/client/course.ts';
import { type DeviceKey, joinDesk } from '@zhenmei/client/desk.ts';
import {
  agree,
  bookVisit,
  confirm,
  makeReady,
  type PatientIo,
  type PatientVisit,
  readVisit,
  relayEscrow,
} from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { buildReceipt } from '@zhenmei/client/receipt.ts';
import { openedIn, recordOf } from '@zhenmei/client/records/written-record.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { DAY, newId, toIso } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { CONDITION_CODES } from '@zhenmei/vault/core/health/conditions.ts';
import { answered, NO_FACTS } from '@zhenmei/vault/core/health/facts.ts';
import type { KnownHealth } from '@zhenmei/vault/core/health/gate.ts';
import { createKeyset } from '@zhenmei/vault/core/keyset.ts';
import { signKeyset } from '@zhenmei/vault/core/owner.ts';

export interface Place {
  readonly baseUrl: string;
  readonly origin: string;
  /** Seconds for which a call that may succeed later is made again. */
  readonly patience?: number;
  /** How requests travel: for tests that listen or disturb. */
  readonly fetch?: typeof fetch;
  /** Milliseconds that the house is ahead of this machine; kept up to date by the plays. */
  ahead?: number;
}

export interface Patient {
  readonly io: PatientIo;
  readonly root: Uint8Array<ArrayBuffer>;
}

export const random = (length: number) => new Uint8Array(randomBytes(length));
const SECONDS = 60;
const clockOf = (place: Place) => () => Date.now() + (place.ahead ?? 0);

export function apiAt({ baseUrl, origin, patience, fetch }: Place, seat: 'patient' | 'desk'): Api {
  return new Api({
    baseUrl,
    seat,
    lang: () => 'en',
    newKey: () => newId(Date.now(), random(10)),
    fetch: cookieFetch(origin, fetch),
    ...(patience === undefined ? {} : { patience }),
  });
}

/** Looks until something is there. Throws after a minute. */
export async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < SECONDS * 5; i++) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`waited ${SECONDS} s in vain`);
}

/** An account with a passkey and its keyset. */
export async function openPatient(place: Place): Promise<Patient> {
  const api = apiAt(place, 'patient');
  const { now } = await api.call(houseApi.readConfig);
  place.ahead = Date.parse(now) - Date.now();
  const root = await ceremony(async () => {
    const passkey = softwarePasskey(random(32), place.origin);
    const { challenge, rpId } = await api.call(identityApi.challenge, { body: { purpose: 'patient' } });
    const { json, prf } = await passkey.register({ challenge, rpId, userName: 'patient' });
    await api.call(identityApi.registerPatient, { body: { registration: json } });
    const made = await createKeyset({ kind: 'passkey', id: passkey.credentialId, secret: prf! }, random);
    await api.call(vaultApi.writeKeyset, { body: signKeyset(made.keyset, made.root) });
    return made.root;
  });
  return { io: { api, now: clockOf(place), newId: () => newId(Date.now(), random(10)) }, root };
}

/** A tablet's own key. */
export function deviceOf(secret: Uint8Array): DeviceKey {
  return {
    point: p256.getPublicKey(secret, false),
    sign: async (message) => p256.sign(message, secret, { prehash: true }),
  };
}

/** A tablet of the demo's clinic, with its licences. */
export async function openClinic(place: Place): Promise<Clinic> {
  const api = apiAt(place, 'desk');
  return ceremony(async () => {
    const { invitation } = await api.call(demoApi.inviteDesk);
    const passkey = softwarePasskey(random(32), place.origin);
    const desk = await joinDesk(api, passkey, deviceOf(random(32)), invitation, 'desk');
    const { clinicLicence, doctors } = await api.call(demoApi.equipDesk);
    const me = await api.call(identityApi.me);
    return {
      desk,
      secret: random(32),
      licence: clinicLicence!,
      doctorLicences: Object.fromEntries(doctors.map((d) => [d.id, d.licence])),
      gln: me.organisation!.gln,
      now: clockOf(place),
      random,
    };
  });
}

/**
 * An answer that opens a session is not kept. Where a crash took it away, its challenge is used up, and whoever joins
 * begins anew, as a person would.
 */
async function ceremony<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 3; ; tries--) {
    try {
      return await work();
    } catch (error) {
      if (tries <= 1 || !(error instanceof ApiError && error.code === 'CHALLENGE_EXPIRED')) throw error;
    }
  }
}

export interface Choice {
  readonly service: { readonly id: string; readonly gtin: string };
  readonly slot: { readonly id: string; readonly startsAt: string };
}

/** One visit, step by step. Each method throws what the other side or the server answers. */
export class VisitPlay {
  readonly place: Place;
  readonly patient: Patient;
  readonly clinic: Clinic;
  /** What the patient's vault holds: by default she was asked everything, and has nothing. */
  known: KnownHealth | null = null;
  private booked: { visit: PatientVisit; choice: Choice } | null = null;

  constructor(place: Place, patient: Patient, clinic: Clinic) {
    this.place = place;
    this.patient = patient;
    this.clinic = clinic;
  }

  get visit(): PatientVisit {
    if (!this.booked) throw new Error('nothing is booked');
    return this.booked.visit;
  }
  get choice(): Choice {
    if (!this.booked) throw new Error('nothing is booked');
    return this.booked.choice;
  }

  /** As the gate on the patient's device is given it. */
  health(): KnownHealth {
    const today = toIso(this.patient.io.now()).slice(0, 10);
    return (
      this.known ?? {
        allergies: { answered: true, facts: [] },
        facts: answered(NO_FACTS, [...CONDITION_CODES], [], [], today),
      }
    );
  }

  readonly atDesk = (): Promise<VisitView> => readVisitAtDesk(this.clinic, this.visit.id);
  readonly atPhone = (): Promise<VisitView> => readVisit(this.patient.io, this.visit);

  /** @param code of the procedure; any that can be booked by default */
  async choose(code?: string): Promise<Choice> {
    const { api } = this.patient.io;
    const { clinics } = await api.call(careApi.listClinics);
    const mine = clinics.find((c) => c.id === this.clinic.desk.organisationId)!;
    const page = await api.call(careApi.readClinic, { params: { id: mine.id } });
    const service = page.services.find(
      (s) => s.bookable && (code === undefined || serviceCode(s.body) === code),
    )!;
    const { coolingOffSeconds } = await api.call(houseApi.readConfig);
    const wait = (coolingOffSeconds + leadSeconds(service.body.plan)) * 1000 + DAY;
    const slot = page.slots.find(
      ({ free, doctorId, startsAt }) =>
        free &&
        service.body.doctors.includes(doctorId) &&
        Date.parse(startsAt) > this.patient.io.now() + wait,
    )!;
    return { service: { id: service.id, gtin: service.body.gtin! }, slot };
  }

  /** @param index number of the patient's visit: every visit has its own keys */
  async book(choice: Choice, index = 0): Promise<void> {
    const { visit } = await bookVisit(this.patient.io, this.patient.root, index, {
      serviceId: choice.service.id,
      slotId: choice.slot.id,
      gate: 'unknown',
    });
    this.booked = { visit, choice };
  }

  /** Goes on with a visit that was booked before. */
  resume(visit: PatientVisit, choice: Choice): void {
    this.booked = { visit, choice };
  }

  async offer(): Promise<void> {
    await makeOffer(this.clinic, await this.atDesk());
  }

  async agree(): Promise<void> {
    const view = await this.atPhone();
    const template = await this.patient.io.api.call(careApi.readConsent, { params: view.service.consent });
    const answers = template.questions.map((q) => q.answer);
    await agree(this.patient.io, this.visit, view, template, 'zh-CN', answers);
  }

  async pay(): Promise<void> {
    const { api } = this.patient.io;
    const asked = { params: { id: (await this.atPhone()).agreementId! }, bearer: bearerOf(this.visit) };
    const order = await api.call(moneyApi.orderPayment, asked);
    await api.call(demoApi.payAtBank, {
      body: { reference: order.reference, amount: order.amount, currency: order.currency },
    });
    await until(async () => ((await api.call(moneyApi.readPayment, asked)).state === 'minted' ? true : null));
  }

  async hold(): Promise<void> {
    await this.pay();
    await relayEscrow(this.patient.io, this.visit, 'open', await this.atPhone());
    await this.reached('held');
  }

  async passTime(to = Date.parse(this.choice.slot.startsAt) - 60_000): Promise<void> {
    const reply = await this.patient.io.api.call(demoApi.advanceTime, { body: { to: toIso(to) } });
    this.place.ahead = Date.parse(reply.now) - Date.now();
  }

  async ready(): Promise<void> {
    await makeReady(this.patient.io, this.visit, await this.atPhone(), this.health());
  }

  async checkIn(): Promise<void> {
    const code = presenceCode(random(4));
    await proposeCheckIn(this.clinic, await this.atDesk(), code);
    await this.confirm(code);
  }

  /** Confirms on the phone what the tablet proposed. */
  async confirm(code: string): Promise<void> {
    await confirm(this.patient.io, this.visit, await this.atPhone(), code, this.health());
  }

  /** Proposes to open a unit and has it confirmed; nothing is on chain yet. */
  async agreeOnUnit(unit?: StockUnitView, amount?: number): Promise<void> {
    const code = presenceCode(random(4));
    const chosen = unit ?? (await freshUnit(this.clinic.desk.api, this.choice.service.gtin));
    await until(async () => ((await this.atDesk()).consent?.anchored ? true : null));
    await proposeUnseal(this.clinic, await this.atDesk(), useOf(chosen, amount), code);
    await this.confirm(code);
  }

  /** @param unit from the clinic's stock; one that may be used by default @param amount all of it by default */
  async unseal(unit?: StockUnitView, amount?: number): Promise<void> {
    await this.agreeOnUnit(unit, amount);
    await openUnit(this.clinic, await this.atDesk());
    await this.reached('unsealed');
  }

  async treat(device?: { device: string; shots: number }, note?: string): Promise<void> {
    const code = presenceCode(random(4));
    const view = await this.atDesk();
    const zones = spread(view.service.procedure.zones, openedIn(view).amount);
    const record = recordOf(view, { note: note ?? '', zones }, ({ zh }) => zh, this.clinic.now());
    await proposePerform(this.clinic, view, record, code, device);
    await this.confirm(code);
  }

  async claim(): Promise<void> {
    await claim(this.clinic, await this.atDesk());
    await this.reached('claimed');
  }

  async release(): Promise<void> {
    await relayEscrow(this.patient.io, this.visit, 'accept', await this.atPhone());
    await this.reached('released', 'closed');
  }

  /** The next session of a course, at the clinic's first free time. @returns when it begins */
  async pickTime(): Promise<string> {
    const { api } = this.patient.io;
    const view = await this.atPhone();
    const page = await api.call(careApi.readClinic, { params: { id: view.clinic.id } });
    const slot = page.slots.find((s) => s.free && s.doctorId === view.doctor.id)!;
    await pickTime(this.patient.io, this.visit, view, slot);
    return slot.startsAt;
  }

  /** One session from its preparation to the claim. The time has come. */
  async session(): Promise<void> {
    await this.ready();
    await this.checkIn();
    await this.unseal();
    await this.treat();
    await this.claim();
  }

  async followUp(): Promise<void> {
    const code = presenceCode(random(4));
    await proposeFollowUp(this.clinic, await this.atDesk(), code);
    await this.confirm(code);
  }

  /** The clinic gives up: what is held returns. */
  async giveUp(): Promise<void> {
    await leaveAgreement(this.clinic, await this.atDesk());
  }

  /** Accepts a part that is not the last. */
  async releasePart(): Promise<void> {
    await relayEscrow(this.patient.io, this.visit, 'accept', await this.atPhone());
    await this.reached('held');
  }

  async withdraw(): Promise<void> {
    await withdraw(this.clinic);
  }

  /** The receipt's text and the trust file's. */
  async receipt(): Promise<{ text: string; trust: string }> {
    const view = await until(async () => {
      const found = await this.atPhone();
      return found.receiptReady ? found : null;
    });
    const { text } = await buildReceipt(this.patient.io, this.visit, view);
    return { text, trust: JSON.stringify(await this.patient.io.api.call(houseApi.readTrust)) };
  }

  async reached(...states: string[]): Promise<void> {
    await until(async () => (states.includes((await this.atDesk()).state) ? true : null));
  }
}

/** A unit of the clinic's stock that nobody has opened yet. */
export async function freshUnit(api: Api, gtin: string): Promise<StockUnitView> {
  const { units } = await api.call(stockApi.stock, { query: { gtin, state: 'in-stock', limit: 500 } });
  const fresh = units.find(({ usable }) => usable);
  if (!fresh) throw new Error('the cupboard is empty');
  return fresh;
}

/** This much of a unit, all that is left by default. */
export function useOf(unit: StockUnitView, amount = unit.remaining): UnitChoice {
  const { lot, uses, amountUnit, remaining } = unit;
  return { unit: unit.unit, lot: lot ?? '', use: uses, amount, amountUnit, remaining };
}
