/** Do the statements of those who sent and those who received agree? Unit by unit; the answer names the event. */
import type { Hex } from '@zhenmei/kernel';

export interface Move {
  readonly epc: string;
  readonly event: Hex;
  readonly kind: 'ship' | 'receive';
  /** GLN of who states it. */
  readonly site: string;
  /** GLN of the other side, if stated. */
  readonly other: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What is known of a unit before its first move. */
export interface Origin {
  /** GLN of its maker's site; null if no maker stated that it made it. */
  readonly madeAt: string | null;
  /** The product is registered, so a unit that nobody made is one too many. */
  readonly onboard: boolean;
}

export type MoveFault = 'not-shipped' | 'not-held' | 'received-twice' | 'unknown-serial';

export interface MoveFinding {
  readonly fault: MoveFault | 'quantity' | 'not-received';
  readonly event: Hex;
  readonly epcs: readonly string[];
}

/** Clocks and time zones of strangers: so far apart two statements of one hand-over may be. */
const SKEW = 24 * 3_600_000;
/** Days after which what was shipped is missed. */
export const EXPECTED_WITHIN_DAYS = 7;
const DAY = 24 * 3_600_000;

interface Walk {
  readonly faults: readonly { readonly fault: MoveFault; readonly event: Hex }[];
  /** Shipments and whether each was answered. */
  readonly shipments: readonly { readonly event: Hex; readonly received: boolean; readonly at: number }[];
}

/** Every move once, a receipt after the shipment that it answers even if its clock was ahead. */
function inOrder(moves: readonly Move[]): Move[] {
  const sorted = [...moves].sort(
    (a, b) => a.at - b.at || (a.kind === b.kind ? (a.event < b.event ? -1 : 1) : a.kind === 'ship' ? -1 : 1),
  );
  for (let i = 0; i < sorted.length; i++) {
    const receipt = sorted[i]!;
    if (receipt.kind !== 'receive' || sorted[i - 1]?.kind === 'ship') continue;
    const late = sorted.findIndex(
      (move, j) => j > i && move.kind === 'ship' && move.at - receipt.at <= SKEW && answers(receipt, move),
    );
    if (late < 0 || sorted.slice(i + 1, late).some(({ kind }) => kind === 'ship')) continue;
    sorted.splice(i, 0, ...sorted.splice(late, 1));
  }
  return sorted;
}

const answers = (receipt: Move, shipment: Move): boolean =>
  shipment.site !== receipt.site &&
  (shipment.other === null || shipment.other === receipt.site) &&
  (receipt.other === null || receipt.other === shipment.site);

function walk(moves: readonly Move[], { madeAt, onboard }: Origin): Walk {
  const faults: { fault: MoveFault; event: Hex }[] = [];
  const shipments: { event: Hex; received: boolean; at: number }[] = [];
  let holder = madeAt;
  let pending: Move | null = null;
  for (const move of inOrder(moves)) {
    if (move.kind === 'ship') {
      if (holder !== null ? holder !== move.site : pending !== null)
        faults.push({ fault: 'not-held', event: move.event });
      pending = move;
      holder = null;
      shipments.push({ event: move.event, received: false, at: move.at });
      continue;
    }
    if (pending && answers(move, pending)) shipments.at(-1)!.received = true;
    else if (holder === move.site) faults.push({ fault: 'received-twice', event: move.event });
    else faults.push({ fault: 'not-shipped', event: move.event });
    pending = null;
    holder = move.site;
  }
  const first = moves.length > 0 && madeAt === null && onboard ? inOrder(moves)[0]! : null;
  if (!first) return { faults, shipments };
  // a unit that nobody made: that is the whole matter, whoever moved it
  return { faults: [{ fault: 'unknown-serial', event: first.event }], shipments };
}

/**
 * What does not agree, one finding for each event and fault.
 * @param moves every move of these units
 * @param now milliseconds since the epoch
 */
export function findFaults(
  moves: readonly Move[],
  originOf: (epc: string) => Origin,
  now: number,
): MoveFinding[] {
  const byUnit = Map.groupBy(moves, ({ epc }) => epc);
  const found = new Map<string, { fault: MoveFinding['fault']; event: Hex; epcs: string[] }>();
  const note = (fault: MoveFinding['fault'], event: Hex, epc: string) => {
    const key = `${fault}/${event}`;
    const known = found.get(key);
    if (known) known.epcs.push(epc);
    else found.set(key, { fault, event, epcs: [epc] });
  };
  const shipments = new Map<Hex, { at: number; missing: string[]; arrived: number }>();
  for (const [epc, own] of byUnit) {
    const { faults, shipments: sent } = walk(own, originOf(epc));
    for (const { fault, event } of faults) note(fault, event, epc);
    for (const { event, received, at } of sent) {
      const known = shipments.get(event) ?? { at, missing: [], arrived: 0 };
      shipments.set(event, known);
      if (received) known.arrived++;
      else known.missing.push(epc);
    }
  }
  for (const [event, { at, missing, arrived }] of shipments)
    if (missing.length > 0 && (arrived > 0 || now - at >= EXPECTED_WITHIN_DAYS * DAY))
      for (const epc of missing) note(arrived > 0 ? 'quantity' : 'not-received', event, epc);
  return [...found.values()].map(({ fault, event, epcs }) => ({ fault, event, epcs: epcs.sort() }));
}
