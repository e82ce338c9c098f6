/** Registers a study: what is asked, when it publishes, how much noise, how many people at least, what is promised. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { DAY, newId, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { QUESTION_IDS, type QuestionId, questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import { MOST_EPSILON, MOST_ONCE, type StudyPlan } from '@zhenmei/vault/core/pool/study.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { DESK_STUDIES } from '../state/pool.ts';

/** ε of one question in one release, in thousandths. */
const NOISE = { strong: 250, middle: 500, weak: 1_000 } as const;
const EVERY = ['7', '30', '90'] as const;
const TIMES = ['1', '3', '6', '12'] as const;

const EMPTY = {
  nameZh: '',
  nameEn: '',
  whyZh: '',
  whyEn: '',
  questions: [] as QuestionId[],
  every: '30' as (typeof EVERY)[number],
  times: '3' as (typeof TIMES)[number],
  noise: 'middle' as keyof typeof NOISE,
  k: '20',
  pay: '0',
};
type Draft = typeof EMPTY;

/** "5.50" → "550"; null if it is no amount. */
function minorOf(pay: string): string | null {
  const [, whole, part = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(pay.trim()) ?? [];
  return whole === undefined ? null : String(BigInt(whole) * 100n + BigInt(part.padEnd(2, '0')));
}

const freshId = () => newId(now(), crypto.getRandomValues(new Uint8Array(10)));

function planOf(draft: Draft, id: string, at: number): StudyPlan {
  const epsilon = Math.min(MOST_ONCE, NOISE[draft.noise] * draft.questions.length);
  const times = Number(draft.times);
  return {
    id,
    title: { zh: draft.nameZh.trim(), en: draft.nameEn.trim() },
    why: { zh: draft.whyZh.trim(), en: draft.whyEn.trim() },
    questions: draft.questions,
    epsilon,
    epsilonTotal: Math.min(MOST_EPSILON, epsilon * times),
    k: Number(draft.k),
    releases: Array.from({ length: times }, (_, i) => toIso(at + (i + 1) * Number(draft.every) * DAY)),
    payment: { minor: minorOf(draft.pay) ?? '0', currency: 'CNY' },
  };
}

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
          {...(payWrong || minorOf(draft.pay) === '0'
            ? {}
            : { hint: t('study.pay.hint', { n: Number(draft.k) * Number(draft.times) }) })}
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
