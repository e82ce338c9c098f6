/** What anybody may do on chain once it is time, done in time by the house. */
import type { Indexer, Relayer } from '@zhenmei/chain';
import { AppError, type Clock, type Hex, SECOND } from '@zhenmei/kernel';

/** One kind of such work. */
export interface DueKind<Item extends { readonly key: string }> {
  readonly name: string;
  /**
   * What is due now, oldest first, a page of it; nothing at the end. Null is what this house cannot act on.
   * @param skip so many of the oldest are left out
   */
  due(skip: number): Promise<readonly (Item | null)[]>;
  act(item: Item): Promise<void>;
}

/** A call that anybody may make. */
export interface DueCall {
  /** Its name: under one name something is sent once. */
  readonly key: string;
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
}

export interface Stuck {
  readonly kind: string;
  readonly key: string;
  readonly code: string;
}

export interface DueWork {
  /** Everything of one kind that is due, each by itself. Throws what `due` throws. */
  round<Item extends { readonly key: string }>(kind: DueKind<Item>): Promise<void>;
  /** What was tried for so long that it will not pass by itself. */
  stuck(): readonly Stuck[];
}

interface Failure {
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly told: ReadonlySet<string>;
}

/** Longer than a block takes: by then whoever was quicker has been seen, and a chain that was away is back. */
const STAYS = 30 * SECOND;

export function createDueWork({
  log,
  clock,
  closing,
}: {
  readonly log: { warn(fields: object, message: string): void };
  /** The machine's: the house's own may be moved. */
  readonly clock: Clock;
  readonly closing: () => boolean;
}): DueWork {
  const failing = new Map<string, ReadonlyMap<string, Failure>>();

  const failed = (kind: string, key: string, error: unknown, before?: Failure): Failure => {
    const code = error instanceof AppError ? error.code : 'UNEXPECTED';
    const since = before?.since ?? clock.now();
    const told = new Set(before?.told);
    if (clock.now() - since >= STAYS && !told.has(code)) {
      told.add(code);
      log.warn({ kind, key, code, err: error }, 'work that is due stays undone');
    }
    return { code, since, told };
  };

  return {
    async round(kind) {
      const before = failing.get(kind.name);
      const after = new Map<string, Failure>();
      for (let skip = 0; ; ) {
        const items = await kind.due(skip);
        if (items.length === 0) break;
        for (const item of items) {
          if (closing()) return;
          if (item === null) continue;
          try {
            await kind.act(item);
          } catch (error) {
            after.set(item.key, failed(kind.name, item.key, error, before?.get(item.key)));
          }
        }
        skip += items.length;
      }
      // what is not due any more was done by somebody else
      failing.set(kind.name, after);
    },
    stuck: () =>
      [...failing].flatMap(([kind, all]) =>
        [...all].filter(([, { told }]) => told.size > 0).map(([key, { code }]) => ({ kind, key, code })),
      ),
  };
}

/** Sends a call once and waits for it. Throws CHAIN_REVERTED, CHAIN_UNAVAILABLE. */
export async function carryOut(relayer: Relayer, indexer: Indexer, call: DueCall): Promise<void> {
  await relayer.attempt(call);
  await indexer.catchUp();
}
