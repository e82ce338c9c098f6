/** A page behind the vault's door: its name, the way back, and the door itself while it is shut. */
import { Link } from '@tanstack/react-router';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { ReactNode } from 'react';
import { AccountCard, useVault } from '../look/account.tsx';
import { Page } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function Opened({
  title,
  lead,
  back = '/vault',
  children,
}: {
  title: string;
  lead: string;
  back?: '/vault' | '/vault/permissions' | '/vault/keys' | '/vault/consents';
  children: (vault: Vault) => ReactNode;
}) {
  const vault = useVault();
  return (
    <Page title={title} lead={lead}>
      <Link to={back} className="no-print no-underline text-soft inline-flex items-center min-h-11 w-fit">
        ← {t('back')}
      </Link>
      {vault ? children(vault) : <AccountCard />}
    </Page>
  );
}
