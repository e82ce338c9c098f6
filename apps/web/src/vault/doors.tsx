/** The ways on from the vault's first page, each with how things stand behind it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../shell/words.ts';

interface Door {
  readonly to:
    | '/vault/timeline'
    | '/vault/import'
    | '/vault/emergency'
    | '/vault/runs'
    | '/vault/permissions'
    | '/vault/consents'
    | '/vault/pool'
    | '/vault/log'
    | '/vault/keys'
    | '/vault/after'
    | '/vault/export'
    | '/vault/erase';
  readonly title: string;
  readonly lead: string;
  readonly icon: string;
}

export function Doors({ given, emergency }: { given: number | null; emergency: boolean }) {
  const permissions =
    given === null ? '' : given === 0 ? t('door.permissions.none') : t('door.permissions.some', { n: given });
  const doors: readonly Door[] = [
    {
      to: '/vault/timeline',
      title: t('door.timeline'),
      lead: t('door.timeline.lead'),
      icon: 'M6 4v16M6 7h12M6 12h9M6 17h12',
    },
    {
      to: '/vault/import',
      title: t('door.import'),
      lead: t('door.import.lead'),
      icon: 'M12 15V4M8 8l4-4 4 4M5 20h14',
    },
    {
      to: '/vault/permissions',
      title: t('door.permissions'),
      lead: permissions,
      icon: 'M12 5c5 0 8.5 4 9.5 7-1 3-4.5 7-9.5 7s-8.5-4-9.5-7C3.5 9 7 5 12 5zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
    },
    {
      to: '/vault/consents',
      title: t('door.consents'),
      lead: t('door.consents.lead'),
      icon: 'M6 3h9l4 4v14H6zM15 3v4h4M9 13l2 2 4-4',
    },
    {
      to: '/vault/log',
      title: t('door.log'),
      lead: t('door.log.lead'),
      icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5',
    },
    {
      to: '/vault/keys',
      title: t('door.keys'),
      lead: t('door.keys.lead'),
      icon: 'M8 9a5 5 0 1 1 0 6 5 5 0 0 1 0-6zM13 12h9M18 12v4M21.5 12v3',
    },
    {
      to: '/vault/emergency',
      title: t('door.emergency'),
      lead: t(emergency ? 'door.emergency.on' : 'door.emergency.off'),
      icon: 'M9 3h6v6h6v6h-6v6H9v-6H3V9h6z',
    },
    {
      to: '/vault/runs',
      title: t('door.runs'),
      lead: t('door.runs.lead'),
      icon: 'M6 4h12v16H6zM9 8h6M9 12h6M9 16h3',
    },
    {
      to: '/vault/pool',
      title: t('door.pool'),
      lead: t('door.pool.lead'),
      icon: 'M5 20V10M10 20V4M15 20v-7M20 20V8',
    },
    {
      to: '/vault/export',
      title: t('door.export'),
      lead: t('door.export.lead'),
      icon: 'M12 4v11M8 11l4 4 4-4M5 20h14',
    },
    {
      to: '/vault/after',
      title: t('door.after'),
      lead: t('door.after.lead'),
      icon: 'M12 21v-9M12 12c-4 0-6-2-6-6 4 0 6 2 6 6zM12 14c4 0 6-2 6-6-4 0-6 2-6 6z',
    },
    {
      to: '/vault/erase',
      title: t('door.erase'),
      lead: t('door.erase.lead'),
      icon: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6',
    },
  ];
  return (
    <nav aria-label={t('vault.title')} className="grid gap-3 grid-cols-2">
      {doors.map(({ to, title, lead, icon }) => (
        <Link
          key={to}
          to={to}
          className="card no-underline text-ink flex flex-col sm:flex-row gap-2 sm:gap-3 items-start min-h-11 px-3 sm:px-5"
        >
          <Picture d={icon} />
          <span className="min-w-0">
            <span className="font-semibold block">{title}</span>
            <span className="soft text-sm max-sm:sr-only">{lead}</span>
          </span>
        </Link>
      ))}
    </nav>
  );
}

function Picture({ d }: { d: string }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="26"
      height="26"
      fill="none"
      stroke="var(--plum)"
      strokeWidth="1.6"
      strokeLinejoin="round"
      strokeLinecap="round"
      className="shrink-0 mt-0.5"
    >
      <path d={d} />
    </svg>
  );
}
