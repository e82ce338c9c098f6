/** What this organisation can state to end a case: each is a new signed event, nothing old is changed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  declareWrong,
  destroyingEvent,
  releaseEvent,
  stateSigned,
  voidShipping,
} from '@zhenmei/client/hand-over.ts';
import type { ExceptionView } from '@zhenmei/provenance/api.ts';
import { type ReactNode, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { useSupply } from './use-supply.ts';

export function CaseActions({ of }: { of: ExceptionView }) {
  const { gln, organisation } = useSupply();
  // a clinic's door is its goods-in, where its stock begins
  const clinic = organisation.kind === 'clinic';
  const { kind, event, part, epcs, units } = of;
  const mine = event?.site?.gln === gln;
  const all = epcs.length === units;
  const actions: ReactNode[] = [];
  if (kind === 'excursion' && part === 'owner' && of.cold && all)
    actions.push(<Release key="release" of={of} reports={of.cold.reports} />);
  if (event?.step === 'shipping' && event.to?.gln === gln)
    actions.push(
      <Link
        key="receive"
        {...(clinic ? { to: '/desk/goods-in' } : { to: '/desk/receive', search: { shipment: event.digest } })}
        className="btn btn-main self-start"
      >
        {t(kind === 'quantity' ? 'case.receiveRest' : 'receive.this')}
      </Link>,
    );
  if (kind === 'not-held' && mine && !clinic)
    actions.push(
      <Link key="late" to="/desk/receive" search={{ unannounced: true }} className="btn self-start">
        {t('case.recordReceipt')}
      </Link>,
    );
  if ((kind === 'quantity' || kind === 'not-received') && mine && all)
    actions.push(<Void key="void" of={of} />);
  if (mine) actions.push(<TakeBack key="wrong" of={of} />);
  if (of.locks && all && (part === 'owner' || mine)) actions.push(<Destroy key="destroy" of={of} />);
  if (actions.length === 0) return null;
  return <Card title={t('case.end')}>{actions}</Card>;
}

function useStatement(id: string) {
  const supply = useSupply();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (event: object) => stateSigned(supply, event),
    onSettled: () => queries.invalidateQueries({ queryKey: ['exception', id] }),
  });
}

/** The maker judged it, and says why. */
function Release({ of, reports }: { of: ExceptionView; reports: readonly `0x${string}`[] }) {
  const supply = useSupply();
  const [reason, setReason] = useState('');
  const state = useStatement(of.id);
  const release = () =>
    state.mutate(
      releaseEvent({ gln: supply.gln, epcs: of.epcs, at: supply.now(), reason: reason.trim() }, reports),
    );
  return (
    <div className="flex flex-col gap-3">
      <Field
        label={t('case.reason')}
        hint={t('case.reason.hint')}
        lines={2}
        maxLength={300}
        value={reason}
        onValueChange={setReason}
      />
      <Button
        kind="main"
        className="self-start"
        busy={state.isPending}
        disabled={reason.trim() === ''}
        onClick={release}
      >
        {t('case.release')}
      </Button>
      {state.error ? <Refusal error={state.error} /> : null}
    </div>
  );
}

function Void({ of }: { of: ExceptionView }) {
  const supply = useSupply();
  const state = useStatement(of.id);
  return (
    <div className="flex flex-col gap-2">
      <Button
        className="self-start"
        busy={state.isPending}
        onClick={() => state.mutate(voidShipping({ gln: supply.gln, epcs: of.epcs, at: supply.now() }))}
      >
        {t('case.void')}
      </Button>
      <p className="m-0 soft text-sm">{t('case.void.hint')}</p>
      {state.error ? <Refusal error={state.error} /> : null}
    </div>
  );
}

/** A statement of one's own that was a mistake. */
function TakeBack({ of }: { of: ExceptionView }) {
  const supply = useSupply();
  const [asking, setAsking] = useState(false);
  const state = useStatement(of.id);
  if (state.isSuccess) return <Pill tone="jade">{t('case.takenBack')}</Pill>;
  return (
    <div className="flex flex-col gap-2">
      <Button className="self-start" busy={state.isPending} onClick={() => setAsking(true)}>
        {t('case.wrong')}
      </Button>
      <p className="m-0 soft text-sm">{t('case.wrong.hint')}</p>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('case.wrong')}
        text={t('case.wrong.ask')}
        yes={t('case.wrong.yes')}
        onYes={() => of.event && state.mutate(declareWrong(of.event.body, supply.now(), 'incorrect_data'))}
      />
      {state.error ? <Refusal error={state.error} /> : null}
    </div>
  );
}

function Destroy({ of }: { of: ExceptionView }) {
  const supply = useSupply();
  const [asking, setAsking] = useState(false);
  const state = useStatement(of.id);
  return (
    <div className="flex flex-col gap-2">
      <Button kind="danger" className="self-start" busy={state.isPending} onClick={() => setAsking(true)}>
        {t('case.destroy', { n: of.units })}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('case.destroy', { n: of.units })}
        text={t('case.destroy.ask')}
        yes={t('case.destroy.yes')}
        onYes={() => state.mutate(destroyingEvent({ gln: supply.gln, epcs: of.epcs, at: supply.now() }))}
      />
      {state.error ? <Refusal error={state.error} /> : null}
    </div>
  );
}
