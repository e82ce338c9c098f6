/** A table of many: first what would be entered and every fault, then all of it or nothing. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  CATALOGUE,
  CREDENTIAL_TYPES,
  type CredentialName,
  kindOf,
  nameOf,
} from '@zhenmei/identity/core/catalogue.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { isChinese, say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { REGISTER, shown } from '../state/claims.ts';

/** Kinds that an organisation of this kind issues. */
export function kindsOf(organisation: string): { value: CredentialName; label: string }[] {
  return Object.entries(CATALOGUE)
    .filter(([, { issuers }]) => (issuers as readonly string[]).includes(organisation))
    .map(([vct, { name }]) => ({ value: nameOf(vct), label: say(name) }));
}

/** A column as it stands in the file, after what it means; a `?` says that it may be left out. */
export function columnName(kind: CredentialName, column: string): string {
  const code = column.replace(/\?$/, '');
  const [name = '', lang] = code.split('.');
  const label = kindOf(CREDENTIAL_TYPES[kind])?.labels[name];
  const named = label ? say(label) : code === 'validUntil' ? t('register.until') : null;
  if (named === null) return code;
  const meaning = named + (lang === 'zh' || lang === 'en' ? t(`import.${lang}`) : '');
  const inside = code + (code === column ? '' : t('import.optional'));
  return isChinese() ? `${meaning}（${inside}）` : `${meaning} (${inside})`;
}

export function ImportCard() {
  const queries = useQueryClient();
  const kinds = kindsOf(useSeat().data?.organisation.kind ?? '');
  const [kind, setKind] = useState<CredentialName>(kinds[0]?.value ?? 'physicianLicence');
  const [csv, setCsv] = useState('');
  const preview = useMutation({
    mutationFn: (text: string) => deskApi.call(registerApi.previewImport, { body: { kind, csv: text } }),
  });
  const enter = useMutation({
    mutationFn: () => deskApi.call(registerApi.importEntries, { body: { kind, csv } }),
    onSuccess: async ({ entered }) => {
      preview.reset();
      toast(t('import.done', { count: entered }));
      await queries.invalidateQueries({ queryKey: [REGISTER] });
    },
  });
  const plan = preview.data;
  return (
    <Card title={t('import.title')}>
      <p className="soft m-0">{t('import.lead')}</p>
      <Select<CredentialName> label={t('import.kind')} options={kinds} value={kind} onChange={setKind} />
      <label className="btn">
        {t('import.file')}
        <input
          type="file"
          accept=".csv,text/csv"
          className="sr-only"
          onChange={async (event) => {
            const text = await event.target.files?.[0]?.text();
            event.target.value = '';
            if (text === undefined) return;
            setCsv(text);
            preview.mutate(text);
          }}
        />
      </label>
      {preview.error ? <Refusal error={preview.error} /> : null}
      {plan && plan.faults.length > 0 ? (
        <>
          <Pill tone="cinnabar">{t('import.faults', { count: plan.faults.length })}</Pill>
          <ul className="m-0 pl-5">
            {plan.faults.slice(0, 50).map((fault) => (
              <li key={`${fault.line} ${fault.column} ${fault.code}`}>
                {t('import.at', { line: fault.line, column: columnName(kind, fault.column) })}{' '}
                {say(fault.reason)}
              </li>
            ))}
          </ul>
          <p className="soft m-0 text-sm">
            {t('import.columns', {
              columns: plan.columns.map((column) => columnName(kind, column)).join(isChinese() ? '、' : ', '),
            })}
          </p>
        </>
      ) : null}
      {plan && plan.faults.length === 0 ? (
        <>
          <Pill tone="jade">{t('import.good', { count: plan.rows.length })}</Pill>
          <ul className="m-0 pl-5">
            {plan.rows.slice(0, 10).map(({ line, claims }) => (
              <li key={line}>
                {t('import.line', { line })}{' '}
                {shown((claims as Record<string, unknown>).name ?? Object.values(claims)[0])}
              </li>
            ))}
          </ul>
          <Button
            kind="main"
            busy={enter.isPending}
            disabled={plan.rows.length === 0}
            onClick={() => enter.mutate()}
          >
            {t('import.do', { count: plan.rows.length })}
          </Button>
        </>
      ) : null}
      {enter.error ? <Refusal error={enter.error} /> : null}
    </Card>
  );
}
