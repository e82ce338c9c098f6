/** Certificates of what this person had erased. */
import { useMutation } from '@tanstack/react-query';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyErasure } from '@zhenmei/verifier/erasure.ts';
import { Button } from '../look/button.tsx';
import { ErasureAnswer } from '../look/erasure.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { date, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import type { myErasures } from '../state/rights.ts';

type Erasure = Awaited<ReturnType<typeof myErasures>>[number];

export function Certificates({ erasures }: { erasures: readonly Erasure[] }) {
  const done = erasures.filter(({ certificate }) => certificate !== null);
  if (done.length === 0) return null;
  return (
    <Card title={t('wipe.certs')}>
      <ul className="list-none m-0 p-0">
        {done.map((erasure) => (
          <One key={erasure.id} erasure={erasure} />
        ))}
      </ul>
    </Card>
  );
}

/** Verified here, with the trust file of this house. */
export async function verifyHere(certificate: string) {
  const trust = parseTrustFile(canonicalJson(await patientApi.call(houseApi.readTrust)));
  return verifyErasure(certificate, trust);
}

export const saveCertificate = (id: string, certificate: string): void =>
  saveFile(`zhenmei-erasure-${id.slice(-8)}.txt`, certificate, 'text/plain');

function One({ erasure: { id, scope, askedAt, certificate } }: { erasure: Erasure }) {
  const check = useMutation({ mutationFn: () => verifyHere(certificate!) });
  const what = t(`wipe.cert.${scope}`);
  return (
    <li className="border-t border-line first:border-0 py-2 flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span>
          {what} <span className="soft text-sm">{date(askedAt, now(), true)}</span>
        </span>
        <span className="flex flex-wrap gap-3 no-print">
          <Button className="btn-small" busy={check.isPending} onClick={() => check.mutate()}>
            {t('keep.open')}
            <span className="sr-only">
              {' '}
              {what} {date(askedAt, now(), true)}
            </span>
          </Button>
          <Button className="btn-small" onClick={() => saveCertificate(id, certificate!)}>
            {t('wipe.cert.save')}
          </Button>
        </span>
      </div>
      {check.error ? <Refusal error={check.error} /> : null}
      {check.data ? <ErasureAnswer result={check.data} /> : null}
    </li>
  );
}
