/** Handlers of what moves goods, by the names of their contract. */
import {
  AppError,
  type Handlers,
  noneFor,
  type RouteContract,
  type RouteInput,
  toHex0x,
  toIso,
} from '@zhenmei/kernel';
import type { SupplyApi } from '../api/supply.ts';
import { listProducts, productHistory, readProduct } from '../app/products.ts';
import { captureSigned } from '../app/supply/capture-signed.ts';
import type { SupplyContext } from '../app/supply/context.ts';
import { readEvents } from '../app/supply/found.ts';
import { lookUp } from '../app/supply/look-up.ts';
import { listLots, planLot, readLotStatus } from '../app/supply/lots.ts';
import { makersOf } from '../app/supply/makers.ts';
import { listExceptions, openCount, readException } from '../app/supply/read-exceptions.ts';
import { listHandovers, readHandover } from '../app/supply/read-handovers.ts';
import { readSensorLog, storeSensorLog } from '../app/supply/sensor-logs.ts';
import { signaturesOf } from '../app/supply/signatures-of.ts';
import { stepException } from '../app/supply/step-exception.ts';
import { containersOf, freeUnits, stockOf } from '../app/supply/stock.ts';
import { eventStatement } from '../core/event-signature.ts';
import type { Site } from '../ports.ts';
import {
  exceptionLine,
  exceptionView,
  handoverView,
  lotView,
  partyView,
  signatureView,
} from './supply-views.ts';

type Caller = Pick<RouteInput<RouteContract>, 'caller'>;

function organisation({ caller }: Caller): string {
  if (!caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return caller.organisationId;
}

export function supplyHandlers(ctx: SupplyContext): Handlers<SupplyApi> {
  const siteOf = async (input: Caller): Promise<Site> => {
    const site = await ctx.parties.byId(organisation(input));
    if (!site) throw new AppError('EVENT_NOT_YOURS');
    return site;
  };
  const nameOf = async (gtin: string) => {
    const found = await readProduct(ctx, gtin).catch(noneFor('PRODUCT_UNKNOWN'));
    return found?.product.name ?? null;
  };
  const withNames = async (lines: Awaited<ReturnType<typeof stockOf>>) => {
    const names = new Map(
      await Promise.all(
        [...new Set(lines.map(({ gtin }) => gtin))].map(async (g) => [g, await nameOf(g)] as const),
      ),
    );
    return lines.map((line) => ({ ...line, product: names.get(line.gtin) ?? null }));
  };
  return {
    captureSigned: (input) => captureSigned(ctx, organisation(input), input.body),
    readSignatures: async ({ params: { digest } }) => {
      const [given, sites, found] = await Promise.all([
        signaturesOf(ctx, [digest]),
        ctx.parties.all(),
        readEvents(ctx.db, [digest]),
      ]);
      return {
        event: digest,
        says: found.get(digest) ?? null,
        statement: toHex0x(eventStatement(digest)),
        signatures: given.map((one) => signatureView(one, sites)),
      };
    },
    listParties: async () => ({
      parties: (await ctx.parties.all())
        .filter(({ kind }) => ['maker', 'distributor', 'clinic'].includes(kind))
        .map((site) => partyView(site)!),
    }),
    listProducts: async ({ query }) => {
      const { products, more } = await listProducts(ctx, { maker: query.maker, query: query.q });
      return {
        more,
        products: products.map((one) => ({ ...one, changedAt: toIso(one.changedAt.getTime()) })),
      };
    },
    productHistory: async ({ params }) => ({
      versions: (await productHistory(ctx, params.gtin)).map(({ version, body, note, changedAt }) => ({
        version,
        product: body,
        note,
        changedAt: toIso(changedAt.getTime()),
      })),
    }),
    planLot: (input) => planLot(ctx, organisation(input), input.body),
    listLots: async ({ query }) => {
      const { lots, more } = await listLots(ctx, {
        ...(query.maker ? { maker: query.maker } : {}),
        ...(query.gtin ? { gtin: query.gtin } : {}),
      });
      return { lots: lots.map(lotView), more };
    },
    readLotStatus: async ({ query }) => lotView(await readLotStatus(ctx, query.link)),
    readStock: async (input) => {
      const { gln } = await siteOf(input);
      const [held, coming, containers] = await Promise.all([
        stockOf(ctx, gln),
        stockOf(ctx, gln, true),
        containersOf(ctx, gln),
      ]);
      return { held: await withNames(held), coming: await withNames(coming), containers };
    },
    freeUnits: async (input) => ({ units: await freeUnits(ctx, (await siteOf(input)).gln, input.query) }),
    lookUp: async ({ body }) => {
      const found = await lookUp(ctx, body.code);
      return { ...found, contents: [...found.contents] };
    },
    listHandovers: async (input) => {
      const { lines, more } = await listHandovers(ctx, (await siteOf(input)).gln, input.query.way);
      return { handovers: lines.map(handoverView), more };
    },
    readHandover: async (input) => {
      const [found, sites] = await Promise.all([
        readHandover(ctx, organisation(input), input.params.digest),
        ctx.parties.all(),
      ]);
      const { event, units, receipts, signatures } = found;
      const makers = await makersOf(
        ctx,
        units.map(({ epc }) => epc),
      );
      const bodies = new Map(units.flatMap(({ epc }) => makers.product(epc) ?? []).map((b) => [b.gtin, b]));
      return {
        ...handoverView(found),
        event: event as never,
        onBoard: [...units],
        receipts: receipts.map((one) => ({ ...one, at: toIso(one.at.getTime()) })),
        signatures: signatures.map((one) => signatureView(one, sites)),
        storage: [...bodies.values()].map(({ gtin, name, storage }) => ({ gtin, name, storage })),
      };
    },
    storeSensorLog: (input) => storeSensorLog(ctx, organisation(input), input.body),
    readSensorLog: ({ params }) => readSensorLog(ctx, params.value),
    listExceptions: async (input) => {
      const id = organisation(input);
      const { lines, more } = await listExceptions(ctx, id, input.query.over === 'true');
      return { exceptions: lines.map(exceptionLine), more, mine: await openCount(ctx, id) };
    },
    readException: async (input) =>
      exceptionView(await readException(ctx, organisation(input), input.params.id), await ctx.parties.all()),
    stepException: (input) => stepException(ctx, organisation(input), input.params.id, input.body),
  };
}
