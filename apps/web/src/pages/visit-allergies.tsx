/** Allergies against the product's ingredients, compared on this device before the visit. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { makeReady, type PatientVisit } from '@zhenmei/client/patient.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { allergyGate, gateReasonText, SUBSTANCES } from '@zhenmei/vault/core/allergy.ts';
import { useState } from 'react';
import { Tick } from '../look/choice.tsx';
import { Pill, Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';

export function Allergies({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const product = useQuery({
    queryKey: ['product', view.service.gtin],
    queryFn: () => patientApi.call(provenanceApi.readProduct, { params: { gtin: view.service.gtin! } }),
  });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const ingredients = product.data?.product.ingredients ?? null;
  const gate = allergyGate({ answered: true, substances: chosen }, ingredients);
  const ready = useMutation({
    mutationFn: () => makeReady(io, visit, view, gate.outcome),
    onSettled: onDone,
  });
  const name = (code: string) =>
    code in SUBSTANCES ? say(SUBSTANCES[code as keyof typeof SUBSTANCES]) : code;
  return (
    <>
      <p className="m-0">{t('visit.allergyAsk')}</p>
      {product.isPending ? <Waiting what={t('scan.checking')} /> : null}
      {product.error ? <Refusal error={product.error} /> : null}
      {(ingredients ?? []).map((code) => (
        <Tick
          key={code}
          label={name(code)}
          on={chosen.includes(code)}
          onChange={(on) => setChosen(on ? [...chosen, code] : chosen.filter((c) => c !== code))}
        />
      ))}
      {gate.outcome === 'blocked' ? (
        <Pill tone="cinnabar">
          {t('visit.allergyBlocked', { what: gate.conflicts.map(name).join(' · ') })}
        </Pill>
      ) : null}
      {gate.outcome === 'unknown' && product.data
        ? gate.reasons.map((reason) => (
            <Pill key={JSON.stringify(reason)} tone="amber">
              {say(gateReasonText(reason))}
            </Pill>
          ))
        : null}
      <button
        type="button"
        className="btn btn-main"
        disabled={ready.isPending || gate.outcome !== 'clear' || !product.data}
        onClick={() => ready.mutate()}
      >
        {chosen.length === 0 ? `${t('visit.allergyNone')} · ${t('visit.ready')}` : t('visit.ready')}
      </button>
      {ready.error ? <Refusal error={ready.error} /> : null}
    </>
  );
}
