/** Stock-take: scan what is on the shelf, see how far it is, finish; what differs becomes a case. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { closeCount, scanIntoCount, startCount } from '@zhenmei/client/stock.ts';
import { useState } from 'react';
import { Person, usePerson } from '../desk/person.tsx';
import { ScanBox } from '../desk/scan-box.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Card, Page, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { play } from '../scan/sound.ts';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function CountPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('count.title')} lead={t('count.lead')}>
      <Link to="/desk/stock" className="text-plum min-h-11 inline-flex items-center no-print">
        ← {t('back')}
      </Link>
      {clinic ? <Counts clinic={clinic} /> : null}
    </Page>
  );
}

function Counts({ clinic }: { clinic: Clinic }) {
  const [result, setResult] = useState<{ counted: number; missing: number; unexpected: number } | null>(null);
  const counts = useQuery({
    queryKey: ['stock', 'counts'],
    queryFn: () => deskApi.call(stockApi.counts),
  });
  if (counts.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (counts.error) return <Refusal error={counts.error} />;
  const open = counts.data.counts.find(({ closedAt }) => closedAt === null);
  const before = counts.data.counts.filter(({ closedAt }) => closedAt !== null);
  const line = (count: { counted: number; missing: number; unexpected: number }) =>
    t('count.result', {
      ok: count.counted - count.unexpected,
      missing: count.missing,
      unexpected: count.unexpected,
    });
  return (
    <>
      {result ? (
        <p role="status" className="m-0">
          <Pill tone={result.missing + result.unexpected > 0 ? 'amber' : 'jade'}>{line(result)}</Pill>
        </p>
      ) : null}
      {open ? (
        <Running
          clinic={clinic}
          id={open.id}
          counted={open.counted}
          left={open.missing.length}
          onClosed={setResult}
        />
      ) : (
        <Start clinic={clinic} onStarted={() => setResult(null)} />
      )}
      {before.length > 0 ? (
        <Card title={t('count.before')}>
          <ul className="list-none p-0 m-0 flex flex-col">
            {before.map((count) => (
              <li key={count.id} className="border-t border-line first:border-0 py-3">
                {line({
                  counted: count.counted,
                  missing: count.missing.length,
                  unexpected: count.unexpected.length,
                })}
                <span className="soft block text-sm">
                  {count.person} · {date(count.startedAt, now(), true)}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </>
  );
}

function Start({ clinic, onStarted }: { clinic: Clinic; onStarted(): void }) {
  const queries = useQueryClient();
  const [person, setPerson] = usePerson();
  const [gtin, setGtin] = useState('');
  const stock = useQuery({
    queryKey: ['stock', 'products'],
    queryFn: () => deskApi.call(stockApi.stock, { query: { limit: 1 } }),
  });
  const start = useMutation({
    mutationFn: () => startCount(clinic, gtin || null, person.trim()),
    onSuccess: onStarted,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['stock', 'counts'] }),
  });
  return (
    <Card>
      <Select
        label={t('count.what')}
        value={gtin}
        onChange={setGtin}
        options={[
          { value: '', label: t('stock.anyProduct') },
          ...(stock.data?.products ?? [])
            .filter(({ onShelf }) => onShelf > 0)
            .map(({ gtin: value, name, onShelf: count }) => ({
              value,
              label: t('stock.productCount', { name: say(name), count }),
            })),
        ]}
      />
      <Person value={person} onChange={setPerson} />
      <Button
        kind="main"
        busy={start.isPending}
        disabled={person.trim() === ''}
        onClick={() => start.mutate()}
      >
        {t('count.start')}
      </Button>
      {start.error ? <Refusal error={start.error} /> : null}
    </Card>
  );
}

interface Seen {
  readonly tone: Tone;
  readonly text: string;
}

function Running({
  clinic,
  id,
  counted,
  left,
  onClosed,
}: {
  clinic: Clinic;
  id: string;
  counted: number;
  left: number;
  onClosed(result: { counted: number; missing: number; unexpected: number }): void;
}) {
  const queries = useQueryClient();
  const [person, setPerson] = usePerson();
  const [asking, setAsking] = useState(false);
  const [seen, setSeen] = useState<Seen | null>(null);
  const renew = () => void queries.invalidateQueries({ queryKey: ['stock'] });
  const scan = useMutation({
    mutationFn: (code: string) => scanIntoCount(clinic, id, code),
    onSuccess: ({ serial, expected, again, state }) => {
      play(expected ? 'accepted' : 'quarantined');
      if (again) setSeen({ tone: 'slate', text: t('count.again', { serial }) });
      else if (expected) setSeen({ tone: 'jade', text: t('count.ok', { serial }) });
      else if (state)
        setSeen({ tone: 'amber', text: t('count.odd', { serial, state: t(`stock.state.${state}`) }) });
      else setSeen({ tone: 'amber', text: t('count.unknown', { serial }) });
    },
    onError: () => {
      setSeen(null);
      play('refused');
    },
    onSettled: renew,
  });
  const close = useMutation({
    mutationFn: () => closeCount(clinic, id, person.trim()),
    onSuccess: onClosed,
    onSettled: renew,
  });
  return (
    <Card>
      <p className="m-0 flex flex-wrap gap-x-4" role="status">
        <span className="amount">{t('count.seen', { count: counted })}</span>
        <span className="soft self-end">{t('count.left', { count: left })}</span>
      </p>
      <ScanBox action={t('count.add')} onCode={(code) => scan.mutate(code)} />
      {seen ? (
        <p role="alert" className="m-0 text-lg">
          <Pill tone={seen.tone}>{seen.text}</Pill>
        </p>
      ) : null}
      {scan.error ? <Refusal error={scan.error} /> : null}
      <Person value={person} onChange={setPerson} />
      <Button busy={close.isPending} disabled={person.trim() === ''} onClick={() => setAsking(true)}>
        {t('count.close')}
      </Button>
      {close.error ? <Refusal error={close.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('count.close')}
        text={t('count.closeText', { count: left })}
        yes={t('count.close')}
        onYes={() => close.mutate()}
      />
    </Card>
  );
}
