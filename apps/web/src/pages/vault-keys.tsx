/** My keys: every way in, and every way back. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { Card, Pill } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { AddDevice, Devices } from '../vault/devices.tsx';
import { Guarding } from '../vault/guarding.tsx';
import { MyGuardians } from '../vault/my-guardians.tsx';
import { Opened } from '../vault/opened.tsx';
import { RunningClosing } from '../vault/running-closing.tsx';
import { RunningRecovery } from '../vault/running-recovery.tsx';
import { Told } from '../vault/told.tsx';
import { Paper, Passphrase } from '../vault/ways.tsx';

const route = getRouteApi('/framed/vault/keys');

export function VaultKeysPage() {
  const { pair } = route.useSearch();
  return (
    <Opened title={t('mykeys.title')} lead={t('mykeys.lead')}>
      {(vault) => <Keys vault={vault} pair={pair ?? ''} />}
    </Opened>
  );
}

function Keys({ vault, pair }: { vault: Vault; pair: string }) {
  const ways = vault.keyset.methods.length;
  return (
    <>
      <RunningClosing vault={vault} />
      <RunningRecovery vault={vault} />
      <Card>
        <Pill tone={ways > 1 ? 'jade' : 'amber'}>
          {ways > 1 ? t('mykeys.enough', { n: ways }) : t('mykeys.few')}
        </Pill>
      </Card>
      <Devices vault={vault} />
      <AddDevice vault={vault} code={pair} />
      <Passphrase vault={vault} />
      <Paper vault={vault} />
      <h2 className="text-xl font-semibold m-0 mt-2">{t('guard.title')}</h2>
      <p className="m-0 soft">{t('guard.lead')}</p>
      <MyGuardians vault={vault} />
      <Guarding vault={vault} />
      <Link to="/vault/after" className="btn">
        {t('after.title')}
      </Link>
      <Told vault={vault} />
    </>
  );
}
