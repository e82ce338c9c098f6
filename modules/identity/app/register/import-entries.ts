/** A whole table is entered, or nothing of it. The dry run shows what would be entered and every fault. */
import { AppError } from '@zhenmei/kernel';
import { CREDENTIAL_TYPES, type CredentialName } from '../../core/catalogue.ts';
import type { Fault } from '../../core/csv.ts';
import { type ImportPlan, planImport } from '../../core/import-plan.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { checkEntry, entitledIssuer, insertEntries, mustBeAllowed } from './enter.ts';
import { lockList, signList } from './sign-list.ts';

const STANDS = {
  zh: '登记簿里已有同样有效的一条。',
  en: 'The register has a valid entry of the same words already.',
};

/** What the import would do; changes nothing. Throws NO_ISSUER, ISSUER_UNKNOWN. */
export async function previewImport(
  ctx: IdentityContext,
  organisationId: string,
  kind: CredentialName,
  bytes: Uint8Array,
): Promise<ImportPlan> {
  const { plan } = await prepare(ctx, organisationId, kind, bytes);
  return plan;
}

/** Throws NO_ISSUER, ISSUER_UNKNOWN, IMPORT_FAULTY with the first fault, IMPORT_EMPTY. @returns how many were entered */
export async function importEntries(
  ctx: IdentityContext,
  organisationId: string,
  kind: CredentialName,
  bytes: Uint8Array,
): Promise<{ entered: number }> {
  const { plan, who, checked, now } = await prepare(ctx, organisationId, kind, bytes);
  const [first] = plan.faults;
  if (first)
    throw new AppError('IMPORT_FAULTY', {
      count: plan.faults.length,
      line: first.line,
      column: first.column,
    });
  if (checked.length === 0) throw new AppError('IMPORT_EMPTY');
  await ctx.db.transaction().execute(async (tx) => {
    await lockList(tx, who.issuer.id);
    await insertEntries(ctx, tx, who.issuer, checked, now);
    await signList(ctx, tx, who.issuer.id, who.issuer.listUri);
  });
  return { entered: checked.length };
}

async function prepare(
  ctx: IdentityContext,
  organisationId: string,
  kind: CredentialName,
  bytes: Uint8Array,
) {
  const now = ctx.clock.now();
  const who = await entitledIssuer(ctx, organisationId);
  const plan = planImport(kind, bytes);
  const standing = await ctx.db
    .selectFrom('identity.register_entry')
    .select('claims')
    .where('issuer_id', '=', who.issuer.id)
    .where('vct', '=', CREDENTIAL_TYPES[kind])
    .where('state', '=', 'valid')
    .where('expires_at', '>', new Date(now))
    .execute();
  const known = new Set(standing.map(({ claims }) => sorted(claims)));
  const faults: Fault[] = [...plan.faults];
  const checked: ReturnType<typeof checkEntry>[] = [];
  for (const { line, claims, expires } of plan.rows) {
    try {
      const entry = checkEntry({ kind, claims, expires }, now);
      mustBeAllowed(who, entry, now);
      if (known.has(sorted(entry.claims)))
        faults.push({ line, column: Object.keys(claims)[0] ?? '1', code: 'ENTRY_STANDS', reason: STANDS });
      checked.push(entry);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const column = error.code === 'CREDENTIAL_RULE' ? 'validUntil' : String(error.params.name ?? '1');
      const reason = { zh: error.text('zh-CN'), en: error.text('en') };
      faults.push({ line, column, code: error.code, reason });
    }
  }
  faults.sort((a, b) => a.line - b.line);
  return { plan: { ...plan, faults }, who, checked, now };
}

const sorted = (claims: unknown): string =>
  JSON.stringify(claims, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
