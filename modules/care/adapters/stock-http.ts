/** The handlers of stock and devices, by the names of their contracts. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { CareContext } from '../app/context.ts';
import { fitPart } from '../app/devices/fit-part.ts';
import { readDeviceCard, readDevices } from '../app/devices/read-devices.ts';
import { recordInspection } from '../app/devices/record-inspection.ts';
import { recordReading } from '../app/devices/record-reading.ts';
import { registerDevice } from '../app/devices/register-device.ts';
import { readAlerts } from '../app/stock/alerts.ts';
import { closeCase, readCases } from '../app/stock/cases.ts';
import { clinicSite } from '../app/stock/clinic.ts';
import { closeCount, readCounts, scanIntoCount, startCount } from '../app/stock/count.ts';
import { goodsInViews, viewScans } from '../app/stock/read-goods-in.ts';
import { openRequests, requestView } from '../app/stock/read-requests.ts';
import { readDeliveries, readStock, readUnit } from '../app/stock/read-stock.ts';
import { receiveScan } from '../app/stock/receive-goods.ts';
import { askFor, confirmRequest, withdrawRequest } from '../app/stock/requests.ts';
import { readToxinRegister } from '../app/stock/toxin-register.ts';
import { undoScan } from '../app/stock/undo-scan.ts';
import { unitParts } from '../core/stock-event.ts';
import type { DeviceApi } from '../device-api.ts';
import type { StockApi } from '../stock-api.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  const id = input.caller?.organisationId;
  if (!id) throw new AppError('STOCK_NEEDS_CLINIC');
  return id;
}

export function stockHandlers(ctx: CareContext): Handlers<StockApi> {
  const clinic = async (input: Pick<RouteInput<RouteContract>, 'caller'>) =>
    (await clinicSite(ctx, organisation(input))).id;
  return {
    receiveGoods: async (input) => {
      const id = organisation(input);
      const rows = await receiveScan(ctx, id, input.body);
      return { answers: await viewScans(ctx, id, rows) };
    },
    undoScan: async (input) => {
      const id = organisation(input);
      const rows = await undoScan(ctx, id, { ...input.params, ...input.body });
      return { answers: await viewScans(ctx, id, rows) };
    },
    goodsIn: async (input) => {
      const id = await clinic(input);
      return { scans: await goodsInViews(ctx, id), deliveries: (await readDeliveries(ctx, id)) as never };
    },
    stock: async (input) => readStock(ctx, await clinic(input), input.query),
    unit: async (input) => readUnit(ctx, await clinic(input), input.query.unit),
    ask: async (input) => {
      const row = await askFor(ctx, organisation(input), input.body);
      return requestView(row, null);
    },
    confirm: async (input) => {
      const row = await confirmRequest(ctx, organisation(input), { ...input.params, ...input.body });
      return requestView(row, null);
    },
    withdraw: async (input) => {
      await withdrawRequest(ctx, organisation(input), input.params.id);
      return {};
    },
    requests: async (input) => ({ requests: await openRequests(ctx, await clinic(input)) }),
    cases: async (input) => ({ cases: await readCases(ctx, await clinic(input), !input.query.closed) }),
    closeCase: async (input) => {
      await closeCase(ctx, organisation(input), { ...input.params, ...input.body });
      return {};
    },
    startCount: async (input) => {
      const { id } = await startCount(ctx, organisation(input), input.body);
      return { id };
    },
    scanCount: async (input) => {
      const seen = await scanIntoCount(ctx, organisation(input), input.params.id, input.body);
      return { ...seen, serial: unitParts(seen.unit)?.serial ?? '' };
    },
    closeCount: async (input) => {
      const { result } = await closeCount(ctx, organisation(input), { ...input.params, ...input.body });
      const { missing = [], unexpected = [], counted = [] } = result ?? {};
      return { missing: missing.length, unexpected: unexpected.length, counted: counted.length };
    },
    counts: async (input) => ({ counts: await readCounts(ctx, await clinic(input)) }),
    toxinRegister: async (input) => ({
      rows: await readToxinRegister(ctx, organisation(input), input.query),
    }),
    alerts: async (input) => ({ alerts: await readAlerts(ctx, organisation(input)) }),
  };
}

export function deviceHandlers(ctx: CareContext): Handlers<DeviceApi> {
  const done = async (work: Promise<void>) => {
    await work;
    return {};
  };
  return {
    devices: (input) => readDevices(ctx, organisation(input)),
    registerDevice: (input) => done(registerDevice(ctx, organisation(input), input.body)),
    fitPart: (input) => done(fitPart(ctx, organisation(input), input.body)),
    recordReading: (input) => done(recordReading(ctx, organisation(input), input.body)),
    recordInspection: (input) => done(recordInspection(ctx, organisation(input), input.body)),
    deviceCard: ({ query }) => readDeviceCard(ctx, query.unit),
  };
}
