/** The address of a unit, as people and machines read it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publishNotice } from '../../app/publish-notice.ts';
import * as s from '../../app/stories.property.ts';
import {
  type Database,
  idOf,
  openDatabase,
  PRODUCT,
  signAs,
  tell,
  type World,
} from '../fixtures.property.ts';
import { type Ask, answerDescription, answerLink, answerTyped, type Reply } from './answer.ts';

let base: Database;
let ctx: World;
beforeAll(async () => {
  base = await openDatabase();
});
afterAll(() => base.database.close());
beforeEach(async () => {
  ctx = await base.world();
  await tell(ctx, [s.made(), ...s.way()]);
});

const PATH = `/01/${s.GTIN}/21/S1`;
const ask = (url: string, more: Partial<Ask> = {}, query: Ask['query'] = {}): Promise<Reply> =>
  answerLink(ctx, `${ctx.home}${url}`, {
    url,
    accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
    network: 'n1',
    region: null,
    lang: 'en',
    ...more,
    query: { ...Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? '')), ...query },
  });
const json = async (url: string) =>
  JSON.parse((await ask(url, { accept: 'application/json' })).body) as {
    level: string;
    unit: string | null;
    lot: string | null;
    trail: unknown[];
    reasons: { code: string }[];
  };
const codes = async (url: string) => (await json(url)).reasons.map(({ code }) => code);

describe('for people', () => {
  it('is one word, one sentence, reasons, map, timeline and proof, without any script', async () => {
    const { status, contentType, body, headers } = await ask(PATH);
    expect([status, contentType]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toMatch(/<h1 class="jade">.*<span>No contradiction found<\/span><\/h1>/);
    expect(body).toContain('See that it is opened in front of you.');
    expect(body).toContain('0 of 2 hand-overs signed by both sides');
    expect(body.match(/<li><b>/g)).toHaveLength(5);
    expect(body.match(/class="station/g)).toHaveLength(3);
    expect(body).toContain('href="/api/units/proof?unit=');
    expect(body).not.toMatch(/<script|\son\w+=|style="|javascript:/i);
    expect(headers!['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(headers!.vary).toContain('accept-language');
  });

  it('is in the language of the reader, or the one chosen, and says the same in both', async () => {
    const zh = await ask(PATH, { lang: 'zh-CN' });
    expect(zh.body).toContain('<html lang="zh-CN">');
    expect(zh.body).toContain('没有发现矛盾');
    expect((await ask(`${PATH}?lang=en`, { lang: 'zh-CN' })).body).toContain('<html lang="en">');
    const shape = (text: string) => text.match(/<(section|li|dt|h1|h2|form|input|circle)\b/g);
    expect(shape(zh.body)).toEqual(shape((await ask(PATH)).body));
    expect((await ask(`${PATH}?17=271231&lang=en`)).body).toContain('17=271231&#38;lang=zh');
    expect((await ask(`${PATH}?large=1`)).body).toContain('data-elder');
  });

  it('escapes whatever anybody wrote', async () => {
    const { body } = await ask(`${PATH}?dose=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E`);
    expect(body).not.toContain('<script');
    expect(body).toContain('Chengrun &#60;gel&#62;');
    expect(body).toContain('&#34;&#62;&#60;script&#62;');
  });

  it('keeps what the code said when the label is compared, and finds what the notice says', async () => {
    const label = {
      doses: ['3 mL'],
      onlyDoses: ['1 mL'],
      ingredients: [],
      onlyIngredients: ['Hyaluronic acid'],
    };
    await publishNotice(
      ctx,
      idOf(s.MAKER),
      signAs(s.MAKER, {
        format: 'zhenmei-notice/1',
        id: '01890000-0000-7000-8000-000000000001',
        kind: 'counterfeit',
        issuer: s.MAKER,
        issuedAt: s.day(10),
        gtin: s.GTIN,
        lots: ['FAKE9'],
        serials: [],
        label,
        reason: { zh: '假冒品在流通', en: 'Counterfeits are in circulation' },
        doNow: { zh: '请上报', en: 'Report it to us' },
      }),
    );
    const { body } = await ask(`${PATH}?17=271231`, {}, { dose: '3 ml', ingredient: 'Collagen' });
    expect(body).toContain('Do not use it');
    expect(body).toContain('The maker never makes this product in the content printed on the label');
    expect(body).toContain('Counterfeits are in circulation');
    expect(body).toContain('Report it to us');
    expect(body).toContain('<input type="hidden" name="17" value="271231">');
    expect(body).toContain('value="3 ml"');
    expect(await codes(`/01/${s.GTIN}/10/FAKE9`)).toEqual(['KNOWN_COUNTERFEIT']);
    expect(await codes(`${PATH}?dose=3%20mL`)).toEqual(['LABEL_DOSE_IMPOSSIBLE']);
    expect(await codes(`${PATH}?ingredient=Collagen`)).toEqual(['LABEL_INGREDIENT_WRONG']);
    expect(await codes(`${PATH}?dose=1000%20uL&ingredient=hyaluronic%20ACID`)).toEqual(['CONSISTENT']);
  });

  it('judges at the clinic that the person names', async () => {
    expect(await codes(`${PATH}?at=Meiyuan%20Clinic%202`)).toEqual(['CONSISTENT']);
    expect(await codes(`${PATH}?at=${s.OTHER_CLINIC}`)).toEqual(['OPENED_OUTSIDE_CUSTODY']);
    expect(await codes(`${PATH}?at=nowhere`)).toEqual(['CONSISTENT']);
  });
});

describe('for machines', () => {
  it('gives the verdict as JSON at each level of the code', async () => {
    expect(await json(PATH)).toMatchObject({ level: 'green', unit: s.unit(), lot: 'L1' });
    expect(await json(`/01/${s.GTIN}/10/L1/21/S1`)).toMatchObject({ level: 'green', unit: s.unit() });
    expect(await codes(`/01/${s.GTIN}/10/L2/21/S1`)).toEqual(['DATA_MISMATCH']);
    expect(await codes(`${PATH}?17=301231`)).toEqual(['DATA_MISMATCH']);
    expect(await json(`/01/${s.GTIN}`)).toMatchObject({ level: 'grey', unit: null });
    expect(await json(`/01/${s.GTIN}/10/L1`)).toMatchObject({ level: 'grey', lot: 'L1' });
  });

  it('says 400 for what is no Digital Link, and which rule it breaks', async () => {
    for (const path of [
      '/01/12345678901234',
      `/01/${s.GTIN}/21/`,
      `/01/${s.GTIN}/99/x`,
      `/01/${s.GTIN}/21/a%7Bb`,
    ]) {
      const reply = await ask(path, { accept: 'application/json' });
      expect([reply.status, JSON.parse(reply.body).reasons[0].code], path).toEqual([400, 'MALFORMED_CODE']);
      expect((await ask(path)).body).toContain('Do not use it');
    }
  });

  it.each([['linkset'], ['all']])(
    'gives the set of links for linkType=%s, without a redirect',
    async (linkType) => {
      const reply = await ask(`/01/${s.GTIN}/10/L1/21/S1?linkType=${linkType}`);
      expect([reply.status, reply.contentType]).toEqual([200, 'application/linkset+json']);
      const { linkset } = JSON.parse(reply.body) as { linkset: Record<string, unknown>[] };
      expect(linkset.map(({ anchor }) => anchor)).toEqual([
        `${ctx.home}/01/${s.GTIN}/10/L1/21/S1`,
        `${ctx.home}/01/${s.GTIN}/10/L1`,
        `${ctx.home}/01/${s.GTIN}`,
      ]);
      for (const { anchor, itemDescription, ...links } of linkset) {
        expect(links['https://ref.gs1.org/voc/defaultLink']).toEqual([
          { href: anchor, title: itemDescription },
        ]);
        for (const targets of Object.values(links) as { href: string; title: string }[][])
          for (const { href, title } of targets) {
            expect(href).toMatch(/^https:\/\/zhenmei\.example\//);
            expect(title).not.toBe('');
          }
      }
    },
  );

  it('gives it for Accept: application/linkset+json too, and names it in a header of every answer', async () => {
    expect((await ask(PATH, { accept: 'application/linkset+json' })).contentType).toBe(
      'application/linkset+json',
    );
    for (const reply of [await ask(PATH), await ask(`${PATH}?linkType=gs1:pip`)]) {
      expect(reply.headers!.link).toContain(`<${ctx.home}${PATH}?linkType=linkset>; rel="linkset"`);
      expect(reply.headers!.link).toContain('rel="http://www.w3.org/ns/json-ld#context"');
    }
  });

  it.each([
    ['gs1:pip', `/01/${s.GTIN}`],
    ['https://ref.gs1.org/voc/pip', `/01/${s.GTIN}`],
    ['https://gs1.org/voc/masterData', `/api/products/${s.GTIN}`],
    ['gs1:certificationInfo', `/api/units/proof?unit=${encodeURIComponent(s.unit())}`],
  ])('redirects to the link of type %s', async (type, target) => {
    const reply = await ask(`${PATH}?linkType=${encodeURIComponent(type)}&ref=a`);
    expect(reply.status).toBe(307);
    const location = new URL(reply.headers!.location!);
    expect(location.searchParams.get('ref')).toBe('a');
    expect(location.searchParams.has('linkType')).toBe(false);
    location.searchParams.delete('ref');
    expect(decodeURIComponent(location.href)).toBe(decodeURIComponent(`${ctx.home}${target}`));
  });

  it.each(['gs1:recipeInfo', 'pip', 'https://example.com/pip', 'gs1:', 'gs1:__proto__', 'gs1:constructor'])(
    'has no link of type %s',
    async (type) => {
      await expect(ask(`${PATH}?linkType=${type}`)).rejects.toMatchObject({
        code: 'LINK_TYPE_UNKNOWN',
        status: 404,
      });
    },
  );

  it('has a description file', async () => {
    expect(JSON.parse((await answerDescription(ctx)).body)).toMatchObject({
      resolverRoot: ctx.home,
      supportedPrimaryKeys: ['01'],
    });
  });
});

describe('a typed code', () => {
  const typed = (text?: string, query: Ask['query'] = {}) =>
    answerTyped(ctx, text, { url: '/code', accept: '*/*', network: 'n1', region: null, lang: 'en', query });

  it('leads to its own address here, whatever writing it had', async () => {
    for (const text of [`(01)${s.GTIN}(17)271231(10)L1(21)S1`, `]d201${s.GTIN}1727123110L1\u001d21S1`]) {
      const reply = await typed(text, { lang: 'zh' });
      expect(reply).toMatchObject({ status: 303 });
      expect(reply.headers!.location).toBe(`/01/${s.GTIN}/10/L1/21/S1?17=271231&lang=zh`);
    }
    expect((await typed(s.unit())).headers!.location).toBe(PATH);
  });

  it('that has no address is judged where it is', async () => {
    expect((await typed('81234567890123456781')).body).toContain('Cannot be judged');
    const wrong = await typed('(01)12345678901234');
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.body).toContain('check digit');
    expect(wrong.headers).not.toHaveProperty('location');
  });

  it('is asked for by a form', async () => {
    const { body } = await typed();
    expect(body).toMatch(/<form method="get" action="\/code">.*name="text"/);
  });
});

describe('an unknown serial', () => {
  const guess = (n: number, network = 'n1') =>
    ask(`/01/${s.GTIN}/21/X${n}`, { network, accept: 'application/json' });

  it('is answered alike for every number, and says nothing of those that exist', async () => {
    const [a, b] = [JSON.parse((await guess(1)).body), JSON.parse((await guess(2)).body)];
    expect(a.reasons.map(({ code }: { code: string }) => code)).toEqual(['UNKNOWN_SERIAL']);
    expect({ ...a, unit: null }).toEqual({ ...b, unit: null });
    expect(a).toMatchObject({ lot: null, expiry: null, trail: [] });
    expect(a.product.gtin).toBe(PRODUCT.gtin);
  });

  it('costs no more than a known one', async () => {
    const counted = async (path: string) => {
      let queries = 0;
      const counting = {
        ...ctx,
        db: ctx.db.withPlugin({
          transformQuery: (args) => {
            queries++;
            return args.node;
          },
          transformResult: async ({ result }) => result,
        }),
      };
      await answerLink(counting, `${ctx.home}${path}`, {
        url: path,
        accept: 'application/json',
        network: 'n',
        region: null,
        lang: 'en',
        query: {},
      });
      return queries;
    };
    expect(await counted(`/01/${s.GTIN}/21/X1`)).toBeLessThanOrEqual(await counted(PATH));
  });

  it('asked for too often, keeps the network from every serial, in the same words, before anything is looked up', async () => {
    for (let n = 0; n < 20; n++) expect((await guess(n)).status).toBe(200);
    const answers = await Promise.all(
      [PATH, `/01/${s.GTIN}/21/X99`].map((path) => ask(path).then(({ status, body }) => ({ status, body }))),
    );
    expect(answers[0]!.status).toBe(429);
    expect(answers[0]!.body.replaceAll(PATH, '')).toBe(
      answers[1]!.body.replaceAll(`/01/${s.GTIN}/21/X99`, ''),
    );
    await expect(guess(100)).rejects.toMatchObject({ code: 'SERIALS_GUESSED', status: 429 });
    const nowhere = { ...ctx, db: null as unknown as World['db'] };
    expect(
      await answerLink(nowhere, `${ctx.home}${PATH}`, {
        url: PATH,
        accept: 'text/html',
        network: 'n1',
        region: null,
        lang: 'en',
        query: {},
      }),
    ).toMatchObject({ status: 429 });
    expect((await ask(PATH, { network: 'n2' })).status).toBe(200);
    expect((await ask(`/01/${s.GTIN}`)).status).toBe(200);
    ctx.now += 11 * 60_000;
    expect((await ask(PATH)).status).toBe(200);
  });
});
