/** The seal of a house: made once, kept, published; or brought, and then looked at closely. */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readCertificate } from '@zhenmei/evidence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certify, type Party, party } from './authority.property.ts';
import { openDocumentSeal, sealNow, sealView } from './document-seal.ts';
import { openSecrets } from './secrets.ts';

const NOW = Date.UTC(2027, 0, 15);
const DAY = 86_400_000;
const PERIOD = { from: NOW - DAY, until: NOW + DAY };

let dataDir: string;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-seal-'));
});
afterEach(() => {
  fs.rmSync(dataDir, { recursive: true, force: true });
});

const put = (name: string, content: string, mode = 0o600): string => {
  const file = path.join(dataDir, name);
  fs.writeFileSync(file, content, { mode });
  return file;
};
const pem = (...all: Uint8Array[]) => all.map((one) => new X509Certificate(one).toString()).join('');
const keyPem = ({ privateKey }: Party) => String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const open = (given: { key?: string; certificate?: string; url?: string } = {}) =>
  openDocumentSeal(
    {
      dataDir,
      publicUrl: given.url ?? 'https://a.example/x',
      documentKey: given.key,
      documentCertificate: given.certificate,
    },
    openSecrets(dataDir),
    NOW,
  );
const refused = (work: () => unknown): string => {
  try {
    work();
    return 'opened';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('the seal that a house makes', () => {
  it('is the same at every start; its key is a secret, its certificate is not', () => {
    const first = open();
    expect(open()).toEqual(first);
    const secrets = fs.readFileSync(path.join(dataDir, 'secrets.json'), 'utf8');
    expect(secrets).toContain(Buffer.from(first.privateKey).toString('hex'));
    expect(fs.statSync(path.join(dataDir, 'secrets.json')).mode & 0o077).toBe(0);
    expect(first.published).not.toContain('PRIVATE');
    expect(sealView(first)).toEqual({
      address: 'https://a.example',
      subject: 'Zhenmei document seal (a.example)',
      issuer: 'Zhenmei document seal (a.example)',
      selfIssued: true,
      fingerprint: readCertificate(first.certificates[0]!).fingerprint,
      until: null,
    });
    const certificate = new X509Certificate(first.certificates[0]!);
    expect([certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([false, true]);
  });
  it('is another’s in another folder', () => {
    const first = open();
    fs.rmSync(path.join(dataDir, 'secrets.json'));
    expect(refused(open)).toBe('DOCUMENT_CERTIFICATE_INVALID');
    fs.rmSync(path.join(dataDir, 'document-certificates.pem'));
    expect(open().privateKey).not.toEqual(first.privateKey);
  });
  it('gets a certificate anew where the house moved, and publishes the earlier one after it', () => {
    const first = open();
    const moved = open({ url: 'https://b.example' });
    expect(moved.privateKey).toEqual(first.privateKey);
    expect(moved.published).toBe(pem(...moved.certificates) + first.published);
    expect(open({ url: 'https://b.example' })).toEqual(moved);
  });
  it('comes to a folder from before papers were sealed', () => {
    openSecrets(dataDir);
    const file = path.join(dataDir, 'secrets.json');
    const { document: _, ...before } = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify(before), { mode: 0o600 });
    expect(open().certificates).toHaveLength(1);
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject(before);
  });
  it('is not opened with certificates that cannot be read', () => {
    put('document-certificates.pem', 'nothing');
    expect(refused(open)).toBe('DOCUMENT_CERTIFICATE_INVALID');
  });
});

describe('the seal that an operator brings', () => {
  const [root, middle, house] = [party('Root'), party('Middle'), party('Clinic Group Seal')];
  const long = { ...PERIOD, ca: true };
  const chain = [
    certify(house, middle, PERIOD),
    certify(middle, root, long),
    certify(root, root, long),
  ] as const;

  it('seals with its own name and its whole chain', () => {
    const seal = open({ key: put('key.pem', keyPem(house)), certificate: put('chain.pem', pem(...chain)) });
    expect(seal.certificates).toEqual(chain);
    expect(sealView(seal)).toMatchObject({
      subject: 'Clinic Group Seal',
      issuer: 'Middle',
      selfIssued: false,
      until: '2027-01-16T00:00:00.000Z',
    });
    expect(fs.existsSync(path.join(dataDir, 'document-certificates.pem'))).toBe(false);
  });
  it('seals nothing before its time and after it', () => {
    const seal = open({ key: put('key.pem', keyPem(house)), certificate: put('chain.pem', pem(...chain)) });
    expect(sealNow(seal, NOW).subject).toBe('Clinic Group Seal');
    for (const at of [NOW - 2 * DAY, NOW + 2 * DAY])
      expect(refused(() => sealNow(seal, at))).toBe('DOCUMENT_CERTIFICATE_OVER');
  });
  it.each<[string, () => { key?: string; certificate?: string }, string]>([
    ['a key alone', () => ({ key: put('k', keyPem(house)) }), 'DOCUMENT_KEY_INVALID'],
    ['a certificate alone', () => ({ certificate: put('c', pem(...chain)) }), 'DOCUMENT_KEY_INVALID'],
    ['no file', () => ({ key: '/nowhere', certificate: put('c', pem(...chain)) }), 'DOCUMENT_KEY_INVALID'],
    [
      'no key in it',
      () => ({ key: put('k', 'x'), certificate: put('c', pem(...chain)) }),
      'DOCUMENT_KEY_INVALID',
    ],
    [
      'a key of another curve',
      () => ({ key: put('k', keyPem(party('x', 'P-384'))), certificate: put('c', pem(...chain)) }),
      'DOCUMENT_KEY_INVALID',
    ],
    [
      'a key that others can read',
      () => ({ key: put('k', keyPem(house), 0o644), certificate: put('c', pem(...chain)) }),
      'SECRETS_READABLE',
    ],
    [
      'somebody else’s key',
      () => ({ key: put('k', keyPem(middle)), certificate: put('c', pem(...chain)) }),
      'DOCUMENT_CERTIFICATE_INVALID',
    ],
    [
      'a chain with a gap',
      () => ({ key: put('k', keyPem(house)), certificate: put('c', pem(chain[0], chain[2])) }),
      'DOCUMENT_CERTIFICATE_INVALID',
    ],
    [
      'an issuer of the same name and another key',
      () => ({
        key: put('k', keyPem(house)),
        certificate: put('c', pem(chain[0], certify(party('Middle'), root, long))),
      }),
      'DOCUMENT_CERTIFICATE_INVALID',
    ],
    [
      'no certificate',
      () => ({ key: put('k', keyPem(house)), certificate: put('c', 'x') }),
      'DOCUMENT_CERTIFICATE_INVALID',
    ],
  ])('is refused with %s', (_, given, code) => {
    expect(refused(() => open(given()))).toBe(code);
  });
});
