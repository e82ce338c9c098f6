/** What must not be possible, tried through the public API with real signatures. */

import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { presenceCode } from '@zhenmei/care/core/presence.ts';
import { signAsPatient, type VisitStep } from '@zhenmei/care/core/steps.ts';
import {
  apiAt,
  freshUnit,
  openClinic,
  openPatient,
  type Patient,
  type Place,
  random,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { claim, openUnit, proposeCheckIn, withdraw } from '@zhenmei/client/clinic.ts';
import { cancelBooking, confirm, relayEscrow } from '@zhenmei/client/patient.ts';
import type { Hex } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { agreementKey, readSecret } from '@zhenmei/vault/core/derive.ts';
import { keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, heard, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let clinic: Clinic;
let ann: Patient;
let bo: Patient;

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
  [ann, bo, clinic] = await Promise.all([openPatient(place), openPatient(place), openClinic(place)]);
});
afterAll(async () => {
  await house?.close();
});

/** Sends a step as the patient's device would, signed with whatever key. */
function sendAs(
  who: Patient,
  index: number,
  visitId: string,
  step: VisitStep,
  key = agreementKey(who.root, index),
) {
  return who.io.api.call(careApi.takeStep, {
    params: { id: visitId },
    bearer: readSecret(who.root, index).token,
    body: { step, signature: signAsPatient(step, key.privateKey), by: 'patient' } as never,
  });
}

const cancelStep = (view: VisitView, change: Partial<VisitStep> = {}): VisitStep => ({
  visit: view.id,
  type: 'cancel',
  sequence: view.sequence + 1,
  previous: view.lastHash,
  at: new Date(Date.now() + (place.ahead ?? 0)).toISOString(),
  data: { reason: 'changed-mind' },
  ...change,
});

let index = 0;
async function booked(who: Patient): Promise<VisitPlay> {
  const play = new VisitPlay(place, who, clinic);
  await play.book(await play.choose(), ++index);
  return play;
}

describe('racing', () => {
  it('lets one of two patients have a time', async () => {
    const [a, b] = [new VisitPlay(place, ann, clinic), new VisitPlay(place, bo, clinic)];
    const choice = await a.choose();
    const codes = await Promise.all([codeOf(() => a.book(choice, 900)), codeOf(() => b.book(choice, 900))]);
    expect(codes.sort()).toEqual(['SLOT_TAKEN', 'done']);
    const other = await a.choose();
    expect(other.slot.id).not.toBe(choice.slot.id);
  });

  it('lets one of two visits have a unit, and the other goes on with the next', async () => {
    const plays = [await booked(ann), await booked(bo)];
    for (const play of plays) {
      await play.offer();
      await play.agree();
      await play.hold();
    }
    const latest = Math.max(...plays.map((play) => Date.parse(play.choice.slot.startsAt)));
    await plays[0]!.passTime(latest - 60_000);
    for (const play of plays) {
      await play.ready();
      await play.checkIn();
    }
    const unit = await freshUnit(clinic.desk.api, plays[0]!.choice.service.gtin);
    const codes = await Promise.all(
      plays.map((play) =>
        codeOf(async () => {
          await play.agreeOnUnit(unit);
          await openUnit(clinic, await play.atDesk());
        }),
      ),
    );
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    // the room's rule, the stock's where the other had opened it already, or the ledger's in the same moment
    expect(['UNIT_RESERVED', 'UNIT_ALREADY_USED', 'CHAIN_REVERTED']).toContain(
      codes.find((code) => code !== 'done'),
    );
    const [winner, loser] = codes[0] === 'done' ? plays : [plays[1]!, plays[0]!];
    await winner!.reached('unsealed');
    expect((await loser!.atDesk()).state).toBe('checked-in');
    await loser!.unseal();
    await Promise.all([winner!, loser!].map((play) => play.treat()));

    // the clinic wants its money before, twice, and for somebody else's attendance
    await winner!.claim();
    expect(await codeOf(async () => claim(clinic, await winner!.atDesk()))).toBe('CHAIN_REVERTED');
    const borrowed = { ...(await loser!.atDesk()), treatment: (await winner!.atDesk()).treatment };
    expect(await codeOf(() => claim(clinic, borrowed as VisitView))).toBe('CHAIN_REVERTED');
    await winner!.release();
    await winner!.withdraw();
    expect(await codeOf(() => withdraw(clinic))).toBe('CHAIN_REVERTED');
  });

  it('does once what is asked twice at once', async () => {
    const play = new VisitPlay(place, ann, clinic);
    const choice = await play.choose();
    const secret = readSecret(ann.root, ++index);
    const key = Buffer.from(random(16)).toString('hex');
    const view = await new VisitPlay(place, ann, clinic).choose();
    expect(view.slot.id).toBe(choice.slot.id);
    const patient = agreementKey(ann.root, index);
    const sent = { id: ann.io.newId(), serviceId: choice.service.id, slotId: choice.slot.id };
    const ask = () => bookWith(sent, patient.address, secret, key);
    const codes = await Promise.all([codeOf(ask), codeOf(ask)]);
    expect(codes).toContain('done');
    expect(codes.every((code) => ['done', 'IDEMPOTENCY_IN_PROGRESS'].includes(code))).toBe(true);
    expect(await codeOf(ask)).toBe('done');
    const other = () => bookWith({ ...sent, slotId: sent.id }, patient.address, secret, key);
    expect(await codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

async function bookWith(
  what: { id: string; serviceId: string; slotId: string },
  address: `0x${string}`,
  secret: { token: string; hash: `0x${string}` },
  key: string,
) {
  const { agreementSealKeys, payoutReference, reviewCommitment } = await import(
    '@zhenmei/vault/core/derive.ts'
  );
  return ann.io.api.call(careApi.bookVisit, {
    key,
    bearer: secret.token,
    body: {
      ...what,
      adult: true,
      gate: 'clear',
      patientAddress: address,
      patientSealKey: agreementSealKeys(ann.root, index).publicKey,
      reviewCommitment: reviewCommitment(ann.root, index),
      payout: payoutReference(ann.root, index),
      readTokenHash: secret.hash,
    },
  });
}

describe('signatures', () => {
  it('belong to one visit, one place in its order, and one key', async () => {
    const mine = await booked(ann);
    const theirs = await booked(bo);
    const [mineAt, theirsAt] = [index - 1, index];
    const view = await mine.atPhone();
    const other = await theirs.atPhone();
    const tries: [string, () => Promise<unknown>, string][] = [
      [
        'with a stranger’s key',
        () => sendAs(ann, mineAt, view.id, cancelStep(view), agreementKey(bo.root, theirsAt)),
        'STEP_SIGNATURE_WRONG',
      ],
      [
        'with the same patient’s key of another visit',
        () => sendAs(ann, mineAt, view.id, cancelStep(view), agreementKey(ann.root, 1_000)),
        'STEP_SIGNATURE_WRONG',
      ],
      ['of another visit', () => sendAs(ann, mineAt, view.id, cancelStep(other)), 'VISIT_UNKNOWN'],
      [
        'too early in the order',
        () => sendAs(ann, mineAt, view.id, cancelStep(view, { sequence: view.sequence + 2 })),
        'STEP_OUT_OF_ORDER',
      ],
      [
        'after another past',
        () => sendAs(ann, mineAt, view.id, cancelStep(view, { previous: `0x${'11'.repeat(32)}` })),
        'STEP_OUT_OF_ORDER',
      ],
      [
        'for a step of the clinic',
        () => sendAs(ann, mineAt, view.id, cancelStep(view, { type: 'offer' })),
        'STEP_NOT_YOURS',
      ],
      [
        'for a step that only the ledger takes',
        () => sendAs(ann, mineAt, view.id, cancelStep(view, { type: 'release' })),
        'STEP_NOT_ALLOWED',
      ],
      [
        'for content that is not of this step',
        () => sendAs(ann, mineAt, view.id, cancelStep(view, { data: { reason: 7 } })),
        'STEP_DATA_WRONG',
      ],
      [
        'with a bit changed afterwards',
        () => {
          const step = cancelStep(view);
          const signature = signAsPatient(step, agreementKey(ann.root, mineAt).privateKey);
          return ann.io.api.call(careApi.takeStep, {
            params: { id: view.id },
            bearer: readSecret(ann.root, mineAt).token,
            body: { step: { ...step, data: { reason: 'other' } }, signature, by: 'patient' } as never,
          });
        },
        'STEP_SIGNATURE_WRONG',
      ],
      [
        'by somebody who may not see the visit',
        () => sendAs(bo, theirsAt, view.id, cancelStep(view), agreementKey(ann.root, mineAt)),
        'VISIT_UNKNOWN',
      ],
    ];
    for (const [what, work, code] of tries) expect(await codeOf(work), what).toBe(code);
    expect((await mine.atPhone()).state).toBe('quoted');

    const step = cancelStep(view);
    expect(await codeOf(() => sendAs(ann, mineAt, view.id, step))).toBe('done');
    expect(await codeOf(() => sendAs(ann, mineAt, view.id, step)), 'sent again').toBe('STEP_NOT_ALLOWED');
    expect(await codeOf(() => cancelBooking(bo.io, theirs.visit, other))).toBe('done');
  });

  it('of the ledger’s steps serve once, for their sender, for what they say', async () => {
    const play = await booked(ann);
    await play.offer();
    await play.agree();
    await play.pay();
    const view = await play.atPhone();
    const config = await ann.io.api.call(houseApi.readConfig);
    let sent: { request: never; signature: `0x${string}` } | null = null;
    let late: (() => Promise<never>) | null = null;
    const api = heard(ann.io.api, (route, { body }) => {
      if (route !== moneyApi.relay) return undefined;
      sent = body as never;
      return late?.();
    });
    const open = () => relayEscrow({ ...ann.io, api }, play.visit, 'open', view);
    // it was brought, and lay so long that it came too late
    late = async () => {
      const { from, nonce, data } = sent!.request as Record<'from' | 'nonce' | 'data', Hex>;
      late = null;
      const key = `forward/${from}/${nonce}/${keccak256(data)}`;
      return house.house.deps.protocol.relayer.send({ key, to: config.contracts.CareEscrow!, data }) as never;
    };
    expect(await codeOf(open)).toBe('CHAIN_REVERTED');
    await open();
    await play.reached('held');
    const { request, signature } = sent! as { request: Record<string, string>; signature: `0x${string}` };
    const relay = (change: Record<string, string>, by = signature) =>
      codeOf(() =>
        ann.io.api.call(moneyApi.relay, {
          body: { request: { ...request, ...change } as never, signature: by },
        }),
      );
    expect(await relay({}), 'sent again: found again, not done again').toBe('done');
    expect((await play.atPhone()).money?.held).toBe(view.total);
    expect(await relay({ gas: '1000000' }), 'changed').toBe('RELAY_REFUSED');
    expect(await relay({ to: config.contracts.SettlementUnit! }), 'elsewhere').toBe('RELAY_REFUSED');
    expect(await relay({ gas: '3000000' }), 'too dear').toBe('RELAY_REFUSED');
    expect(await relay({ from: agreementKey(bo.root, 5).address }), 'as somebody else').toBe('RELAY_REFUSED');
    expect(await relay({}, `0x${'00'.repeat(65)}`), 'unsigned').toBe('RELAY_REFUSED');
    // nothing was done yet that could be accepted
    expect(await codeOf(async () => relayEscrow(ann.io, play.visit, 'accept', await play.atPhone()))).toBe(
      'CHAIN_REVERTED',
    );
    // the clinic claims although nobody attended
    const forged = {
      ...(await play.atDesk()),
      treatment: { evidence: `0x${'22'.repeat(32)}`, attendance: `0x${'33'.repeat(65)}` },
    };
    expect(await codeOf(() => claim(clinic, forged as never))).toBe('CHAIN_REVERTED');
    const cancel = async (until: number | null) =>
      codeOf(async () => relayEscrow(ann.io, play.visit, 'cancel', await play.atPhone(), until));
    expect(await cancel(Math.floor(ann.io.now() / 1000) - 60), 'brought after its last second').not.toBe(
      'done',
    );
    expect((await play.atPhone()).money?.held).toBe(view.total);
    expect(await cancel(null)).toBe('done');
    await play.reached('cancelled');
    expect((await play.atPhone()).money).toMatchObject({ held: '0', refunded: view.total, paid: '0' });
  });

  it('need the other person in the room', async () => {
    const play = await booked(ann);
    await play.offer();
    await play.agree();
    await play.hold();
    await play.passTime();
    await play.ready();
    const code = presenceCode(random(4));
    const wrong = code === '000000' ? '000001' : '000000';
    await proposeCheckIn(clinic, await play.atDesk(), code);
    const view = await play.atPhone();
    expect(await codeOf(() => confirm(ann.io, play.visit, view, wrong, play.health())), 'wrong digits').toBe(
      'PRESENCE_WRONG',
    );
    expect(await codeOf(() => confirm(ann.io, play.visit, view, '', play.health())), 'no digits').toBe(
      'VALIDATION_FAILED',
    );
    await play.passTime(Date.now() + place.ahead! + 61_000);
    expect(await codeOf(() => confirm(ann.io, play.visit, view, code, play.health())), 'too late').toBe(
      'PRESENCE_EXPIRED',
    );
    const fresh = presenceCode(random(4));
    await proposeCheckIn(clinic, await play.atDesk(), fresh);
    expect(
      await codeOf(() => confirm(ann.io, play.visit, view, code, play.health())),
      'the first proposal, after a second one',
    ).not.toBe('done');
    await play.confirm(fresh);
    expect((await play.atPhone()).state).toBe('checked-in');
  });
});

describe('requests', () => {
  const post = (path: string, init: RequestInit & { headers?: Record<string, string> }) =>
    fetch(`${house.url}${path}`, {
      method: 'POST',
      ...init,
      headers: {
        'content-type': 'application/json',
        'zm-seat': 'patient',
        'idempotency-key': Buffer.from(random(16)).toString('hex'),
        ...init.headers,
      },
    });
  const codeIn = async (reply: Response) => ((await reply.json()) as { code: string }).code;

  it.each([
    ['too large', { body: JSON.stringify({ purpose: 'x'.repeat(3_000_000) }) }, 413, 'BODY_TOO_LARGE'],
    ['no JSON', { body: '{"purpose":' }, 400, 'BODY_NOT_JSON'],
    ['nothing', { body: '' }, 400, 'BODY_NOT_JSON'],
    [
      'another form',
      { body: 'purpose=patient', headers: { 'content-type': 'text/plain' } },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    ['another shape', { body: '{"purpose":"crown"}' }, 400, 'VALIDATION_FAILED'],
    ['a prototype', { body: '{"purpose":"patient","__proto__":{"admin":true}}' }, 400, 'BODY_NOT_JSON'],
    [
      'from another site',
      { body: '{"purpose":"patient"}', headers: { origin: 'https://elsewhere.example' } },
      403,
      'ORIGIN_REFUSED',
    ],
    [
      'a key that is none',
      { body: '{"purpose":"patient"}', headers: { 'idempotency-key': 'short' } },
      400,
      'IDEMPOTENCY_KEY_INVALID',
    ],
  ])('%s is refused by name', async (_, init, status, code) => {
    const reply = await post('/api/identity/challenges', init as never);
    expect([reply.status, await codeIn(reply)]).toEqual([status, code]);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
  });

  it('without a session, in the wrong seat, or without the operator’s word are refused', async () => {
    const stranger = apiAt(place, 'patient');
    expect(
      await codeOf(() => stranger.call(houseApi.prepareOperation, { body: { calls: [] } as never })),
    ).toBe('SEAT_WRONG');
    expect(
      await codeOf(() =>
        apiAt(place, 'desk').call(houseApi.prepareOperation, { body: { calls: [] } as never }),
      ),
    ).toBe('NOT_SIGNED_IN');
    expect(
      await codeOf(() => ann.io.api.call(careApi.readVisit, { params: { id: ann.io.newId() }, bearer: 'x' })),
    ).toBe('VISIT_UNKNOWN');
    const reply = await post('/api/organisations', {
      body: '{}',
      headers: { authorization: 'Bearer guess' },
    });
    expect([reply.status, await codeIn(reply)]).toEqual([401, 'NOT_SIGNED_IN']);
  });
});
