/** What a person reads on the label, and where they are: compared with what makers and the regulator published. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';

export interface LabelChoice {
  readonly dose?: string | undefined;
  readonly ingredient?: string | undefined;
  /** GLN of the clinic. */
  readonly at?: string | undefined;
}

export function VerifyLabel({
  start,
  onCompare,
}: {
  start: LabelChoice;
  onCompare(label: LabelChoice): void;
}) {
  const [dose, setDose] = useState(start.dose ?? '');
  const [ingredient, setIngredient] = useState(start.ingredient ?? '');
  const [at, setAt] = useState(start.at ?? '');
  const places = useQuery({
    queryKey: ['places'],
    queryFn: async () => (await import('../state/clinics.ts')).listPlaces(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCompare({
      dose: dose.trim() || undefined,
      ingredient: ingredient.trim() || undefined,
      at: at || undefined,
    });
  };
  return (
    <Card title={t('verify.label')}>
      <form className="flex flex-col gap-3 no-print" onSubmit={submit}>
        <p className="m-0 soft">{t('verify.labelLead')}</p>
        <Field
          label={t('verify.dose')}
          value={dose}
          maxLength={60}
          autoComplete="off"
          onValueChange={setDose}
        />
        <Field
          label={t('verify.ingredient')}
          value={ingredient}
          maxLength={200}
          autoComplete="off"
          onValueChange={setIngredient}
        />
        <Select
          label={t('verify.place')}
          value={at}
          onChange={setAt}
          options={[
            { value: '', label: t('verify.noPlace') },
            ...(places.data ?? []).map(({ gln, name }) => ({ value: gln, label: say(name) })),
          ]}
        />
        <button type="submit" className="btn self-start">
          {t('verify.compare')}
        </button>
      </form>
    </Card>
  );
}
