/** The form of a permission. Where it narrows another, no more content can be chosen than that one gave. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import { givePermission, type Permission } from '@zhenmei/client/vault/granting.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { DAY, toIso } from '@zhenmei/kernel';
import { noticeFor } from '@zhenmei/vault/core/consent/notices.ts';
import { COMPARTMENTS, type Compartment } from '@zhenmei/vault/core/content-keys.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice, Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill } from '../look/parts.tsx';
import { isChinese, language, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { calledAt, callMeAt, GRANTS } from '../state/permissions.ts';
import { GiveRefused } from './permission-card.tsx';
import { compartmentName } from './words.ts';

interface Place {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
}

/** Consents and keys are not given to clinics. */
const GIVABLE: readonly Compartment[] = COMPARTMENTS.filter((compartment) => compartment !== 'identity');
const DAYS = ['7', '30', '90'] as const;
const READS = ['any', '1', '5'] as const;
const ANYONE = 'anyone';

const toggled = <T,>(list: readonly T[], one: T, on: boolean): readonly T[] =>
  on ? [...list, one] : list.filter((other) => other !== one);

export function PermissionForm({
  vault,
  clinics,
  start,
}: {
  vault: Vault;
  clinics: readonly Place[];
  start: Permission | null;
}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [clinic, setClinic] = useState(start?.organisation.id ?? clinics[0]?.id ?? '');
  const [person, setPerson] = useState(start?.person ?? ANYONE);
  const [compartments, setCompartments] = useState<readonly Compartment[]>(start?.compartments ?? []);
  const [objects, setObjects] = useState<readonly string[]>(start?.objects ?? []);
  const [write, setWrite] = useState(start?.actions.includes('write') ?? false);
  const [save, setSave] = useState(start?.actions.includes('export') ?? false);
  const [days, setDays] = useState<(typeof DAYS)[number]>('30');
  const [reads, setReads] = useState<(typeof READS)[number]>('any');
  const [name, setName] = useState(() => calledAt(clinic));
  const notice = noticeFor('TREAT', now());
  const nothing = compartments.length + objects.length === 0;
  const give = useMutation({
    mutationFn: async () => {
      const organisation = clinics.find(({ id }) => id === clinic)!;
      callMeAt(clinic, name.trim());
      await givePermission(vault, {
        organisation,
        person: person === ANYONE ? null : person,
        purpose: 'TREAT',
        notice,
        actions: ['view', ...(write ? (['write'] as const) : []), ...(save ? (['export'] as const) : [])],
        compartments,
        objects: objects.filter((object) => !covered(vault.contents.items, compartments, object)),
        until: toIso(now() + Number(days) * DAY),
        reads: reads === 'any' ? null : Number(reads),
        region: 'CN',
        language: language(),
        name: name.trim(),
        visit: null,
        ...(start?.replaces ? { replaces: start.replaces } : {}),
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: GRANTS });
      await navigate({ to: '/vault/permissions' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate();
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Card>
        <Select
          label={t('may.new.clinic')}
          value={clinic}
          options={(start ? clinics.filter(({ id }) => id === clinic) : clinics).map((c) => ({
            value: c.id,
            label: say(c.name),
          }))}
          onChange={(next) => {
            setClinic(next);
            setPerson(ANYONE);
            setName(calledAt(next));
          }}
        />
        <Who clinic={clinic} person={person} onChange={setPerson} />
      </Card>
      <What
        items={vault.contents.items}
        start={start}
        compartments={compartments}
        objects={objects}
        onCompartments={setCompartments}
        onObjects={setObjects}
      />
      <Card title={t('may.new.also')}>
        <Tick label={t('may.new.write')} on={write} onChange={setWrite} />
        <Tick label={t('may.new.export')} on={save} onChange={setSave} />
        <Choice
          legend={t('may.new.until')}
          value={days}
          options={DAYS.map((value) => ({ value, label: t('may.new.days', { n: Number(value) }) }))}
          onChange={(next) => setDays(next)}
        />
        <Choice
          legend={t('may.new.reads')}
          value={reads}
          options={READS.map((value) => ({
            value,
            label: value === 'any' ? t('may.new.noLimit') : t('may.new.times', { n: Number(value) }),
          }))}
          onChange={(next) => setReads(next)}
        />
        <Field label={t('may.new.name')} maxLength={60} value={name} onValueChange={setName} />
      </Card>
      <Card title={t('may.new.notice')}>
        {(isChinese() ? notice.zh : notice.en).map((line) => (
          <p key={line} className="m-0">
            {line}
          </p>
        ))}
        {nothing ? <Pill tone="amber">{t('may.new.nothing')}</Pill> : null}
        <Button type="submit" kind="main" busy={give.isPending} disabled={nothing || !clinic}>
          {t('may.new.agree')}
        </Button>
        {give.error ? <GiveRefused vault={vault} error={give.error} onAccepted={() => give.reset()} /> : null}
      </Card>
    </form>
  );
}

const covered = (items: readonly Item[], compartments: readonly Compartment[], object: string) =>
  items.some((item) => item.object === object && compartments.includes(item.compartment));

function Who({
  clinic,
  person,
  onChange,
}: {
  clinic: string;
  person: string;
  onChange(person: string): void;
}) {
  const page = useQuery({
    queryKey: ['clinic-doctors', clinic],
    queryFn: async () => (await patientApi.call(careApi.readClinic, { params: { id: clinic } })).doctors,
  });
  const doctors = (page.data ?? []).map(({ id, name }) => ({ value: id, label: say(name) }));
  return (
    <Select
      label={t('may.new.who')}
      value={person}
      options={[{ value: ANYONE, label: t('may.new.anyone') }, ...doctors]}
      onChange={onChange}
    />
  );
}

function What({
  items,
  start,
  compartments,
  objects,
  onCompartments,
  onObjects,
}: {
  items: readonly Item[];
  start: Permission | null;
  compartments: readonly Compartment[];
  objects: readonly string[];
  onCompartments(next: readonly Compartment[]): void;
  onObjects(next: readonly string[]): void;
}) {
  const whole = start ? GIVABLE.filter((c) => start.compartments.includes(c)) : GIVABLE;
  const single = items.filter(
    ({ compartment, object }) =>
      GIVABLE.includes(compartment) &&
      (!start || start.compartments.includes(compartment) || start.objects.includes(object)),
  );
  return (
    <Card title={t('may.new.what')}>
      {whole.length > 0 ? (
        <fieldset className="border-0 m-0 p-0 min-w-0">
          <legend className="soft p-0">{t('may.new.whole')}</legend>
          {whole.map((compartment) => (
            <Tick
              key={compartment}
              label={`${compartmentName(compartment)} · ${items.filter((i) => i.compartment === compartment).length}`}
              on={compartments.includes(compartment)}
              onChange={(on) => onCompartments(toggled(compartments, compartment, on))}
            />
          ))}
        </fieldset>
      ) : null}
      {single.length > 0 ? (
        <fieldset className="border-0 m-0 p-0 min-w-0">
          <legend className="soft p-0">{t('may.new.single')}</legend>
          {single.map(({ object, title, compartment }) => (
            <Tick
              key={object}
              label={`${title} · ${compartmentName(compartment)}`}
              on={objects.includes(object) || compartments.includes(compartment)}
              onChange={(on) => onObjects(toggled(objects, object, on))}
            />
          ))}
        </fieldset>
      ) : null}
    </Card>
  );
}
