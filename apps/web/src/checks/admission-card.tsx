/** Whether this desk may check clinics: asking for it, and what the authority answered. */
import { useMutation } from '@tanstack/react-query';
import type { Desk } from '@zhenmei/client/desk.ts';
import { askAdmission, type Purse } from '@zhenmei/client/verifier.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { AdmissionPill, admissionFacts } from './admission-words.tsx';

export function AdmissionCard({ desk, purse, onDone }: { desk: Desk; purse: Purse; onDone(): void }) {
  const { admission, appointed } = purse;
  const [about, setAbout] = useState(admission.about ?? '');
  const act = useMutation({ mutationFn: () => askAdmission(desk, about.trim()), onSettled: onDone });
  const { state } = admission;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <Card title={t('verifier.admission')}>
      <AdmissionPill state={state} />
      <Facts rows={admissionFacts(admission)} />
      {state === 'asked' ? <p className="m-0 soft break-words">{admission.about}</p> : null}
      {admission.missed ? <p className="m-0 text-cinnabar">{t('verifier.missed')}</p> : null}
      {state === 'admitted' || state === 'asked' ? null : (
        <>
          <p className="m-0 soft">{t('verifier.lead')}</p>
          {appointed ? null : <p className="m-0 text-amber">{t('verifier.unappointed')}</p>}
          <form className="flex flex-col gap-3" onSubmit={submit}>
            <Field
              label={t('verifier.about')}
              hint={t('verifier.about.hint')}
              lines={4}
              maxLength={1_000}
              value={about}
              onValueChange={setAbout}
            />
            <Button
              type="submit"
              kind="main"
              busy={act.isPending}
              disabled={!appointed || about.trim().length < 10}
            >
              {t(state === 'none' ? 'verifier.ask' : 'verifier.ask.again')}
            </Button>
          </form>
        </>
      )}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
