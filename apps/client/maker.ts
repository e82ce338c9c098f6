/** A maker's device: brings a lot into the world with random serial numbers, and publishes its root. */
import { UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { lotLink, unitLink } from '@zhenmei/gs1/core/links.ts';
import { noneFor } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { type Batch, commissioning, type LotPlan, remaining } from '@zhenmei/provenance/core/commission.ts';
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { SERIAL_BYTES, serialFrom } from '@zhenmei/provenance/core/serials.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { type Desk, operate } from './desk.ts';
import type { SupplyDesk } from './hand-over.ts';
import { unitId, unitRoot } from './unit-tree.ts';

export interface LotOrder {
  readonly gtin: string;
  readonly lot: string;
  /** `YYYY-MM-DD` */
  readonly expiry: string;
  /** RFC 3339. */
  readonly madeAt: string;
  readonly offset: string;
  readonly count: number;
  readonly packing: {
    readonly companyPrefix: string;
    readonly perBox: number;
    readonly boxesPerCase: number;
  } | null;
}

export interface Planned {
  readonly link: string;
  readonly plan: LotPlan;
  readonly units: readonly string[];
}

/**
 * Makes the serial numbers on this device and publishes them. A lot that is planned already keeps its numbers, so that
 * an order may be sent again after a crash. Throws ApiError.
 */
export async function planLot(
  { desk }: Pick<SupplyDesk, 'desk'>,
  order: LotOrder,
  random: (length: number) => Uint8Array,
): Promise<Planned> {
  const { count, ...rest } = order;
  const link = lotLink(order.gtin, order.lot);
  const known = await desk.api
    .call(provenanceApi.readLot, { query: { link } })
    .catch(noneFor('PRODUCT_UNKNOWN'));
  const units =
    known?.units ??
    Array.from({ length: count }, () => unitLink(order.gtin, serialFrom(random(SERIAL_BYTES))));
  const { plan } = await desk.api.call(provenanceApi.planLot, { body: { ...rest, units: [...units] } });
  return { link, plan, units };
}

export interface Progress {
  /** Units and containers that are stated, of how many. */
  readonly done: number;
  readonly all: number;
}

/**
 * States the making and packing of a planned lot, batch by batch; begins where it stopped before. Every batch is the
 * same whenever it is sent, so nothing is stated twice. Throws ApiError; what was stated stays.
 */
export async function commissionLot(
  { desk }: Pick<SupplyDesk, 'desk'>,
  link: string,
  progress: (state: Progress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const [status, { units }] = await Promise.all([
    desk.api.call(provenanceApi.readLotStatus, { query: { link } }),
    desk.api.call(provenanceApi.readLot, { query: { link } }),
  ]);
  if (!status.plan) return;
  const batches = commissioning(status.plan, link, units);
  const all = sizeOf(batches);
  const left = remaining(batches, status);
  let done = all - sizeOf(left);
  progress({ done, all });
  for (const batch of left) {
    signal?.throwIfAborted();
    for (const event of batch.events)
      await desk.api.call(provenanceApi.captureEvent, { body: event as never });
    done += batch.size;
    progress({ done, all });
  }
}

const sizeOf = (batches: readonly Batch[]): number => batches.reduce((sum, { size }) => sum + size, 0);

/** Publishes the root over the lot's units on chain, once. One passkey prompt. */
export async function publishLot(
  desk: Desk,
  link: string,
  product: Pick<ProductBody, 'maxAmountPerUnit' | 'singleUse'>,
): Promise<void> {
  const [status, { units }, config] = await Promise.all([
    desk.api.call(provenanceApi.readLotStatus, { query: { link } }),
    desk.api.call(provenanceApi.readLot, { query: { link } }),
    desk.api.call(houseApi.readConfig),
  ]);
  if (status.root) return;
  const data = encodeFunctionData({
    abi: UnitRegistryAbi,
    functionName: 'registerLot',
    args: [unitId(link), unitRoot(units), BigInt(product.maxAmountPerUnit), product.singleUse],
  });
  await operate(desk, [{ to: config.contracts.UnitRegistry!, data }]);
}

/** Does the published root agree with the published numbers? Computed here, believed from nobody. */
export async function checkRoot(
  { desk }: Pick<SupplyDesk, 'desk'>,
  link: string,
): Promise<{ computed: string; published: string | null }> {
  const [status, { units }] = await Promise.all([
    desk.api.call(provenanceApi.readLotStatus, { query: { link } }),
    desk.api.call(provenanceApi.readLot, { query: { link } }),
  ]);
  return { computed: unitRoot(units), published: status.root?.root ?? null };
}
