/** The treatment certificate on the receipt, and what a scanned one says. */
import type { CertificateVerification } from '@zhenmei/verifier/certificate.ts';
import { lazy, Suspense } from 'react';
import { amountOf, date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { Card, Facts, Pill } from './parts.tsx';

const CertificateCode = lazy(() => import('./certificate-code.tsx'));
const TONE = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;

export function Certificate({ text }: { text: string }) {
  return (
    <Card title={t('certificate.title')}>
      <p className="m-0 soft">{t('certificate.lead')}</p>
      <Suspense fallback={null}>
        <CertificateCode text={text} />
      </Suspense>
      <details className="text-sm no-print">
        <summary className="soft cursor-pointer min-h-11 py-2.5">{t('certificate.text')}</summary>
        <p className="m-0 break-all font-mono text-xs soft" data-certificate="">
          {text}
        </p>
      </details>
    </Card>
  );
}

export function CertificateAnswer({ result }: { result: CertificateVerification }) {
  const { proof, use } = result;
  return (
    <Card title={<Pill tone={TONE[proof.verdict]}>{t(`certificate.${proof.verdict}`)}</Pill>}>
      <p className="m-0">{say(proof.message)}</p>
      {proof.verdict === 'proven' ? (
        <Facts
          rows={[
            ...(use
              ? ([
                  [t('certificate.unit'), use.unit],
                  [t('certificate.site'), use.gln],
                  [t('certificate.at'), date(new Date(use.at).toISOString(), now(), true)],
                  [t('certificate.amount'), amountOf(use.amount, use.amountUnit)],
                ] as const)
              : []),
            [
              t('unit.log'),
              t('certificate.position', {
                index: Number(proof.facts?.index),
                size: Number(proof.facts?.size),
              }),
            ],
          ]}
        />
      ) : null}
    </Card>
  );
}
