/** Registers a study: what is asked, when it publishes, how much noise, how many people at least, what is promised. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { newId } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { QUESTION_IDS, questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import type { StudyPlan } from '@zhenmei/vault/core/pool/study.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { DESK_STUDIES } from '../state/pool.ts';
import { type Draft, EMPTY, EVERY, minorOf, paidFirst, planOf, TIMES } from './study-draft.ts';

const freshId = () => newId(now(), crypto.getRandomValues(new Uint8Array(10)));

export function StudyForm() {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  // sent again it is the same study
  const [id, setId] = useState(freshId);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const register = useMutation({
    mutationFn: (plan: StudyPlan) => deskApi.call(vaultApi.registerStudy, { body: plan }),
    onSuccess: () => {
      toast(t('study.registered'));
      setDraft(EMPTY);
      setId(freshId());
    },
    onSettled: () => queries.invalidateQueries({ queryKey: DESK_STUDIES }),
  });
  const text = (key: 'nameZh' | 'nameEn' | 'whyZh' | 'whyEn', label: string, lines?: number) => (
    <Field
      label={label}
      value={draft[key]}
      onValueChange={(value) => set({ [key]: value })}
      maxLength={300}
      {...(lines ? { lines } : {})}
    />
  );
  const payWrong = minorOf(draft.pay) === null;
  const first = paidFirst(draft);
  const complete =
    [draft.nameZh, draft.nameEn, draft.whyZh, draft.whyEn].every((one) => one.trim() !== '') &&
    draft.questions.length > 0 &&
    /^\d+$/.test(draft.k) &&
    Number(draft.k) >= 20 &&
    !payWrong;
  return (
    <Card title={t('study.new')}>
      <p className="m-0 soft">{t('study.new.lead')}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {text('nameZh', t('study.name.zh'))}
        {text('nameEn', t('study.name.en'))}
        {text('whyZh', t('study.why.zh'), 2)}
        {text('whyEn', t('study.why.en'), 2)}
      </div>
      <fieldset className="border-0 p-0 m-0">
        <legend className="font-medium">{t('study.questions')}</legend>
        {QUESTION_IDS.map((id) => (
          <Tick
            key={id}
            label={say(questionOf(id).text)}
            on={draft.questions.includes(id)}
            onChange={(on) =>
              set({ questions: QUESTION_IDS.filter((q) => (q === id ? on : draft.questions.includes(q))) })
            }
          />
        ))}
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={t('study.every')}
          value={draft.every}
          options={EVERY.map((value) => ({ value, label: t(`study.every.${value}`) }))}
          onChange={(every) => set({ every })}
        />
        <Select
          label={t('study.times')}
          value={draft.times}
          options={TIMES.map((value) => ({ value, label: t('study.times.n', { n: value }) }))}
          onChange={(times) => set({ times })}
        />
        <Select
          label={t('study.noise')}
          value={draft.noise}
          options={(['strong', 'middle', 'weak'] as const).map((value) => ({
            value,
            label: t(`study.noise.${value}`),
          }))}
          onChange={(noise) => set({ noise })}
        />
        <Field
          label={t('study.k')}
          value={draft.k}
          onValueChange={(k) => set({ k })}
          inputMode="numeric"
          maxLength={6}
        />
        <Field
          label={t('study.pay')}
          value={draft.pay}
          onValueChange={(pay) => set({ pay })}
          inputMode="decimal"
          maxLength={10}
          error={payWrong ? t('study.pay.wrong') : null}
          {...(first === null ? {} : { hint: t('study.pay.hint', { n: first }) })}
        />
      </div>
      <Button
        kind="main"
        disabled={!complete}
        busy={register.isPending}
        onClick={() => register.mutate(planOf(draft, id, now()))}
      >
        {t('study.register')}
      </Button>
      {register.error ? <Refusal error={register.error} /> : null}
    </Card>
  );
}
