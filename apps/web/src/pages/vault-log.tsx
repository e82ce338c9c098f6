/** The access log in plain words, and what this device found when it checked it. */
import { useQuery } from '@tanstack/react-query';
import { type Audited, auditAccess } from '@zhenmei/client/vault/audit.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type AccessEntry, REASONS } from '@zhenmei/vault/core/access/entry.ts';
import { Card, Details, Refusal, Verdict, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { titleOf } from '../state/permissions.ts';
import { DoctorName } from '../vault/doctor-name.tsx';
import { Opened } from '../vault/opened.tsx';
import { GiveRefused } from '../vault/permission-card.tsx';
import { codeOf } from '../vault/words.ts';

export function VaultLogPage() {
  return (
    <Opened title={t('log.title')} lead={t('log.lead')}>
      {(vault) => <Log vault={vault} />}
    </Opened>
  );
}

function Log({ vault }: { vault: Vault }) {
  const audit = useQuery({
    queryKey: ['access-audit'],
    queryFn: () => auditAccess(vault),
    refetchInterval: 10_000,
    retry: false,
  });
  if (audit.isPending) return <Waiting what={t('log.checking')} lines={3} />;
  if (audit.error)
    return isBroken(audit.error) ? (
      <Verdict tone="cinnabar" word={t('log.bad')} sentence={t('log.bad.text')}>
        <Refusal error={audit.error} />
      </Verdict>
    ) : (
      <GiveRefused vault={vault} error={audit.error} onAccepted={() => void audit.refetch()} />
    );
  const { entries } = audit.data;
  if (entries.length === 0) return <p className="card soft m-0">{t('log.none')}</p>;
  return (
    <>
      <Checked vault={vault} audited={audit.data} />
      <Card>
        <ol className="list-none m-0 p-0">
          {[...entries].reverse().map((entry) => (
            <Line key={entry.seq} vault={vault} entry={entry} />
          ))}
        </ol>
      </Card>
    </>
  );
}

/** Only what the log itself shows is held against it: not a lost connection, nor a list of issuers that is new. */
const isBroken = (error: unknown) => /^(?:ACCESS_LOG_BROKEN|TLOG_)/.test(codeOf(error) ?? '');

function Checked({ vault, audited }: { vault: Vault; audited: Audited }) {
  const { entries, waiting, size } = audited;
  return (
    <Verdict tone="jade" word={t('log.good')} sentence={t('log.good.text', { n: entries.length })}>
      {waiting > 0 ? <p className="m-0 soft">{t('log.waiting', { n: waiting })}</p> : null}
      {vault.contents.log ? (
        <Details>{t('log.proof', { size, head: vault.contents.log.head })}</Details>
      ) : null}
    </Verdict>
  );
}

function Line({ vault, entry }: { vault: Vault; entry: AccessEntry }) {
  const note = entry.grant ? vault.contents.grants[entry.grant] : undefined;
  const who = note ? say(note.name) : t('log.someone');
  const what = entry.object ? titleOf(vault, entry.object) : '';
  return (
    <li className="border-t border-line first:border-0 py-3">
      <span className="font-medium block break-words">{t(`log.${entry.kind}`, { who, what })}</span>
      <span className="soft text-sm flex flex-wrap gap-x-3">
        <span>{date(entry.at, now(), true)}</span>
        {entry.reason ? <span>{t('log.why', { reason: say(REASONS[entry.reason]) })}</span> : null}
        {entry.person ? <DoctorName id={entry.person} /> : null}
      </span>
    </li>
  );
}
