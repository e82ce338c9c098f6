/** What studies pay: after the release, once, where she said, linked to nothing; and what is left goes home. */
import { HOUR } from '@zhenmei/kernel';
import { settleStudies } from '@zhenmei/vault';
import { payoutIn } from '@zhenmei/vault/core/pool/study.ts';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { codeOf, idOf } from '../../../modules/vault/adapters/rig.property.ts';
import { followRail } from './money.ts';
import { studyRounds } from './pool-fund.ts';
import {
  answerAll,
  as,
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
  night,
  PRICE,
  pass,
  pay,
  rig,
  rootOf,
  round,
  useStudies,
} from './pool-rig.property.ts';

useStudies();

describe('whoever answered', () => {
  it('is paid after the release and never before, once, where she said, and not until she did', async () => {
    const plan = await newStudy();
    await fund(plan, 60);
    const seats = await joinAll(plan, K + 2);
    await answerAll(seats, plan, 0);
    await name('q0', plan);
    await night();
    expect(await pay('q0', plan)).toMatchObject({ pending: 1, earned: '0', named: true });
    expect(await bank()).toBe(60n * PRICE);
    await pass(plan, 0);
    expect(await pay('q0', plan)).toEqual({
      pending: 0,
      earned: '550',
      waiting: '0',
      onWay: '0',
      paid: '550',
      paidAt: plan.releases[0],
      named: true,
      unpaid: 0,
    });
    expect(await pay('q1', plan)).toMatchObject({ earned: '550', waiting: '550', paid: '0', named: false });
    expect((await as('myStudies', 'q1')).earnings).toEqual({
      earned: '550',
      waiting: '550',
      onWay: '0',
      paid: '0',
    });
    expect(await bank()).toBe(59n * PRICE);
    // one was paid: nothing from which fewer than k could be counted
    expect(await desk(plan)).toMatchObject({ people: null, paidOut: null, left: null, came: '33000' });
    // saying where to pays nothing by itself: its time would tell whose payment it is
    await Promise.all(seats.map((seat) => name(seat.name, plan)));
    rig.clock.at += HOUR;
    await round();
    expect(await pay('q1', plan)).toMatchObject({ waiting: '550', onWay: '0', named: true });
    await night();
    expect(await pay('q1', plan)).toMatchObject({ waiting: '0', paid: '550' });
    expect(await desk(plan)).toMatchObject({ people: 22, paidOut: '12100', left: '20900' });
    for (let again = 0; again < 2; again++) await night();
    expect(await bank()).toBe(38n * PRICE);
    expect(await fits()).toEqual([]);
  });

  it('keeps what was earned when she leaves, and earns nothing more', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    await leave(seats[0]!);
    await pass(plan, 0);
    expect(await pay('q0', plan)).toMatchObject({ earned: '0', pending: 0 });
    await answerAll(seats.slice(1), plan, 1);
    await leave(seats[1]!);
    await pass(plan, 1);
    expect((await mine('q1', plan)).mine).toMatchObject({
      state: 'left',
      pay: { earned: '550', waiting: '550' },
    });
    await name('q1', plan);
    await night();
    expect(await pay('q1', plan)).toMatchObject({ paid: '550' });
    expect(await fits()).toEqual([]);
  });

  it('earns nothing by an answer from when nothing could be paid', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, 2);
    await answerAll(seats, plan, 0);
    // as the migration leaves what it finds
    await sql`update vault.pool_answer set earns = false where handle = (select min(handle) from vault.pool_answer)`.execute(
      database.db,
    );
    await sql`update vault.pool_member set unpaid = answered
      where handle = (select min(handle) from vault.pool_answer)`.execute(database.db);
    const before = await Promise.all(['q0', 'q1'].map((who) => pay(who, plan)));
    expect(before.map(({ pending, unpaid }) => [pending, unpaid]).sort()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    await pass(plan, 0);
    const after = await Promise.all(['q0', 'q1'].map((who) => pay(who, plan)));
    expect(after.map(({ earned }) => earned).sort()).toEqual(['0', '550']);
  });

  it('can name nothing in a study that she never joined, and nothing that is no payout reference', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    expect(await codeOf(name('ann', plan))).toBe('POOL_STUDY_UNKNOWN');
    await join('ann', plan);
    const payees = [
      { study: plan.id, payout: payoutIn(rootOf('ann'), plan.id) },
      { study: idOf('none'), payout: payoutIn(rootOf('ann'), idOf('none')) },
    ];
    expect(await codeOf(as('namePayees', 'ann', { body: { payees } }))).toBe('POOL_STUDY_UNKNOWN');
    expect(await pay('ann', plan)).toMatchObject({ named: false });
    const account = `0x${'0'.repeat(24)}${'1'.repeat(40)}`;
    await expect(
      as('namePayees', 'ann', { body: { payees: [{ study: plan.id, payout: account }] } }),
    ).rejects.toThrow(/payout/);
  });

  it('is not linked to her answers by anything that is written', async () => {
    const [plan, other] = [await newStudy(), await newStudy()];
    for (const study of [plan, other]) {
      await fund(study, 60);
      const seats = await joinAll(study, K);
      await answerAll(seats, study, 0);
      await Promise.all(seats.map((seat) => name(seat.name, study)));
    }
    const { rows: members } = await sql<{ handle: string }>`select handle from vault.pool_member`.execute(
      database.db,
    );
    await pass(plan, 0);
    const rowsOf = async (table: string) =>
      (
        await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(
          database.db,
        )
      ).rows.map(({ row }) => row);
    const [earned, payees, sent, booked] = await Promise.all(
      ['vault.pool_earned', 'vault.pool_payee', 'money.rail_payment', 'money.demo_bank_entry'].map(rowsOf),
    );
    expect([earned!.length, payees!.length, sent!.length]).toEqual([40, 40, 40]);
    const said = [...earned!, ...payees!, ...sent!, ...booked!].join();
    for (let i = 0; i < K; i++) expect(said).not.toContain(idOf(`q${i}`));
    // the payments do not name the handle, nor what they are for
    for (const { handle } of members) expect([...sent!, ...booked!].join()).not.toContain(handle);
    expect(booked!.join()).not.toContain(plan.id);
    expect(booked!.join()).not.toMatch(/stud|pool|research|health|vault/i);
    expect([...earned!, ...payees!].join()).not.toMatch(/_at|_on/);
    // one person's references of two studies have nothing in common
    expect(new Set(payees!.map((row) => JSON.parse(row).payout)).size).toBe(40);
  });
});

describe('a server that is killed', () => {
  it('between the payment and the mark that it was made pays nobody twice, and forgets nobody', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    for (const seat of seats) await name(seat.name, plan);
    const { pay: real } = rig.ctx.funds;
    let paid = 0;
    const dying: typeof rig.ctx = {
      ...rig.ctx,
      funds: {
        ...rig.ctx.funds,
        pay: async (tx, payment) => {
          const done = await real(tx, payment);
          // what the database sees of a kill -9: the connection is gone
          if (++paid === 7)
            await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx as Kysely<unknown>);
          return done;
        },
      },
    };
    rig.clock.at = Date.parse(plan.releases[0]!);
    await expect(studyRounds(dying)()).rejects.toThrow();
    expect(await desk(plan)).toMatchObject({ came: '22000' });
    expect(await pay('q0', plan)).toMatchObject({ earned: '550', waiting: '550' });
    // two processes start again at the same time
    await Promise.all([settleStudies(rig.ctx), settleStudies(rig.ctx)]);
    await followRail(money);
    await followRail(money);
    expect(await pay('q0', plan)).toMatchObject({ earned: '550', waiting: '0', paid: '550' });
    expect(await desk(plan)).toMatchObject({ people: K, paidOut: '11000', left: '11000' });
    expect(await bank()).toBe(20n * PRICE);
    expect(await fits()).toEqual([]);
  });
});

describe('what was not used', () => {
  it('goes back after the last release, without what waits for its person', async () => {
    const plan = await newStudy();
    await fund(plan, 50);
    await fund(plan, 10);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    await pass(plan, 0);
    await night();
    expect(await bank()).toBe(60n * PRICE);
    for (const seat of seats.slice(0, 5)) await name(seat.name, plan);
    await pass(plan, 1);
    // 60 answers were paid in, 20 earned, 5 of them paid
    expect(await desk(plan)).toMatchObject({ came: '33000', returned: '22000', people: null, paidOut: null });
    expect(await bank()).toBe(15n * PRICE);
    expect(await fits()).toEqual([]);
    await night();
    expect(await bank()).toBe(15n * PRICE);
    // somebody comes late for hers
    await name('q9', plan);
    await night();
    expect(await pay('q9', plan)).toMatchObject({ paid: '550' });
    expect(await bank()).toBe(14n * PRICE);
    // one is erased: what nobody can come for goes back, too
    await sql`delete from vault.pool_member where study = ${plan.id} and handle in
      (select handle from vault.pool_earned where study = ${plan.id} and not asked limit 1)`.execute(
      database.db,
    );
    await night();
    expect(await bank()).toBe(13n * PRICE);
    expect(await desk(plan)).toMatchObject({ returned: '22550' });
    expect(await fits()).toEqual([]);
  });

  it('is all of it where nobody answered', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    await pass(plan, 0);
    await pass(plan, 1);
    expect(await bank()).toBe(0n);
    expect(await desk(plan)).toMatchObject({ came: '22000', returned: '22000', people: null, left: null });
    expect(await fits()).toEqual([]);
  });
});
