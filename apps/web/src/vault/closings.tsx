/** For guardians: report a death with its certificate, agree, wait, carry out, and receive what was left to one. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deathOf, receiveFile, receiveLegacy, reportDeath } from '@zhenmei/client/vault/closings.ts';
import { wards } from '@zhenmei/client/vault/guardians.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Legacy } from '@zhenmei/vault/core/closing/wish.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { useClosings } from '../state/closings.ts';
import { walletCredentials } from '../state/wallet.ts';

type Listed = NonNullable<ReturnType<typeof useClosings>['data']>['wards'][number];

export function Closings({ vault }: { vault: Vault }) {
  const closings = useClosings();
  const names = useQuery({ queryKey: ['wards'], queryFn: () => wards(vault), refetchInterval: 20_000 });
  if (closings.isPending || names.isPending) return <Waiting what={t('loading')} lines={1} />;
  if (closings.error || names.error) return <Refusal error={closings.error ?? names.error} />;
  const nameOf = (recovery: string) =>
    names.data.find((ward) => ward.recovery === recovery)?.name ?? recovery;
  return (
    <Card title={t('after.wards')}>
      <p className="m-0 soft">{t('after.wards.lead')}</p>
      {closings.data.wards.length === 0 ? <p className="m-0 soft">{t('guard.nobody')}</p> : null}
      {closings.data.wards.map((ward) => (
        <One
          key={ward.recovery}
          vault={vault}
          ward={ward}
          name={nameOf(ward.recovery)}
          onDone={() => void closings.refetch()}
        />
      ))}
    </Card>
  );
}

interface OneProps {
  readonly vault: Vault;
  readonly ward: Listed;
  readonly name: string;
  onDone(): void;
}

function One({ vault, ward, name, onDone }: OneProps) {
  return (
    <section aria-label={name} className="border-t border-line pt-3 flex flex-col gap-3">
      <h3 className="m-0 text-base font-semibold">{name}</h3>
      <Facts
        rows={[
          [
            t('after.code'),
            <span key="code" className="font-mono" data-ward-code>
              {ward.recovery}
            </span>,
          ],
        ]}
      />
      {ward.closing ? (
        <Running vault={vault} ward={ward} closing={ward.closing} onDone={onDone} />
      ) : (
        <Begin vault={vault} ward={ward} name={name} onDone={onDone} />
      )}
    </section>
  );
}

function Begin({ vault, ward, name, onDone }: OneProps) {
  const [asking, setAsking] = useState(false);
  const death = useQuery({
    queryKey: ['death-of', ward.recovery],
    queryFn: async () => deathOf(ward.recovery, await walletCredentials()),
  });
  const report = useMutation({
    mutationFn: () => reportDeath(vault, ward, death.data!),
    onSettled: onDone,
  });
  if (!death.data)
    return (
      <>
        <p className="m-0 soft">{t('after.noCertificate')}</p>
        <Link to="/wallet" className="btn self-start">
          {t('wallet.title')}
        </Link>
      </>
    );
  return (
    <>
      <Pill tone="amber">{t('after.certificate')}</Pill>
      <Button kind="danger" className="self-start" busy={report.isPending} onClick={() => setAsking(true)}>
        {t('after.report')}
      </Button>
      {report.error ? <Refusal error={report.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('after.report.ask', { name })}
        text={t('after.report.means')}
        yes={t('after.report')}
        onYes={() => report.mutate()}
      />
    </>
  );
}

interface RunningProps {
  readonly vault: Vault;
  readonly ward: Listed;
  readonly closing: NonNullable<Listed['closing']>;
  onDone(): void;
}

function Running({ vault, ward, closing, onDone }: RunningProps) {
  const { id, have, need, dueAt, agreed, ready, openedAt, endsAt, forMe } = closing;
  const { api } = vault.io;
  const params = { id };
  const agree = useMutation({
    mutationFn: () => api.call(vaultApi.agreeToClosing, { params }),
    onSettled: onDone,
  });
  const carryOut = useMutation({
    mutationFn: () => api.call(vaultApi.carryOutClosing, { params }),
    onSettled: onDone,
  });
  if (openedAt)
    return (
      <>
        <Pill tone="jade">{t('after.opened')}</Pill>
        {forMe && endsAt ? <p className="m-0">{t('after.forMe', { when: date(endsAt, now()) })}</p> : null}
        {forMe ? <Receive vault={vault} id={id} code={ward.code} /> : null}
      </>
    );
  return (
    <>
      <Pill tone="amber">{t('after.waits')}</Pill>
      <Facts
        rows={[
          [t('after.agreed.n'), t('after.agreed.of', { have, need })],
          [t('after.due'), date(dueAt, now(), true)],
        ]}
      />
      <p className="m-0 soft">{t('after.canStop')}</p>
      {agreed ? (
        <Pill tone="jade">{t('guard.agreed')}</Pill>
      ) : (
        <Button kind="main" className="self-start" busy={agree.isPending} onClick={() => agree.mutate()}>
          {t('after.agree')}
        </Button>
      )}
      {ready ? (
        <Button
          kind="danger"
          className="self-start"
          busy={carryOut.isPending}
          onClick={() => carryOut.mutate()}
        >
          {t('after.carryOut')}
        </Button>
      ) : null}
      {agree.error || carryOut.error ? <Refusal error={agree.error ?? carryOut.error} /> : null}
    </>
  );
}

function Receive({ vault, id, code }: { vault: Vault; id: string; code: string }) {
  const legacy = useMutation({ mutationFn: () => receiveLegacy(vault, id, code) });
  const save = useMutation({
    mutationFn: async (file: Legacy['files'][number]) =>
      saveFile(file.title, await receiveFile(vault, id, file), file.mime),
  });
  if (!legacy.data)
    return (
      <>
        <Button kind="main" className="self-start" busy={legacy.isPending} onClick={() => legacy.mutate()}>
          {t('after.receive')}
        </Button>
        {legacy.error ? <Refusal error={legacy.error} /> : null}
      </>
    );
  const { note, files } = legacy.data;
  return (
    <>
      {note ? (
        <blockquote className="m-0 pl-4 border-l-2 border-line whitespace-pre-line">{note}</blockquote>
      ) : null}
      <ul className="list-none m-0 p-0">
        {files.map((file) => (
          <li key={file.object} className="border-t border-line py-2 flex items-center justify-between gap-3">
            <span className="min-w-0 break-words">{file.title}</span>
            <Button className="btn-small shrink-0" busy={save.isPending} onClick={() => save.mutate(file)}>
              {t('after.saveFile')}
              <span className="sr-only"> {file.title}</span>
            </Button>
          </li>
        ))}
      </ul>
      {save.error ? <Refusal error={save.error} /> : null}
    </>
  );
}
