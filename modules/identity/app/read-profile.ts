/** What is public of a doctor or an organisation: what the certificates say, judged just now, and by whom. */
import { AppError, type Hex, type Json, toIso } from '@zhenmei/kernel';
import type { Bilingual } from '../adapters/schema.ts';
import '../core/account-errors.ts';
import { CATALOGUE, CREDENTIAL_TYPES, personal, readClaims } from '../core/catalogue.ts';
import { readSdJwt } from '../core/sd-jwt.ts';
import type { CredentialResult } from '../core/verify-credential.ts';
import type { IdentityContext } from './context.ts';
import { splitKeys } from './directory.ts';
import { judgeCredentials } from './judge-credential.ts';
import { type SameOwner, sameOwner } from './register/owners.ts';

export interface LicenceSummary {
  readonly verdict: 'proven' | 'false' | 'cannot-judge';
  readonly code: string;
  readonly message: Bilingual;
  readonly type: string;
  readonly kind: Bilingual;
  readonly issuer: string;
  readonly issuerName: Bilingual;
  readonly issuerEntitledNow: boolean | null;
  readonly checkedAt: string;
  /** As the certificate states them, also when it does not hold: for showing what is suspended. Nothing personal. */
  readonly claims: Record<string, Json>;
}

interface Read extends CredentialResult {
  readonly token: string;
}

/** The newest certificate of each kind that was made public for this subject, judged just now. */
async function licencesOf(ctx: IdentityContext, subjectId: string): Promise<Read[]> {
  const rows = await ctx.db
    .selectFrom('identity.credential')
    .distinctOn('vct')
    .select(['vct', 'token'])
    .where('subject_id', '=', subjectId)
    .orderBy('vct')
    .orderBy('registered_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const tokens = rows.map(({ token }) => token);
  const results = await judgeCredentials(ctx, tokens);
  return results.map((result, i) => ({ ...result, token: tokens[i]! }));
}

/** Public licences of a subject and what they say; `valid` is null where nothing can be judged. */
export async function licenceFacts(ctx: IdentityContext, subjectId: string) {
  const read = await licencesOf(ctx, subjectId);
  const issuers = await ctx.db
    .selectFrom('identity.issuer as i')
    .innerJoin('identity.organisation as o', 'o.id', 'i.organisation_id')
    .select(['i.id', 'o.name'])
    .execute();
  const checkedAt = toIso(ctx.clock.now());
  const summaries = read.map((licence): LicenceSummary => {
    const type = licence.type ?? '';
    return {
      verdict: licence.verdict,
      code: licence.code,
      message: licence.message,
      type,
      kind: CATALOGUE[type]?.name ?? { zh: type, en: type },
      issuer: licence.issuer ?? '',
      issuerName: issuers.find((i) => i.id === licence.issuer)?.name ?? { zh: '', en: '' },
      issuerEntitledNow: licence.issuerEntitledNow,
      checkedAt,
      claims: openClaims(type, licence.token),
    };
  });
  return {
    summaries,
    facility: facts(read, CREDENTIAL_TYPES.facilityLicence),
    physician: facts(read, CREDENTIAL_TYPES.physicianLicence),
    assessor: facts(read, CREDENTIAL_TYPES.assessorAppointment),
  };
}

function openClaims(type: string, token: string): Record<string, Json> {
  const said = readClaims(type, readSdJwt(token).claims) ?? {};
  const names = personal(type);
  return Object.fromEntries(Object.entries(said).filter(([name]) => !names.includes(name))) as Record<
    string,
    Json
  >;
}

function facts(read: readonly Read[], type: string) {
  const licence = read.find((one) => one.type === type);
  if (!licence) return { valid: false, claims: null };
  if (licence.verdict === 'cannot-judge') return { valid: null, claims: null };
  return { valid: licence.verdict === 'proven', claims: licence.claims };
}

export interface Profile {
  readonly subject: string;
  readonly kind:
    | 'doctor'
    | 'regulator'
    | 'maker'
    | 'distributor'
    | 'clinic'
    | 'lender'
    | 'insurer'
    | 'assessor';
  readonly name: Bilingual;
  readonly title: Bilingual | null;
  readonly closedAt: string | null;
  readonly sameOwner: readonly SameOwner[];
  readonly licences: readonly LicenceSummary[];
  /** Keys with which an organisation's devices sign: uncompressed P-256 points. */
  readonly deviceKeys: readonly Hex[];
  /** Keys of devices that ended, each with the time until which its signatures count. */
  readonly pastKeys: readonly { readonly key: Hex; readonly until: string }[];
}

/** Throws PROFILE_UNKNOWN. */
export async function readProfile(ctx: IdentityContext, subject: string): Promise<Profile> {
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .select(['kind', 'name', 'closed_at'])
    .where('id', '=', subject)
    .executeTakeFirst();
  const doctor = organisation
    ? undefined
    : await ctx.db
        .selectFrom('identity.practitioner')
        .select(['name', 'title'])
        .where('id', '=', subject)
        .executeTakeFirst();
  if (!organisation && !doctor) throw new AppError('PROFILE_UNKNOWN');
  const { summaries } = await licenceFacts(ctx, subject);
  const devices = await ctx.db
    .selectFrom('identity.device')
    .select(['holder_key', 'retired_at'])
    .where('organisation_id', '=', subject)
    .orderBy('joined_at')
    .execute();
  const { deviceKeys, pastKeys } = splitKeys(devices);
  return {
    subject,
    kind: organisation?.kind ?? 'doctor',
    name: (organisation ?? doctor)!.name,
    title: doctor?.title ?? null,
    closedAt: organisation?.closed_at ? toIso(organisation.closed_at.getTime()) : null,
    sameOwner: organisation ? await sameOwner(ctx, subject) : [],
    licences: summaries,
    deviceKeys,
    pastKeys: pastKeys.map(({ key, until }) => ({ key, until: toIso(until.getTime()) })),
  };
}
