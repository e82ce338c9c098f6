import { AppError, canonicalJson, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { expect, test } from 'vitest';
import { canonicalTrust, jwkThumbprint, parseTrustFile, type TrustFile, trustHash } from './trust-file.ts';

const hex = (byte: string, bytes: number) => `0x${byte.repeat(bytes)}` as const;
const issuerKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;
const second = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
const trust: TrustFile = {
  format: 'zhenmei-trust/1',
  chain: {
    id: 20_260,
    contracts: {
      UnitRegistry: { address: hex('aa', 20), codeHash: hex('bb', 32) },
      IssuerRegistry: { address: hex('ab', 20), codeHash: hex('bb', 32) },
    },
  },
  logs: [{ origin: 'zhenmei.test/log', keys: ['zhenmei.test/log+00000000+AQ=='] }],
  witnesses: {
    k: 1,
    keys: [
      { name: 'operator', key: hex('cc', 32), operator: true },
      { name: '卫健委', key: hex('cd', 32), operator: false },
    ],
  },
  issuers: [
    {
      id: 'https://health.test',
      keys: [issuerKey, second],
      types: ['https://health.test/licence'],
      period: { from: '2026-01-01T00:00:00Z', until: null },
      withdrawn: [{ thumbprint: jwkThumbprint(second), at: '2026-06-01T00:00:00Z' }],
    },
  ],
};

function codeOf(run: () => unknown): [string, unknown] {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.params.path];
    throw error;
  }
  return ['accepted', undefined];
}

test('reads back exactly what was written, in any order of members; the hash is that of the canonical form', () => {
  const text = canonicalTrust(trust);
  expect(parseTrustFile(text)).toEqual(trust);
  expect(parseTrustFile(JSON.stringify(trust, null, 2))).toEqual(trust);
  expect(trustHash(trust)).toBe(toHex0x(sha256(utf8(canonicalJson(trust)))));
  expect(trustHash(parseTrustFile(text))).toBe(trustHash(trust));
  expect(trustHash({ ...trust, chain: { ...trust.chain, id: 1 } })).not.toBe(trustHash(trust));
});

test('the published Ed25519 thumbprint of RFC 8037', () => {
  expect(jwkThumbprint(second)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test('every member missing, unknown or wrong is refused at its place', () => {
  const set = (path: string, value: unknown) => {
    const copy = structuredClone(trust) as unknown as Record<string, unknown>;
    const names = path.split('/').slice(1);
    let at = copy;
    for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
    const last = names.at(-1)!;
    if (value === undefined) delete at[last];
    else at[last] = value;
    return JSON.stringify(copy);
  };
  const wrong: [string, unknown, string?][] = [
    ['/format', 'zhenmei-trust/2'],
    ['/extra', 1],
    ['/logs', undefined],
    ['/logs', {}],
    ['/chain/id', 0],
    ['/chain/id', '1'],
    ['/chain/name', 'x'],
    ['/chain/contracts', []],
    ['/chain/contracts/bad-name', {}],
    ['/chain/contracts/UnitRegistry/address', hex('AA', 20)],
    ['/chain/contracts/UnitRegistry/address', hex('aa', 21)],
    ['/chain/contracts/UnitRegistry/codeHash', 7],
    ['/chain/contracts/IssuerRegistry/address', hex('aa', 20), '/chain/contracts'],
    ['/logs/0/origin', ''],
    ['/logs/0/keys', []],
    ['/logs/0/keys/0', 5],
    ['/logs/1', trust.logs[0], '/logs'],
    ['/witnesses/k', 0],
    ['/witnesses/k', 3],
    ['/witnesses/keys/0/operator', 'yes'],
    ['/witnesses/keys/0/operator', undefined],
    ['/witnesses/keys/0/key', hex('cc', 31)],
    ['/witnesses/keys/0/key', hex('cd', 32), '/witnesses/keys'],
    ['/issuers/0', null],
    ['/issuers/0/id', undefined],
    ['/issuers/1', trust.issuers[0], '/issuers'],
    ['/issuers/0/keys/0/kty', 'RSA'],
    ['/issuers/0/keys/0/crv', 'P-384'],
    ['/issuers/0/keys/0/d', 'secret'],
    ['/issuers/0/keys/0/x', 'short'],
    ['/issuers/0/keys/0/y', `${issuerKey.y.slice(0, -1)}1`],
    ['/issuers/0/keys/1/crv', 'X25519'],
    ['/issuers/0/keys/0', second, '/issuers/0/keys'],
    ['/issuers/0/types/1', 'https://health.test/licence', '/issuers/0/types'],
    ['/issuers/0/period/from', '2026-02-30T00:00:00Z'],
    ['/issuers/0/period/until', '2025-01-01T00:00:00Z', '/issuers/0/period'],
    ['/issuers/0/period/until', undefined],
    ['/issuers/0/keys/0', { jwk: issuerKey }, '/issuers/0/keys/0/period'],
    [
      '/issuers/0/keys/0',
      { jwk: 7, period: { from: '2026-01-01T00:00:00Z', until: null } },
      '/issuers/0/keys/0/jwk/kty',
    ],
    ['/issuers/0/keys/0', { ...issuerKey, alg: 'ES384' }, '/issuers/0/keys/0/alg'],
    ['/issuers/0/keys/0', { ...issuerKey, use: 'enc' }, '/issuers/0/keys/0/use'],
    ['/issuers/0/keys/0', { ...issuerKey, kid: 1 }, '/issuers/0/keys/0/kid'],
    ['/issuers/0/types/0', { vct: 'x' }, '/issuers/0/types/0/period'],
    [
      '/issuers/0/types/0',
      { vct: '', period: { from: '2026-01-01T00:00:00Z', until: null } },
      '/issuers/0/types/0/vct',
    ],
    [
      '/issuers/0/types/0',
      { vct: 'x', period: { from: 'now', until: null } },
      '/issuers/0/types/0/period/from',
    ],
    ['/issuers/0/types/0', 7],
    [
      '/issuers/0/types/0',
      { vct: 'x', period: { from: '2026-01-01T00:00:00Z', until: null }, scope: '' },
      '/issuers/0/types/0/scope',
    ],
    ['/issuers/0/withdrawn/0/thumbprint', 'nobody'],
    ['/issuers/0/withdrawn/0/at', 'yesterday'],
    ['/issuers/0/withdrawn/1', trust.issuers[0]!.withdrawn[0], '/issuers/0/withdrawn'],
  ];
  for (const [path, value, at] of wrong)
    expect(
      codeOf(() => parseTrustFile(set(path, value))),
      `${path} ${JSON.stringify(value)}`,
    ).toEqual(['TRUST_FILE_INVALID', at ?? path]);
  expect(codeOf(() => parseTrustFile('[]'))[0]).toBe('TRUST_FILE_INVALID');
  expect(codeOf(() => parseTrustFile('{"format":"zhenmei-trust/1","format":"x"}'))[0]).toBe('JSON_INVALID');
  expect(codeOf(() => parseTrustFile(''))[0]).toBe('JSON_INVALID');
});

test('keys and types may have periods of their own, and keys the members that tools write', () => {
  const period = { from: '2026-01-01T00:00:00Z', until: '2026-06-01T00:00:00Z' };
  const copy = structuredClone(trust) as unknown as { issuers: { keys: unknown[]; types: unknown[] }[] };
  copy.issuers[0]!.keys[0] = { jwk: { ...issuerKey, kid: 'a', use: 'sig', alg: 'ES256' }, period };
  copy.issuers[0]!.types = [
    { vct: 'x', period },
    { vct: 'x', period: { ...period, until: null } },
    { vct: 'x', period, scope: 'CN' },
  ];
  const [issuer] = parseTrustFile(JSON.stringify(copy)).issuers;
  expect(issuer!.keys[0]).toEqual({ jwk: issuerKey, period });
  expect(issuer!.types).toHaveLength(3);
});
