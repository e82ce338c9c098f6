/** "Do not believe us": fetches the proof of a unit and checks it in this page. */
import { useMutation } from '@tanstack/react-query';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import { Button } from '../look/button.tsx';
import { Card, Refusal, Waiting } from '../look/parts.tsx';
import { save } from '../look/proofs.tsx';
import { UnitProofs } from '../look/unit-proofs.tsx';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { fetchUnitProof } from '../state/unit-proof.ts';

export function VerifyYourself({ unit }: { unit: string }) {
  const check = useMutation({
    mutationFn: async () => {
      const [text, trust] = await Promise.all([fetchUnitProof(unit), patientApi.call(houseApi.readTrust)]);
      return verifyUnitProof({ bytes: utf8(text), trust: parseTrustFile(canonicalJson(trust)), now: now() });
    },
  });
  const download = useMutation({
    mutationFn: async () => save('zhenmei-unit-proof.json', await fetchUnitProof(unit)),
  });
  return (
    <Card title={t('verify.yourself')}>
      <p className="m-0 soft">{t('verify.yourselfLead')}</p>
      <div className="flex gap-3 flex-wrap no-print">
        <Button kind="main" busy={check.isPending} onClick={() => check.mutate()}>
          {t('verify.checkHere')}
        </Button>
        <Button busy={download.isPending} onClick={() => download.mutate()}>
          {t('verify.download')}
        </Button>
      </div>
      {check.isPending || download.isPending ? <Waiting what={t('verify.checking')} /> : null}
      {check.error ? <Refusal error={check.error} /> : null}
      {download.error ? <Refusal error={download.error} /> : null}
      {check.data ? <UnitProofs result={check.data} /> : null}
    </Card>
  );
}
