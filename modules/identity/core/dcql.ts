/**
 * DCQL (OpenID4VP 1.0 §6) for SD-JWT VC: what is asked, read strictly, and which certificates answer it with the least.
 */
import { AppError, type Json } from '@zhenmei/kernel';
import { z } from 'zod';
import './openid-errors.ts';

const Id = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/);
const Step = z.union([z.string().max(100), z.int().min(0).max(1_000), z.null()]);
const ClaimQuery = z.object({
  id: Id.optional(),
  path: z.array(Step).min(1).max(8),
  values: z
    .array(z.union([z.string().max(500), z.int(), z.boolean()]))
    .min(1)
    .max(50)
    .optional(),
});
const CredentialQuery = z.object({
  id: Id,
  format: z.literal('dc+sd-jwt'),
  multiple: z.boolean().optional(),
  meta: z.object({ vct_values: z.array(z.string().max(300)).min(1).max(20) }),
  claims: z.array(ClaimQuery).min(1).max(50).optional(),
  claim_sets: z.array(z.array(Id).min(1).max(50)).min(1).max(20).optional(),
  require_cryptographic_holder_binding: z.boolean().optional(),
});
const CredentialSet = z.object({
  options: z.array(z.array(Id).min(1).max(20)).min(1).max(20),
  required: z.boolean().optional(),
});
export const DcqlQuery = z.object({
  credentials: z.array(CredentialQuery).min(1).max(20),
  credential_sets: z.array(CredentialSet).min(1).max(20).optional(),
});
export type DcqlQuery = z.infer<typeof DcqlQuery>;
type One = DcqlQuery['credentials'][number];
type Path = z.infer<typeof ClaimQuery>['path'];

/** Throws ASK_MALFORMED: unknown references, an id twice, sets without ids. */
export function readQuery(value: unknown): DcqlQuery {
  const read = DcqlQuery.safeParse(value);
  const no = (name: string): never => {
    throw new AppError('ASK_MALFORMED', { name });
  };
  if (!read.success) return no(`dcql_query/${read.error.issues[0]!.path.join('/')}`);
  const { credentials, credential_sets } = read.data;
  const ids = credentials.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) no('dcql_query/credentials');
  for (const { claims, claim_sets } of credentials) {
    const named = (claims ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
    if (new Set(named).size !== named.length) no('dcql_query/claims');
    if (!claim_sets) continue;
    if (named.length !== (claims ?? []).length || !claim_sets.flat().every((id) => named.includes(id)))
      no('dcql_query/claim_sets');
  }
  for (const { options } of credential_sets ?? [])
    if (!options.flat().every((id) => ids.includes(id))) no('dcql_query/credential_sets');
  return read.data;
}

/** Values at a path (§7.1); null is every element of a list. */
export function valuesAt(value: Json | undefined, path: Path): Json[] {
  let found: (Json | undefined)[] = [value];
  for (const step of path)
    found = found.flatMap((one) => {
      if (step === null) return Array.isArray(one) ? one : [];
      if (typeof step === 'number') return Array.isArray(one) ? [one[step]] : [];
      return typeof one === 'object' && one !== null && !Array.isArray(one) && Object.hasOwn(one, step)
        ? [one[step]]
        : [];
    });
  return found.filter((one) => one !== undefined);
}

export interface Held {
  readonly vct: string;
  readonly claims: Readonly<Record<string, Json>>;
  readonly bound: boolean;
}

/** Paths that answer this query from this certificate, or null if it does not fit. */
export function answerOne(query: One, { vct, claims, bound }: Held): Path[] | null {
  if (!query.meta.vct_values.includes(vct)) return null;
  if ((query.require_cryptographic_holder_binding ?? true) && !bound) return null;
  const asked = query.claims ?? [];
  const fits = ({ path, values }: (typeof asked)[number]): boolean => {
    const found = valuesAt(claims as Json, path);
    if (found.length === 0) return false;
    return values === undefined || found.some((one) => (values as Json[]).includes(one));
  };
  // the verifier names its sets from the one it likes best
  const sets = query.claim_sets?.map((ids) =>
    asked.filter(({ id }) => id !== undefined && ids.includes(id)),
  ) ?? [asked];
  const chosen = sets.find((set) => set.every(fits));
  return chosen ? chosen.map(({ path }) => path) : null;
}

export interface Answer<T> {
  readonly query: string;
  readonly held: T;
  readonly paths: readonly Path[];
}

/** One certificate for every query that has to be answered. Throws NOTHING_FITS. */
export function answerQuery<T extends Held>(query: DcqlQuery, held: readonly T[]): Answer<T>[] {
  const answers = new Map<string, Answer<T>>();
  for (const one of query.credentials)
    for (const each of held) {
      const paths = answerOne(one, each);
      if (!paths) continue;
      answers.set(one.id, { query: one.id, held: each, paths });
      break;
    }
  if (!query.credential_sets) {
    if (answers.size !== query.credentials.length) throw new AppError('NOTHING_FITS');
    return [...answers.values()];
  }
  const chosen = new Set<string>();
  for (const { options, required } of query.credential_sets) {
    const option = options.find((ids) => ids.every((id) => answers.has(id)));
    if (option) for (const id of option) chosen.add(id);
    else if (required ?? true) throw new AppError('NOTHING_FITS');
  }
  if (chosen.size === 0) throw new AppError('NOTHING_FITS');
  return [...answers.values()].filter(({ query: id }) => chosen.has(id));
}
