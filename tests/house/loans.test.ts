/** Every refusal around instalments, each caused once through the public API. */
import { apiAt, openClinic, openPatient, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { ApiError } from '@zhenmei/client/api.ts';
import { applyForLoan, orderInstalment, readLoan } from '@zhenmei/client/instalments.ts';
import { bookVisit } from '@zhenmei/client/patient.ts';
import { instalmentApi } from '@zhenmei/money/instalment-api.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let play: VisitPlay;
beforeAll(async () => {
  house = await openTestHouse();
  const at = { baseUrl: house.url, origin: house.url };
  play = new VisitPlay(at, await openPatient(at), await openClinic(at));
  const choice = await play.choose();
  const { io, root } = play.patient;
  const { visit } = await bookVisit(io, root, 0, {
    serviceId: choice.service.id,
    slotId: choice.slot.id,
    gate: 'unknown',
    byInstalments: true,
  });
  play.resume(visit, choice);
  await play.offer();
});
afterAll(() => house?.close());

const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error) => (error instanceof ApiError ? error.code : String(error)),
  );
const asked = { months: 6, age20: true, student: false };

describe('what is refused of instalments', () => {
  it('LOAN_NOT_NOW: asking before the consent is signed, and paying before anything was lent', async () => {
    const view = await play.atPhone();
    expect(await code(applyForLoan(play.patient.io, play.visit, view, asked))).toBe('LOAN_NOT_NOW');
    expect(await code(orderInstalment(play.patient.io, view, 'next'))).toBe('LOAN_NOT_NOW');
    await play.agree();
  });

  it('LOAN_REFUSED: a student, somebody too young, an organisation that is no lender', async () => {
    const { io } = play.patient;
    const view = await play.atPhone();
    expect(await code(applyForLoan(io, play.visit, view, { ...asked, student: true }))).toBe('LOAN_REFUSED');
    expect(await code(applyForLoan(io, play.visit, view, { ...asked, age20: false }))).toBe('LOAN_REFUSED');
    expect(await code(play.clinic.desk.api.call(instalmentApi.lenderLoans))).toBe('LOAN_REFUSED');
    expect((await applyForLoan(io, play.visit, view, asked)).state).toBe('asked');
  });

  it('LOAN_WRONG: words that another key signed', async () => {
    const view = await play.atPhone();
    const body = {
      ...asked,
      person: `0x${'1'.repeat(64)}` as const,
      payout: `0x${'2'.repeat(64)}` as const,
      signature: `0x${'3'.repeat(130)}` as const,
    };
    const params = { id: view.agreementId! };
    expect(await code(play.patient.io.api.call(instalmentApi.applyForLoan, { params, body }))).toBe(
      'LOAN_WRONG',
    );
  });

  it('LOAN_UNKNOWN: an agreement that nobody made', async () => {
    const api = apiAt(play.place, 'patient');
    const params = { id: `0x${'4'.repeat(64)}` as const };
    expect(await code(api.call(instalmentApi.readLoan, { params }))).toBe('LOAN_UNKNOWN');
  });

  it('LOANS_OFF: a house whose ledger cannot lend', async () => {
    const { money } = house.house.modules;
    const loans = money.loans;
    Object.assign(money, { loans: null });
    expect(await code(readLoan(play.patient.io, await play.atPhone()))).toBe('LOANS_OFF');
    Object.assign(money, { loans });
    expect((await readLoan(play.patient.io, await play.atPhone())).state).toBe('asked');
  });
});
