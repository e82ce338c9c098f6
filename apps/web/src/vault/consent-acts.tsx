/** What a person does with a consent: take it back, or agree to what the notice says now. One press each. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Consent, withdrawConsent } from '@zhenmei/client/vault/consents.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { Button } from '../look/button.tsx';
import { Pill } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { say, t } from '../shell/words.ts';
import { GRANTS, givenPermissions, renew } from '../state/permissions.ts';
import { CONSENTS } from '../state/rights.ts';
import { linesOf } from './consent-words.ts';
import { GiveRefused } from './permission-card.tsx';

/** The same permission on the newest notice. */
async function agreeAgain(vault: Vault, { grants }: Consent): Promise<void> {
  const ids = grants.map(({ id }) => id);
  for (const given of await givenPermissions(vault))
    if (given.note && given.holds && ids.includes(given.grant.id))
      await renew(vault, { ...given, note: given.note });
}

export function ConsentActs({ vault, consent }: { vault: Vault; consent: Consent }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: ({ work }: { work: () => Promise<void>; done: string }) => work(),
    onSuccess: (_, { done }) => toast(done),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: CONSENTS });
      await queries.invalidateQueries({ queryKey: GRANTS });
    },
  });
  if (consent.state === 'ended') return null;
  const changed = consent.state === 'changed';
  return (
    <>
      {changed ? <Changes consent={consent} /> : null}
      <div className="flex flex-wrap gap-3 no-print">
        {changed && consent.grants.length > 0 ? (
          <Button
            kind="main"
            busy={act.isPending}
            onClick={() => act.mutate({ work: () => agreeAgain(vault, consent), done: t('agree.againDone') })}
          >
            {t('agree.again')}
          </Button>
        ) : null}
        {changed && consent.receipt.study ? (
          <Link to="/vault/pool" className="btn">
            {t('pool.changed.look')}
          </Link>
        ) : null}
        <Button
          kind="danger"
          busy={act.isPending}
          onClick={() =>
            act.mutate({ work: () => withdrawConsent(vault, consent), done: t('agree.backDone') })
          }
        >
          {t('agree.back')}
        </Button>
      </div>
      {act.error ? <GiveRefused vault={vault} error={act.error} onAccepted={() => act.reset()} /> : null}
    </>
  );
}

/** What is new, and the whole text that would be agreed to. */
function Changes({ consent }: { consent: Consent }) {
  const newest = consent.changes.at(-1);
  return (
    <div className="flex flex-col gap-2">
      <Pill tone="amber">{t(consent.receipt.study ? 'pool.changed' : 'agree.changed.means')}</Pill>
      {consent.changes.map(({ version, change }) => (
        <section key={version}>
          <h3 className="m-0 text-base font-medium">{t('agree.changed.what', { version })}</h3>
          {change ? <p className="m-0">{say(change)}</p> : null}
        </section>
      ))}
      {newest
        ? linesOf(newest).map((line) => (
            <p key={line} className="m-0 soft text-sm">
              {line}
            </p>
          ))
        : null}
    </div>
  );
}
