/** One consent receipt in full: to read, print and take along. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Consent } from '@zhenmei/client/vault/consents.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { canonicalJson } from '@zhenmei/kernel';
import { receiptHash, receiptToFhir } from '@zhenmei/vault/core/consent/receipt.ts';
import { type Signed, signaturesOf } from '@zhenmei/vault/core/consent/signatures.ts';
import { PURPOSES } from '@zhenmei/vault/core/grants/grant.ts';
import { Button } from '../look/button.tsx';
import { Card, Details, Empty, Facts, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { CONSENTS, myConsents } from '../state/rights.ts';
import { ConsentActs } from '../vault/consent-acts.tsx';
import {
  categories,
  controller,
  ending,
  linesOf,
  processing,
  regionName,
  STATE_TONE,
} from '../vault/consent-words.ts';
import { Opened } from '../vault/opened.tsx';

const route = getRouteApi('/framed/vault/consents/$id');

export function VaultConsentPage() {
  const { id } = route.useParams();
  return (
    <Opened title={t('agree.detail')} lead={t('agree.lead')} back="/vault/consents">
      {(vault) => <Load vault={vault} id={id} />}
    </Opened>
  );
}

function Load({ vault, id }: { vault: Vault; id: string }) {
  const list = useQuery({
    queryKey: [...CONSENTS, vault.contents.items.length],
    queryFn: () => myConsents(vault),
  });
  if (list.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (list.error) return <Refusal error={list.error} />;
  const consent = list.data.find(({ receipt }) => receipt.recordId === id);
  if (!consent) return <Empty text={t('agree.missing')} to="/vault/consents" action={t('agree.title')} />;
  return <Whole vault={vault} consent={consent} />;
}

const TONE: Record<Signed, Tone> = { signed: 'jade', wrong: 'cinnabar', 'not-yet': 'slate' };

function Whole({ vault, consent }: { vault: Vault; consent: Consent }) {
  const { receipt, state, notice } = consent;
  const signed = signaturesOf(receipt);
  const mark = (by: Signed) => <Pill tone={TONE[by]}>{t(`agree.signed.${by}`)}</Pill>;
  const name = `zhenmei-consent-${receipt.recordId.slice(0, 8)}`;
  const keep = (ending: string, value: object) =>
    saveFile(`${name}${ending}`, canonicalJson(value), 'application/json');
  return (
    <>
      <Card title={controller(consent)}>
        <Pill tone={STATE_TONE[state]}>{t(`agree.${state}`)}</Pill>
        <Facts
          rows={[
            [t('agree.purpose'), say(PURPOSES[receipt.purpose.code])],
            [t('agree.basis'), t('agree.basis.consent')],
            [t('agree.pii'), t('agree.sensitive', { names: categories(consent) })],
            [t('agree.processing'), processing(consent)],
            [t('agree.who'), controller(consent)],
            [t('agree.recipients'), t('agree.recipients.only', { name: controller(consent) })],
            [t('agree.storage'), t('agree.storage.form', { region: regionName(receipt.storage.region) })],
            [t('agree.until'), ending(consent)],
            [t('agree.withdrawal'), t('agree.withdrawal.how')],
          ]}
        />
        <ConsentActs vault={vault} consent={consent} />
      </Card>
      <Card title={t('agree.signed')}>
        <Facts
          rows={[
            [t('agree.you'), mark(signed.principal)],
            [controller(consent), mark(signed.controller)],
          ]}
        />
        {signed.controller === 'not-yet' ? (
          <p className="m-0 soft text-sm">{t('agree.signed.wait')}</p>
        ) : null}
      </Card>
      <Card title={t('agree.events')}>
        <Facts
          rows={receipt.events.map(
            ({ type, at }) => [t(`agree.event.${type}`), date(at, now(), true)] as const,
          )}
        />
      </Card>
      <Card title={t('agree.notice', { version: receipt.notice.version })}>
        {linesOf(notice).map((line) => (
          <p key={line} className="m-0">
            {line}
          </p>
        ))}
      </Card>
      <div className="flex flex-wrap gap-3 no-print">
        <Button onClick={() => globalThis.print()}>{t('agree.print')}</Button>
        <Button onClick={() => keep('.json', receipt)}>{t('agree.save')}</Button>
        <Button onClick={() => keep('.fhir.json', receiptToFhir(receipt))}>{t('agree.saveFhir')}</Button>
      </div>
      <Details>
        {receipt.schema} · {receipt.recordId} · {receiptHash(receipt)} · {receipt.notice.id}{' '}
        {receipt.notice.hash}
      </Details>
    </>
  );
}
