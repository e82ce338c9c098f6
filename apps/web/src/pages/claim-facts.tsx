/** What a certificate says, with the names of the organisations that it mentions. */
import { useQueries } from '@tanstack/react-query';
import { identityApi } from '@zhenmei/identity/api.ts';
import { Facts } from '../look/parts.tsx';
import { patientApi } from '../state/apis.ts';
import { claimRows, type Names, organisationsIn } from '../state/claims.ts';

/** A name that cannot be had now is left out; identifiers say nothing to people. */
function useNames(ids: readonly string[]): Names {
  return useQueries({
    queries: [...new Set(ids)].map((subject) => ({
      queryKey: ['name', subject],
      queryFn: async () => (await patientApi.call(identityApi.readProfile, { params: { subject } })).name,
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (found) =>
      Object.fromEntries(
        [...new Set(ids)].flatMap((id, i) => (found[i]?.data ? [[id, found[i].data] as const] : [])),
      ),
  });
}

export function ClaimFacts({
  vct,
  claims,
  only,
  more = [],
}: {
  vct: string;
  claims: Readonly<Record<string, unknown>>;
  /** Just these claims, in this order. */
  only?: readonly string[];
  more?: readonly (readonly [string, string])[];
}) {
  const said = only ? Object.fromEntries(only.map((name) => [name, claims[name]])) : claims;
  const names = useNames(organisationsIn(said));
  return <Facts rows={[...claimRows(vct, said, names), ...more]} />;
}
