/** The emergency card: switched on and off, shown, printed; and everything that was opened with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { switchOffEmergency, switchOnEmergency } from '@zhenmei/client/vault/emergency.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { readCard } from '@zhenmei/vault/core/emergency/card.ts';
import { lazy, Suspense, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Toggle } from '../look/choice.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { EmergencyCases } from '../vault/emergency-cases.tsx';
import { Opened } from '../vault/opened.tsx';

const Qr = lazy(() => import('../look/qr.tsx'));
const CARD = ['emergency-card'] as const;

export function VaultEmergencyPage() {
  return (
    <Opened title={t('emergency.title')} lead={t('emergency.lead')}>
      {(vault) => <Inside vault={vault} />}
    </Opened>
  );
}

function Inside({ vault }: { vault: Vault }) {
  const queries = useQueryClient();
  const card = useQuery({
    queryKey: CARD,
    queryFn: async () => (await vault.io.api.call(vaultApi.readEmergencyCard)).card,
    refetchInterval: 10_000,
  });
  const refresh = () => queries.invalidateQueries({ queryKey: CARD });
  const off = useMutation({
    mutationFn: () => switchOffEmergency(vault),
    onSuccess: () => toast(t('emergency.off.done')),
    onSettled: refresh,
  });
  const on = useMutation({
    mutationFn: (guardians: boolean) => switchOnEmergency(vault, guardians),
    onSettled: refresh,
  });
  if (card.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (card.error) return <Refusal error={card.error} />;
  const note = vault.contents.emergency;
  const active = card.data && note && readCard(note.code).name === card.data.name;
  const error = on.error ?? off.error;
  return (
    <>
      {active ? (
        <Active
          code={note.code}
          card={card.data!}
          busy={on.isPending || off.isPending}
          onOff={() => off.mutate()}
          onAgain={() => on.mutate(card.data!.guardians)}
        />
      ) : (
        <Start vault={vault} busy={on.isPending} onStart={(guardians) => on.mutate(guardians)} />
      )}
      {error ? <Refusal error={error} /> : null}
      <div className="no-print">
        <EmergencyCases vault={vault} />
      </div>
    </>
  );
}

function Start({ vault, busy, onStart }: { vault: Vault; busy: boolean; onStart(guardians: boolean): void }) {
  const [guardians, setGuardians] = useState(false);
  const holds = vault.contents.items.some(({ kind }) => kind === 'allergies' || kind === 'health-facts');
  if (!holds)
    return (
      <div className="card flex flex-col items-start gap-3">
        <p className="soft m-0">{t('emergency.empty')}</p>
        <Link to="/vault" className="btn">
          {t('emergency.toVault')}
        </Link>
      </div>
    );
  return (
    <Card>
      <ul className="m-0 pl-5 flex flex-col gap-1">
        <li>{t('emergency.how.1')}</li>
        <li>{t('emergency.how.2')}</li>
        <li>{t('emergency.how.3')}</li>
      </ul>
      <Toggle label={t('emergency.guardians')} on={guardians} onChange={setGuardians} />
      <Button kind="main" busy={busy} onClick={() => onStart(guardians)}>
        {t('emergency.on')}
      </Button>
    </Card>
  );
}

function Active({
  code,
  card,
  busy,
  onOff,
  onAgain,
}: {
  code: string;
  card: { madeAt: string; endsAt: string; left: number; paused: boolean };
  busy: boolean;
  onOff(): void;
  onAgain(): void;
}) {
  const [asking, setAsking] = useState<'off' | 'again' | null>(null);
  // what is behind the mark never leaves a browser for a server
  const address = `${location.origin}/emergency#${code}`;
  return (
    <>
      {card.paused ? (
        <Card tone="cinnabar">
          <Pill tone="cinnabar">{t('emergency.paused')}</Pill>
          <p className="m-0">{t('emergency.paused.next')}</p>
          <Link to="/vault" className="btn self-start">
            {t('nav.vault')}
          </Link>
        </Card>
      ) : null}
      <Card title={t('emergency.card.title')}>
        <Suspense fallback={<Waiting what={t('loading')} />}>
          <div className="self-center w-full max-w-64 flex flex-col">
            <Qr text={address} label={t('emergency.qr')} />
          </div>
        </Suspense>
        <p className="m-0 font-mono text-lg leading-loose break-words text-center" data-emergency>
          {code}
        </p>
        <p className="m-0 soft text-center">{t('emergency.card.text')}</p>
      </Card>
      <div className="no-print flex flex-col gap-4">
        <Card>
          {card.paused ? null : <Pill tone={card.left > 0 ? 'jade' : 'amber'}>{t('emergency.active')}</Pill>}
          <Facts
            rows={[
              [t('emergency.made'), date(card.madeAt, now(), true)],
              [t('emergency.until'), date(card.endsAt, now())],
              [t('emergency.left'), t('emergency.left.n', { n: card.left })],
            ]}
          />
          <div className="flex flex-wrap gap-3">
            <Button kind="main" onClick={() => window.print()}>
              {t('emergency.print')}
            </Button>
            <Button busy={busy} onClick={() => setAsking('again')}>
              {t('emergency.again')}
            </Button>
            <Button kind="danger" busy={busy} onClick={() => setAsking('off')}>
              {t('emergency.off')}
            </Button>
          </div>
        </Card>
      </div>
      <Ask
        open={asking === 'off'}
        onOpenChange={(open) => setAsking(open ? 'off' : null)}
        danger
        title={t('emergency.off.ask')}
        text={t('emergency.off.means')}
        yes={t('emergency.off')}
        onYes={onOff}
      />
      <Ask
        open={asking === 'again'}
        onOpenChange={(open) => setAsking(open ? 'again' : null)}
        danger
        title={t('emergency.again.ask')}
        text={t('emergency.again.means')}
        yes={t('emergency.again')}
        onYes={onAgain}
      />
    </>
  );
}
