/** Claims on promises through the public API: five assessors who do not know which picture is which decide. */
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { openClinic, openPatient, type Place, random, until, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { type Assessor, openCase } from '@zhenmei/client/assessor.ts';
import {
  type Claim,
  type ClaimSeat,
  callClaimPanel,
  joinClaimDraw,
  keepUpClaim,
  offerPictures,
  type PicturePair,
  readClaim,
} from '@zhenmei/client/claim-panel.ts';
import { clinicSeat, patientSeat } from '@zhenmei/client/dispute.ts';
import { claimCover, openCover, placeBond } from '@zhenmei/client/guarantee.ts';
import { DAY } from '@zhenmei/kernel';
import { claimApi } from '@zhenmei/money/claim-api.ts';
import type { Grade } from '@zhenmei/money/core/panel-pictures.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradedBy, seatedAssessors, vote } from './assessor-play.ts';
import { drawFace } from './drawn-face.ts';
import { differencesIn } from './reconciled.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

const PAIR: PicturePair = { earlier: drawFace(1, 'x').file, later: drawFace(2, 'x').file };

let house: TestHouse;
let play: VisitPlay;
let patient: ClaimSeat;
let clinic: ClaimSeat;
let index = 0;

beforeAll(async () => {
  house = await openTestHouse();
  const place: Place = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  const { desk } = play.clinic;
  const order = await desk.api.call(guaranteeApi.orderBond, { body: { amount: '5000000' } });
  await desk.api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
  await until(() =>
    placeBond(desk, 5_000_000n)
      .then(() => true)
      .catch(() => null),
  );
});
afterAll(() => house?.close());

const coverNow = async () =>
  (
    await play.patient.io.api.call(guaranteeApi.readCover, {
      params: { id: (await play.atPhone()).agreementId! },
    })
  ).cover!;

/** A visit whose outcome was promised, treated and paid; its promise may be claimed. */
async function promised(): Promise<void> {
  await play.book(await play.choose(), index++);
  await play.offer();
  await play.agree();
  await play.hold();
  const { arbiter } = await play.clinic.desk.api.call(guaranteeApi.readDesk);
  expect(arbiter).toBe(house.house.deps.protocol.contracts.GuaranteePanel);
  await openCover(play.clinic, await play.atDesk(), arbiter!);
  await play.passTime();
  await play.ready();
  await play.checkIn();
  await play.unseal();
  await play.treat();
  await play.claim();
  await play.release();
  const cover = await until(async () => {
    const now = await coverNow();
    return now.state === 'open' && now.claimable ? now : null;
  });
  expect(cover.decider).toBe('panel');
  await play.passTime(Date.parse(cover.from) + 60_000);
}

async function claimed(asked: 1 | 2 | 3): Promise<void> {
  const view = await play.atPhone();
  const cover = await coverNow();
  await claimCover(play.patient.io, play.visit, view, cover, asked);
  await until(async () => ((await coverNow()).state === 'claimed' ? true : null));
  const side = patientSeat(play.patient.io, play.visit, view, random, 'GuaranteePanel');
  patient = { side, id: cover.id, cover: cover.cover };
  const own = clinicSeat(play.clinic, await play.atDesk(), 'GuaranteePanel');
  clinic = { side: own, id: cover.id, cover: cover.cover };
}

const when = (look: (c: Claim) => boolean) =>
  until(async () => {
    const claim = await readClaim(patient);
    return look(claim) ? claim : null;
  });
const SILENT = { statement: '', pair: null };

async function drawn(round: number): Promise<Claim> {
  const opening = await when((c) => c.panel?.phase === 'opening' && c.panel.round === round);
  await keepUpClaim(patient, opening, SILENT);
  await keepUpClaim(clinic, await readClaim(clinic), SILENT);
  return when((c) => c.panel?.phase === 'voting' && c.panel.round === round);
}

const opinionOf = (assessor: Assessor, panel: string, before: Grade, after: Grade) =>
  gradedBy(assessor, panel, PAIR, before, after);

describe('a claim that no improvement is seen', () => {
  it('is paid where five who do not know which is which see none', async () => {
    await promised();
    await claimed(2);
    const first = await readClaim(patient);
    expect(first).toMatchObject({ stage: 'call', you: 'patient', mayCall: true, asked: 2, subsidised: true });
    expect(first.pictures).toMatchObject({ mayOffer: true, by: null });
    await expect(patient.side.api.call(claimApi.readClaim, { params: { id: patient.id } })).rejects.toThrow(
      'DISPUTE_UNKNOWN',
    );
    await expect(
      clinic.side.api.call(claimApi.readClaim, { params: { id: `0x${'1'.repeat(64)}` } }),
    ).rejects.toThrow('CLAIM_UNKNOWN');
    expect((await offerPictures(patient, PAIR)).pictures).toMatchObject({ by: 'patient', mayOffer: false });
    await callClaimPanel(patient);
    await joinClaimDraw(clinic, await readClaim(clinic));
    const { panel } = await drawn(0);
    expect(panel!.id).toMatch(/^g\d+$/);
    await expect(offerPictures(clinic, PAIR)).rejects.toThrow('PICTURES_NOT_OPEN');
    await expect(
      clinic.side.api.call(claimApi.leavePictures, {
        params: { id: clinic.id },
        body: { assessor: panel!.seats[0]!.assessor, sealedFor: 'k', sealed: 'x', earlier: 'a' },
      }),
    ).rejects.toThrow('PICTURES_NOT_YOURS');
    const assessors = await seatedAssessors(house, panel!.id, 0);
    // two assessors look before the pictures have come
    const before = await openCase(assessors[0]!, panel!.id);
    expect(before.pictures?.come).toBe(false);
    expect(before.pictures?.places.filter((one) => 'answer' in one)).toHaveLength(2);
    await keepUpClaim(patient, await readClaim(patient), { statement: '看不出变化', pair: PAIR });
    expect((await readClaim(patient)).pictures.left).toHaveLength(5);
    const opened = await openCase(assessors[0]!, panel!.id);
    expect(opened.pictures).toMatchObject({ scale: 'folds', promisedBy: 'patient', come: true });
    expect(opened.facts.code).toBe('filler-nasolabial');
    expect(opened.papers).toEqual([{ by: 'patient', statement: '看不出变化' }]);
    const opinions = await Promise.all(assessors.map((one) => opinionOf(one, panel!.id, 3, 3)));
    await vote(assessors, panel!.id, 0, (i) => opinions[i]!);
    const ruled = await when((c) => c.panel?.phase === 'appealable');
    expect(ruled).toMatchObject({ mayAppeal: true, panel: { refundBps: 10_000 } });
    await play.passTime(play.patient.io.now() + 2 * DAY + 10_000);
    await when((c) => c.stage === 'settled');
    const paid = await until(async () => {
      const cover = await coverNow();
      return cover.state === 'settled' ? cover : null;
    });
    expect(paid).toMatchObject({ ruling: 2, silent: false, paidOut: paid.cases.noImprovement });
    const desk = await assessors[0]!.desk.api.call(disputeApi.assessorDesk);
    expect(desk).toMatchObject({ votes: 1, counted: 1, calibration: { looks: 1, right: 1, enough: true } });
    expect(desk.cases[0]).toMatchObject({ panelId: panel!.id, asked: 2 });
    await expect(openCase(assessors[0]!, panel!.id)).rejects.toThrow('DISPUTE_PAPERS_CLOSED');
  }, 240_000);

  it('is refused where they see one, and whoever promised pictures and shows none loses by it', async () => {
    await promised();
    await claimed(2);
    await offerPictures(patient, PAIR);
    await callClaimPanel(patient);
    await joinClaimDraw(clinic, await readClaim(clinic));
    const { panel } = await drawn(0);
    const assessors = await seatedAssessors(house, panel!.id, 0);
    const opinions = await Promise.all(assessors.map((one) => opinionOf(one, panel!.id, 3, 3)));
    await vote(assessors, panel!.id, 0, (i) => opinions[i]!);
    const ruled = await when((c) => c.panel?.phase === 'appealable');
    expect(ruled.panel?.refundBps).toBe(0);
    await play.passTime(play.patient.io.now() + 2 * DAY + 10_000);
    const cover = await until(async () => {
      const now = await coverNow();
      return now.state === 'settled' ? now : null;
    });
    expect(cover).toMatchObject({ ruling: 0, paidOut: '0' });
  }, 240_000);

  it('leaves every unit where the ledger says it is, and its rows can be built again from the chain', async () => {
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.flatMap(({ what, different }) => different.map((key) => `${what} ${key}`))).toEqual([]);
  });
});
