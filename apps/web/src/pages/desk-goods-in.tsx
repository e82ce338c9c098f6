/** Goods-in at a clinic's door: scan, answer, next; what is on its way, and what was scanned before. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { ApiError } from '@zhenmei/client/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { signScan, undoScan } from '@zhenmei/client/stock.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Answer, OUTCOME_TONE, worst } from '../desk/goods-answer.tsx';
import { Person, usePerson } from '../desk/person.tsx';
import { ScanBox } from '../desk/scan-box.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { keepSound, play, soundOn } from '../scan/sound.ts';
import { date, isChinese, say, t } from '../shell/words.ts';
import { deskApi, now, syncClock } from '../state/apis.ts';
import { deliver, dropScan, keepScan, waitingScans } from '../state/outbox.ts';

const AGAIN_MS = 3_000;

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
      <Lists clinic={clinic} person={person} onSample={(code) => void take(code)} />
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

interface Outbox {
  readonly waiting: number;
  /** A scan that the server will never take, and why. */
  readonly failed: { readonly key: IDBValidKey; readonly error: unknown } | null;
  drain(): Promise<void>;
  drop(): Promise<void>;
}

/** Delivers in order, again and again until nothing waits. */
function useOutbox(clinic: Clinic, onAnswer: (answers: readonly GoodsInView[]) => void): Outbox {
  const [waiting, setWaiting] = useState(0);
  const [failed, setFailed] = useState<Outbox['failed']>(null);
  const running = useRef<Promise<void> | null>(null);
  const { desk } = clinic;
  const drain = useCallback(async () => {
    const left = async () => {
      const all = await waitingScans(desk.organisationId);
      setWaiting(all.length);
      return all;
    };
    const run = async () => {
      await left();
      try {
        await deliver(desk, { onAnswer });
        setFailed(null);
      } catch (error) {
        const [first] = await left();
        if (first) setFailed({ key: first.key, error });
      }
      await left();
    };
    // one at a time, and once more for what came meanwhile
    const turn = (running.current ?? Promise.resolve()).then(run);
    running.current = turn;
    await turn;
  }, [desk, onAnswer]);
  useEffect(() => {
    void syncClock()
      .catch(() => undefined)
      .then(drain);
    const again = () => void drain();
    const timer = window.setInterval(again, AGAIN_MS);
    window.addEventListener('online', again);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', again);
    };
  }, [drain]);
  return {
    waiting,
    failed,
    drain,
    drop: async () => {
      if (failed) await dropScan(failed.key);
      setFailed(null);
      await drain();
    },
  };
}

function OutboxState({ outbox }: { outbox: Outbox }) {
  const { waiting, failed } = outbox;
  if (failed) {
    const { error } = failed;
    const why = error instanceof ApiError ? (isChinese() ? error.texts.zh : error.texts.en) : '';
    return (
      <div role="alert" className="flex flex-col gap-2 items-start">
        <Pill tone="cinnabar">{t('goods.failed', { why })}</Pill>
        <Button onClick={() => void outbox.drop()}>{t('goods.drop')}</Button>
      </div>
    );
  }
  return waiting > 0 ? (
    <p role="status" className="m-0">
      <Pill tone="amber">{t('goods.waiting', { count: waiting })}</Pill>
    </p>
  ) : null;
}

function Lists({
  clinic,
  person,
  onSample,
}: {
  clinic: Clinic;
  person: string;
  onSample(code: string): void;
}) {
  const goods = useQuery({
    queryKey: ['goods-in'],
    queryFn: () => deskApi.call(stockApi.goodsIn),
    refetchInterval: 10_000,
  });
  const labels = useQuery({
    queryKey: ['goods-in', 'labels'],
    retry: false,
    queryFn: () => deskApi.call(demoApi.sampleLabels),
  });
  if (goods.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (goods.error) return <Refusal error={goods.error} />;
  const { scans, deliveries } = goods.data;
  return (
    <>
      {labels.data ? (
        <Card title={t('goods.samples')}>
          <div className="flex flex-wrap gap-2">
            {labels.data.labels.map((label) => (
              <Button key={label.key} className="btn-small" onClick={() => onSample(label.code)}>
                {say(label.name)}
              </Button>
            ))}
          </div>
        </Card>
      ) : null}
      <Card title={t('goods.onTheWay')}>
        {deliveries.length === 0 ? <p className="m-0 soft">{t('goods.onTheWayEmpty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {deliveries.map((delivery) => (
            <li key={delivery.shipment} className="border-t border-line first:border-0 py-3">
              <span className="font-medium block">
                {delivery.from ? t('goods.from', { from: say(delivery.from) }) : ''}{' '}
                <span className="soft font-normal">{date(delivery.sentAt, now())}</span>
              </span>
              {delivery.boxes.map((box) => (
                <span key={box} className="soft block text-sm break-all">
                  {t('goods.boxNumber', { box: box.split('/00/')[1] ?? box })}
                </span>
              ))}
              {delivery.items.map((item) => (
                <span key={item.gtin} className="block">
                  {say(item.name)} · {t('goods.units', { count: item.units })}
                </span>
              ))}
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('goods.list')}>
        {scans.length === 0 ? <p className="m-0 soft">{t('goods.listEmpty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {byScan(scans).map((all) => (
            <Scan key={all[0]!.scan} clinic={clinic} all={all} person={person} />
          ))}
        </ul>
      </Card>
    </>
  );
}

/** The rows of each scan together, in the order in which they came. */
function byScan(scans: readonly GoodsInView[]): GoodsInView[][] {
  const groups = new Map<string, GoodsInView[]>();
  for (const one of scans) groups.set(one.scan, [...(groups.get(one.scan) ?? []), one]);
  return [...groups.values()];
}

function Scan({ clinic, all, person }: { clinic: Clinic; all: readonly GoodsInView[]; person: string }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const scan = all[0]!;
  const undo = useMutation({
    mutationFn: () => undoScan(clinic, scan.scan, person.trim() || scan.person),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['goods-in'] });
      void queries.invalidateQueries({ queryKey: ['stock'] });
    },
  });
  const received = all.filter(({ outcome }) => outcome !== 'refused');
  return (
    <li className="border-t border-line first:border-0 py-3 flex flex-wrap gap-x-4 gap-y-2 justify-between">
      <span className="min-w-0 flex-1 basis-60">
        <Pill tone={scan.undone ? 'slate' : OUTCOME_TONE[worst(all)]}>
          {t(scan.undone ? 'goods.undone' : `goods.${worst(all)}`)}
        </Pill>{' '}
        <span className="break-words">{scan.product ? say(scan.product) : ''}</span>
        {all.length === 1 ? (
          <span className="soft block text-sm break-all">
            {scan.serial ?? scan.code.replaceAll('\u001d', ' ')}
          </span>
        ) : (
          <Units all={all} />
        )}
        <span className="block">{worst(all) === 'accepted' ? '' : reasonsOf(all)}</span>
        <span className="soft block text-sm">
          {scan.person} · {date(scan.at, now(), true)}
        </span>
        {undo.error ? <Refusal error={undo.error} /> : null}
      </span>
      {received.length > 0 && received.every(({ canUndo }) => canUndo) ? (
        <Button className="btn-small self-start" busy={undo.isPending} onClick={() => setAsking(true)}>
          {t('goods.undo')}
        </Button>
      ) : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('goods.undo')}
        text={t('goods.undoText')}
        yes={t('goods.undo')}
        onYes={() => undo.mutate()}
      />
    </li>
  );
}

const reasonsOf = (all: readonly GoodsInView[]): string =>
  [...new Set(all.filter(({ outcome }) => outcome !== 'accepted').map(({ text }) => say(text)))].join(' · ');

function Units({ all }: { all: readonly GoodsInView[] }) {
  return (
    <details>
      <summary className="soft text-sm cursor-pointer min-h-11 py-2.5">
        {t('goods.inBox', { count: all.length })}
      </summary>
      <ul className="soft text-sm list-none p-0 m-0">
        {all.map((one) => (
          <li key={one.position} className="break-all">
            {one.serial} · {t(`goods.${one.outcome}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}
