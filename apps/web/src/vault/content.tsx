/** What a file of the vault shows: a picture, words, or only its name. */

import { DECISION_REASONS } from '@zhenmei/client/gate-notes.ts';
import { readKeptDecision } from '@zhenmei/client/vault/decisions.ts';
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import { noticeOf } from '@zhenmei/vault/core/consent/notices.ts';
import { readReceipt } from '@zhenmei/vault/core/consent/receipt.ts';
import type { ItemKind } from '@zhenmei/vault/core/contents.ts';
import { CONDITIONS } from '@zhenmei/vault/core/health/conditions.ts';
import { HealthFacts } from '@zhenmei/vault/core/health/facts.ts';
import { readRecord, summariseRecord } from '@zhenmei/vault/core/record.ts';
import { SUBSTANCES } from '@zhenmei/vault/core/substances.ts';
import { lazy, Suspense } from 'react';
import { Facts, Waiting } from '../look/parts.tsx';
import { Picture } from '../look/picture.tsx';
import { date, isChinese, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { DoctorName } from './doctor-name.tsx';
import { RecordFacts } from './record-facts.tsx';
import { ResultLines } from './run-result.tsx';

/** What checks signatures and FHIR comes with the first of its kind that is opened. */
const ProofContent = lazy(() => import('../record/proof-content.tsx'));

export function Content({
  kind,
  mime,
  title,
  bytes,
}: {
  kind: ItemKind;
  mime: string;
  title: string;
  bytes: Uint8Array<ArrayBuffer>;
}) {
  if (kind === 'photo')
    return (
      <Picture
        bytes={bytes}
        mime={mime}
        alt={title}
        className="max-w-full max-h-112 self-start rounded-card block"
      />
    );
  if (kind === 'allergies') return <AllergyLines bytes={bytes} />;
  if (kind === 'health-facts') return <FactLines bytes={bytes} />;
  if (kind === 'decision') return <DecisionLines bytes={bytes} />;
  if (kind === 'result') return <ResultLines bytes={bytes} />;
  if (kind === 'record')
    return <RecordFacts record={summariseRecord(readRecord(strictJson(fromUtf8(bytes))))} />;
  if (kind === 'receipt') return <ReceiptLines bytes={bytes} />;
  if (kind === 'sealed-record' || kind === 'visit-receipt' || kind === 'trust' || kind === 'fhir')
    return (
      <Suspense fallback={<Waiting what={t('loading')} />}>
        <ProofContent kind={kind} title={title} bytes={bytes} />
      </Suspense>
    );
  if (mime.startsWith('text/'))
    return <p className="m-0 whitespace-pre-wrap break-words">{fromUtf8(bytes)}</p>;
  return <p className="m-0 soft">{mime}</p>;
}

function AllergyLines({ bytes }: { bytes: Uint8Array }) {
  const { facts } = AllergyList.parse(strictJson(fromUtf8(bytes)));
  if (facts.length === 0) return <p className="m-0">{t('keep.allergies.none')}</p>;
  return (
    <ul className="m-0 pl-5">
      {facts.map(({ substance, text }) => (
        <li key={`${substance} ${text}`}>
          {substance && substance in SUBSTANCES
            ? say(SUBSTANCES[substance as keyof typeof SUBSTANCES])
            : text}
        </li>
      ))}
    </ul>
  );
}

function FactLines({ bytes }: { bytes: Uint8Array }) {
  const { facts } = HealthFacts.parse(strictJson(fromUtf8(bytes)));
  return (
    <ul className="m-0 pl-5">
      {facts.map((fact) => (
        <li key={JSON.stringify(fact)}>
          {say(CONDITIONS[fact.condition])}{' '}
          <span className="soft">
            {t(fact.present ? 'health.fact.yes' : 'health.fact.no')} · {t(`health.by.${fact.source}`)} ·{' '}
            {date(`${fact.recordedOn}T12:00:00Z`, now())}
          </span>
        </li>
      ))}
    </ul>
  );
}

function DecisionLines({ bytes }: { bytes: Uint8Array }) {
  const { doctor, decision } = readKeptDecision(bytes);
  return (
    <Facts
      rows={[
        [t('visit.doctor'), <DoctorName key="doctor" id={doctor} />],
        [t('health.decided.why'), say(DECISION_REASONS[decision.reason])],
        [t('health.decided.note'), decision.note],
        [t('health.decided.when'), date(decision.at, now(), true)],
      ]}
    />
  );
}

function ReceiptLines({ bytes }: { bytes: Uint8Array }) {
  const receipt = readReceipt(strictJson(fromUtf8(bytes)));
  const notice = noticeOf(receipt.notice.id, receipt.notice.version);
  return (
    <>
      <Facts
        rows={[
          [t('may.new.clinic'), say(receipt.controller.name)],
          [t('may.until'), date(receipt.retention.until, now())],
          ...receipt.events.map(
            ({ type, at }) => [t(type === 'given' ? 'may.now' : 'may.ended'), date(at, now(), true)] as const,
          ),
        ]}
      />
      {(isChinese() ? notice.zh : notice.en).map((line) => (
        <p key={line} className="m-0 soft text-sm">
          {line}
        </p>
      ))}
    </>
  );
}
