/** Issue → present → verify for any claims, and no byte of a presentation that could be another. */
import type { Json } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALWAYS_VISIBLE, RESERVED } from './disclosure.ts';
import {
  AUDIENCE,
  bind,
  forge,
  holder,
  ISSUED,
  ISSUER,
  issue,
  issuer,
  NONCE,
  NOW,
  options,
  possession,
  TYPE,
} from './fixtures/maker.ts';
import { type Claim, Hidden, hide, issueSdJwt } from './issue.ts';
import { presentSdJwt, readSdJwt } from './sd-jwt.ts';
import { verifyCredential } from './verify-credential.ts';

const binding = { audience: AUDIENCE, nonce: NONCE, at: NOW };
const show = (token: string, names: readonly string[]) => presentSdJwt(token, names, binding, holder.sign);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, Json>;
const held = async (token: string) => {
  const result = await verifyCredential(token, options({ keyBinding: possession }));
  expect(result).toMatchObject({ verdict: 'proven', possession: true });
  return plain(result.claims);
};

const name = fc
  .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
  .filter((n) => !RESERVED.has(n) && !ALWAYS_VISIBLE.has(n) && n !== 'iat');
const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
const { claim } = fc.letrec<{ claim: Claim; maybe: Claim }>((tie) => ({
  claim: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.array(tie('maybe'), { maxLength: 3 }),
    fc.dictionary(name, tie('maybe'), { maxKeys: 3, noNullPrototype: true }),
  ) as fc.Arbitrary<Claim>,
  maybe: fc.oneof(tie('claim'), tie('claim').map(hide)) as fc.Arbitrary<Claim>,
}));

/** What the claims are when everything is shown. */
function bareOf(value: Claim): Json {
  if (value instanceof Hidden) return bareOf(value.value);
  if (Array.isArray(value)) return value.map(bareOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value as Record<string, Claim>).map(([k, v]) => [k, bareOf(v)]));
  return value as Json;
}

describe('issue → present → verify', () => {
  it('brings back what was issued when all is shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, claim, { maxKeys: 4, noNullPrototype: true }),
        fc.nat(3),
        async (selective, decoys) => {
          const token = await issue({ open: {}, selective, decoys });
          const all = readSdJwt(token).disclosures.map(({ path }) => path!);
          const { iss, vct, iat, nbf, exp, cnf, ...rest } = await held(await show(token, all));
          expect([iss, vct, iat, nbf, (cnf as { jwk: Json }).jwk]).toEqual([
            ISSUER,
            TYPE,
            ISSUED,
            ISSUED,
            holder.jwk,
          ]);
          expect(exp).toBeGreaterThan(ISSUED);
          expect(rest).toEqual(plain(bareOf(selective)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows only what was named and what encloses it', async () => {
    const address = { city: hide('上海'), street: hide('南京西路'), country: 'CN' };
    const token = await issue({
      open: { languages: [hide('zh'), hide('en')] },
      selective: { name: '林晓', address, licenceNumber: 'secret-1' },
      decoys: 3,
    });
    const shown = await show(token, ['/address/city', '/languages/1']);
    expect(readSdJwt(shown).disclosures.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/address', '/address/city', '/languages/1']),
    );
    expect(readSdJwt(shown).disclosures).toHaveLength(3);
    const claims = await held(shown);
    expect(claims.address).toEqual({ country: 'CN', city: '上海' });
    expect(claims.languages).toEqual(['en']);
    expect(claims).not.toHaveProperty('name');
    expect(claims).not.toHaveProperty('licenceNumber');
  });

  it('a name at the top level does not show what lies hidden in it', async () => {
    const token = await issue({ selective: { address: { city: hide('上海'), country: 'CN' } } });
    expect((await held(await show(token, ['address']))).address).toEqual({ country: 'CN' });
  });

  it('a name reveals nothing of the same name elsewhere', async () => {
    const token = await issue({ open: { home: { city: hide('Here') } }, selective: { city: 'There' } });
    const claims = await held(await show(token, ['city']));
    expect([claims.city, claims.home]).toEqual(['There', {}]);
  });

  it('decoys cannot be told from what is hidden', async () => {
    const payload = readSdJwt(await issue({ open: {}, selective: { a: 1 }, decoys: 4 })).jws.payload;
    expect(payload._sd).toHaveLength(5);
    expect([...(payload._sd as string[])].sort()).toEqual(payload._sd);
  });

  it('refuses to show what is not there', async () => {
    const token = await issue();
    await expect(show(token, ['age'])).rejects.toThrow('SDJWT_CLAIM_ABSENT');
    await expect(show(token, ['subject'])).rejects.toThrow('SDJWT_CLAIM_ABSENT');
    await expect(show('', [])).rejects.toThrow('SDJWT_NO_TILDE');
  });

  it('refuses to issue what a strict reader would refuse', async () => {
    for (const reserved of RESERVED)
      await expect(issue({ selective: Object.fromEntries([[reserved, 1]]) })).rejects.toThrow(
        'SDJWT_CLAIM_RESERVED',
      );
    for (const visible of ['iss', 'iat', 'exp', 'cnf', 'vct', 'status'])
      await expect(issue({ selective: { [visible]: 1 } })).rejects.toThrow('SDJWT_CLAIM_NOT_SELECTIVE');
    await expect(issue({ open: { a: 1 }, selective: { a: 2 } })).rejects.toThrow('SDJWT_CLAIM_COLLISION');
    await expect(issue({ open: { a: hide(hide(1)) } })).rejects.toThrow('SDJWT_VALUE');
  });

  it('refuses short or missing salts', async () => {
    const input = {
      issuer: ISSUER,
      type: TYPE,
      issuedAt: ISSUED,
      expires: ISSUED + 1,
      open: {},
      selective: { a: 1, b: 2 },
      keyId: issuer.keyId,
    };
    await expect(issueSdJwt(input, [], issuer.sign)).rejects.toThrow('SDJWT_SALTS');
    await expect(issueSdJwt(input, [new Uint8Array(16)], issuer.sign)).rejects.toThrow('SDJWT_SALTS');
    await expect(issueSdJwt(input, [new Uint8Array(15), new Uint8Array(16)], issuer.sign)).rejects.toThrow(
      'SDJWT_SALTS',
    );
  });
});

describe('every byte counts', () => {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~= \n\u0000é';

  it('no character of a presentation can be another', async () => {
    const token = await show(await issue({ decoys: 1 }), ['name']);
    const how = options({ keyBinding: possession });
    expect(await verifyCredential(token, how)).toMatchObject({ verdict: 'proven' });
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...characters), async (at, c) => {
        fc.pre(token[at] !== c);
        const changed = token.slice(0, at) + c + token.slice(at + 1);
        expect((await verifyCredential(changed, how)).verdict).not.toBe('proven');
      }),
      { numRuns: 600 },
    );
  });

  it('nor be left out, doubled or exchanged for its neighbour', async () => {
    const token = await bind(await issue());
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 2), async (at) => {
        const [a, b] = [token[at]!, token[at + 1]!];
        for (const piece of [b, a + a + b, ...(a === b ? [] : [b + a])]) {
          const changed = token.slice(0, at) + piece + token.slice(at + 2);
          expect((await verifyCredential(changed, options())).verdict).not.toBe('proven');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('any text whatever has a named answer', async () => {
    const codes = /^(SDJWT|KB)_[A-Z_]+$/;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w.~-]{0,80}$/)),
        async (text) => {
          const { verdict, code, message } = await verifyCredential(text, options());
          expect(verdict).toBe('false');
          expect(code).toMatch(codes);
          expect(message.zh).not.toBe(message.en);
        },
      ),
    );
  });

  it('a large token that passes the size limit costs little', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `claim${i}`);
    const token = await issue({
      open: {},
      selective: Object.fromEntries(many.map((n) => [n, 'x'.repeat(60)])),
    });
    expect(token.length).toBeLessThan(65_536);
    expect(await verifyCredential(token, options())).toMatchObject({ verdict: 'proven' });
    const deep = `${'['.repeat(20_000)}`;
    expect(await verifyCredential(await forge({ iss: deep }), options())).toMatchObject({ verdict: 'false' });
  });
});
