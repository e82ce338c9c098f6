/** Plays one whole visit through the public API, both sides, with real signatures; used by `demo` and by tests. */
import { randomBytes } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { presenceCode } from '@zhenmei/care/core/presence.ts';
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
  withdraw,
} from '@zhenmei/client/clinic.ts';
import { joinDesk } from '@zhenmei/client/desk.ts';
import {
  agree,
  bookVisit,
  confirm,
  makeReady,
  type PatientIo,
  readVisit,
  relayEscrow,
} from '@zhenmei/client/patient.ts';
import { buildReceipt } from '@zhenmei/client/receipt.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { newId, toIso } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { allergyGate } from '@zhenmei/vault/core/allergy.ts';
import { createKeyset } from '@zhenmei/vault/core/keyset.ts';

export interface PlayOptions {
  readonly baseUrl: string;
  readonly origin: string;
  /** Called after each step with its name and how long it took. */
  onStep(name: string, ms: number): void;
  /** Seconds for which a call that may succeed later is made again. */
  readonly patience?: number;
}

export interface Played {
  readonly receipt: string;
  readonly trust: string;
  readonly visitId: string;
}

const random = (length: number) => new Uint8Array(randomBytes(length));
const SECONDS = 60;

export async function playVisit({ baseUrl, origin, onStep, patience }: PlayOptions): Promise<Played> {
  const api = (seat: 'patient' | 'desk') =>
    new Api({
      baseUrl,
      seat,
      lang: () => 'en',
      newKey: () => newId(Date.now(), random(10)),
      fetch: cookieFetch(origin),
      ...(patience === undefined ? {} : { patience }),
    });
  const patientApi = api('patient');
  const deskApi = api('desk');
  let offset = 0;
  const now = () => Date.now() + offset;
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    onStep(name, Math.round(performance.now() - from));
    return result;
  };
  const until = async <T>(work: () => Promise<T | null>): Promise<T> => {
    for (let i = 0; i < SECONDS * 5; i++) {
      const found = await work();
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`waited ${SECONDS} s in vain`);
  };
  const io: PatientIo = { api: patientApi, now, newId: () => newId(Date.now(), random(10)) };
  const config = await patientApi.call(houseApi.readConfig);
  offset = Date.parse(config.now) - Date.now();

  const { codes } = await patientApi.call(demoApi.sampleCodes);
  const verdict = await step('scan', () =>
    patientApi.call(provenanceApi.verify, {
      query: { code: codes[0]!.code, region: 'CN', route: 'intradermal-injection' },
    }),
  );
  if (verdict.level !== 'green')
    throw new Error(`the sample is ${verdict.level}: ${verdict.reasons.map((r) => r.code).join(', ')}`);

  const root = await step(
    'account',
    again(async () => {
      const passkey = softwarePasskey(random(32), origin);
      const { challenge, rpId } = await patientApi.call(identityApi.challenge, {
        body: { purpose: 'patient' },
      });
      const { json, prf } = await passkey.register({ challenge, rpId, userName: 'patient' });
      await patientApi.call(identityApi.registerPatient, { body: { registration: json } });
      const made = await createKeyset({ kind: 'passkey', id: passkey.credentialId, secret: prf! }, random);
      await patientApi.call(vaultApi.writeKeyset, { body: made.keyset });
      return made.root;
    }),
  );

  const clinic = await step(
    'clinic tablet',
    again(async (): Promise<Clinic> => {
      const { invitation } = await deskApi.call(demoApi.inviteDesk);
      const key = random(32);
      const device = {
        point: p256.getPublicKey(key, false),
        sign: async (message: Uint8Array) => p256.sign(message, key, { prehash: true }),
      };
      const desk = await joinDesk(deskApi, softwarePasskey(random(32), origin), device, invitation, 'desk');
      const { clinicLicence, doctors } = await deskApi.call(demoApi.equipDesk);
      const me = await deskApi.call(identityApi.me);
      return {
        desk,
        secret: random(32),
        licence: clinicLicence,
        doctorLicences: Object.fromEntries(doctors.map((d) => [d.id, d.licence])),
        gln: me.organisation!.gln,
        now,
        random,
      };
    }),
  );

  const choice = await step('choose', async () => {
    const { clinics } = await patientApi.call(careApi.listClinics);
    const mine = clinics.find((c) => c.id === clinic.desk.organisationId)!;
    const page = await patientApi.call(careApi.readClinic, { params: { id: mine.id } });
    const service = page.services.find((s) => s.bookable)!;
    const slot = page.slots.find((s) => s.free && service.body.doctors.includes(s.doctorId))!;
    return { service, slot };
  });
  const { visit } = await step('book', () =>
    bookVisit(io, root, 0, { serviceId: choice.service.id, slotId: choice.slot.id }),
  );
  const atDesk = () => readVisitAtDesk(clinic, visit.id);
  const atPhone = () => readVisit(io, visit);

  await step('offer', async () => makeOffer(clinic, await atDesk()));
  await step('agree', async () => {
    const view = await atPhone();
    const template = await patientApi.call(careApi.readConsent, { params: view.service.consent });
    return agree(
      io,
      visit,
      view,
      template,
      'zh-CN',
      template.questions.map((q) => q.answer),
    );
  });
  await step('hold', async () => {
    const view = await atPhone();
    const params = { id: view.agreementId! };
    const order = await patientApi.call(moneyApi.orderPayment, { params });
    await patientApi.call(demoApi.payAtBank, {
      body: { reference: order.reference, amount: order.amount, currency: order.currency },
    });
    await until(async () =>
      (await patientApi.call(moneyApi.readPayment, { params })).state === 'minted' ? true : null,
    );
    await relayEscrow(io, visit, 'open', view);
    await until(async () => ((await atPhone()).state === 'held' ? true : null));
  });
  await step('time passes', async () => {
    const to = toIso(Date.parse(choice.slot.startsAt) - 60_000);
    const reply = await patientApi.call(demoApi.advanceTime, { body: { to } });
    offset = Date.parse(reply.now) - Date.now();
  });
  await step('ready', async () => {
    const product = await patientApi.call(provenanceApi.readProduct, {
      params: { gtin: choice.service.body.gtin! },
    });
    const gate = allergyGate({ answered: true, substances: [] }, product.product.ingredients);
    return makeReady(io, visit, await atPhone(), gate.outcome);
  });
  await step('check in', async () => {
    const code = presenceCode(random(4));
    await proposeCheckIn(clinic, await atDesk(), code);
    return confirm(io, visit, await atPhone(), code);
  });
  await step('unseal', async () => {
    const code = presenceCode(random(4));
    const unit = await freshUnit(deskApi, choice.service.body.gtin!);
    await until(async () => ((await atDesk()).consent?.anchored ? true : null));
    await proposeUnseal(
      clinic,
      await atDesk(),
      { unit: unit.unit, lot: unit.lot, use: 0, amount: 1_000, amountUnit: 'uL', singleUse: true },
      code,
    );
    await confirm(io, visit, await atPhone(), code);
    await openUnit(clinic, await atDesk());
    await until(async () => ((await atDesk()).state === 'unsealed' ? true : null));
  });
  await step('treat', async () => {
    const code = presenceCode(random(4));
    const view = await atDesk();
    await proposePerform(clinic, view, recordOf(view, now()), code);
    return confirm(io, visit, await atPhone(), code);
  });
  await step('claim', async () => {
    await claim(clinic, await atDesk());
    await until(async () => ((await atDesk()).state === 'claimed' ? true : null));
  });
  await step('release', async () => {
    await relayEscrow(io, visit, 'accept', await atPhone());
    await until(async () => (['released', 'closed'].includes((await atPhone()).state) ? true : null));
  });
  await step('withdraw', () => withdraw(clinic));
  const text = await step('receipt', async () => {
    const view = await until(async () => {
      const found = await atPhone();
      return found.receiptReady ? found : null;
    });
    return (await buildReceipt(io, visit, view)).text;
  });
  const trust = await patientApi.call(houseApi.readTrust);
  return { receipt: text, trust: JSON.stringify(trust), visitId: visit.id };
}

/** A ceremony whose challenge was used up by a crash starts once more from the beginning, as a person would. */
function again<T>(work: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let tries = 3; ; tries--) {
      try {
        return await work();
      } catch (error) {
        if (tries <= 1 || !(error instanceof ApiError && error.code === 'CHALLENGE_EXPIRED')) throw error;
      }
    }
  };
}

/** A unit from the cupboard that was not opened yet. */
async function freshUnit(api: Api, gtin: string): Promise<{ unit: string; lot: string }> {
  const { stock } = await api.call(demoApi.equipDesk);
  for (const item of stock.filter((s) => s.gtin === gtin)) {
    const verdict = await api.call(provenanceApi.verify, { query: { code: item.unit } });
    if (verdict.level === 'green' && !verdict.trail.some((t) => t.step === 'dispensing')) return item;
  }
  throw new Error('the cupboard is empty');
}

function recordOf(view: VisitView, now: number) {
  const { unit, lot } = view.treatment as unknown as { unit: string; lot: string };
  const zones = view.service.procedure.zones;
  return {
    at: toIso(now),
    procedure: { code: view.service.procedure.code, name: view.service.procedure.name.zh },
    doctor: view.doctor.name.zh,
    zones: zones.map((zone) => ({ zone, amount: Math.floor(1_000 / zones.length) })),
    amountUnit: 'uL',
    product: {
      gtin: view.service.gtin!,
      serial: unit.split('/21/')[1]!,
      lot: lot.split('/10/')[1]!,
      name: view.service.items[0]!.name.zh,
    },
  };
}
