/** One place of a seat's navigation, as the bar, the rail and the sheet show it. */
import type { ReactNode } from 'react';

export interface Place {
  readonly to: string;
  readonly icon: string;
  readonly label: string;
  /** What waits there, in a few characters. */
  readonly mark?: ReactNode;
}

export const PLACE =
  'relative flex flex-col lg:flex-row items-center gap-1 lg:gap-3 px-2 py-2 min-w-14 min-h-14 justify-center lg:justify-start no-underline text-soft text-xs lg:text-base rounded-card aria-[current=page]:text-plum';

export function Icon({ d, bold = false }: { d: string; bold?: boolean }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth={bold ? 3 : 1.8}
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={d} />
    </svg>
  );
}
