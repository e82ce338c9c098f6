/** What was agreed to holds, and what was promised is not lost: a notice that changes, a bank that takes back, a long list, an end. */
import { DAY, HOUR, toIso } from '@zhenmei/kernel';
import { transferAtDemoBank } from '@zhenmei/money';
import { eraseDue } from '@zhenmei/vault';
import { createKeyset } from '@zhenmei/vault/core/keyset.ts';
import { ownerStatement, signAsOwner, signKeyset } from '@zhenmei/vault/core/owner.ts';
import type { StudyPlan } from '@zhenmei/vault/core/pool/study.ts';
import { describe, expect, it } from 'vitest';
import { codeOf, idOf, passkey, random } from '../../../modules/vault/adapters/rig.property.ts';
import { followRail } from './money.ts';
import { studyRounds } from './pool-fund.ts';
import {
  answer,
  answerAll,
  as,
  ask,
  bank,
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
  name,
  newStudy,
  PRICE,
  pass,
  pay,
  rig,
  round,
  useStudies,
} from './pool-rig.property.ts';

useStudies();
const FREE = { payment: { minor: '0', currency: 'CNY' } } as const;

describe('a notice that changes in an important way', () => {
  /** The second version of the notice is in force, the third is not. */
  const BEFORE = Date.UTC(2026, 10, 24, 9, 41, 13);
  const AFTER = Date.UTC(2026, 10, 27, 9, 41, 13);

  it('takes no answer of whoever agreed to the earlier one, until she agrees again; nothing else is lost', async () => {
    rig.clock.at = BEFORE;
    const plan = await newStudy();
    await fund(plan, 60);
    const before = await join('ann', plan);
    await answer(before, plan, 0);
    expect((await mine('ann', plan)).mine).toMatchObject({ state: 'joined', changed: false });
    const other = await newStudy(FREE);
    const seat = await join('ann', other);
    rig.clock.at = AFTER;
    for (const one of [plan, other])
      expect((await mine('ann', one)).mine).toMatchObject({ state: 'joined', changed: true });
    expect(await codeOf(answer(seat, other, 0))).toBe('POOL_NOTICE_CHANGED');
    expect((await mine('ann', other)).mine).toMatchObject({ spent: 0, answered: 0 });
    // what was said before is not said again, whoever asks
    expect(await codeOf(answer(before, plan, 0))).toBe('none');
    const again = await join('ann', other);
    expect((await mine('ann', other)).mine).toMatchObject({
      state: 'joined',
      changed: false,
      receipt: again.receipt,
    });
    expect(await codeOf(answer(seat, other, 0))).toBe('POOL_NOT_YOURS');
    expect(await codeOf(answer(again, other, 0))).toBe('none');
    expect((await mine('ann', plan)).mine).toMatchObject({ changed: true, spent: 500, pay: { pending: 1 } });
  });

  it('asks again also whoever joined before that was kept, and nobody who left or never joined', async () => {
    const plan = await newStudy(FREE);
    const [ann, bo] = [await join('ann', plan), await join('bo', plan)];
    await database.pool.query('update vault.pool_member set notice = null');
    expect(await codeOf(answer(ann, plan, 0))).toBe('POOL_NOTICE_CHANGED');
    expect((await mine('ann', plan)).mine.changed).toBe(true);
    await leave(bo);
    for (const who of ['bo', 'cy']) expect((await mine(who, plan)).mine.changed).toBe(false);
    // a version that nobody was ever shown is no consent
    await database.pool.query(`update vault.pool_member set notice = '99'`);
    expect(await codeOf(answer(ann, plan, 0))).toBe('CONSENT_NOTICE_UNKNOWN');
  });
});

describe('a bank that takes back what came', () => {
  it('leaves a debt that the organisation sees, beside its other studies', async () => {
    const plan = await newStudy();
    const { reference, missing } = await ask(plan, 40);
    const how = { reference, amount: BigInt(missing), currency: 'CNY', how: 'reversed', payBy: 0 } as const;
    await transferAtDemoBank(money.db, { ...how, key: `back ${reference}` }, rig.clock.at);
    // before the bank takes it back
    await followRail(money);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    for (const seat of seats) await name(seat.name, plan);
    const other = await newStudy();
    await pass(plan, 0);
    expect(await desk(plan)).toMatchObject({
      came: '0',
      paidOut: '11000',
      people: K,
      left: '0',
      debt: '11000',
    });
    expect(await desk(other)).toMatchObject({ came: '0', left: null, debt: null });
    await fund(plan, 60);
    expect(await desk(plan)).toMatchObject({ came: '33000', left: '22000', debt: '0' });
  });
});

describe('a round that fails after it published', () => {
  it('is made up for by the next, not by the next night', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seat = await join('ann', plan);
    await answer(seat, plan, 0);
    await name('ann', plan);
    let away = true;
    const { pay: real } = rig.ctx.funds;
    const funds: typeof rig.ctx.funds = {
      ...rig.ctx.funds,
      pay: async (...given) => {
        if (away) throw new Error('the database was away');
        return real(...given);
      },
    };
    const rounds = studyRounds({ ...rig.ctx, funds });
    rig.clock.at = Date.parse(plan.releases[0]!) - HOUR;
    await rounds();
    rig.clock.at += HOUR;
    await expect(rounds()).rejects.toThrow('away');
    expect(await pay('ann', plan)).toMatchObject({ earned: '550', waiting: '550' });
    away = false;
    await rounds();
    expect(await pay('ann', plan)).toMatchObject({ waiting: '0', onWay: '550' });
  });
});

describe('a long list of studies', () => {
  /** Newer ones of somebody else. @param till days from now of their only release */
  const more = (like: StudyPlan, till: number) =>
    database.pool.query(
      `insert into vault.pool_study select id, $1, plan || jsonb_build_object('id', id, 'releases', jsonb_build_array($2::text)), $3
       from (select gen_random_uuid() as id, plan from vault.pool_study, generate_series(1, 201) where id = $4) many`,
      [idOf('clinic'), toIso(rig.clock.at + till * DAY), new Date(rig.clock.at + DAY), like.id],
    );

  it('hides neither what an organisation registered nor what a person takes or took part in', async () => {
    const [plan, left, open] = [await newStudy(FREE), await newStudy(FREE), await newStudy(FREE)];
    const seat = await join('ann', plan);
    await leave(await join('ann', left));
    await more(plan, -1);
    expect(await mine('bo', open)).toMatchObject({ mine: { state: 'none' } });
    await more(plan, 30);
    const { studies } = await as('myStudies', 'ann');
    expect(studies).toHaveLength(202);
    expect((await mine('ann', plan)).mine).toMatchObject({ state: 'joined', receipt: seat.receipt });
    expect((await mine('ann', left)).mine.state).toBe('left');
    expect(await mine('ann', open)).toBeUndefined();
    const { studies: own } = await as('deskStudies', 'desk:office');
    expect(own.map((one) => one.plan.id).sort()).toEqual([plan.id, left.id, open.id].sort());
    expect((await as('deskStudies', 'desk:clinic')).studies).toHaveLength(402);
    rig.clock.at = Date.parse(plan.releases.at(-1)!);
    expect((await mine('ann', plan)).mine.state).toBe('joined');
    expect(await mine('bo', plan)).toBeUndefined();
  });
});

describe('an erasure', () => {
  async function eraseAll(who: string): Promise<void> {
    const { keyset, root } = await createKeyset(passkey(1), random);
    await as('writeKeyset', who, { body: signKeyset(keyset, root) });
    const asked = { id: idOf(`e${who}`), region: 'CN' };
    await as('eraseEverything', who, {
      body: { ...asked, signature: signAsOwner(root, ownerStatement.eraseAll(asked)) },
    });
  }

  it('first asks for the payments that she said where to, and loses nothing that was promised for the night', async () => {
    const [plan, other] = [await newStudy(), await newStudy()];
    for (const study of [plan, other]) {
      await fund(study, 40);
      await answerAll([await join('zoe', study), ...(await joinAll(study, 2))], study, 0);
    }
    await pass(plan, 0);
    await name('zoe', plan);
    await name('q0', plan);
    expect(await pay('zoe', plan)).toMatchObject({ waiting: '550', named: true });
    expect(await pay('zoe', other)).toMatchObject({ waiting: '550', named: false });
    await eraseAll('zoe');
    rig.clock.at += 8 * DAY;
    await eraseDue(rig.ctx);
    // nobody else is paid by it: the day of a payment says whose it is
    expect(await pay('q0', plan)).toMatchObject({ waiting: '550' });
    await followRail(money);
    await followRail(money);
    expect(await bank()).toBe(79n * PRICE);
    expect(await pay('zoe', plan)).toMatchObject({ earned: '0', named: false });
    await round();
    for (let again = 0; again < 2; again++) await followRail(money);
    // hers once, and that of somebody else
    expect(await bank()).toBe(78n * PRICE);
    expect(await fits()).toEqual([]);
  });
});
