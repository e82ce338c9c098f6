/** The demo's appointment times: 10:00, 14:00 and 16:00 in China, four weeks ahead. */
import { publishSlots } from '@zhenmei/care';
import { DAY, HOUR, toIso } from '@zhenmei/kernel';
import type { Modules } from '../compose/modules.ts';
import type { DemoActors } from './actors.ts';
import { DOCTORS } from './world.ts';

const DAYS = 28;

export function timesFrom(now: number): { startsAt: string; minutes: number }[] {
  const today = Math.floor(now / DAY) * DAY;
  return Array.from({ length: DAYS }, (_, day) =>
    [2, 6, 8].map((hour) => ({ startsAt: toIso(today + (day + 1) * DAY + hour * HOUR), minutes: 45 })),
  ).flat();
}

/** The times go on when the demo's clock was moved; those that are published already are left alone. */
export async function renewTimes(actors: DemoActors, { care }: Modules): Promise<void> {
  for (const doctor of DOCTORS)
    await publishSlots(
      care,
      actors.organisations[doctor.clinic]!.id,
      actors.doctors[doctor.key]!.id,
      timesFrom(care.clock.now()),
    );
}
