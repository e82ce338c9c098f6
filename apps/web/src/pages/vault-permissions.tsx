/** Who may see what: every permission, and what was opened under it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { Loaded } from '../look/loaded.tsx';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { GRANTS, givenPermissions, openings } from '../state/permissions.ts';
import { Opened } from '../vault/opened.tsx';
import { PermissionCard } from '../vault/permission-card.tsx';

export function VaultPermissionsPage() {
  return (
    <Opened title={t('may.title')} lead={t('may.lead')}>
      {(vault) => <List vault={vault} />}
    </Opened>
  );
}

function List({ vault }: { vault: Vault }) {
  const given = useQuery({
    queryKey: [...GRANTS, 'with-notes'],
    queryFn: () => givenPermissions(vault),
    select: (all) => all.toSorted((a, b) => Number(b.holds) - Number(a.holds)),
    refetchInterval: 10_000,
  });
  const opened = useQuery({ queryKey: [...GRANTS, 'openings'], queryFn: () => openings(vault) });
  return (
    <>
      <Link to="/vault/permissions/new" className="btn btn-main">
        {t('may.give')}
      </Link>
      {opened.error ? <Refusal error={opened.error} /> : null}
      <Loaded query={given} lines={2} empty={t('may.none')}>
        {(all) =>
          all.map((one) => (
            <PermissionCard
              key={one.grant.id}
              vault={vault}
              given={one}
              opened={opened.data ? (opened.data.get(one.grant.id) ?? []) : null}
            />
          ))
        }
      </Loaded>
    </>
  );
}
