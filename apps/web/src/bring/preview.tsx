/** What will be kept of one file, and what in it was not understood. */
import { issueWords } from '@zhenmei/vault/core/fhir/issue.ts';
import { conditionOf } from '@zhenmei/vault/core/health/conditions.ts';
import type { ReactNode } from 'react';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Card, Pill } from '../look/parts.tsx';
import { Picture } from '../look/picture.tsx';
import { say, t } from '../shell/words.ts';
import type { Keepable } from '../state/importing.ts';
import { sizeOf, whenText } from '../vault/words.ts';
import { Faults } from './faults.tsx';
import { TableTrial } from './table-trial.tsx';

export function Preview({
  file,
  onDrop,
  onChange,
  disabled,
}: {
  file: Keepable;
  onDrop(): void;
  onChange(file: Keepable): void;
  disabled: boolean;
}) {
  return (
    <Card title={file.name}>
      <p className="m-0 soft">
        {t(`bring.${file.kind}`)} · {sizeOf(file.bytes.length)}
      </p>
      <Inside file={file} onChange={onChange} />
      <Button className="btn-small self-start" disabled={disabled} onClick={onDrop}>
        {t('bring.drop')}
        <span className="sr-only"> {file.name}</span>
      </Button>
    </Card>
  );
}

function Inside({ file, onChange }: { file: Keepable; onChange(file: Keepable): void }): ReactNode {
  switch (file.kind) {
    case 'photo':
      return (
        <>
          <Picture
            bytes={file.bytes}
            mime={file.mime}
            alt=""
            className="max-h-40 max-w-full self-start rounded-card"
          />
          <p className="m-0">
            {file.takenAt
              ? t('bring.photo.taken', { date: whenText(file.takenAt) })
              : t('bring.photo.noTime')}
          </p>
        </>
      );
    case 'fhir': {
      const faults = file.faults.map((issue) => `${issue.path} · ${say(issueWords(issue))}`);
      return (
        <>
          <Pill tone={file.understood.length > 0 ? 'jade' : 'amber'}>
            {t('bring.fhir.kept', { n: file.understood.length })}
          </Pill>
          {file.allergies.facts.length > 0 ? (
            <p className="m-0">{t('bring.fhir.allergies', { n: file.allergies.facts.length })}</p>
          ) : null}
          <FactsAsked file={file} onChange={onChange} />
          {faults.length > 0 ? (
            <>
              <Pill tone="amber">{t('bring.fhir.not', { n: faults.length })}</Pill>
              <Faults lines={faults} />
            </>
          ) : null}
          <p className="m-0 soft">{t('bring.fhir.whole')}</p>
        </>
      );
    }
    case 'table':
      return <TableTrial file={file} onChange={onChange} />;
    default:
      return null;
  }
}

/** What speaks for or against a treatment changes what may be done to her: it joins only if the person says so. */
function FactsAsked({
  file,
  onChange,
}: {
  file: Extract<Keepable, { kind: 'fhir' }>;
  onChange(file: Keepable): void;
}) {
  const { facts } = file.facts;
  if (facts.length === 0) return null;
  return (
    <section aria-label={t('bring.facts')} className="flex flex-col gap-2">
      <p className="m-0 font-medium">{t('bring.facts')}</p>
      <ul className="m-0 pl-5 list-disc">
        {facts.map((fact, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a file may say the same twice
          <li key={i}>
            {say(conditionOf(fact.condition))}
            {`: ${t(fact.present ? 'bring.facts.yes' : 'bring.facts.no')} · ${whenText(fact.recordedOn)}`}
          </li>
        ))}
      </ul>
      <Tick
        label={t('bring.facts.join', { n: facts.length })}
        on={file.joinFacts}
        onChange={(joinFacts) => onChange({ ...file, joinFacts })}
      />
    </section>
  );
}
