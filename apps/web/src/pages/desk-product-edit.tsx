/** A product is stated, or stated anew: every version stays. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { type FormEvent, useState } from 'react';
import { ApprovalFields } from '../desk/approval-fields.tsx';
import { bodyOf, type DraftField, draftOf, EMPTY, type ProductDraft } from '../desk/product-draft.ts';
import { CLASSES, classWord, ingredientWord } from '../desk/product-words.ts';
import { Button } from '../look/button.tsx';
import { Choice, Select, Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Skeleton } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export function DeskProductNewPage() {
  return (
    <Page title={t('products.new')}>
      <Form start={EMPTY} known={null} />
    </Page>
  );
}

export function DeskProductEditPage() {
  const { gtin } = useParams({ from: '/desk/products/$gtin/edit' });
  const product = useQuery({
    queryKey: ['product', gtin],
    queryFn: () => deskApi.call(provenanceApi.readProduct, { params: { gtin } }),
  });
  const body = product.data?.product;
  return (
    <Page title={t('products.edit')} lead={body ? say(body.name) : ''}>
      {product.error ? <Refusal error={product.error} /> : null}
      {body ? <Form start={draftOf(body, ingredientWord)} known={body} /> : <Skeleton lines={6} />}
    </Page>
  );
}

const UNITS = ['uL', 'mL', 'mg', 'g', 'U', 'pulse', 'unit'] as const;

function Form({ start, known }: { start: ProductDraft; known: ProductBody | null }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(start);
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState<readonly DraftField[]>([]);
  const save = useMutation({
    mutationFn: (product: ProductBody) =>
      deskApi.call(provenanceApi.registerProduct, {
        body: { product, ...(note.trim() ? { note: note.trim() } : {}) },
      }),
    onSuccess: async ({ gtin }) => {
      await queries.invalidateQueries();
      await navigate({ to: '/desk/products/$gtin', params: { gtin } });
    },
  });
  const set = (more: Partial<ProductDraft>) => setDraft((before) => ({ ...before, ...more }));
  const field = (name: DraftField, more: object = {}) => ({
    value: String(draft[name]),
    onValueChange: (value: string) => set({ [name]: value }),
    error: wrong.includes(name)
      ? t(String(draft[name]).trim() === '' ? 'field.missing' : 'field.wrong')
      : null,
    ...more,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = bodyOf(draft);
    setWrong('wrong' in made ? made.wrong : []);
    if ('body' in made) save.mutate(made.body);
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <Card title={t('products.what')}>
        <Field
          label={t('field.gtin')}
          hint={t('field.gtin.hint')}
          inputMode="numeric"
          maxLength={20}
          disabled={known !== null}
          {...field('gtin')}
        />
        <div className="grid gap-3 md:grid-cols-2">
          <Field label={t('field.name.zh')} lang="zh-CN" maxLength={200} {...field('zh')} />
          <Field label={t('field.name.en')} lang="en" maxLength={200} {...field('en')} />
          <Select
            label={t('field.class')}
            value={draft.class}
            onChange={(value) => set({ class: value })}
            options={CLASSES.map((value) => ({ value: value as string, label: classWord(value) }))}
          />
          <Field label={t('field.registration')} maxLength={60} {...field('registration')} />
        </div>
        <Toggle label={t('field.toxin')} on={draft.isToxin} onChange={(isToxin) => set({ isToxin })} />
      </Card>
      <ApprovalFields
        approvals={draft.approvals}
        onChange={(approvals) => set({ approvals })}
        wrong={wrong.includes('approvals')}
      />
      <Card title={t('products.conditions')}>
        <div className="grid gap-3 md:grid-cols-2">
          <Field label={t('field.minC')} inputMode="decimal" {...field('minC')} />
          <Field label={t('field.maxC')} inputMode="decimal" {...field('maxC')} />
          <Field
            label={t('field.minutesOut')}
            hint={t('field.minutesOut.hint')}
            inputMode="numeric"
            {...field('minutesOut')}
          />
          <Field
            label={t('field.meanKinetic')}
            hint={t('field.meanKinetic.hint')}
            inputMode="decimal"
            {...field('meanKinetic')}
          />
        </div>
      </Card>
      <Card title={t('products.contents')}>
        <Choice
          legend={t('field.use')}
          value={draft.singleUse ? 'single' : 'split'}
          onChange={(value: 'single' | 'split') => set({ singleUse: value === 'single' })}
          options={[
            { value: 'single', label: t('use.single') },
            { value: 'split', label: t('use.splitVial') },
          ]}
        />
        <div className="grid gap-3 md:grid-cols-2">
          {draft.singleUse ? null : (
            <Field label={t('field.withinHours')} inputMode="numeric" {...field('withinHours')} />
          )}
          <Field label={t('field.amountOf')} inputMode="numeric" {...field('amount')} />
          <Select
            label={t('field.unit')}
            value={draft.unit}
            onChange={(unit) => set({ unit })}
            options={UNITS.map((value) => ({ value: value as string, label: t(`unit.name.${value}`) }))}
          />
          <Field
            label={t('field.innerGtin')}
            hint={t('field.innerGtin.hint')}
            inputMode="numeric"
            {...field('innerGtin')}
          />
          <Field label={t('field.innerCount')} inputMode="numeric" {...field('innerCount')} />
        </div>
        <Field
          lines={2}
          label={t('field.ingredients')}
          hint={t('field.ingredients.hint')}
          {...field('ingredients')}
        />
      </Card>
      {known ? (
        <Card>
          <Field
            label={t('products.why')}
            hint={t('products.why.hint')}
            lines={2}
            maxLength={300}
            value={note}
            onValueChange={setNote}
          />
        </Card>
      ) : null}
      {wrong.length > 0 ? <p className="m-0 text-cinnabar">{t('form.wrong', { n: wrong.length })}</p> : null}
      {save.error ? <Refusal error={save.error} /> : null}
      <Button type="submit" kind="main" busy={save.isPending}>
        {t(known ? 'products.save' : 'products.register')}
      </Button>
    </form>
  );
}
