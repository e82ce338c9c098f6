/** Who is working at this device: asked once, remembered here, and part of every statement about stock. */
import { useState } from 'react';
import { Field } from '../look/field.tsx';
import { t } from '../shell/words.ts';

const KEPT = 'zm-person';

export function usePerson(): readonly [string, (name: string) => void] {
  const [person, setPerson] = useState(() => localStorage.getItem(KEPT) ?? '');
  return [
    person,
    (name) => {
      localStorage.setItem(KEPT, name);
      setPerson(name);
    },
  ];
}

export function Person({ value, onChange }: { value: string; onChange(name: string): void }) {
  return (
    <Field
      label={t('person.label')}
      hint={t('person.hint')}
      maxLength={60}
      autoComplete="name"
      value={value}
      onValueChange={onChange}
    />
  );
}
