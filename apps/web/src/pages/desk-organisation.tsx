/** Which organisation am I: the one signed in, the others of this device, and how to join one. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { type FormEvent, useState } from 'react';
import { ApiKeys } from '../desk/api-keys.tsx';
import { useNewSeat, useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { joinDemoDesk, joinWithCode, knownOrganisations, signInTo, signOutOfDesk } from '../state/desk.ts';

export function DeskOrganisationPage() {
  const seat = useSeat();
  const config = useQuery({ queryKey: ['config'], queryFn: () => deskApi.call(houseApi.readConfig) });
  return (
    <Page title={t('desk.title')} lead={seat.data ? '' : t('desk.lead')}>
      {seat.data ? <Here /> : null}
      {seat.data ? <ApiKeys /> : null}
      <Known />
      {config.data?.demo ? <JoinDemo /> : null}
      <JoinWithCode />
    </Page>
  );
}

function Here() {
  const { organisation } = useSeat().data!;
  const renew = useNewSeat();
  const leave = useMutation({ mutationFn: signOutOfDesk, onSuccess: renew });
  return (
    <Card title={say(organisation.name)}>
      <Facts
        rows={[
          [t('desk.kind'), t(`kind.${organisation.kind}`)],
          [t('desk.gln'), organisation.gln],
        ]}
      />
      <Button busy={leave.isPending} onClick={() => leave.mutate()}>
        {t('account.out')}
      </Button>
      {leave.error ? <Refusal error={leave.error} /> : null}
    </Card>
  );
}

/** Organisations whose keys are here: one prompt signs in to another. */
function Known() {
  const here = useSeat().data?.organisation.id;
  const renew = useNewSeat();
  const known = useQuery({ queryKey: ['desk-known'], queryFn: knownOrganisations });
  const enter = useMutation({ mutationFn: signInTo, onSuccess: renew });
  const others = (known.data ?? []).filter(({ id }) => id !== here);
  if (others.length === 0) return null;
  return (
    <Card title={t('desk.known')}>
      {others.map((one) => (
        <Button key={one.id} busy={enter.isPending} onClick={() => enter.mutate(one.id)}>
          {t('desk.enter', { name: say(one.name) })}
        </Button>
      ))}
      {enter.error ? <Refusal error={enter.error} /> : null}
    </Card>
  );
}

function JoinDemo() {
  const renew = useNewSeat();
  const desks = useQuery({ queryKey: ['demo-desks'], queryFn: () => deskApi.call(demoApi.listDesks) });
  const [key, setKey] = useState('');
  const join = useMutation({ mutationFn: joinDemoDesk, onSuccess: renew });
  const all = desks.data?.desks ?? [];
  const chosen = key || (all[0]?.key ?? '');
  return (
    <Card title={t('desk.demo')}>
      <p className="m-0 soft">{t('desk.joinLead')}</p>
      <Loaded query={desks} />
      {all.length > 0 ? (
        <>
          <Choice
            legend={t('desk.which')}
            value={chosen}
            onChange={setKey}
            options={all.map((one) => ({
              value: one.key,
              label: (
                <>
                  {say(one.name)} <span className="soft">{t(`kind.${one.kind}`)}</span>
                </>
              ),
            }))}
          />
          <Button kind="main" busy={join.isPending} onClick={() => join.mutate(chosen)}>
            {t('desk.join')}
          </Button>
        </>
      ) : null}
      {join.isPending ? <Waiting what={t('desk.joining')} /> : null}
      {join.error ? <Refusal error={join.error} /> : null}
    </Card>
  );
}

function JoinWithCode() {
  const renew = useNewSeat('/desk/sign-in-devices');
  // an invitation that was scanned comes with its code
  const [code, setCode] = useState(decodeURIComponent(location.hash.slice(1)));
  const join = useMutation({ mutationFn: joinWithCode, onSuccess: renew });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate(code);
  };
  return (
    <Card title={t('desk.code.title')}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('desk.code.label')}
          hint={t('desk.code.hint')}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={code}
          onValueChange={setCode}
        />
        <Button type="submit" busy={join.isPending} disabled={code.trim() === ''}>
          {t('desk.code.join')}
        </Button>
        {join.error ? <Refusal error={join.error} /> : null}
      </form>
    </Card>
  );
}
