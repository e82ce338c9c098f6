/** A sealed record as both sides read it: since when it stands, and every version with what it changed. */

import { summariseRecord } from '@zhenmei/vault/core/record.ts';
import { readRecordDocument } from '@zhenmei/vault/core/record-document.ts';
import type { RecordVerdict } from '@zhenmei/verifier/verify-record.ts';
import type { ReactNode } from 'react';
import { Card, Details, Facts, Pill, Verdict } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { RecordFacts } from '../vault/record-facts.tsx';
import { Changes } from './changes.tsx';

const when = (iso: string) => date(iso, now(), true);

export function Since({ verdict: { record, since, waiting } }: { verdict: RecordVerdict }) {
  return (
    <Verdict
      tone="jade"
      word={t('sealed.since', { date: date(since, now()) })}
      sentence={t('sealed.sinceText')}
    >
      {waiting.map((n) => (
        <Pill key={n} tone="amber">
          {t('sealed.waiting', { n })}
        </Pill>
      ))}
      <Details>
        {record.versions.map(({ statement, signature, proof }) => (
          <div key={statement.version} className="mb-3">
            <p className="m-0 font-sans">
              {proof
                ? t('sealed.proof.leaf', { n: statement.version, index: proof.index })
                : t('sealed.waiting', { n: statement.version })}
            </p>
            <p className="m-0">{statement.commitment}</p>
            <p className="m-0">{signature}</p>
          </div>
        ))}
      </Details>
    </Verdict>
  );
}

/** Newest first. @param below what one side can do with a version */
export function Versions({
  verdict: { record },
  mine,
  below,
}: {
  verdict: RecordVerdict;
  /** Whether the reader is the patient. */
  mine: boolean;
  below?: (version: number, acknowledged: boolean) => ReactNode;
}) {
  const documents = record.versions.map(({ content }) => readRecordDocument(content));
  return record.versions
    .map(({ statement: { version, at }, acknowledgement }, i) => {
      const { author, reason, record: written } = documents[i]!;
      const before = documents[i - 1];
      const last = i === documents.length - 1;
      return (
        <Card key={version} title={version === 1 ? t('sealed.first') : t('sealed.version', { n: version })}>
          <Facts
            rows={[
              [t('sealed.author'), author.name],
              [t('sealed.at'), when(at)],
              ...(reason ? [[t('sealed.reason'), reason] as const] : []),
            ]}
          />
          {before ? (
            <>
              <h3 className="text-base font-semibold m-0">{t('sealed.changed')}</h3>
              <Changes before={before.record} after={written} />
            </>
          ) : null}
          {last ? (
            <RecordFacts record={summariseRecord(written)} />
          ) : (
            <details>
              <summary className="soft cursor-pointer min-h-11 py-2.5">{t('sealed.whole')}</summary>
              <RecordFacts record={summariseRecord(written)} />
            </details>
          )}
          {acknowledgement ? (
            <Pill tone="jade">
              {t(mine ? 'sealed.mineAcknowledged' : 'sealed.acknowledged', {
                date: when(acknowledgement.at),
              })}
            </Pill>
          ) : mine ? null : (
            <Pill tone="amber">{t('sealed.notYet')}</Pill>
          )}
          {below?.(version, acknowledgement !== null)}
        </Card>
      );
    })
    .reverse();
}
