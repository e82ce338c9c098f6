/** The devices with which this organisation signs in: in use, invited, and retired. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { identityApi } from '@zhenmei/identity/api.ts';
import { lazy, Suspense } from 'react';
import { type Device, DeviceRow, nameOf, SIGN_IN_DEVICES } from '../desk/sign-in-device.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const Qr = lazy(() => import('../look/qr.tsx'));

export function DeskSignInDevicesPage() {
  const seat = useSeat().data;
  const list = useQuery({
    queryKey: SIGN_IN_DEVICES,
    queryFn: () => deskApi.call(identityApi.listDevices),
    refetchInterval: 5_000,
  });
  const all = list.data?.devices ?? [];
  const inUse = all.filter(({ retiredAt }) => retiredAt === null);
  const past = all.filter(({ retiredAt }) => retiredAt !== null);
  const here = inUse.find((device) => device.here);
  const signing = inUse.filter(({ confirmed }) => confirmed).length;
  return (
    <Page title={t('signin.title')} lead={t('signin.lead')}>
      {here && !here.confirmed ? (
        <Card title={t('signin.waiting')} tone="amber">
          <p className="m-0" role="status">
            {t('signin.waiting.next')}
          </p>
        </Card>
      ) : null}
      <Card title={t('signin.inUse')}>
        <Loaded query={list} lines={2} />
        {signing === 1 ? <Pill tone="amber">{t('signin.few')}</Pill> : null}
        <ul className="list-none m-0 p-0">
          {seat
            ? inUse.map((device) => (
                <DeviceRow
                  key={device.id}
                  device={device}
                  others={inUse.filter((one) => one !== device)}
                  seat={seat}
                  may={here?.confirmed === true}
                />
              ))
            : null}
        </ul>
      </Card>
      {here?.confirmed ? <Invite /> : null}
      {past.length > 0 ? <Past devices={past} all={all} /> : null}
    </Page>
  );
}

function Invite() {
  const invite = useMutation({ mutationFn: () => deskApi.call(identityApi.inviteDevice) });
  const code = invite.data?.invitation;
  const copy = async () => {
    await navigator.clipboard.writeText(code ?? '');
    toast(t('signin.invite.copied'));
  };
  return (
    <Card title={t('signin.invite')}>
      <p className="m-0 soft">{t('signin.invite.lead')}</p>
      {code ? (
        <>
          <ol className="m-0 pl-5 list-decimal flex flex-col gap-2">
            <li>{t('signin.step.scan')}</li>
            <li>{t('signin.step.join')}</li>
            <li>{t('signin.step.confirm')}</li>
          </ol>
          <div className="max-w-64 self-center w-full flex flex-col">
            <Suspense fallback={<Waiting what={t('loading')} />}>
              {/* the code stays out of requests and logs: it is in the part that browsers keep to themselves */}
              <Qr text={`${location.origin}/desk/organisation#${code}`} label={t('signin.invite.qr')} />
            </Suspense>
          </div>
          <p className="m-0 text-center">
            <span className="soft block text-sm">{t('signin.invite.code')}</span>
            <code className="break-all text-lg" data-testid="invitation">
              {code}
            </code>
          </p>
          <div className="flex flex-wrap gap-3">
            <Button kind="main" onClick={() => void copy()}>
              {t('signin.invite.copy')}
            </Button>
            <Button onClick={() => invite.reset()}>{t('signin.invite.done')}</Button>
          </div>
        </>
      ) : (
        <Button kind="main" busy={invite.isPending} onClick={() => invite.mutate()}>
          {t('signin.invite.make')}
        </Button>
      )}
      {invite.error ? <Refusal error={invite.error} /> : null}
    </Card>
  );
}

/** What was done, when, why and by which device. */
function Past({ devices, all }: { devices: readonly Device[]; all: readonly Device[] }) {
  const called = (number: number) =>
    nameOf(all.find((one) => one.number === number) ?? { name: null, number });
  return (
    <Card title={t('signin.past')}>
      <ul className="list-none m-0 p-0">
        {devices.map((device) => (
          <li key={device.id} className="border-t border-line first:border-0 py-3">
            <h3 className="m-0 text-base font-semibold break-words">{nameOf(device)}</h3>
            <p className="m-0 soft text-sm flex flex-wrap gap-x-3">
              <span>{t('signin.past.when', { when: date(device.retiredAt!, now(), true) })}</span>
              <span>
                {t('signin.past.reason', {
                  reason: t(device.reason ? `signin.${device.reason}` : 'signin.past.reason.none'),
                })}
              </span>
              {device.retiredBy ? (
                <span>{t('signin.past.by', { name: called(device.retiredBy) })}</span>
              ) : null}
              {device.replacedBy ? (
                <span>{t('signin.past.next', { name: called(device.replacedBy) })}</span>
              ) : null}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
