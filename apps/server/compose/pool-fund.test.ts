/** What studies promise: paid in first, and never more than is there. */
import { DAY } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { codeOf, idOf } from '../../../modules/vault/adapters/rig.property.ts';
import { fundPort } from './pool-fund.ts';
import {
  answer,
  answerAll,
  as,
  ask,
  database,
  desk,
  fits,
  fund,
  join,
  joinAll,
  K,
  leave,
  mine,
  money,
  newStudy,
  openConnections,
  PRICE,
  rig,
  useStudies,
} from './pool-rig.property.ts';

useStudies();

describe('a study that promises money', () => {
  it('takes nobody and no answer before enough is paid in, and says how much', async () => {
    const plan = await newStudy();
    expect(await codeOf(join('ann', plan))).toBe('POOL_NOT_FUNDED');
    expect((await mine('ann', plan)).fund).toBe('missing');
    expect(await desk(plan)).toEqual({
      needed: '22000',
      least: 40,
      funded: false,
      came: '0',
      returned: '0',
      people: null,
      paidOut: '0',
      left: '0',
      debt: '0',
      order: null,
    });
    expect(await codeOf(ask(plan, 39))).toBe('POOL_FUND_SMALL');
    const order = await ask(plan, 40);
    expect(order).toMatchObject({ amount: '22000', missing: '22000', state: 'expected', currency: 'CNY' });
    expect(await ask(plan, 40)).toEqual(order);
    expect((await desk(plan)).order).toEqual(order);
    expect(await codeOf(join('ann', plan))).toBe('POOL_NOT_FUNDED');
    await fund(plan, 40);
    expect(await desk(plan)).toMatchObject({ funded: true, came: '22000', left: '22000', least: 1 });
    expect(await codeOf(join('ann', plan))).toBe('none');
    expect((await mine('ann', plan)).fund).toBe('ready');
    expect(await fits()).toEqual([]);
  });

  it('is paid in by its own organisation, in time, where a custodian is, and only if it promises anything', async () => {
    const [plan, free] = [await newStudy(), await newStudy({ payment: { minor: '0', currency: 'CNY' } })];
    expect(await codeOf(ask(plan, 40, 'desk:clinic'))).toBe('POOL_STUDY_UNKNOWN');
    expect(await codeOf(ask(plan, 40, 'desk:other'))).toBe('POOL_NOT_ALLOWED');
    expect(await codeOf(ask({ ...plan, id: idOf('none') }, 40))).toBe('POOL_STUDY_UNKNOWN');
    expect(await codeOf(ask(free, 40))).toBe('POOL_UNPAID');
    expect(
      (await as('deskStudies', 'desk:office')).studies.find((one) => one.plan.id === free.id)!.fund,
    ).toBe(null);
    expect((await mine('ann', free)).fund).toBe('none');
    expect(await codeOf(join('ann', free))).toBe('none');
    const without = fundPort({ ...money, rail: null });
    expect(await codeOf(without.order(plan.id, 1n, 'CNY', rig.clock.at + DAY))).toBe('RAIL_MISSING');
    rig.clock.at = Date.parse(plan.releases[1]!);
    expect(await codeOf(ask(plan, 40))).toBe('POOL_NOT_OPEN');
  });

  it('promises no more than is there: also to several at once, and what is left behind is free again', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K - 1);
    await openConnections(6);
    const tried = await Promise.all([...'stuvxy'].map((who) => codeOf(join(who, plan))));
    expect(tried.sort()).toEqual([...Array(5).fill('POOL_FUND_USED'), 'none']);
    expect(await codeOf(join('z', plan))).toBe('POOL_FUND_USED');
    expect((await mine('z', plan)).fund).toBe('used');
    // agreeing again takes nothing twice
    seats[0] = await join('q0', plan);
    await answerAll(seats, plan, 0);
    await leave(seats[0]);
    expect(await codeOf(join('z', plan))).toBe('none');
    expect(await codeOf(join('w', plan))).toBe('POOL_FUND_USED');
    await fund(plan, 2);
    expect(await codeOf(join('w', plan))).toBe('none');
  });

  it('takes no answer that it could not pay, also of those who agreed before it had to be paid in', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, 2);
    const [one, two] = [seats[0]!, seats[1]!];
    // the bank takes back all but one answer
    await sql`update money.pot set came = ${String(PRICE)} where id = ${plan.id}`.execute(database.db);
    expect(await codeOf(answer(one, plan, 0))).toBe('POOL_NOT_FUNDED');
    expect((await mine('q0', plan)).fund).toBe('missing');
    await sql`update money.pot set came = 22000 where id = ${plan.id}`.execute(database.db);
    await sql`insert into vault.pool_member (study, handle) select ${plan.id}, 'm' || i from generate_series(1, 39) i`.execute(
      database.db,
    );
    await sql`insert into vault.pool_answer select ${plan.id}, 0, 'm' || i, '{"event-14-days":1}' from generate_series(1, 39) i`.execute(
      database.db,
    );
    expect(await codeOf(answer(one, plan, 0))).toBe('none');
    expect(await codeOf(answer(two, plan, 0))).toBe('POOL_FUND_USED');
    expect((await mine('q1', plan)).fund).toBe('used');
  });
});
