/** Something kept that proves something, or speaks FHIR: checked where it is shown. */
import { useQuery } from '@tanstack/react-query';
import { judgeProof } from '@zhenmei/client/vault/move-in.ts';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, fromUtf8, sha256, toHex } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import type { ItemKind } from '@zhenmei/vault/core/contents.ts';
import { readFhir } from '@zhenmei/vault/core/import/fhir-records.ts';
import { verifyRecord } from '@zhenmei/verifier/verify-record.ts';
import { useVault } from '../look/account.tsx';
import { Pill, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { Versions } from './versions.tsx';

type Kind = Extract<ItemKind, 'sealed-record' | 'visit-receipt' | 'trust' | 'fhir'>;
interface Props {
  readonly kind: Kind;
  readonly title: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export default function ProofContent({ kind, title, bytes }: Props) {
  if (kind === 'trust') return <p className="m-0 soft">{t('thing.trust')}</p>;
  if (kind === 'fhir')
    return <p className="m-0">{t('thing.fhir', { n: readFhir(bytes).understood.length })}</p>;
  return <Judged kind={kind} title={title} bytes={bytes} />;
}

function Judged({ kind, title, bytes }: Props) {
  const vault = useVault();
  const digest = toHex(sha256(bytes));
  const judged = useQuery({
    queryKey: ['judged', digest],
    queryFn: async () => {
      const item = vault?.contents.items.find((one) => one.digest === digest);
      // what came from elsewhere is checked by the trust file that came along with it
      const beside =
        item?.source.startsWith('moved:') &&
        vault?.contents.items.find((one) => one.kind === 'trust' && one.source === item.source);
      const text = beside
        ? fromUtf8(await vault!.read(beside))
        : canonicalJson(await patientApi.call(houseApi.readTrust));
      const trust: TrustFile = parseTrustFile(text);
      const verdict = (await judgeProof({ kind, title }, bytes, trust, now()))!;
      return {
        verdict,
        record: kind === 'sealed-record' && verdict.verdict !== 'false' ? verifyRecord(bytes, trust) : null,
      };
    },
  });
  if (judged.isPending) return <Waiting what={t('sealed.checking')} />;
  if (judged.error) return <Refusal error={judged.error} />;
  const { verdict, record } = judged.data;
  const tone = verdict.verdict === 'proven' ? 'jade' : verdict.verdict === 'false' ? 'cinnabar' : 'slate';
  return (
    <>
      <Pill tone={tone}>
        {t(`move.${verdict.kind}`)} · {t(`move.${verdict.verdict}`)}
      </Pill>
      {record ? <Versions mine verdict={record} /> : null}
    </>
  );
}
