/** A paid check on no screen: a clinic of the demo asks, whoever is drawn answers, and the authority looks on. */
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
import {
  answerTask,
  askForCheck,
  type CheckSeat,
  clinicCheck,
  keepUpWithCheck,
} from '@zhenmei/client/check.ts';
import { type Desk, joinDesk, operate } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { SOURCES, type Source } from '@zhenmei/money/core/verification-papers.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { checkCall } from '@zhenmei/server/compose/verification.ts';
import { assessorsAt } from './assessor-play.ts';
import type { TestHouse } from './test-house.ts';

export const STATEMENT = {
  licence: 'PDY10023-5',
  scope: ['美容外科', '美容皮肤科'],
  doctors: ['110000000000123'],
  devices: ['20243140001'],
};
export const PAGES = SOURCES.map((source) => ({ source, where: '公示网站', said: '编号与名称相符' }));

interface Order {
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
}

export class CheckPlay {
  readonly house: TestHouse;
  readonly play: VisitPlay;
  readonly seat: CheckSeat;
  readonly regulator: Desk;

  private constructor(house: TestHouse, play: VisitPlay, regulator: Desk) {
    this.house = house;
    this.play = play;
    this.seat = { desk: play.clinic.desk, secret: play.clinic.secret };
    this.regulator = regulator;
  }

  static async open(house: TestHouse): Promise<CheckPlay> {
    const place: Place = { baseUrl: house.url, origin: house.url };
    const play = new VisitPlay(place, await openPatient(place), await openClinic(place));
    const api = apiAt(place, 'desk');
    const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: 'regulator' } });
    const passkey = softwarePasskey(random(32), house.url);
    const regulator = await joinDesk(api, passkey, deviceOf(random(32)), invitation, 'desk');
    await api.call(demoApi.equipDesk);
    return new CheckPlay(house, play, regulator);
  }

  get db() {
    return this.house.house.modules.money.db;
  }
  later(ms: number) {
    return this.play.passTime(this.play.patient.io.now() + ms);
  }
  publicly() {
    const params = { id: this.seat.desk.organisationId };
    return this.play.patient.io.api.call(verificationApi.readCheck, { params });
  }

  bankPays({ reference, amount, currency }: Order) {
    return this.play.patient.io.api.call(demoApi.payAtBank, { body: { reference, amount, currency } });
  }
  async paidIn(who: Desk, amount: string): Promise<void> {
    await this.bankPays(await who.api.call(verificationApi.orderCheckMoney, { body: { amount } }));
  }

  /** Asked, and drawn. @returns the task's number */
  async asked(): Promise<string> {
    const { seat } = this;
    const { fee, units } = await clinicCheck(seat);
    await this.paidIn(seat.desk, fee);
    await until(async () => (BigInt((await clinicCheck(seat)).units) > BigInt(units) ? true : null));
    await askForCheck(seat, STATEMENT);
    await until(async () => ((await keepUpWithCheck(seat)) ? true : null));
    const task = await until(async () => {
      const now = (await clinicCheck(seat)).task;
      return now?.phase === 'answering' ? now : null;
    });
    return task.id;
  }

  /** The desks of those who were drawn for a round. */
  async seated(id: string, round: number): Promise<CheckSeat[]> {
    const rows = await until(async () => {
      const found = await this.db
        .selectFrom('money.check_seat')
        .select('verifier')
        .where('task_id', '=', id)
        .where('round', '=', round)
        .execute();
      return found.length > 0 ? found : null;
    });
    return assessorsAt(
      this.house,
      rows.map(({ verifier }) => verifier),
    );
  }

  phaseIs(id: string, phase: string): Promise<true> {
    return until(async () => {
      const row = await this.db
        .selectFrom('money.check_task')
        .select('phase')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.phase === phase ? true : null;
    });
  }

  answer(who: CheckSeat, id: string, failed: readonly Source[] = []): Promise<void> {
    return answerTask(who, id, { failed, pages: PAGES, at: this.play.patient.io.now() });
  }

  /** The authority's own acts, in one confirmation: a name and arguments each. */
  async regulate(calls: readonly (readonly [string, readonly unknown[]])[]): Promise<void> {
    const { contracts } = await this.regulator.api.call(houseApi.readConfig);
    const to = contracts.ProviderVerification!;
    await operate(
      this.regulator,
      calls.map(([name, args]) => ({ to, data: checkCall(name, args) })),
    );
  }

  /** What left by the custodian for somebody, in order. */
  async sent(party: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('money.rail_payment')
      .select('amount')
      .where('party', '=', party)
      .orderBy('created_at')
      .execute();
    return rows.map(({ amount }) => amount);
  }
}
