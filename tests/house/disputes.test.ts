/** Disputes through the public API, with real signatures: settled by a split, ruled each way, and appealed. */
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import {
  apiAt,
  deviceOf,
  openClinic,
  openPatient,
  type Place,
  random,
  until,
  VisitPlay,
} from '@zhenmei/cli/visit-play.ts';
import type { Api } from '@zhenmei/client/api.ts';
import { openCase } from '@zhenmei/client/assessor.ts';
import { joinDesk } from '@zhenmei/client/desk.ts';
import {
  appeal,
  callPanel,
  clinicSeat,
  type Dispute,
  type DisputeSeat,
  endStage,
  joinDraw,
  keepUp,
  offerSplit,
  patientSeat,
  readDispute,
} from '@zhenmei/client/dispute.ts';
import { relayEscrow } from '@zhenmei/client/patient.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { AssessorPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { DAY } from '@zhenmei/kernel';
import { drawSeed, type Finding, seat } from '@zhenmei/money/core/panel-math.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seatedAssessors, vote } from './assessor-play.ts';
import { differencesIn } from './reconciled.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
let play: VisitPlay;
let patient: DisputeSeat;
let clinic: DisputeSeat;
let index = 0;

beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
});
afterAll(() => house?.close());

/** A visit that was paid in and, once the cooling-off is over, disputed by the patient. */
async function disputed(): Promise<void> {
  await play.book(await play.choose(), index++);
  await play.offer();
  await play.agree();
  await play.hold();
  await play.passTime();
  await relayEscrow(play.patient.io, play.visit, 'dispute', await play.atPhone());
  const view = await play.atPhone();
  patient = patientSeat(play.patient.io, play.visit, view, random);
  clinic = clinicSeat(play.clinic, await play.atDesk());
}

/** The authority's desk, which mediates in the demo world. */
async function openMediator(): Promise<Api> {
  const api = apiAt(place, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: 'regulator' } });
  await joinDesk(api, softwarePasskey(random(32), house.url), deviceOf(random(32)), invitation, 'desk');
  return api;
}

const passed = (ms: number) => play.passTime(play.patient.io.now() + ms);
const when = (look: (d: Dispute) => boolean) =>
  until(async () => {
    const dispute = await readDispute(patient);
    return look(dispute) ? dispute : null;
  });

async function drawn(round: number): Promise<Dispute> {
  const opening = await when((d) => d.panel?.phase === 'opening' && d.panel.round === round);
  await keepUp(patient, opening, '');
  await keepUp(clinic, await readDispute(clinic), '');
  return when((d) => d.panel?.phase === 'voting' && d.panel.round === round);
}

async function voted(round: number, findings: (i: number) => Finding) {
  const dispute = await drawn(round);
  const panel = dispute.panel!;
  const assessors = await seatedAssessors(house, panel.id, round);
  await keepUp(patient, await readDispute(patient), '一边高一边低');
  const read = await openCase(assessors[0]!, panel.id);
  expect(read.papers).toEqual([{ by: 'patient', statement: '一边高一边低' }]);
  expect(read.facts.history.map(({ type }) => type)).toContain('agree');
  expect(JSON.stringify(read.facts)).not.toContain('梅园');
  await vote(assessors, panel.id, round, findings);
  return { assessors, panel };
}

describe('a dispute', () => {
  it('ends where both sign the same split, and nowhere else', async () => {
    await disputed();
    const first = await readDispute(patient);
    expect(first).toMatchObject({ stage: 'talk', you: 'patient', cost: '19900', splits: [] });
    await offerSplit(patient, first, BigInt(first.held));
    await offerSplit(clinic, first, 1n);
    expect((await readDispute(patient)).stage).toBe('talk');
    await expect(offerSplit(clinic, first, BigInt(first.held) + 1n)).rejects.toThrow('DISPUTE_SPLIT_WRONG');
    await expect(
      clinic.api.call(disputeApi.signSplit, {
        params: { id: clinic.agreement },
        body: { refund: '5', signature: `0x${'11'.repeat(65)}` },
      }),
    ).rejects.toThrow('DISPUTE_SPLIT_WRONG');
    await endStage(clinic, 'talk');
    const mediator = await openMediator();
    const params = { id: patient.agreement };
    await expect(clinic.api.call(disputeApi.propose, { params, body: { refund: '1' } })).rejects.toThrow(
      'DISPUTE_ROLE_WRONG',
    );
    const { disputes } = await mediator.call(disputeApi.mediations);
    expect(disputes.map(({ agreementId }) => agreementId)).toContain(patient.agreement);
    // amounts are said in the money of the price, whatever the clinic's region counts in
    const priced = (currency: string) =>
      house.house.deps.engines.database.pool.query(
        `update care.visit set quote = jsonb_set(quote::jsonb, '{currency}', to_jsonb($1::text)) where agreement_id = $2`,
        [currency, patient.agreement],
      );
    await priced('SGD');
    const abroad = (await mediator.call(disputeApi.mediations)).disputes;
    expect(abroad.find(({ agreementId }) => agreementId === patient.agreement)?.currency).toBe('SGD');
    await priced('CNY');
    expect((await readDispute(patient)).currency).toBe('CNY');
    await mediator.call(disputeApi.propose, { params, body: { refund: first.held } });
    expect((await readDispute(clinic)).splits.find(({ by }) => by === 'mediator')).toMatchObject({
      refund: first.held,
      signed: false,
    });
    await expect(
      patient.api.call(disputeApi.leavePapers, {
        params,
        bearer: patient.bearer!,
        body: { assessor: play.clinic.desk.account, sealedFor: 'k', sealed: 'x' },
      }),
    ).rejects.toThrow('DISPUTE_STAGE_WRONG');
    await offerSplit(clinic, first, BigInt(first.held));
    expect(await when((d) => d.stage === 'settled')).toMatchObject({ held: '0', stage: 'settled' });
    await expect(offerSplit(clinic, first, 1n)).rejects.toThrow('DISPUTE_STAGE_WRONG');
  });

  it('is ruled by five for the patient, and everybody else is kept out', async () => {
    await disputed();
    expect((await endStage(clinic, 'talk')).stage).toBe('mediation');
    await expect(endStage(patient, 'talk')).rejects.toThrow('DISPUTE_STAGE_WRONG');
    expect((await endStage(patient, 'mediation')).mayCallPanel).toBe(true);
    await callPanel(patient);
    await joinDraw(clinic, await readDispute(clinic));
    await expect(
      patient.api.call(disputeApi.openSecret, {
        params: { id: patient.agreement },
        bearer: patient.bearer!,
        body: { secret: `0x${'22'.repeat(32)}` },
      }),
    ).rejects.toThrow('DISPUTE_SECRET_WRONG');
    await expect(
      patient.api.call(disputeApi.readDispute, { params: { id: patient.agreement } }),
    ).rejects.toThrow('DISPUTE_UNKNOWN');
    await expect(clinic.api.call(disputeApi.assessorDesk)).rejects.toThrow('DISPUTE_ROLE_WRONG');
    const { assessors, panel } = await voted(0, (i) => (i < 3 ? 'failed' : 'kept'));
    expect(await drawnAsOnChain(panel.id)).toBe(true);
    const ruled = await when((d) => d.panel?.phase === 'appealable');
    expect(ruled).toMatchObject({ mayAppeal: true, panel: { refundBps: 10_000 } });
    await passed(2 * DAY + 10_000);
    const end = await when((d) => d.stage === 'settled');
    expect(end.refunded).toBe(end.amount);
    await expect(openCase(assessors[0]!, panel.id)).rejects.toThrow('DISPUTE_PAPERS_CLOSED');
    const desk = await assessors[0]!.desk.api.call(disputeApi.assessorDesk);
    expect(desk).toMatchObject({ earned: '3980', votes: 1, counted: 1, purse: '53980' });
    await expect(openCase(assessors[0]!, '999')).rejects.toThrow('DISPUTE_NOT_SEATED');
  });

  it('is ruled for the clinic, and by eleven others for the patient', async () => {
    await disputed();
    await endStage(patient, 'talk');
    await endStage(patient, 'mediation');
    await callPanel(patient);
    await joinDraw(clinic, await readDispute(clinic));
    await voted(0, () => 'kept');
    const ruled = await when((d) => d.panel?.phase === 'appealable');
    expect(ruled.panel?.refundBps).toBe(0);
    await appeal(patient, ruled);
    await joinDraw(clinic, await readDispute(clinic));
    const { assessors } = await voted(1, (i) => (i < 8 ? 'failed' : 'kept'));
    expect(assessors.length).toBe(11);
    const end = await when((d) => d.stage === 'settled');
    expect(end).toMatchObject({ refunded: end.amount, panel: { refundBps: 10_000, round: 1 } });
  }, 120_000);

  it('leaves every unit where the ledger says it is, and its rows can be built again from the chain', async () => {
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.flatMap(({ what, different }) => different.map((key) => `${what} ${key}`))).toEqual([]);
    // nobody is paid a second time for what was told again
    expect(await differencesIn(house)).toEqual([]);
  });
});

/** The draw computed again by the core from what stands on chain. */
async function drawnAsOnChain(panel: string): Promise<boolean> {
  const { deps, modules } = house.house;
  const { db } = modules.money;
  const secrets = await db
    .selectFrom('money.dispute_secret')
    .selectAll()
    .where('panel_id', '=', panel)
    .execute();
  const row = await db
    .selectFrom('money.dispute')
    .selectAll()
    .where('panel_id', '=', panel)
    .executeTakeFirstOrThrow();
  const seats = await db
    .selectFrom('money.dispute_seat')
    .selectAll()
    .where('panel_id', '=', panel)
    .orderBy('place')
    .execute();
  const pool = { address: deps.protocol.contracts.AssessorPool, abi: AssessorPoolAbi } as const;
  const all = await deps.engines.chain.viem.readContract({ ...pool, functionName: 'pool' });
  const may = new Set<string>();
  for (const one of all)
    if (
      await deps.engines.chain.viem.readContract({
        ...pool,
        functionName: 'eligible',
        args: [one, play.clinic.desk.account],
      })
    )
      may.add(one);
  const of = (side: string) => secrets.find((s) => s.side === side)!.secret!;
  const seed = drawSeed(row.beacon!, [of('patient'), of('clinic'), of('house')]);
  const members = seat(seed, all, (one) => may.has(one), 5).map((one) => one.toLowerCase());
  return may.size === all.length - 1 && members.join() === seats.map(({ assessor }) => assessor).join();
}
