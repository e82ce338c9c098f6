/** A key made at the desk, and a stranger's system that does what the guide says, word for word. */
import fs from 'node:fs';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import { describe, expect, it } from 'vitest';
import { openSeat, openTogether, overflow, shot, violations } from './browser.ts';

const GUIDE = fs.readFileSync(new URL('../../docs/guides/epcis.md', import.meta.url), 'utf8');
const SITE = /"https:\/\/id\.gs1\.org\/414\/(\d{13})"/.exec(GUIDE)![1]!;
const COMMANDS = [...GUIDE.matchAll(/^curl .+$/gm)].map(([line]) => line);

const here = openTogether();

/** One `curl` line of the guide, with its variables and files. */
async function curl(line: string, values: Readonly<Record<string, string>>): Promise<Response> {
  const filled = line.replace(/\$ZM|\$KEY|@epcis\.json|@event\.json|\bJOB\b/g, (name) => values[name]!);
  const words = [...filled.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);
  const after = (flag: string) => words.flatMap((word, i) => (words[i - 1] === flag ? [word] : []));
  const headers = after('-H').map((header) => header.split(': ') as [string, string]);
  const [body] = after('--data');
  return fetch(words.find((word) => word.startsWith('http'))!, {
    method: after('-X')[0] ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body: body.startsWith('file:') ? values[body]! : body }),
  });
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('systems of an organisation, in $locale at $width px', ({ locale, w, width }) => {
  it('get a key, do what the guide says, and are shut out when it ends', async () => {
    const { context, page, problems } = await openSeat(here.browser, {
      width,
      height: 844,
      locale,
      prf: true,
    });
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await page.goto(`${here.house.url}/desk`);
    await press(w['desk.join']);
    await page.getByText(w['desk.empty']).waitFor();
    await page.goto(`${here.house.url}/desk/organisation`);
    await page.getByRole('heading', { name: w['keys.title'] }).waitFor();
    await page.getByText(w['keys.none']).waitFor();
    await page.getByLabel(w['keys.name']).fill(locale === 'en' ? 'Warehouse' : '仓库系统');
    await press(w['keys.make']);
    const secret = (await page.locator('code').filter({ hasText: /^zmk_/ }).textContent())!;
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shot(page, `systems-${locale}`);
    await press(w['keys.done']);
    await page.getByText(secret).waitFor({ state: 'detached' });

    const gln = /\d{13}/.exec((await page.getByRole('main').textContent()) ?? '')![0];
    // this organisation's site, and a unit and a query of this run's own
    const own = (text: string) =>
      text
        .replaceAll(`/414/${SITE}`, `/414/${gln}`)
        .replaceAll('/21/A1', `/21/A1${width}`)
        .replace(/"name":"storing"|queries\/storing/, (name) => name.replace('storing', `storing${width}`));
    const document = own(/```json\n([\s\S]+?)```/.exec(GUIDE)![1]!);
    const { '@context': terms, epcisBody } = JSON.parse(document);
    const event = { '@context': terms, ...epcisBody.eventList[0], eventTime: '2026-03-01T00:05:00Z' };
    const values: Record<string, string> = {
      $ZM: here.house.url,
      $KEY: secret,
      '@epcis.json': 'file:document',
      '@event.json': 'file:event',
      'file:document': document,
      'file:event': JSON.stringify(event),
    };
    expect(COMMANDS).toHaveLength(7);
    const [capture, job, one, ofUnit, ofStep, query, subscribe] = COMMANDS.map(own) as [string, ...string[]];
    const taken = await curl(capture, values);
    expect(taken.status).toBe(202);
    values.JOB = taken.headers.get('location')!.split('/').at(-1)!;
    await expect
      .poll(async () => (await curl(job!, values)).json())
      .toMatchObject({ running: false, success: true, errors: [] });
    expect((await curl(one!, values)).status).toBe(201);
    for (const line of [ofUnit!, ofStep!]) {
      const found = await (await curl(line, values)).text();
      expect(found.match(new RegExp(`/21/A1${width}"`, 'g'))).toHaveLength(2);
    }
    expect((await curl(query!, values)).status).toBe(201);
    expect((await curl(subscribe!, values)).status).toBe(201);

    // a site that is another's is refused by name, and the key's end is at once
    const elsewhere = await curl(one!, {
      ...values,
      'file:event': JSON.stringify(event).replaceAll(gln, SITE),
    });
    expect(((await elsewhere.json()) as { code: string }).code).toBe('EVENT_NOT_YOURS');
    await press(w['keys.end']);
    await page.getByRole('dialog').getByRole('button', { name: w['keys.end'] }).click();
    await page.getByText(w['keys.none']).waitFor();
    expect((await curl(one!, values)).status).toBe(401);
    expect(problems).toEqual([]);
    await context.close();
  });
});
