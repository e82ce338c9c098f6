/** One permission at the desk: state why, see the list, open a file. As soon as it is taken back, nothing stays. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { type Asked, openList, type Received, watchEnd } from '@zhenmei/client/vault/reading.ts';
import { REASONS, type Reason } from '@zhenmei/vault/core/access/entry.ts';
import { PURPOSES } from '@zhenmei/vault/core/grants/grant.ts';
import { useEffect, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { compartmentName } from '../vault/words.ts';
import { Files, Leave } from './shared-files.tsx';

const WHY: readonly Reason[] = ['visit', 'planning', 'aftercare', 'second-opinion', 'quality'];
const NOBODY = 'nobody';
/** Milliseconds until a lost connection is made again. */
const RETRY = 1_000;
/** Milliseconds without a sign of the server, whose heart beats every 15 seconds, after which the content goes. */
const SILENCE = 60_000;

/** @param gone whether it is no longer among those that hold */
export function SharedGrant({
  clinic,
  received,
  gone,
}: {
  clinic: Clinic;
  received: Received;
  gone: boolean;
}) {
  const { grant, details } = received;
  const [reason, setReason] = useState<Reason>('visit');
  const [person, setPerson] = useState(grant.grantee.person ?? NOBODY);
  const asked: Asked = { reason, person: person === NOBODY ? null : person };
  const list = useMutation({ mutationFn: () => openList(clinic, received, asked) });
  const { ended, unheard, again } = useEnded(clinic, grant.id, list);
  const doctors = useQuery({
    queryKey: ['clinic-doctors', grant.grantee.organisation],
    queryFn: async () =>
      (await deskApi.call(careApi.readClinic, { params: { id: grant.grantee.organisation } })).doctors,
  });
  const named = (doctors.data ?? [])
    .filter(({ id }) => grant.grantee.person === null || id === grant.grantee.person)
    .map(({ id, name }) => ({ value: id, label: say(name) }));
  const title = details.name || t('shared.title');
  if (unheard)
    return (
      <Card title={title} tone="cinnabar">
        <p className="m-0">{t('shared.unheard')}</p>
        <Refusal error={unheard} />
        <Button kind="main" className="self-start" onClick={again}>
          {t('shared.again')}
        </Button>
      </Card>
    );
  if (ended || gone)
    return (
      <Card title={title} tone="cinnabar">
        <div role="alert">
          <Pill tone="cinnabar">{t('shared.ended')}</Pill>
        </div>
      </Card>
    );
  return (
    <Card title={title}>
      <Facts
        rows={[
          [t('may.purpose'), say(PURPOSES[grant.purpose])],
          [t('may.actions'), grant.actions.map((action) => t(`may.action.${action}`)).join(' · ')],
          ...(details.compartments.length > 0
            ? [[t('may.what'), details.compartments.map(compartmentName).join(' · ')] as const]
            : []),
          [t('may.until'), date(grant.notAfter, now())],
        ]}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={t('shared.reason')}
          value={reason}
          options={WHY.map((value) => ({ value, label: say(REASONS[value]) }))}
          onChange={(next) => setReason(next)}
        />
        <Select
          label={t('shared.doctor')}
          value={person}
          options={[
            ...(grant.grantee.person === null ? [{ value: NOBODY, label: t('shared.anyDoctor') }] : []),
            ...named,
          ]}
          onChange={setPerson}
        />
      </div>
      {list.data ? (
        <Files clinic={clinic} received={received} files={list.data} asked={asked} />
      ) : (
        <Button kind="main" busy={list.isPending} onClick={() => list.mutate()}>
          {t('shared.list')}
        </Button>
      )}
      {list.error ? <Refusal error={list.error} /> : null}
      {grant.actions.includes('write') ? <Leave clinic={clinic} received={received} asked={asked} /> : null}
    </Card>
  );
}

interface List {
  readonly isSuccess: boolean;
  reset(): void;
}

/**
 * Listens while something is on the screen. What the server refuses is final, and so is its silence, for nobody would
 * hear of the end: what was opened is dropped, and is opened anew by whoever tries again or has signed in again.
 */
function useEnded(clinic: Clinic, id: string, { isSuccess: reading, reset }: List) {
  const [ended, setEnded] = useState(false);
  const [lost, setLost] = useState<{ readonly error: unknown; readonly by: Clinic } | null>(null);
  useEffect(() => {
    if (!reading) return;
    const stop = new AbortController();
    const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY));
    watchEnd(deskApi, id, stop.signal, { pause, silence }).then(
      (over) => over && setEnded(true),
      (error: unknown) => {
        setLost({ error, by: clinic });
        reset();
      },
    );
    return () => stop.abort();
  }, [clinic, id, reading, reset]);
  return { ended, unheard: lost?.by === clinic ? lost.error : null, again: () => setLost(null) };
}

const silence = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, SILENCE);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
