/** Payments that do not fit: the payer sees where each is and what to do, the operator settles what no rule can. */

import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, openSeat, openTogether } from './browser.ts';
import { press, signVisit } from './pay-steps.ts';

const place = openTogether();

const told = async (p: Page, w: Words): Promise<string> => {
  const text = p.getByText(new RegExp(w['pay.demo.told'].split('{')[0]!));
  await text.waitFor();
  return /[0-9A-F]{16}/.exec((await text.textContent())!)![0];
};

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('payments in $locale on $width px', ({ locale, w, width }) => {
  it('wrong reference, part, twice, taken back: each finds its place', async () => {
    const { browser, house } = place;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width: 820, height: 1100, locale, prf: true });
    const operator = await openSeat(browser, { width, height: 844, locale, prf: true });
    const [p, o] = [patient.page, operator.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `payments-${locale}-${name}`);
      if (locale === 'zh-CN')
        expect(
          await englishWords(
            page,
            /English|mL|PDF|RSV-[A-F0-9]{12}|[A-F0-9]{16}|[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{3,4}/g,
            'main',
          ),
          name,
        ).toEqual([]);
    };
    await signVisit(house.url, p, desk.page, w);
    await look(p, 'pay');

    // a wrong reference: nothing arrives here until it is claimed
    await p.getByText(w['pay.demo'], { exact: true }).click();
    await press(p, w['pay.demo.wrong-reference']);
    const lost = await told(p, w);
    await press(p, w['pay.demo.part']);
    await p.getByText(w['entry.part']).waitFor();
    await look(p, 'part');
    await p.getByText(w['pay.wrong'], { exact: true }).click();
    await p.getByLabel(w['pay.wrong.entry']).fill(lost);
    await p.getByLabel(w['pay.wrong.amount']).fill('1');
    await press(p, w['pay.wrong.do']);
    await p.getByRole('alert').waitFor();
    await look(p, 'not-found');

    // the operator sends it home; the payer pays the rest
    await o.goto(`${house.url}/operator/money`);
    await o.getByLabel(w['op.token']).fill('not the secret');
    await press(o, w['op.open']);
    await o.getByRole('alert').waitFor();
    await press(o, w.back);
    await o.getByLabel(w['op.token']).fill(house.house.operatorToken);
    await press(o, w['op.open']);
    await o.getByText(w['entry.unassigned']).waitFor();
    await look(o, 'operator-unclaimed');
    await press(o, w['op.return']);
    await o.getByRole('dialog').getByRole('button', { name: w['op.return'], exact: true }).click();
    await o.getByText(w['entry.unassigned']).waitFor({ state: 'detached' });
    await o.getByText(w['op.out.booked']).first().waitFor();

    await p.getByRole('button', { name: new RegExp(w['pay.rest'].split('{')[0]!) }).click();
    await p.getByText(w['money.active']).waitFor();

    // the bank takes back what was paid: the money is owed, and nothing goes out
    const api = apiAt({ baseUrl: house.url, origin: house.url, patience: 0 }, 'patient');
    const { db } = house.house.modules.money;
    const paid = await db
      .selectFrom('money.rail_entry')
      .selectAll()
      .where('state', '=', 'matched')
      .orderBy('booked_at', 'desc')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('money.demo_bank_entry')
      .values({
        entry: `R${paid.entry.slice(1)}`,
        direction: 'debit',
        reverses: paid.entry,
        reference: '',
        amount: paid.amount,
        currency: 'CNY',
        books_at: new Date(house.house.deps.clock.now()),
      })
      .execute();
    await p.getByText(w['entry.owed']).waitFor();
    await look(p, 'owed');
    await press(o, w['op.reconcile']);
    await o.getByText(w['op.diff.unbacked']).waitFor();
    await o.getByRole('heading', { name: new RegExp(w['op.stopped']) }).waitFor();
    await look(o, 'operator-alarm');
    // the operator's own money covers it, to the cent; then nothing differs, and she owes it still
    const [short] = await db.selectFrom('money.reserve').selectAll().execute();
    await o.getByText(short!.reference).waitFor();
    await api.call(demoApi.payAtBank, {
      body: { reference: short!.reference, amount: String(BigInt(paid.amount) + 100n), currency: 'CNY' },
    });
    await o.getByText(w['reserve.covered']).waitFor();
    await press(o, w['op.reconcile']);
    await o.getByText(w['op.fits']).waitFor();
    expect(await o.getByText(w['reserve.enough']).count()).toBe(1);
    await look(o, 'operator-reserve');
    await p.getByText(w['entry.owed']).waitFor();
    await p.getByRole('button', { name: new RegExp(w['pay.again'].split('{')[0]!) }).click();
    // “to be paid again” is not “paid again”
    await p.getByText(new RegExp(`^.?${w['entry.settled']}$`)).waitFor();
    await look(p, 'settled');
    await o
      .getByLabel(w['op.alarm.reason'])
      .fill(locale === 'en' ? 'Paid again today' : '付款人今天已经补付');
    await press(o, w['op.alarm.close']);
    await o.getByRole('heading', { name: new RegExp(w['op.running']) }).waitFor();
    await press(o, w['op.reconcile']);
    await o.getByText(w['op.fits']).waitFor();
    await look(o, 'operator-fits');
    // nothing needs the reserve any more: it goes back to the house's own account
    await o.getByText(w['reserve.none']).waitFor();
    await o.getByText(w['reserve.out'], { exact: true }).click();
    await o.getByLabel(w['reserve.out.amount']).fill(String((BigInt(paid.amount) + 100n) / 100n));
    await press(o, w['reserve.out.do']);
    await o.getByRole('dialog').getByRole('button', { name: w['reserve.out.do'], exact: true }).click();
    await o.getByText(w['op.out.reserve']).waitFor();

    // paid twice: the second goes home by itself
    const order = await db
      .selectFrom('money.payment_order')
      .selectAll()
      .where('reference', '=', paid.order_reference!)
      .executeTakeFirstOrThrow();
    await api.call(demoApi.payAtBank, {
      body: { reference: order.reference, amount: order.amount, currency: 'CNY' },
    });
    await p.getByText(w['entry.why.paid-already']).waitFor();
    await p.getByText(w['entry.returned']).waitFor();
    expect([patient.problems, desk.problems, operator.problems]).toEqual([[], [], []]);
    for (const seat of [patient, desk, operator]) await seat.context.close();
  });
});
