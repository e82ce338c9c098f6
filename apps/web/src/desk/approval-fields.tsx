/** What each authority approved: region, class, routes, indications, number, last day. */
import { Button } from '../look/button.tsx';
import { Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { type ApprovalDraft, EMPTY_APPROVAL } from './product-draft.ts';
import { CLASSES, classWord, REGIONS, ROUTES, regionWord } from './product-words.ts';

export function ApprovalFields({
  approvals,
  onChange,
  wrong,
}: {
  approvals: readonly ApprovalDraft[];
  onChange(approvals: readonly ApprovalDraft[]): void;
  wrong: boolean;
}) {
  const change = (i: number, more: Partial<ApprovalDraft>) =>
    onChange(approvals.map((one, j) => (i === j ? { ...one, ...more } : one)));
  return (
    <Card title={t('products.approvals')}>
      {wrong ? <p className="m-0 text-cinnabar font-medium">✕ {t('approvals.wrong')}</p> : null}
      {approvals.map((one, i) => (
        <fieldset
          key={one.id}
          className="border-0 border-line not-first-of-type:border-t m-0 p-0 not-first-of-type:pt-4 flex flex-col gap-3 min-w-0"
        >
          <legend className="sr-only">{t('approvals.one', { n: i + 1 })}</legend>
          <div className="grid gap-3 md:grid-cols-2">
            <Select
              label={t('field.region')}
              value={one.region}
              onChange={(region) => change(i, { region })}
              options={REGIONS.map((value) => ({ value: value as string, label: regionWord(value) }))}
            />
            <Select
              label={t('field.class')}
              value={one.class}
              onChange={(value) => change(i, { class: value })}
              options={CLASSES.map((value) => ({ value: value as string, label: classWord(value) }))}
            />
          </div>
          <div>
            <span className="font-medium">{t('field.routes')}</span>
            <div className="grid md:grid-cols-2 gap-x-3">
              {ROUTES.map((route) => (
                <Tick
                  key={route}
                  label={t(`route.${route}`)}
                  on={one.routes.includes(route)}
                  onChange={(on) =>
                    change(i, {
                      routes: on ? [...one.routes, route] : one.routes.filter((r) => r !== route),
                    })
                  }
                />
              ))}
            </div>
          </div>
          <Field
            label={t('field.indications')}
            hint={t('field.indications.hint')}
            lines={2}
            value={one.indications}
            onValueChange={(indications) => change(i, { indications })}
          />
          <div className="grid gap-3 md:grid-cols-2">
            <Field
              label={t('field.approvalNumber')}
              maxLength={60}
              value={one.number}
              onValueChange={(number) => change(i, { number })}
            />
            <Field
              label={t('field.until')}
              type="date"
              value={one.until}
              onValueChange={(until) => change(i, { until })}
            />
          </div>
          {approvals.length > 1 ? (
            <Button className="self-start" onClick={() => onChange(approvals.filter((_, j) => i !== j))}>
              {t('approvals.remove')}
            </Button>
          ) : null}
        </fieldset>
      ))}
      <Button
        className="self-start"
        onClick={() =>
          onChange([...approvals, { ...EMPTY_APPROVAL, id: Math.max(...approvals.map(({ id }) => id)) + 1 }])
        }
      >
        {t('approvals.add')}
      </Button>
    </Card>
  );
}
