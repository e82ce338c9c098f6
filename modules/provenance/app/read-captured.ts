/** Events as other modules need them: all in order of capture, or those that name something. */
import { capturedAfter, namedEvents } from '../adapters/trace.ts';
import type { EpcisEvent } from '../core/events.ts';
import type { ProvenanceContext } from './context.ts';

const PAGE = 500;

/** Everything that was captured, in order of capture. */
export async function* capturedEvents({ db }: Pick<ProvenanceContext, 'db'>): AsyncGenerator<EpcisEvent> {
  for (let after = 0n; ; ) {
    const page = await capturedAfter(db, after, PAGE);
    for (const { body } of page) yield body;
    if (page.length < PAGE) return;
    after = page.at(-1)!.no;
  }
}

/** Events that name one of these, in whatever part. */
export const eventsNaming = ({ db }: Pick<ProvenanceContext, 'db'>, epcs: readonly string[]) =>
  namedEvents(db, epcs);
