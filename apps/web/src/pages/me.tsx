import { AccountCard, useVault } from '../look/account.tsx';
import { Card, Page, Pill } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { signOut } from '../state/vault.ts';

export function MePage() {
  const open = useVault();
  return (
    <Page title={t('nav.me')}>
      {open ? (
        <Card>
          <Pill tone="jade">{t('account.open')}</Pill>
          <button type="button" className="btn" onClick={() => void signOut()}>
            {t('account.out')}
          </button>
        </Card>
      ) : (
        <AccountCard />
      )}
    </Page>
  );
}
