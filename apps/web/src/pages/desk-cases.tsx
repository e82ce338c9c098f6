/** Cases that signs of copies opened, for the maker and the regulator to look into. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { caseApi } from '@zhenmei/provenance/api.ts';
import { type FormEvent, useState } from 'react';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Details, Page, Pill, Refusal } from '../look/parts.tsx';
import { date, type Key, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DeskCasesPage() {
  const cases = useQuery({
    queryKey: ['cases'],
    queryFn: () => deskApi.call(caseApi.investigations),
    select: ({ cases }) => cases,
    refetchInterval: 30_000,
  });
  return (
    <Page title={t('desk.cases')} lead={t('cases.lead')}>
      <Loaded query={cases} lines={3} empty={t('cases.empty')}>
        {(all) =>
          all.map((one) => (
            <Card key={one.id} title={t(`case.${one.signal}` as Key)}>
              <p className="m-0 break-all">
                {one.subject.startsWith('https://') ? (
                  <Link to="/verify" search={{ code: one.subject }} className="inline-block py-2 text-plum">
                    {one.subject.replace('https://id.gs1.org', '')}
                  </Link>
                ) : (
                  `${one.gtin} · ${one.subject}`
                )}
              </p>
              <p className="m-0 soft text-sm">{date(one.openedAt, now(), true)}</p>
              <Details>{JSON.stringify(one.evidence)}</Details>
              {one.closedAt ? (
                <Pill tone="jade">{t('cases.closed', { outcome: one.outcome ?? '' })}</Pill>
              ) : (
                <Close id={one.id} onDone={() => void cases.refetch()} />
              )}
            </Card>
          ))
        }
      </Loaded>
    </Page>
  );
}

function Close({ id, onDone }: { id: string; onDone(): void }) {
  const [outcome, setOutcome] = useState('');
  const send = useMutation({
    mutationFn: () => deskApi.call(caseApi.closeInvestigation, { params: { id }, body: { outcome } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={t('cases.outcome')} required maxLength={500} value={outcome} onValueChange={setOutcome} />
      <button type="submit" className="btn self-start" disabled={send.isPending}>
        {t('cases.close')}
      </button>
      {send.error ? <Refusal error={send.error} /> : null}
    </form>
  );
}
