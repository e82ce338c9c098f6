/** Grants: signed, bound to every byte, in force only within what they say, and split between two. */
import { type AppError, toBase64Url } from '@zhenmei/kernel';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { giveConsent, receiptHash, withdrawn } from '../consent/receipt.ts';
import { signReceipt } from '../consent/signatures.ts';
import { sealKeys } from '../seal.ts';
import {
  assertGrantSigned,
  assertWithin,
  covers,
  type Grant,
  keyThumb,
  PURPOSES,
  readGrant,
  signGrant,
  subjectOf,
  subjectSecret,
  type Use,
} from './grant.ts';
import {
  commitDetails,
  type GrantDetails,
  gatekeeperPart,
  giveFile,
  LIST,
  type Listing,
  openFileKey,
  openHalf,
  openListing,
  sealHalf,
} from './release.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'none';
  } catch (e) {
    return (e as AppError).code;
  }
};
const root = random(32);
const organisation = '0198f0a0-0000-7000-8000-0000000000c1';
const person = '0198f0a0-0000-7000-8000-0000000000d1';
const clinic = sealKeys(random(32));
const salt = random(16);
const agreed = giveConsent({
  recordId: '0198f0a0-0000-7000-8000-0000000000e1',
  subject: subjectOf(root, organisation),
  notice: { id: 'treat', version: '1' },
  language: 'zh-CN',
  compartments: ['allergies'],
  controller: { id: organisation, name: { zh: '梅园', en: 'Plum Garden' } },
  processing: ['view'],
  region: 'CN',
  until: '2026-12-24T00:00:00.000Z',
  at: '2026-11-24T00:00:00.000Z',
});
const receipt = signReceipt(agreed, subjectSecret(root, organisation));
const details: GrantDetails = {
  receipt,
  compartments: ['allergies'],
  name: '小安',
  visit: null,
  inbox: sealKeys(random(32)).publicKey,
};
const grant: Grant = {
  version: 1,
  id: '0198f0a0-0000-7000-8000-0000000000a1',
  subject: subjectOf(root, organisation),
  grantee: { organisation, person, keys: [keyThumb(clinic.publicKey)] },
  purpose: 'TREAT',
  actions: ['view'],
  compartments: ['label'],
  objects: ['photo-1'],
  notBefore: '2026-11-24T00:00:00.000Z',
  notAfter: '2026-12-24T00:00:00.000Z',
  reads: 3,
  region: 'CN',
  notice: { id: 'treat', version: '1', hash: receipt.notice.hash },
  receipt: receiptHash(receipt),
  details: commitDetails(salt, details),
};
const shares = { grantee: random(32), gatekeeper: random(32) };
const contentKey = random(32);
const listing: Listing = {
  compartment: 'face-photos',
  kind: 'photo',
  title: '正面',
  at: '2026-11-24',
  zones: [],
  mime: 'image/jpeg',
  size: 10,
  stored: 52,
};
let sealed: string;
let file: Awaited<ReturnType<typeof giveFile>>;
beforeAll(async () => {
  sealed = await sealHalf(grant, clinic.publicKey, { share: shares.grantee, salt, details }, random);
  file = await giveFile(grant, shares, { object: 'photo-1', version: 2, contentKey }, listing, random);
});
const part = (object = 'photo-1', version = 2) => gatekeeperPart(shares.gatekeeper, object, version);

describe('a grant', () => {
  it('opens with both halves', async () => {
    const half = await openHalf(grant, clinic, sealed);
    expect(half.details).toEqual(details);
    expect(await openFileKey(grant, half.share, part(), file)).toEqual(contentKey);
    expect(await openListing(grant, half.share, part(LIST, 1), file)).toEqual(listing);
  });

  it('opens only on a receipt that covers it and that the person signed', async () => {
    const sealing = async (change: Partial<GrantDetails>, more: Partial<Grant> = {}) => {
      const { receipt: _, ...bare } = details;
      const other = 'receipt' in change && change.receipt === undefined ? bare : { ...details, ...change };
      const under = { ...grant, ...more, details: commitDetails(salt, other) };
      const half = { share: shares.grantee, salt, details: other };
      return codeOf(async () =>
        openHalf(under, clinic, await sealHalf(under, clinic.publicKey, half, random)),
      );
    };
    expect(await sealing({})).toBe('none');
    expect(await sealing({ receipt: undefined } as Partial<GrantDetails>)).toBe('RECEIPT_MISSING');
    const { signatures: __, ...unsigned } = receipt;
    expect(await sealing({ receipt: unsigned })).toBe('RECEIPT_MISSING');
    expect(await sealing({ receipt: signReceipt(agreed, random(32)) })).toBe('RECEIPT_SIGNATURE_WRONG');
    expect(await sealing({ receipt: { ...receipt, jurisdiction: 'SG' } })).toBe('RECEIPT_OTHER');
    expect(await sealing({}, { purpose: 'HMARKT' })).toBe('RECEIPT_OTHER');
    expect(await sealing({}, { notAfter: '2027-12-24T00:00:00.000Z' })).toBe('RECEIPT_OTHER');
    expect(await sealing({ receipt: withdrawn(receipt, '2026-11-25T00:00:00.000Z') })).toBe('RECEIPT_OTHER');
  });

  it('opens with nothing less: not the list’s part, not another file’s, not another share', async () => {
    const { share } = await openHalf(grant, clinic, sealed);
    for (const wrong of [part(LIST, 1), part('photo-2'), part('photo-1', 1), random(32)])
      expect(await codeOf(() => openFileKey(grant, share, wrong, file))).toBe('VAULT_DAMAGED');
    expect(await codeOf(() => openFileKey(grant, random(32), part(), file))).toBe('VAULT_DAMAGED');
    expect(await codeOf(() => openListing(grant, share, part(), file))).toBe('VAULT_DAMAGED');
    for (const moved of [
      { ...file, object: 'photo-2' },
      { ...file, version: 3 },
    ])
      expect(await codeOf(() => openFileKey(grant, share, part(), moved))).toBe('VAULT_DAMAGED');
    expect(await codeOf(() => openHalf(grant, sealKeys(random(32)), sealed))).toBe('VAULT_DAMAGED');
  });

  it('opens nothing when any of its fields is another', async () => {
    const other = '0198f0a0-0000-7000-8000-0000000000ff';
    const thumb = keyThumb(clinic.publicKey);
    const changes: Partial<Grant>[] = [
      { id: other },
      { subject: subjectOf(random(32), organisation) },
      { grantee: { ...grant.grantee, organisation: other } },
      { grantee: { ...grant.grantee, person: null } },
      { grantee: { ...grant.grantee, keys: [thumb, grant.receipt] } },
      { purpose: 'HRESCH' },
      { actions: ['view', 'export'] },
      { compartments: [] },
      { compartments: ['label', 'more'] },
      { objects: ['photo-1', 'photo-2'] },
      { notBefore: '2026-11-23T00:00:00.000Z' },
      { notAfter: '2027-12-24T00:00:00.000Z' },
      { reads: null },
      { reads: 4 },
      { region: 'SG' },
      { notice: { ...grant.notice, version: '2' } },
      { notice: { ...grant.notice, hash: toBase64Url(random(32)) } },
      { receipt: toBase64Url(random(32)) },
      { details: toBase64Url(random(32)) },
    ];
    expect(new Set(changes.flatMap(Object.keys)).size).toBe(Object.keys(grant).length - 1);
    for (const change of changes) {
      const altered = readGrant({ ...grant, ...change });
      expect(await codeOf(() => openHalf(altered, clinic, sealed))).toBe('VAULT_DAMAGED');
      expect(await codeOf(() => openFileKey(altered, shares.grantee, part(), file))).toBe('VAULT_DAMAGED');
      expect(await codeOf(() => assertGrantSigned(altered, signGrant(root, grant)))).toBe(
        'GRANT_SIGNATURE_WRONG',
      );
    }
  });

  it('opens nothing when one character of what was kept is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), async (at) => {
        const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
        expect(await codeOf(() => openHalf(grant, clinic, changed))).toBe('VAULT_DAMAGED');
      }),
      { numRuns: 40 },
    );
    const { share } = await openHalf(grant, clinic, sealed);
    for (let at = 0; at < file.wrapped.length; at += 7) {
      const wrapped =
        file.wrapped.slice(0, at) + (file.wrapped[at] === 'A' ? 'B' : 'A') + file.wrapped.slice(at + 1);
      expect(await codeOf(() => openFileKey(grant, share, part(), { ...file, wrapped }))).toBe(
        'VAULT_DAMAGED',
      );
    }
  });

  it('is signed by a key that this organisation alone sees', async () => {
    expect(await codeOf(() => assertGrantSigned(grant, signGrant(root, grant)))).toBe('none');
    expect(await codeOf(() => assertGrantSigned(grant, signGrant(random(32), grant)))).toBe(
      'GRANT_SIGNATURE_WRONG',
    );
    expect(await codeOf(() => assertGrantSigned(grant, 'AAAA'))).toBe('GRANT_SIGNATURE_WRONG');
    expect(subjectOf(root, organisation)).toBe(grant.subject);
    expect(subjectOf(root, person)).not.toBe(grant.subject);
  });

  it('is no grant with a field too many, too few or out of bounds', async () => {
    for (const [change, field] of [
      [{ extra: 1 }, '(root)'],
      [{ version: 2 }, 'version'],
      [{ purpose: 'CURIOSITY' }, 'purpose'],
      [{ actions: [] }, 'actions'],
      [{ actions: ['view', 'view'] }, 'actions'],
      [{ actions: ['delete'] }, 'actions[0]'],
      [{ compartments: [], objects: [] }, 'objects'],
      [{ notAfter: grant.notBefore }, 'notAfter'],
      [{ notBefore: '2026-02-30T00:00:00.000Z' }, 'notBefore'],
      [{ reads: 0 }, 'reads'],
      [{ grantee: { ...grant.grantee, keys: [] } }, 'grantee.keys'],
      [{ receipt: undefined }, 'receipt'],
    ] as const) {
      let error: AppError | null = null;
      try {
        readGrant({ ...grant, ...change });
      } catch (e) {
        error = e as AppError;
      }
      expect(error).toMatchObject({ code: 'GRANT_INVALID', params: { field } });
    }
  });
});

describe('what is allowed under it', () => {
  const use: Use = {
    organisation,
    person,
    purpose: 'TREAT',
    action: 'view',
    used: 0,
    at: Date.parse('2026-11-30T00:00:00.000Z'),
  };

  it('is exactly what it says', async () => {
    expect(await codeOf(() => assertWithin(grant, use))).toBe('none');
    expect(await codeOf(() => assertWithin({ ...grant, reads: null }, { ...use, used: 999 }))).toBe('none');
    const anyone = { ...grant, grantee: { ...grant.grantee, person: null } };
    expect(await codeOf(() => assertWithin(anyone, { ...use, person: null }))).toBe('none');
    for (const [change, code] of [
      [{ organisation: person }, 'GRANT_UNKNOWN'],
      [{ at: Date.parse(grant.notBefore) - 1 }, 'GRANT_NOT_YET'],
      [{ at: Date.parse(grant.notAfter) }, 'GRANT_EXPIRED'],
      [{ action: 'write' }, 'GRANT_ACTION'],
      [{ action: 'export' }, 'GRANT_ACTION'],
      [{ action: 'compute' }, 'GRANT_ACTION'],
      [{ person: null }, 'GRANT_PERSON'],
      [{ person: organisation }, 'GRANT_PERSON'],
      [{ used: 3 }, 'GRANT_USED_UP'],
    ] as const)
      expect(await codeOf(() => assertWithin(grant, { ...use, ...change }))).toBe(code);
    for (const purpose of Object.keys(PURPOSES) as (keyof typeof PURPOSES)[])
      expect(await codeOf(() => assertWithin(grant, { ...use, purpose }))).toBe(
        purpose === 'TREAT' ? 'none' : 'GRANT_PURPOSE',
      );
  });

  it('covers what is named, itself or by its compartment', () => {
    expect(covers(grant, 'photo-1', 'other')).toBe(true);
    expect(covers(grant, 'photo-9', 'label')).toBe(true);
    expect(covers(grant, 'photo-9', 'other')).toBe(false);
  });
});
