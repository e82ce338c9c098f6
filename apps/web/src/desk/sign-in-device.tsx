/** One device in use: who it is, its name, and how it is confirmed or ends. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { confirmDevice, retireDevice } from '@zhenmei/client/devices.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { RETIRE_REASONS, type RetireReason } from '@zhenmei/identity/core/device-life.ts';
import type { RouteReply } from '@zhenmei/kernel';
import { type FormEvent, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import type { DeskSeat } from '../state/desk.ts';
import { useNewSeat } from './use-seat.ts';

export const SIGN_IN_DEVICES = ['sign-in-devices'] as const;
export type Device = RouteReply<typeof identityApi.listDevices>['devices'][number];

export const nameOf = ({ name, number }: Pick<Device, 'name' | 'number'>): string =>
  name ?? t('signin.number', { n: number });

/** @param others the other devices in use @param may whether this desk may change who signs */
export function DeviceRow({
  device,
  others,
  seat,
  may,
}: {
  device: Device;
  others: readonly Device[];
  seat: DeskSeat;
  may: boolean;
}) {
  const [open, setOpen] = useState<'rename' | 'end' | null>(null);
  const toggle = (what: 'rename' | 'end') => setOpen(open === what ? null : what);
  const mayLeave = !device.confirmed || others.some(({ confirmed }) => confirmed);
  return (
    <li className="border-t border-line first:border-0 py-3 flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="m-0 text-base font-semibold break-words">{nameOf(device)}</h3>
          <p className="m-0 soft text-sm flex flex-wrap gap-x-3">
            <span>{t('signin.joined', { when: date(device.joinedAt, now(), true) })}</span>
            <span>
              {device.seenAt
                ? t('signin.seen', { when: date(device.seenAt, now(), true) })
                : t('signin.seen.never')}
            </span>
          </p>
        </div>
        <p className="m-0 flex flex-wrap gap-x-4">
          {device.here ? <span className="soft">{t('signin.here')}</span> : null}
          <Pill tone={device.confirmed ? 'jade' : 'amber'}>
            {t(device.confirmed ? 'signin.signs' : 'signin.unconfirmed')}
          </Pill>
        </p>
      </div>
      <div className="flex flex-wrap gap-3">
        {may && !device.confirmed ? <Confirm device={device} seat={seat} /> : null}
        <Button
          className="btn-small"
          aria-expanded={open === 'rename'}
          aria-label={`${t('signin.rename')} ${nameOf(device)}`}
          onClick={() => toggle('rename')}
        >
          {t('signin.rename')}
        </Button>
        {may && mayLeave ? (
          <Button
            className="btn-small"
            aria-expanded={open === 'end'}
            aria-label={`${t('signin.end')} ${nameOf(device)}`}
            onClick={() => toggle('end')}
          >
            {t('signin.end')}
          </Button>
        ) : null}
      </div>
      {open === 'rename' ? <Rename device={device} onDone={() => setOpen(null)} /> : null}
      {open === 'end' ? <End device={device} others={others} seat={seat} /> : null}
    </li>
  );
}

function useRead(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: SIGN_IN_DEVICES });
}

function Confirm({ device, seat }: { device: Device; seat: DeskSeat }) {
  const read = useRead();
  const [asking, setAsking] = useState(false);
  const confirm = useMutation({
    mutationFn: () => confirmDevice(seat.desk, device.id),
    onSuccess: () => toast(t('signin.confirmed')),
    onSettled: read,
  });
  return (
    <>
      <Button
        kind="main"
        className="btn-small"
        busy={confirm.isPending}
        onClick={() => setAsking(true)}
        aria-label={`${t('signin.confirm')} ${nameOf(device)}`}
      >
        {t('signin.confirm')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('signin.confirm.ask', { name: nameOf(device) })}
        text={t('signin.confirm.means', { when: date(device.joinedAt, now(), true) })}
        yes={t('signin.confirm')}
        onYes={() => confirm.mutate()}
      />
      {confirm.error ? <Refusal error={confirm.error} /> : null}
    </>
  );
}

function Rename({ device, onDone }: { device: Device; onDone(): void }) {
  const read = useRead();
  const [typed, setTyped] = useState(device.name ?? '');
  const save = useMutation({
    mutationFn: () =>
      deskApi.call(identityApi.nameDevice, { params: { id: device.id }, body: { name: typed.trim() } }),
    onSuccess: async () => {
      await read();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('signin.rename.label')}
        hint={t('signin.rename.hint')}
        maxLength={60}
        value={typed}
        onValueChange={setTyped}
      />
      <Button type="submit" kind="main" busy={save.isPending} disabled={typed.trim() === ''}>
        {t('signin.rename.save')}
      </Button>
      {save.error ? <Refusal error={save.error} /> : null}
    </form>
  );
}

const NOBODY = '';

function End({ device, others, seat }: { device: Device; others: readonly Device[]; seat: DeskSeat }) {
  const read = useRead();
  const renew = useNewSeat();
  const [reason, setReason] = useState<RetireReason>(device.here ? 'unused' : 'lost');
  const waiting = others.find(({ confirmed, here }) => !confirmed && !here);
  const [next, setNext] = useState(waiting?.id ?? NOBODY);
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => retireDevice(seat.desk, device.id, reason, next || null),
    onSuccess: async () => {
      toast(t('signin.ended'));
      if (device.here) await renew();
    },
    onSettled: read,
  });
  const act = t(next ? 'signin.end.replace' : 'signin.end.do');
  return (
    <div className="flex flex-col gap-4">
      <Choice<RetireReason>
        legend={t('signin.end.why')}
        value={reason}
        onChange={setReason}
        options={RETIRE_REASONS.map((value) => ({ value, label: t(`signin.${value}`) }))}
      />
      {others.length > 0 ? (
        <Choice
          legend={t('signin.end.next')}
          value={next}
          onChange={setNext}
          options={[
            ...others.map((one) => ({ value: one.id, label: nameOf(one) })),
            { value: NOBODY, label: t('signin.end.nobody') },
          ]}
        />
      ) : null}
      <Button kind="danger" busy={end.isPending} onClick={() => setAsking(true)}>
        {act}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('signin.end.ask', { name: nameOf(device) })}
        text={t(device.here ? 'signin.end.means.self' : 'signin.end.means')}
        yes={act}
        onYes={() => end.mutate()}
      />
      {end.error ? <Refusal error={end.error} /> : null}
    </div>
  );
}
