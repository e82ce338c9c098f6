/** The frame of every desk: whose it is, its sections on a rail, on smaller screens on a bar. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { Waiting } from '../look/parts.tsx';
import { DeskOrganisationPage } from '../pages/desk-organisation.tsx';
import { Navigation } from '../shell/navigation.tsx';
import { Switches } from '../shell/switches.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import type { DeskSeat } from '../state/desk.ts';
import { sectionsOf } from './sections.ts';
import { useSeat } from './use-seat.ts';

export function DeskFrame() {
  const seat = useSeat();
  if (seat.isPending)
    return (
      <main className="p-4">
        <h1 className="sr-only">{t('desk.title')}</h1>
        <Waiting what={t('desk.opening')} lines={3} />
      </main>
    );
  return (
    <div className="min-h-dvh flex flex-col lg:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only btn">
        {t('nav.skip')}
      </a>
      {seat.data ? <Sections seat={seat.data} /> : null}
      <div className="flex-1 min-w-0 w-full max-w-5xl mx-auto px-4 pt-3 pb-28 lg:pb-10">
        <header className="no-print flex justify-between items-center gap-2 mb-2">
          {seat.data ? <Whose seat={seat.data} className="lg:invisible" /> : <span />}
          <Switches />
        </header>
        <main id="content" tabIndex={-1} className="outline-none">
          {seat.data ? <Outlet /> : <DeskOrganisationPage />}
        </main>
      </div>
    </div>
  );
}

function Sections({ seat }: { seat: DeskSeat }) {
  const { id, kind } = seat.organisation;
  return (
    <Navigation
      label={t('desk.title')}
      places={sectionsOf(kind).map(({ to, key, icon }) => ({
        to,
        icon,
        label: t(key),
        mark: to === '/desk/inbox' ? <Waits organisation={id} /> : null,
      }))}
      rail="lg:sticky lg:top-0 lg:h-dvh lg:w-60 lg:overflow-y-auto"
    >
      <Whose seat={seat} className="hidden lg:flex mb-3" />
    </Navigation>
  );
}

/** How many cases wait for this organisation. */
function Waits({ organisation }: { organisation: string }) {
  const found = useQuery({
    queryKey: ['exceptions', organisation, false],
    refetchInterval: 15_000,
    queryFn: () => deskApi.call(provenanceApi.listExceptions, { query: { over: 'false' } }),
  });
  const mine = found.data?.mine ?? 0;
  if (mine === 0) return null;
  return (
    <span className="mark" title={t('inbox.waits', { n: mine })}>
      <span aria-hidden="true">{mine}</span>
      <span className="sr-only">{t('inbox.waits', { n: mine })}</span>
    </span>
  );
}

/** The organisation's name leads to where it is changed. */
function Whose({ seat, className }: { seat: DeskSeat; className: string }) {
  const { name, kind } = seat.organisation;
  return (
    <Link
      to="/desk/organisation"
      className={`min-w-0 min-h-11 flex flex-col justify-center no-underline text-ink ${className}`}
    >
      <span className="font-semibold truncate lg:whitespace-normal">{say(name)}</span>
      <span className="soft text-sm">{t(`kind.${kind}`)}</span>
    </Link>
  );
}

/** `/desk` itself: the first section of this kind of organisation. */
export function DeskHome() {
  const seat = useSeat();
  const first = seat.data ? sectionsOf(seat.data.organisation.kind)[0] : undefined;
  return <Navigate to={first?.to ?? '/desk/organisation'} replace />;
}
