/** Gives something to a clinic, or less than before: what, to whom, how long, and the notice to agree to. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { again, GRANTS, givenPermissions } from '../state/permissions.ts';
import { Opened } from '../vault/opened.tsx';
import { PermissionForm } from '../vault/permission-form.tsx';

const route = getRouteApi('/framed/vault/permissions/new');

export function VaultPermissionNewPage() {
  const { from } = route.useSearch();
  return (
    <Opened title={t('may.new')} lead={t('may.lead')} back="/vault/permissions">
      {(vault) => <Load vault={vault} from={from ?? null} />}
    </Opened>
  );
}

function Load({ vault, from }: { vault: Vault; from: string | null }) {
  const clinics = useQuery({
    queryKey: ['clinics-all'],
    queryFn: async () => (await patientApi.call(careApi.listClinics, { query: {} })).clinics,
  });
  const given = useQuery({ queryKey: [...GRANTS, 'with-notes'], queryFn: () => givenPermissions(vault) });
  if (clinics.isPending || given.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (clinics.error || given.error) return <Refusal error={clinics.error ?? given.error} />;
  const before = given.data.find(({ grant }) => grant.id === from);
  const start = before?.note ? again(before.grant, before.note) : null;
  const places = clinics.data.map(({ id, name }) => ({ id, name }));
  const known = start && !places.some(({ id }) => id === start.organisation.id);
  return (
    <>
      {start ? (
        <p className="m-0 font-semibold">{t('may.new.narrow', { name: say(start.organisation.name) })}</p>
      ) : null}
      <PermissionForm
        vault={vault}
        clinics={known ? [...places, start.organisation] : places}
        start={start}
      />
    </>
  );
}
