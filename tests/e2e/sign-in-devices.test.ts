/** A clinic invites a second device by QR code, confirms it, and replaces one that was lost. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, goTo, joinDesk, openSeat, openTogether, shot } from './browser.ts';

const here = openTogether();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, clinic: '梅园医疗美容', front: '前台平板' },
  { locale: 'en', w: en, width: 1440, clinic: 'Plum Garden', front: 'Front desk tablet' },
] as const)('sign-in devices, in $locale at $width px', ({ locale, w, width, clinic, front }) => {
  const seat = () => openSeat(here.browser, { width, height: 844, locale, prf: true });
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const row = (page: Page, name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const number = (n: number) => w['signin.number'].replace('{n}', String(n));

  it('come by invitation, are confirmed, and one that is lost is replaced in one act', async () => {
    const [desk, tablet, spare] = [await seat(), await seat(), await seat()];
    const p = desk.page;
    await joinDesk(p, here.house.url, w, new RegExp(clinic));
    await goTo(p, w, w['signin.title']);
    await p.getByText(w['signin.here']).waitFor();
    const mine = (await p
      .getByRole('listitem')
      .filter({ hasText: w['signin.here'] })
      .getByRole('heading')
      .textContent())!;
    const first = Number(/\d+/.exec(mine)![0]);

    const invite = async (): Promise<string> => {
      await press(p, w['signin.invite.make']);
      const code = (await p.getByTestId('invitation').textContent())!;
      await p.getByAltText(w['signin.invite.qr']).waitFor();
      return code;
    };
    const join = async (page: Page, code: string) => {
      await page.goto(`${here.house.url}/desk/organisation#${code}`);
      expect(await page.getByLabel(w['desk.code.label']).inputValue()).toBe(code);
      await press(page, w['desk.code.join']);
      await page.getByRole('heading', { name: w['signin.waiting'] }).waitFor();
    };
    const confirm = async (name: string) => {
      await row(p, name)
        .getByRole('button', { name: `${w['signin.confirm']} ${name}` })
        .click();
      await p.getByRole('dialog').getByRole('button', { name: w['signin.confirm'] }).click();
      await row(p, name).getByText(w['signin.signs']).waitFor();
    };

    await join(tablet.page, await invite());
    await fitsEveryScreen(p, `signin-invited-${locale}`);
    await fitsEveryScreen(tablet.page, `signin-waiting-${locale}`);
    await press(p, w['signin.invite.done']);
    await row(p, number(first + 1)).waitFor();
    await row(p, number(first + 1))
      .getByRole('button', { name: new RegExp(w['signin.rename']) })
      .click();
    await p.getByLabel(w['signin.rename.label']).fill(front);
    await press(p, w['signin.rename.save']);
    await confirm(front);
    await tablet.page.getByRole('heading', { name: w['signin.waiting'] }).waitFor({ state: 'detached' });
    expect(await row(tablet.page, front).getByText(w['signin.here']).isVisible()).toBe(true);

    // it is lost; a spare one joins and takes its place in one act
    await join(spare.page, await invite());
    await press(p, w['signin.invite.done']);
    await row(p, number(first + 2)).waitFor();
    await row(p, front)
      .getByRole('button', { name: new RegExp(w['signin.end']) })
      .click();
    expect(await p.getByRole('radio', { name: w['signin.lost'], exact: true }).isChecked()).toBe(true);
    expect(await p.getByRole('radio', { name: number(first + 2), exact: true }).isChecked()).toBe(true);
    await fitsEveryScreen(p, `signin-replace-${locale}`);
    await press(p, w['signin.end.replace']);
    await shot(p, `signin-ask-${locale}`);
    await p.getByRole('dialog').getByRole('button', { name: w['signin.end.replace'] }).click();
    await p.getByRole('heading', { name: w['signin.past'] }).waitFor();
    const past = p.getByRole('listitem').filter({ hasText: w['signin.past.next'].split('“')[0]! });
    await past.filter({ hasText: front }).getByText(w['signin.lost']).waitFor();
    await row(p, number(first + 2))
      .getByText(w['signin.signs'])
      .waitFor();
    await spare.page.getByRole('heading', { name: w['signin.waiting'] }).waitFor({ state: 'detached' });
    await fitsEveryScreen(p, `signin-replaced-${locale}`);
    if (locale === 'zh-CN') expect(await englishWords(p, /English/g)).toEqual([]);

    // the lost one is signed out, and is told why it may not come back
    await tablet.page.goto(`${here.house.url}/desk/organisation`);
    await tablet.page.getByRole('button', { name: w['desk.enter'].replace('{name}', '').trim() }).click();
    const refused = locale === 'en' ? 'has retired this device' : '这台设备已被本机构停用';
    await tablet.page.getByText(refused).waitFor();
    await fitsEveryScreen(tablet.page, `signin-refused-${locale}`);
    for (const one of [desk, tablet, spare]) {
      expect(one.problems).toEqual([]);
      await one.context.close();
    }
  });
});
