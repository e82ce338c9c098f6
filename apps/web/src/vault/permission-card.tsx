/** One permission: what it says, what was opened under it, and the ways to change it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { takeBack } from '@zhenmei/client/vault/granting.ts';
import { acceptTrust } from '@zhenmei/client/vault/trust.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { GrantNote } from '@zhenmei/vault/core/contents.ts';
import { PURPOSES } from '@zhenmei/vault/core/grants/grant.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { type Given, GRANTS, type Opening, renew } from '../state/permissions.ts';
import { DoctorName } from './doctor-name.tsx';
import { codeOf, compartmentName } from './words.ts';

export function PermissionCard({
  vault,
  given,
  opened,
}: {
  vault: Vault;
  given: Given;
  opened: readonly Opening[] | null;
}) {
  const { grant, note, used, revokedAt, holds } = given;
  const name = note ? say(note.name) : t('log.someone');
  const what = [
    ...(note?.compartments ?? []).map(compartmentName),
    ...(grant.objects.length > 0 ? [t('may.files', { n: grant.objects.length })] : []),
  ];
  return (
    <Card title={name}>
      <Pill tone={holds ? 'jade' : 'slate'}>{t(holds ? 'may.now' : 'may.ended')}</Pill>
      <Facts
        rows={[
          [t('may.what'), what.join(' · ')],
          [t('may.purpose'), say(PURPOSES[grant.purpose])],
          [t('may.actions'), grant.actions.map((action) => t(`may.action.${action}`)).join(' · ')],
          ...(grant.grantee.person
            ? [[t('may.person'), <DoctorName key="who" id={grant.grantee.person} />] as const]
            : []),
          [t(holds ? 'may.until' : 'may.ended'), ending(given)],
          [
            t('may.used'),
            grant.reads === null
              ? t('may.usedTimes', { n: used })
              : t('may.usedOf', { n: used, most: grant.reads }),
          ],
        ]}
      />
      <Opened opened={opened} />
      {revokedAt ? <p className="m-0 soft text-sm">{t('may.law')}</p> : null}
      {holds && note ? <Change vault={vault} given={{ ...given, note }} name={name} /> : null}
    </Card>
  );
}

function ending({ grant, revokedAt, holds }: Given): string {
  if (revokedAt) return t('may.revoked', { when: date(revokedAt, now(), true) });
  const when = date(grant.notAfter, now());
  return holds ? when : t('may.expired', { when });
}

function Opened({ opened }: { opened: readonly Opening[] | null }) {
  if (opened === null) return null;
  return (
    <section aria-label={t('may.opened')} className="flex flex-col gap-1">
      <h3 className="m-0 text-base font-medium">{t('may.opened')}</h3>
      {opened.length === 0 ? <p className="m-0 soft">{t('may.opened.none')}</p> : null}
      <ul className="list-none m-0 p-0">
        {opened.map(({ title, times, last }) => (
          <li key={title + last}>
            {t('may.opened.line', { title, n: times, when: date(last, now(), true) })}
          </li>
        ))}
      </ul>
      {opened.length > 0 ? <p className="m-0 soft text-sm">{t('may.opened.honest')}</p> : null}
    </section>
  );
}

function Change({ vault, given, name }: { vault: Vault; given: Given & { note: GrantNote }; name: string }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: ({ work }: { work: () => Promise<void>; done: string }) => work(),
    onSuccess: (_, { done }) => toast(done),
    onSettled: () => queries.invalidateQueries({ queryKey: GRANTS }),
  });
  const { id } = given.grant;
  return (
    <div className="flex flex-wrap gap-3">
      <Button
        busy={act.isPending}
        onClick={() => act.mutate({ work: () => renew(vault, given), done: t('may.renewed') })}
      >
        {t('may.renew')}
      </Button>
      <Link to="/vault/permissions/new" search={{ from: id }} className="btn">
        {t('may.narrow')}
      </Link>
      <Button kind="danger" busy={act.isPending} onClick={() => setAsking(true)}>
        {t('may.back')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('may.back.ask', { name })}
        text={`${t('may.back.means')} ${t('may.law')}`}
        yes={t('may.back')}
        onYes={() => act.mutate({ work: () => takeBack(vault, id), done: t('may.backDone') })}
      />
      {act.error ? <GiveRefused vault={vault} error={act.error} onAccepted={() => act.reset()} /> : null}
    </div>
  );
}

/** Why nothing was given; a changed list of issuers can be accepted after comparing it. */
export function GiveRefused({
  vault,
  error,
  onAccepted,
}: {
  vault: Vault;
  error: unknown;
  onAccepted(): void;
}) {
  const accept = useMutation({ mutationFn: () => acceptTrust(vault), onSuccess: onAccepted });
  return (
    <>
      <Refusal error={error} />
      {codeOf(error) === 'TRUST_CHANGED' ? (
        <Button busy={accept.isPending} onClick={() => accept.mutate()}>
          {t('may.trust')}
        </Button>
      ) : null}
    </>
  );
}
