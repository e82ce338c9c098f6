/**
 * Paying by card where a region provides for it. No region of the demo does, so the house of this test is told that its
 * clinic's does; all else is the real house, its acquirer included.
 */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { chargeBack, moneyApi, railsApi, transferAtDemoBank } from '@zhenmei/money';
import { demoAcquirerOf } from '@zhenmei/server/compose/card-rail.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, openSeat, openTogether } from './browser.ts';
import { press, signVisit } from './pay-steps.ts';

const place = openTogether();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('cards in $locale on $width px', ({ locale, w, width }) => {
  it('declined, confirmed, held, and charged back', async () => {
    const { browser, house } = place;
    const { money } = house.house.modules;
    const { railsOf, railsOfClinic } = money;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width: 820, height: 1100, locale, prf: true });
    const operator = await openSeat(browser, { width, height: 844, locale, prf: true });
    const [p, d, o] = [patient.page, desk.page, operator.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `card-${locale}-${name}`);
      if (locale === 'zh-CN')
        expect(
          await englishWords(
            page,
            /English|mL|[A-Z]{3}-[0-9A-F]{12}|[0-9A-F]{16}|[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{3,4}/g,
            'main',
          ),
          name,
        ).toEqual([]);
    };

    // she was away at another house: her vault is opened again
    const back = async () => {
      await p.getByRole('link', { name: w['card.demo.back'] }).click();
      await press(p, w['account.signIn']);
    };

    const patientOrder = async (reference: string) => {
      const owed = await money.db
        .selectFrom('money.rail_entry')
        .select('amount')
        .where('order_reference', '=', reference)
        .where('state', '=', 'owed')
        .executeTakeFirstOrThrow();
      return { reference, missing: BigInt(owed.amount) };
    };

    // her bank takes it back while it is held: she owes it, the operator answers
    const chargedBack = async () => {
      const capture = await money.db
        .selectFrom('money.rail_entry')
        .selectAll()
        .where('rail', '=', 'card')
        .where('state', '=', 'matched')
        .executeTakeFirstOrThrow();
      await chargeBack(demoAcquirerOf(house.house.deps), capture.entry, BigInt(capture.amount));
      await p.getByText(w['entry.owed']).waitFor();
      await o.goto(`${house.url}/operator/money`);
      await o.getByLabel(w['op.token']).fill(house.house.operatorToken);
      await press(o, w['op.open']);
      await o.getByText(w['card.dispute.open']).waitFor();
      await look(o, 'operator');
      await o.getByLabel(w['card.dispute.answer']).fill('本人签署，并到场就诊');
      await press(o, w['card.dispute.do']);
      await o.getByText(w['card.dispute.answered']).waitFor();
      // somebody makes up for it by the bank, and a refund waits for the operator's word
      const { missing, reference } = await patientOrder(capture.order_reference!);
      await transferAtDemoBank(
        money.db,
        { reference, amount: missing, currency: 'CNY', how: 'exact', payBy: 0, key: 'made-up' },
        house.house.deps.clock.now(),
      );
      await p.getByText(w['entry.settled']).waitFor();
      const { entry } = await money.db
        .selectFrom('money.rail_entry')
        .select('entry')
        .where('reference', '=', reference)
        .where('rail', '=', 'custodian')
        .where('state', '=', 'matched')
        .executeTakeFirstOrThrow();
      const at = new Date(house.house.deps.clock.now());
      const waits = { kind: 'payout', currency: 'CNY', state: 'due', entry: null, rail: null } as const;
      await money.db
        .insertInto('money.rail_payment')
        .values({
          ...waits,
          key: 'payout/waits',
          party: '0x00',
          amount: '298000',
          refunds: null,
          asks: entry,
          created_at: at,
          updated_at: at,
        })
        .execute();
      await o.getByText(w['op.parked.lead']).waitFor();
      await look(o, 'parked');
      await press(o, w['op.parked.house']);
      await o.getByRole('dialog').getByRole('button', { name: w['op.parked.house'] }).click();
      await o.getByText(w['op.parked.lead']).waitFor({ state: 'detached' });
      await money.db.deleteFrom('money.rail_payment').where('key', '=', 'payout/waits').execute();
    };

    // in China's region there is one way, and nothing to choose
    await signVisit(house.url, p, d, w);
    expect(await p.getByRole('radio').count()).toBe(0);
    Object.assign(money, {
      railsOf: async (id: `0x${string}`) => {
        const facts = await railsOf(id);
        return facts && { ...facts, rails: ['custodian', 'card'] as const };
      },
      railsOfClinic: async () => ['custodian', 'card'] as const,
    });
    await d.goto(`${house.url}/desk/settlement`);
    await d.getByRole('switch', { name: w['card.clinic.toggle'] }).click();
    await d.getByRole('switch', { name: w['card.clinic.toggle'], checked: true }).waitFor();
    await look(d, 'clinic');

    await p.getByRole('radio', { name: new RegExp(`^${w['rail.card']}`) }).check();
    await look(p, 'choose');
    const byCard = p.getByRole('button', { name: new RegExp(w['card.pay'].split('{')[0]!) });
    await byCard.click();
    await p.getByText(w['card.demo.lead']).waitFor();
    await p.getByRole('radio', { name: w['card.demo.declined'] }).check();
    await look(p, 'acquirer');
    await press(p, w['card.demo.pay']);
    await p.getByText(w['card.demo.declinedText']).waitFor();
    await back();
    await p.getByText(w['card.declined']).waitFor();
    await look(p, 'declined');

    await byCard.click();
    await p.getByRole('radio', { name: w['card.demo.challenge'] }).check();
    await press(p, w['card.demo.pay']);
    await p.getByText(w['card.demo.ask']).waitFor();
    await look(p, 'challenge');
    await press(p, w['card.demo.yes']);
    await back();
    await p.getByRole('button', { name: w['pay.holdNow'], exact: true }).click();
    await p.getByText(w['money.active']).waitFor();
    await look(p, 'held');

    if (locale === 'en') {
      // she steps back, and all of it goes home to the card
      await press(p, w['visit.coolingCancel']);
      await p
        .getByRole('dialog')
        .getByRole('button', { name: w['visit.coolingCancel'], exact: true })
        .click();
      const home = () =>
        money.db
          .selectFrom('money.rail_payment')
          .select(['state', 'amount'])
          .where('rail', '=', 'card')
          .execute();
      await expect.poll(home).toEqual([{ state: 'booked', amount: '398000' }]);
    } else await chargedBack();

    Object.assign(money, { railsOf, railsOfClinic });
    await money.db.deleteFrom('money.clinic_rail').execute();
    await money.db.deleteFrom('money.card_dispute').execute();
    await money.db.deleteFrom('money.demo_card_dispute').execute();
    expect([patient.problems, desk.problems, operator.problems]).toEqual([[], [], []]);
    for (const seat of [patient, desk, operator]) await seat.context.close();
  });
});

it('is shown to nobody but its patient, by the real address, and no message is believed without a signature', async () => {
  const { house } = place;
  const api = apiAt({ baseUrl: house.url, origin: house.url, patience: 0 }, 'patient');
  const id = (
    await house.house.modules.money.db
      .selectFrom('money.payment_order')
      .select('agreement_id')
      .where('purpose', '=', 'agreement')
      .where('agreement_id', 'is not', null)
      .executeTakeFirstOrThrow()
  ).agreement_id!;
  // what she can pay with is read from the ledger's number of the agreement by nobody else
  for (const given of [{}, { bearer: 'A'.repeat(43) }]) {
    const asked = { params: { id }, ...given };
    await expect(api.call(railsApi.readRails, asked)).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    await expect(api.call(railsApi.payByCard, { ...asked, body: {} })).rejects.toMatchObject({
      code: 'PAYMENT_UNKNOWN',
    });
    for (const route of [moneyApi.readPayment, moneyApi.orderPayment])
      await expect(api.call(route, asked)).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    await expect(
      api.call(moneyApi.claimPayment, { ...asked, body: { entry: 'ABC123', amount: '1' } }),
    ).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
  }
  await expect(
    api.call(railsApi.takeCardEvent, { body: { payload: '{}', signature: '0'.repeat(64) } }),
  ).rejects.toMatchObject({ code: 'CARD_EVENT_REFUSED' });
});
