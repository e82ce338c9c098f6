import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { AccountCard, useVault } from '../look/account.tsx';
import { Choice, Toggle } from '../look/choice.tsx';
import { Card, Page, Pill } from '../look/parts.tsx';
import { setElder, setTheme, type Theme, theme } from '../look/settings.ts';
import { isElder, type Key, t } from '../shell/words.ts';
import { signOut } from '../state/vault.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function MePage() {
  const open = useVault();
  const [look, setLook] = useState(theme());
  return (
    <Page title={t('nav.me')}>
      {open ? (
        <Card>
          <Pill tone="jade">{t('account.open')}</Pill>
          <p className="soft m-0">{t('account.openLead')}</p>
          <button type="button" className="btn" onClick={() => void signOut()}>
            {t('account.out')}
          </button>
        </Card>
      ) : (
        <AccountCard />
      )}
      <Card title={t('wallet.title')}>
        <p className="soft m-0">{t('wallet.lead')}</p>
        <Link to="/wallet" className="btn">
          {t('wallet.title')}
        </Link>
      </Card>
      <Card title={t('ward.title')}>
        <p className="soft m-0">{t('ward.lead')}</p>
        <Link to="/guardian" className="btn">
          {t('ward.title')}
        </Link>
      </Card>
      <Card title={t('me.look')}>
        <Toggle
          label={t('elder.on')}
          on={isElder()}
          onChange={(on) => {
            setElder(on);
            location.reload();
          }}
        />
        <Choice
          legend={t('me.theme')}
          value={look}
          options={THEMES.map((value) => ({ value, label: t(`theme.${value}` as Key) }))}
          onChange={(next) => {
            setTheme(next);
            setLook(next);
          }}
        />
      </Card>
    </Page>
  );
}
