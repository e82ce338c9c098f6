/** Everything a person agreed to, one purpose each, with the way to take it back. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Consent } from '@zhenmei/client/vault/consents.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { signaturesOf } from '@zhenmei/vault/core/consent/signatures.ts';
import { PURPOSES } from '@zhenmei/vault/core/grants/grant.ts';
import { Card, Empty, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { CONSENTS, myConsents } from '../state/rights.ts';
import { ConsentActs } from '../vault/consent-acts.tsx';
import { categories, controller, ending, STATE_TONE } from '../vault/consent-words.ts';
import { Opened } from '../vault/opened.tsx';
import { ProgramConsents, TreatmentConsents } from '../vault/other-consents.tsx';

export function VaultConsentsPage() {
  return (
    <Opened title={t('agree.title')} lead={t('agree.lead')}>
      {(vault) => (
        <>
          <List vault={vault} />
          <TreatmentConsents vault={vault} />
          <ProgramConsents vault={vault} />
        </>
      )}
    </Opened>
  );
}

const ORDER: readonly Consent['state'][] = ['changed', 'holds', 'ended'];

function List({ vault }: { vault: Vault }) {
  const list = useQuery({
    queryKey: [...CONSENTS, vault.contents.items.length],
    queryFn: () => myConsents(vault),
  });
  if (list.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (list.error) return <Refusal error={list.error} />;
  if (list.data.length === 0)
    return <Empty text={t('agree.none')} to="/vault/permissions/new" action={t('may.give')} />;
  const sorted = [...list.data].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return sorted.map((consent) => <One key={consent.item.object} vault={vault} consent={consent} />);
}

function One({ vault, consent }: { vault: Vault; consent: Consent }) {
  const { receipt, state } = consent;
  const signed = signaturesOf(receipt);
  return (
    <Card title={controller(consent)}>
      <Pill tone={STATE_TONE[state]}>{t(`agree.${state}`)}</Pill>
      <Facts
        rows={[
          [t('agree.purpose'), say(PURPOSES[receipt.purpose.code])],
          [t('agree.pii'), categories(consent)],
          [t('agree.event.given'), date(receipt.events[0]!.at, now(), true)],
          [t('agree.until'), ending(consent)],
          [
            t('agree.signed'),
            signed.controller === 'signed' ? t('agree.signed.signed') : t('agree.signed.wait'),
          ],
        ]}
      />
      <ConsentActs vault={vault} consent={consent} />
      <Link
        to="/vault/consents/$id"
        params={{ id: receipt.recordId }}
        className="text-plum inline-flex items-center min-h-11 w-fit no-print"
      >
        {t('agree.open')}
        <span className="sr-only"> {controller(consent)}</span>
      </Link>
    </Card>
  );
}
