/** What came against what was said to come: shown before anybody signs. */

export interface Expected {
  readonly epc: string;
  /** Address of the container it came in. */
  readonly container: string | null;
  readonly lot: string | null;
  /** `YYYY-MM-DD` */
  readonly expiry: string | null;
}

export interface Scanned {
  readonly epc: string;
  /** Units in it, if a closed container was scanned. */
  readonly contents?: readonly string[];
  /** As the label says, where it says something. */
  readonly label?: { readonly lot: string | null; readonly expiry: string | null };
}

export interface Difference {
  readonly epc: string;
  readonly field: 'lot' | 'expiry';
  readonly label: string;
  readonly record: string;
}

export interface Delivery {
  /** What a receipt states: containers as they were scanned, and units. */
  readonly received: readonly string[];
  /** Units of the shipment that are there. */
  readonly arrived: readonly string[];
  readonly missing: readonly string[];
  /** Units and containers that nobody announced. */
  readonly extra: readonly string[];
  /** Units whose label differs from the record: kept apart, not received. */
  readonly labels: readonly Difference[];
}

/** @param expected what is on board and has not arrived yet */
export function compareDelivery(expected: readonly Expected[], scanned: readonly Scanned[]): Delivery {
  const byEpc = new Map(expected.map((one) => [one.epc, one]));
  const inContainer = Map.groupBy(expected, ({ container }) => container);
  const labels = scanned.flatMap(({ epc, label }) => differences(byEpc.get(epc), label));
  const apart = new Set(labels.map(({ epc }) => epc));
  const received = new Set<string>();
  const arrived = new Set<string>();
  const extra = new Set<string>();
  for (const { epc, contents } of scanned) {
    if (apart.has(epc)) continue;
    const inside = [...(contents ?? []), ...(inContainer.get(epc) ?? []).map((one) => one.epc)];
    const known = (inside.length > 0 ? inside : [epc]).filter((one) => byEpc.has(one));
    if (known.length === 0) extra.add(epc);
    for (const one of known) arrived.add(one);
    received.add(epc);
  }
  // a unit that came in its closed container is said with it
  for (const [container, inside] of inContainer)
    if (container !== null && received.has(container)) for (const { epc } of inside) received.delete(epc);
  return {
    received: [...received],
    arrived: [...arrived],
    missing: expected.filter(({ epc }) => !arrived.has(epc) && !apart.has(epc)).map(({ epc }) => epc),
    extra: [...extra],
    labels,
  };
}

function differences(record: Expected | undefined, label: Scanned['label']): Difference[] {
  if (!record || !label) return [];
  return (['lot', 'expiry'] as const).flatMap((field) => {
    const [said, known] = [label[field], record[field]];
    return said !== null && known !== null && said !== known
      ? [{ epc: record.epc, field, label: said, record: known }]
      : [];
  });
}
