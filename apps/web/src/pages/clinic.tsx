import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { careApi, type LicenceView } from '@zhenmei/care/api.ts';
import { leadSeconds } from '@zhenmei/care/core/plan.ts';
import type { ServiceBody } from '@zhenmei/care/core/service.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { showAge } from '@zhenmei/client/age.ts';
import { ApiError } from '@zhenmei/client/api.ts';
import { judgeService } from '@zhenmei/client/gate.ts';
import { type GuardianAsked, withChild } from '@zhenmei/client/guardian.ts';
import { childOf } from '@zhenmei/client/guardian-link.ts';
import { bookVisit } from '@zhenmei/client/patient.ts';
import { knownHealth } from '@zhenmei/client/vault/health.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { PublicCheckCard } from '../checks/public-check.tsx';
import { PublicContests } from '../checks/public-contest.tsx';
import { AgeStatement, useProvenAge } from '../guardian/age.tsx';
import { AskingCard, AskingStopped, useGuardian } from '../guardian/ask.tsx';
import { Reasons } from '../health/reasons.tsx';
import { AccountCard, useVault } from '../look/account.tsx';
import { Choice } from '../look/choice.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { BookedChange, useBookedChange } from '../money/booked-change.tsx';
import { CancelPrice } from '../money/cancel-price.tsx';
import { CoursePrice } from '../money/course-price.tsx';
import { PledgePrice } from '../money/pledge.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { now, patientApi, useNow } from '../state/apis.ts';
import { useHealthVersion } from '../state/health.ts';
import { io, nextIndex, rememberVisit, vault } from '../state/vault.ts';

const route = getRouteApi('/framed/clinics/$id');
type Licence = z.infer<typeof LicenceView>;

export function LicenceLine({ licence }: { licence: Licence }) {
  const tone = licence.verdict === 'proven' ? 'jade' : licence.verdict === 'false' ? 'cinnabar' : 'slate';
  const kind = licence.type.endsWith('facility-licence')
    ? 'licence.facility'
    : licence.type.endsWith('physician-licence')
      ? 'licence.physician'
      : 'licence.other';
  return (
    <div>
      <Pill tone={tone}>
        {t(kind)}{' '}
        {t(
          licence.verdict === 'proven'
            ? 'licence.valid'
            : licence.verdict === 'false'
              ? 'licence.invalid'
              : 'licence.unknown',
        )}
      </Pill>
      <span className="soft block text-sm">
        {licence.verdict === 'proven'
          ? t('licence.checked', { issuer: say(licence.issuerName) })
          : say(licence.message)}
      </span>
    </div>
  );
}

export function ClinicPage() {
  const { id } = route.useParams();
  const clinic = useQuery({
    queryKey: ['clinic', id],
    queryFn: () => patientApi.call(careApi.readClinic, { params: { id } }),
  });
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const [picked, setService] = useState<string | null>(null);
  const prices = useQuery({
    queryKey: ['price-lists', id],
    queryFn: async () => (await patientApi.call(priceApi.readPriceLists, { params: { id } })).lists,
  });
  const change = useBookedChange(route.useSearch(), useVault() !== null);
  const at = useNow();
  if (clinic.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (clinic.error) return <Refusal error={clinic.error} />;
  const { clinic: c, doctors, services, slots, overrides } = clinic.data;
  const serviceId = change?.serviceId ?? picked;
  const service = services.find((s) => s.id === serviceId) ?? null;
  const list = prices.data?.find((one) => Date.parse(one.list.validFrom) <= at)?.list;
  const cooling = config.data?.coolingOffSeconds ?? 604_800;
  // a deposit is claimed and settled between the cooling-off and the first appointment
  const lead = service?.body.plan && !change ? cooling + leadSeconds(service.body.plan) + 86_400 : 0;
  const times = slots
    .filter(
      (s) =>
        s.free && service?.body.doctors.includes(s.doctorId) && Date.parse(s.startsAt) > at + lead * 1_000,
    )
    .map((s) => ({ ...s, doctor: doctors.find((d) => d.id === s.doctorId) }));
  return (
    <Page title={say(c.name)} lead={`${say(c.city)} · ${say(c.address)}`}>
      <Card>
        {c.licences.map((l) => (
          <LicenceLine key={l.type} licence={l} />
        ))}
        {overrides.visits > 0 ? (
          <span className="soft text-sm">
            {t('clinic.overrides', { n: overrides.count, of: overrides.visits })}
          </span>
        ) : null}
        <Details>{c.licences.map((l) => `${l.type} ${l.issuer} ${l.code}`).join(' · ')}</Details>
      </Card>
      <PublicCheckCard id={id} />
      <PublicContests id={id} />
      <SameOwner id={id} />
      <Card title={t('clinic.doctors')}>
        {doctors.map((d) => (
          <div key={d.id} className="border-t border-line pt-3 first-of-type:border-0">
            <Link to="/doctors/$id" params={{ id: d.id }} className="font-semibold">
              {say(d.name)}
            </Link>{' '}
            <span className="soft">{say(d.title)}</span>
            {d.licences.map((l) => (
              <LicenceLine key={l.type} licence={l} />
            ))}
          </div>
        ))}
      </Card>
      <Card title={t('clinic.services')}>
        {prices.data ? (
          <p className="m-0 soft">
            {list
              ? t('prices.source', { n: list.version, from: date(list.validFrom, now()) })
              : t('prices.noList')}
          </p>
        ) : null}
        <Choice
          legend={t('clinic.pickService')}
          value={serviceId}
          onChange={setService}
          options={services.map((s) => ({
            value: s.id,
            disabled: !s.bookable,
            label: (
              <span className="block py-3">
                <span className="flex justify-between gap-3 font-semibold">
                  <span>{say(s.body.procedure.name)}</span>
                  <span>{yuan(s.total, s.body.currency)}</span>
                </span>
                <span className="soft block">{say(s.body.summary)}</span>
                <span className="block mt-1">
                  <Facts
                    rows={s.body.items.map(
                      (i) =>
                        [
                          i.quantity > 1 ? `${say(i.name)} × ${i.quantity}` : say(i.name),
                          yuan(String(BigInt(i.unitPrice) * BigInt(i.quantity)), s.body.currency),
                        ] as const,
                    )}
                  />
                </span>
                {s.body.plan ? (
                  <CoursePrice plan={s.body.plan} total={s.total} currency={s.body.currency} />
                ) : null}
                {s.body.cancellation ? (
                  <CancelPrice
                    cancellation={s.body.cancellation}
                    total={s.total}
                    currency={s.body.currency}
                  />
                ) : null}
                <PledgePrice bps={s.body.pledgeBps} total={s.total} currency={s.body.currency} />
                {s.body.excluded.length > 0 ? (
                  <span className="soft block text-sm">
                    {t('clinic.excluded', { what: s.body.excluded.map(say).join(' · ') })}
                  </span>
                ) : null}
                {s.bookable ? null : (
                  <Pill tone="cinnabar">
                    {t('clinic.notBookable', { why: s.reasons[0] ? say(s.reasons[0].reason) : '' })}
                  </Pill>
                )}
              </span>
            ),
          }))}
        />
      </Card>
      <Card title={t('clinic.times')}>
        <p className="soft m-0">{t('clinic.timesLead', { days: Math.round(cooling / 86_400) })}</p>
        {change ? <BookedChange order={change} /> : null}
        {service ? null : <p className="m-0">{t('clinic.pickService')}</p>}
        {service && times.length === 0 ? <p className="m-0">{t('clinic.noTimes')}</p> : null}
        {service && times.length > 0 ? (
          <Booking
            key={service.id}
            service={service}
            times={times.slice(0, 9)}
            clinicName={c.name}
            clinicId={c.id}
            change={change?.id}
            instalments={config.data?.instalments ?? false}
          />
        ) : null}
      </Card>
    </Page>
  );
}

/** A clinic that opened again under a new name is shown beside what its owner had before. */
function SameOwner({ id }: { id: string }) {
  const profile = useQuery({
    queryKey: ['profile', id],
    queryFn: () => patientApi.call(identityApi.readProfile, { params: { subject: id } }),
  });
  const { closedAt, sameOwner } = profile.data ?? { closedAt: null, sameOwner: [] };
  if (!closedAt && sameOwner.length === 0) return null;
  return (
    <Card tone="amber">
      {closedAt ? <Pill tone="cinnabar">{t('clinic.closed', { when: date(closedAt, now()) })}</Pill> : null}
      {sameOwner.map((other) => (
        <div key={other.id}>
          <Pill tone="amber">{t('clinic.sameOwner', { name: say(other.name) })}</Pill>{' '}
          <span className="soft">
            {other.closedAt
              ? t('clinic.closedOn', { when: date(other.closedAt, now()) })
              : t('clinic.stillOpen')}
          </span>
        </div>
      ))}
    </Card>
  );
}

interface BookingProps {
  readonly service: { id: string; body: ServiceBody; ageShown: boolean };
  readonly times: readonly {
    id: string;
    startsAt: string;
    doctor: { name: { zh: string; en: string } } | undefined;
  }[];
  readonly clinicName: { zh: string; en: string };
  readonly clinicId: string;
  readonly change: string | undefined;
  /** Whether this house knows instalments. */
  readonly instalments: boolean;
}

function Booking({ service, times, clinicName, clinicId, change, instalments }: BookingProps) {
  const open = useVault();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [slotId, setSlot] = useState<string | null>(null);
  const [minor, setMinor] = useState(false);
  const [how, setHow] = useState<'once' | 'parts'>('once');
  const guardian = useGuardian();
  const age = useProvenAge();
  const ageMissing = service.ageShown && !minor && !age.data;
  const signed: GuardianAsked = async (about, address) => {
    const { key, number } = childOf(vault()!.roots[0]!);
    const answer = await guardian.ask({ step: 'book', child: number, clinic: clinicId, ...about });
    return withChild(answer.book!, key, about.visit, address);
  };
  const gate = useQuery({
    queryKey: ['booking-gate', service.id, useHealthVersion(open)],
    enabled: Boolean(open),
    queryFn: async () => judgeService(io, service.body, await knownHealth(open!)),
  });
  const book = useMutation({
    mutationFn: async () => {
      const index = nextIndex();
      const { visit, view } = await bookVisit(
        io,
        vault()!.root,
        index,
        {
          serviceId: service.id,
          slotId: slotId!,
          gate: gate.data?.outcome ?? 'unknown',
          ...(change ? { changeOrder: change } : {}),
          byInstalments: how === 'parts' && !minor,
        },
        minor ? { guardian: signed } : null,
        service.ageShown && age.data ? showAge(age.data.copies, index, now()) : null,
      );
      await rememberVisit({
        id: visit.id,
        index,
        clinic: clinicName,
        clinicId,
        service: service.body.procedure.name,
        at: view.slot.startsAt,
        ...(view.parts ? { sessions: view.parts.of } : {}),
      });
      return visit.id;
    },
    onSuccess: (id) => void navigate({ to: '/visits/$id', params: { id } }),
    // a time that somebody else took is no longer offered
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== 'SLOT_TAKEN') return;
      setSlot(null);
      void queries.invalidateQueries({ queryKey: ['clinic', clinicId] });
    },
  });
  return (
    <>
      <div className="grid grid-cols-2 sm:grid-cols-3 gap-2">
        {times.map((time) => (
          <button
            key={time.id}
            type="button"
            aria-pressed={slotId === time.id}
            className={`btn flex-col text-sm ${slotId === time.id ? 'btn-main' : ''}`}
            onClick={() => setSlot(time.id)}
          >
            <span>{date(time.startsAt, now(), true)}</span>
            {time.doctor ? <span>{say(time.doctor.name)}</span> : null}
          </button>
        ))}
      </div>
      {slotId && !open ? <AccountCard /> : null}
      {gate.data?.outcome === 'blocked' ? (
        <div role="alert" className="card flex flex-col gap-3" style={{ borderColor: 'var(--cinnabar)' }}>
          <Reasons reasons={gate.data.reasons as never} />
          <p className="m-0">{t('health.booking.next')}</p>
        </div>
      ) : null}
      {gate.error ? <Refusal error={gate.error} /> : null}
      {slotId && open ? <AgeStatement asked={service.ageShown} minor={minor} onChange={setMinor} /> : null}
      {slotId && open && instalments && !minor ? (
        <Choice<'once' | 'parts'>
          legend={t('loan.how')}
          value={how}
          onChange={setHow}
          options={(['once', 'parts'] as const).map((value) => ({ value, label: t(`loan.how.${value}`) }))}
        />
      ) : null}
      {guardian.running ? <AskingCard running={guardian.running} onStop={guardian.stop} /> : null}
      {slotId && open ? (
        <button
          type="button"
          className="btn btn-main"
          disabled={book.isPending || !gate.data || gate.data.outcome === 'blocked' || ageMissing}
          onClick={() => book.mutate()}
        >
          {t('clinic.book')}
        </button>
      ) : null}
      {book.error instanceof AskingStopped ? <p className="m-0 soft">{t('ward.stopped')}</p> : null}
      {book.error && !(book.error instanceof AskingStopped) ? <Refusal error={book.error} /> : null}
    </>
  );
}
