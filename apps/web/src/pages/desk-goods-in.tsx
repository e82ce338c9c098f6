/** Goods-in at a clinic's door: scan, answer, next; what is on its way, and what was scanned before. */
import { useQueryClient } from '@tanstack/react-query';
import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { signScan } from '@zhenmei/client/stock.ts';
import { useCallback, useState } from 'react';
import { Answer, worst } from '../desk/goods-answer.tsx';
import { GoodsLists } from '../desk/goods-list.tsx';
import { OutboxState, useOutbox } from '../desk/outbox.tsx';
import { Person, usePerson } from '../desk/person.tsx';
import { ScanBox } from '../desk/scan-box.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill } from '../look/parts.tsx';
import { keepSound, play, soundOn } from '../scan/sound.ts';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { keepScan } from '../state/outbox.ts';

export function GoodsInPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('goods.title')} lead={t('goods.lead')}>
      {clinic ? <Door clinic={clinic} /> : null}
    </Page>
  );
}

function Door({ clinic }: { clinic: Clinic }) {
  const queries = useQueryClient();
  const [person, setPerson] = usePerson();
  const [problem, setProblem] = useState<string | null>(null);
  const [logger, setLogger] = useState({ min: '', max: '' });
  const [answers, setAnswers] = useState<readonly GoodsInView[]>([]);
  const onAnswer = useCallback(
    (got: readonly GoodsInView[]) => {
      setAnswers(got);
      play(worst(got));
      void queries.invalidateQueries({ queryKey: ['goods-in'] });
      void queries.invalidateQueries({ queryKey: ['stock'] });
    },
    [queries],
  );
  const outbox = useOutbox(clinic, onAnswer);
  const take = async (code: string) => {
    if (person.trim() === '') {
      setProblem(t('person.needed'));
      play('refused');
      return;
    }
    setProblem(null);
    const scan = await signScan(clinic, { code, person: person.trim(), reading: readingOf(logger) });
    await keepScan(clinic.desk.organisationId, scan);
    await outbox.drain();
  };
  return (
    <>
      <Card>
        <Person value={person} onChange={setPerson} />
        {problem ? (
          <p role="alert" className="m-0">
            <Pill tone="cinnabar">{problem}</Pill>
          </p>
        ) : null}
        <ScanBox action={t('goods.send')} onCode={(code) => void take(code)} />
        <Logger value={logger} onChange={setLogger} />
        <Sound />
        <OutboxState outbox={outbox} />
      </Card>
      <Answer answers={answers} />
      <GoodsLists clinic={clinic} person={person} onSample={(code) => void take(code)} />
    </>
  );
}

/** The time that a logger covers is that of the way here; without it, the last day. */
function readingOf({ min, max }: { min: string; max: string }) {
  const [minC, maxC] = [Number.parseFloat(min), Number.parseFloat(max)];
  if (Number.isNaN(minC) || Number.isNaN(maxC)) return null;
  return {
    minC,
    maxC,
    from: new Date(now() - 86_400_000).toISOString(),
    until: new Date(now()).toISOString(),
  };
}

function Logger({
  value,
  onChange,
}: {
  value: { min: string; max: string };
  onChange(value: { min: string; max: string }): void;
}) {
  const number = (text: string) => text.replace(/[^\d.,-]/g, '').replace(',', '.');
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('goods.logger')}</summary>
      <p className="soft m-0 mb-2">{t('goods.loggerHint')}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label={t('goods.min')}
          inputMode="decimal"
          value={value.min}
          onValueChange={(min) => onChange({ ...value, min: number(min) })}
        />
        <Field
          label={t('goods.max')}
          inputMode="decimal"
          value={value.max}
          onValueChange={(max) => onChange({ ...value, max: number(max) })}
        />
      </div>
    </details>
  );
}

function Sound() {
  const [on, setOn] = useState(soundOn);
  return (
    <Toggle
      label={t('goods.sound')}
      on={on}
      onChange={(next) => {
        keepSound(next);
        setOn(next);
      }}
    />
  );
}
