/** What waits for a second person, and what a person has to settle. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RequestView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { confirmRequest } from '@zhenmei/client/stock.ts';
import { toHex0x } from '@zhenmei/kernel';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { amountOf, date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { Person, usePerson } from './person.tsx';

function useRenewed(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ['stock'] });
}

export function Requests({ clinic }: { clinic: Clinic }) {
  const [person, setPerson] = usePerson();
  const requests = useQuery({
    queryKey: ['stock', 'requests'],
    queryFn: () => deskApi.call(stockApi.requests),
    refetchInterval: 5_000,
  });
  if (requests.error) return <Refusal error={requests.error} />;
  const all = requests.data?.requests ?? [];
  if (all.length === 0) return null;
  return (
    <Card title={t('stock.requests')} tone="amber">
      <Person value={person} onChange={setPerson} />
      <ul className="list-none p-0 m-0 flex flex-col">
        {all.map((request) => (
          <Request key={request.id} clinic={clinic} request={request} person={person} />
        ))}
      </ul>
    </Card>
  );
}

function Request({ clinic, request, person }: { clinic: Clinic; request: RequestView; person: string }) {
  const renew = useRenewed();
  const confirm = useMutation({
    mutationFn: () => confirmRequest(clinic, request.id, person.trim()),
    onSettled: renew,
  });
  const withdraw = useMutation({
    mutationFn: () => deskApi.call(stockApi.withdraw, { params: { id: request.id } }),
    onSettled: renew,
  });
  const own = request.device === toHex0x(clinic.desk.device.point);
  return (
    <li className="border-t border-line first:border-0 py-3 flex flex-col gap-2">
      <span>
        <span className="font-medium">
          {t('stock.requestLine', {
            what: t(`stock.request.${request.kind}`),
            unit: request.product ? say(request.product) : request.serial,
          })}
        </span>
        <span className="soft block text-sm break-all">
          {request.serial}
          {request.amount !== null && request.amountUnit !== null
            ? ` · ${amountOf(request.amount, request.amountUnit)}`
            : ''}
        </span>
        <span className="block">
          {t('stock.askedBy', {
            person: request.person,
            reason: t(`stock.reason.${request.reason}` as Key),
          })}
        </span>
        {request.note ? <span className="block">{request.note}</span> : null}
      </span>
      {own ? <p className="m-0 soft">{t('stock.ownDevice')}</p> : null}
      <span className="flex flex-wrap gap-3">
        {own ? null : (
          <Button
            kind="main"
            className="btn-small"
            busy={confirm.isPending}
            disabled={person.trim() === ''}
            onClick={() => confirm.mutate()}
          >
            {t('stock.confirm')}
          </Button>
        )}
        <Button className="btn-small" busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t('stock.withdraw')}
        </Button>
      </span>
      {confirm.error ? <Refusal error={confirm.error} /> : null}
      {withdraw.error ? <Refusal error={withdraw.error} /> : null}
    </li>
  );
}

const ENDS: Readonly<Record<string, readonly ('found' | 'set-aside' | 'explained')[]>> = {
  missing: ['found'],
  unexpected: ['set-aside', 'explained'],
};

export function Cases() {
  const renew = useRenewed();
  const [person] = usePerson();
  const [failed, setFailed] = useState<unknown>(null);
  const cases = useQuery({
    queryKey: ['stock', 'cases'],
    queryFn: () => deskApi.call(stockApi.cases, { query: {} }),
  });
  const close = async (id: string, outcome: 'found' | 'set-aside' | 'explained') => {
    try {
      setFailed(null);
      const body = { outcome, note: '', person: person.trim() };
      await deskApi.call(stockApi.closeCase, { params: { id }, body });
    } catch (error) {
      setFailed(error);
    }
    renew();
  };
  if (cases.error) return <Refusal error={cases.error} />;
  const all = cases.data?.cases ?? [];
  return (
    <Card title={t('stock.cases')}>
      {cases.data && all.length === 0 ? <p className="m-0 soft">{t('stock.casesEmpty')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {all.map((one) => (
          <li key={one.id} className="border-t border-line first:border-0 py-3 flex flex-col gap-2">
            <span>
              <Pill tone="amber">{one.text ? say(one.text) : t(`stock.case.${one.kind}` as Key)}</Pill>
              {one.unit ? (
                <Link
                  to="/desk/stock/unit"
                  search={{ unit: one.unit }}
                  className="block text-ink min-h-11 py-2 break-words"
                >
                  {one.product ? say(one.product) : ''} · {one.serial}
                </Link>
              ) : null}
              {one.doNow ? <span className="block">{say(one.doNow)}</span> : null}
              <span className="soft block text-sm">{date(one.openedAt, now())}</span>
            </span>
            <span className="flex flex-wrap gap-3">
              {(ENDS[one.kind] ?? []).map((outcome) => (
                <Button
                  key={outcome}
                  className="btn-small"
                  disabled={person.trim() === ''}
                  onClick={() => void close(one.id, outcome)}
                >
                  {t(`stock.case.${outcome}`)}
                </Button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {failed ? <Refusal error={failed} /> : null}
    </Card>
  );
}
