/** Who seals the papers that can be downloaded here, and the certificate to check them with. */
import { useQuery } from '@tanstack/react-query';
import { CERTIFICATE_PATH } from '@zhenmei/evidence/core/seal/seal-words.ts';
import { paperApi } from '@zhenmei/server/api/papers.ts';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

/** Shows nothing until it is known: the paper itself says it, too. */
export function SealNote() {
  const seal = useQuery({ queryKey: ['seal'], queryFn: () => patientApi.call(paperApi.readSeal) }).data;
  if (!seal) return null;
  const { selfIssued, subject, issuer } = seal;
  return (
    <div className="text-sm">
      <p className="m-0 soft">
        {selfIssued ? t('seal.own') : t('seal.brought', { subject })}{' '}
        {selfIssued ? t('seal.ownCertificate') : t('seal.broughtCertificate', { issuer })}
      </p>
      <a
        className="text-plum inline-flex items-center min-h-11 w-fit"
        href={CERTIFICATE_PATH}
        download={CERTIFICATE_PATH.split('/').at(-1)}
      >
        {t('seal.certificate')}
      </a>
    </div>
  );
}
