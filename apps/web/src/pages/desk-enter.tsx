/** Entering one licence, and stating who owns an organisation or that it closed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { SPECIALTIES } from '@zhenmei/identity/core/catalogue-words.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { REGISTER } from '../state/claims.ts';

const useOrganisations = (on: boolean) =>
  useQuery({
    queryKey: [REGISTER, 'organisations'],
    queryFn: () => deskApi.call(registerApi.listOrganisations),
    enabled: on,
  });

/** The regulator licenses a doctor of a clinic; other kinds come by table. */
export function EnterCard() {
  const regulator = useSeat().data?.organisation.kind === 'regulator';
  const queries = useQueryClient();
  const all = useOrganisations(regulator);
  const [doctor, setDoctor] = useState('');
  const [number, setNumber] = useState('');
  const [specialties, setSpecialties] = useState<readonly string[]>([]);
  const doctors = (all.data?.organisations ?? [])
    .filter(({ closedAt }) => closedAt === null)
    .flatMap((clinic) => clinic.doctors.map((one) => ({ ...one, clinic })));
  const chosen = doctors.find(({ id }) => id === doctor) ?? doctors[0];
  const enter = useMutation({
    mutationFn: () =>
      deskApi.call(registerApi.enter, {
        body: {
          kind: 'physicianLicence',
          claims: {
            subject: chosen!.id,
            name: chosen!.name,
            licenceNumber: number.trim(),
            leadSpecialties: [...specialties],
            practisesAt: chosen!.clinic.id,
            region: 'CN',
          },
        },
      }),
    onSuccess: async () => {
      setNumber('');
      setSpecialties([]);
      toast(t('enter.done'));
      await queries.invalidateQueries({ queryKey: [REGISTER] });
    },
  });
  if (!regulator) return null;
  return (
    <Card title={t('enter.title')}>
      {all.isPending ? <Waiting what={t('loading')} /> : null}
      {all.error ? <Refusal error={all.error} /> : null}
      {chosen ? (
        <>
          <Select
            label={t('enter.doctor')}
            options={doctors.map(({ id, name, clinic }) => ({
              value: id,
              label: `${say(name)} · ${say(clinic.name)}`,
            }))}
            value={chosen.id}
            onChange={setDoctor}
          />
          <Field label={t('enter.number')} value={number} onValueChange={setNumber} maxLength={60} />
          <fieldset className="min-w-0 m-0 p-0 border-0">
            <legend className="font-medium mb-1">{t('enter.specialties')}</legend>
            {Object.entries(SPECIALTIES).map(([code, name]) => (
              <Tick
                key={code}
                label={say(name)}
                on={specialties.includes(code)}
                onChange={(on) =>
                  setSpecialties(on ? [...specialties, code] : specialties.filter((one) => one !== code))
                }
              />
            ))}
            <p className="soft m-0 text-sm">{t('enter.specialtiesHint')}</p>
          </fieldset>
          <Button
            kind="main"
            busy={enter.isPending}
            disabled={number.trim() === ''}
            onClick={() => enter.mutate()}
          >
            {t('enter.do')}
          </Button>
          {enter.error ? <Refusal error={enter.error} /> : null}
        </>
      ) : null}
    </Card>
  );
}

export function OwnerCard() {
  const queries = useQueryClient();
  const all = useOrganisations(true);
  const [id, setId] = useState('');
  const [owner, setOwner] = useState('');
  const [closing, setClosing] = useState(false);
  const open = (all.data?.organisations ?? []).filter(({ closedAt }) => closedAt === null);
  const chosen = open.find((one) => one.id === id) ?? open[0];
  const again = () => queries.invalidateQueries({ queryKey: [REGISTER] });
  const state = useMutation({
    mutationFn: () =>
      deskApi.call(registerApi.stateOwner, { params: { id: chosen!.id }, body: { registeredNumber: owner } }),
    onSuccess: () => {
      setOwner('');
      toast(t('owner.done'));
    },
  });
  const close = useMutation({
    mutationFn: () =>
      deskApi.call(registerApi.closeOrganisation, {
        params: { id: chosen!.id },
        body: { reason: { zh: '机构已关闭', en: 'The organisation closed' } },
      }),
    onSuccess: again,
  });
  if (!chosen) return null;
  return (
    <Card title={t('owner.title')}>
      <p className="soft m-0">{t('owner.lead')}</p>
      <Select
        label={t('owner.organisation')}
        options={open.map((one) => ({ value: one.id, label: say(one.name) }))}
        value={chosen.id}
        onChange={setId}
      />
      <Field
        label={t('owner.number')}
        hint={t('owner.hint')}
        value={owner}
        onValueChange={setOwner}
        autoComplete="off"
        maxLength={60}
      />
      <div className="flex flex-wrap gap-3">
        <Button busy={state.isPending} disabled={owner.trim().length < 6} onClick={() => state.mutate()}>
          {t('owner.do')}
        </Button>
        <Button kind="danger" busy={close.isPending} onClick={() => setClosing(true)}>
          {t('owner.close')}
        </Button>
      </div>
      <Ask
        open={closing}
        onOpenChange={setClosing}
        title={t('owner.ask', { name: say(chosen.name) })}
        text={t('owner.asked')}
        yes={t('owner.close')}
        danger
        onYes={() => close.mutate()}
      />
      {state.error ? <Refusal error={state.error} /> : null}
      {close.error ? <Refusal error={close.error} /> : null}
    </Card>
  );
}
