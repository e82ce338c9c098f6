/** What a program gave back, named with what the device knows: the program itself gave codes and numbers only. */
import { useQuery } from '@tanstack/react-query';
import { readResult } from '@zhenmei/client/vault/programs.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { TreatmentTotals } from '@zhenmei/vault/core/compute/programs/treatment-totals.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { Facts, Refusal, Waiting } from '../look/parts.tsx';
import { amountOf, date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

export function RunResult({ vault, item }: { vault: Vault; item: Item }) {
  const bytes = useQuery({
    queryKey: ['run-result', item.object, item.version],
    queryFn: () => vault.read(item),
    gcTime: 0,
  });
  if (bytes.error) return <Refusal error={bytes.error} />;
  if (!bytes.data) return <Waiting what={t('loading')} />;
  return <ResultLines bytes={bytes.data} />;
}

export function ResultLines({ bytes }: { bytes: Uint8Array }) {
  const { offer, result } = readResult(bytes);
  if (offer.program.id !== 'treatment-totals')
    return (
      <pre className="m-0 whitespace-pre-wrap">{JSON.stringify(strictJson(fromUtf8(bytes)), null, 1)}</pre>
    );
  const { treatments, totals } = result as unknown as TreatmentTotals;
  return (
    <div className="flex flex-col gap-2" data-result>
      <p className="m-0 font-medium">{t('runs.totals', { n: treatments })}</p>
      {totals.map((line) => (
        <Facts
          key={`${line.gtin} ${line.unit}`}
          rows={[
            [t('runs.product'), <Product key="product" gtin={line.gtin} />],
            [t('runs.amount'), amountOf(line.amount, line.unit)],
            [t('runs.treatments'), t('runs.treatments.n', { n: line.treatments })],
            [
              t('runs.between'),
              [...new Set([line.first, line.last])].map((day) => date(`${day}T12:00:00Z`, now())).join(' – '),
            ],
          ]}
        />
      ))}
    </div>
  );
}

function Product({ gtin }: { gtin: string }) {
  const product = useQuery({
    queryKey: ['product', gtin],
    queryFn: () => patientApi.call(provenanceApi.readProduct, { params: { gtin } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return product.data ? say(product.data.product.name) : gtin;
}
