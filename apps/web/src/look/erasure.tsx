/** A certificate of erasure as a person reads it: what went, and what stays because a rule says so, until when. */
import { ERASED, type ErasureCertificate, type KeptRule } from '@zhenmei/vault/core/erasure/certificate.ts';
import type { ErasureVerification } from '@zhenmei/verifier/erasure.ts';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { Card, Details, Facts, Pill } from './parts.tsx';

const TONE = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;

export function ErasureAnswer({ result }: { result: ErasureVerification }) {
  const { proof, certificate } = result;
  return (
    <>
      <Card title={<Pill tone={TONE[proof.verdict]}>{t(`wiped.${proof.verdict}`)}</Pill>}>
        <p className="m-0">{say(proof.message)}</p>
        {certificate ? <Head certificate={certificate} /> : null}
      </Card>
      {certificate ? (
        <>
          <Card title={t('wiped.erased')}>
            <Facts rows={certificate.erased.map(({ what, count }) => [say(ERASED[what]), count] as const)} />
          </Card>
          <Card title={t('wiped.kept')}>
            <Kept rules={certificate.kept} />
          </Card>
        </>
      ) : null}
    </>
  );
}

function Head({ certificate }: { certificate: ErasureCertificate }) {
  return (
    <Facts
      rows={[
        [t('wiped.scope'), t(`wipe.cert.${certificate.scope}`)],
        [t('wiped.when'), date(certificate.doneAt, now(), true)],
        [t('wiped.cause'), t(`wiped.cause.${certificate.cause}`)],
        [
          t('wiped.number'),
          <span key="n" className="font-mono text-sm">
            {certificate.id.slice(-8)}
          </span>,
        ],
      ]}
    />
  );
}

/** Rules with their ground; those that are not dated yet say from when their time runs. */
export function Kept({ rules }: { rules: readonly (Omit<KeptRule, 'until'> & { until?: string | null })[] }) {
  return (
    <ul className="list-none m-0 p-0">
      {rules.map((rule) => (
        <li key={rule.rule} className="border-t border-line first:border-0 py-2 flex flex-col gap-1">
          <span className="font-medium">{say(rule.what)}</span>
          <span>{say(rule.because)}</span>
          <span className="soft text-sm flex flex-wrap gap-x-3">
            <span>{t(`wipe.kept.by.${rule.by}`)}</span>
            <span>
              {rule.until
                ? t('wipe.kept.until', { when: date(rule.until, now()) })
                : t(`wipe.kept.from.${rule.from}`, { span: span(rule.days) })}
            </span>
          </span>
          <Details>
            {t('wipe.kept.rule')}: {rule.rule} · {rule.source}
          </Details>
        </li>
      ))}
    </ul>
  );
}

function span(days: number | null): string {
  if (days === null) return t('wipe.kept.ever');
  return days % 365 === 0 ? t('wipe.kept.years', { n: days / 365 }) : t('wipe.kept.days', { n: days });
}
