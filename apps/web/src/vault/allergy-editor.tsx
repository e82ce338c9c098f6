/** The list of allergies: what the person ticks, and what she says in her own words. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { readAllergies } from '@zhenmei/client/vault/health.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { AllergyFact, AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import { SUBSTANCES, type Substance } from '@zhenmei/vault/core/substances.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { say, t } from '../shell/words.ts';
import { freshAllergy, saveAllergies } from '../state/health.ts';

const CODES = Object.keys(SUBSTANCES) as Substance[];

export function AllergyEditor({ vault }: { vault: Vault }) {
  const [open, setOpen] = useState(false);
  const known = useQuery({
    queryKey: ['allergies'],
    enabled: open,
    queryFn: () => readAllergies(vault),
    gcTime: 0,
  });
  if (!open)
    return (
      <Button className="self-start" onClick={() => setOpen(true)}>
        {t('keep.allergies.edit')}
      </Button>
    );
  if (known.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (known.error) return <Refusal error={known.error} />;
  return <Form vault={vault} known={known.data} onDone={() => setOpen(false)} />;
}

function Form({ vault, known, onDone }: { vault: Vault; known: AllergyList | null; onDone(): void }) {
  const facts = known?.facts ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(facts.flatMap((f) => f.substance ?? []));
  const [other, setOther] = useState(facts.flatMap((f) => (f.substance === null ? f.text : [])).join('\n'));
  const save = useMutation({
    mutationFn: () => saveAllergies(vault, listOf(chosen, other, facts)),
    onSuccess: () => {
      toast(t('keep.added'));
      onDone();
    },
  });
  return (
    <section className="flex flex-col gap-3" aria-label={t('keep.allergies.edit')}>
      <p className="m-0 soft">{t('keep.allergies.lead')}</p>
      <div className="grid sm:grid-cols-2 gap-x-4">
        {CODES.map((code) => (
          <Tick
            key={code}
            label={say(SUBSTANCES[code])}
            on={chosen.includes(code)}
            onChange={(on) => setChosen(on ? [...chosen, code] : chosen.filter((c) => c !== code))}
          />
        ))}
      </div>
      <Field
        label={t('keep.allergies.other')}
        lines={2}
        maxLength={1_000}
        value={other}
        onValueChange={setOther}
      />
      <Button kind="main" busy={save.isPending} onClick={() => save.mutate()}>
        {t('keep.allergies.save')}
      </Button>
      {save.error ? <Refusal error={save.error} /> : null}
    </section>
  );
}

/** What a doctor said about a fact that is still there is kept. */
function listOf(chosen: readonly string[], other: string, before: readonly AllergyFact[]): AllergyList {
  const fresh = (substance: string | null, text: string): AllergyFact =>
    before.find((f) => f.substance === substance && f.text === text) ?? freshAllergy(substance, text);
  const lines = other.split('\n').flatMap((line) => (line.trim() ? [line.trim().slice(0, 200)] : []));
  return {
    answered: true,
    facts: [
      ...chosen.map((code) => fresh(code, SUBSTANCES[code as Substance].zh)),
      ...lines.map((line) => fresh(null, line)),
    ],
  };
}
