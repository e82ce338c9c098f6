/** What a clinic does with its stock in these tests, over a bench that is there before the first of them. */
import { newId } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Bench, NOW, openBench, type ProductKey } from './clinic.property.ts';
import { readUnit } from './read-stock.ts';
import { receiveScan } from './receive-goods.ts';
import { askFor, confirmRequest } from './requests.ts';
import { undoScan } from './undo-scan.ts';

export const HOUR = 3_600_000;
export const iso = (ms: number): string => new Date(ms).toISOString();

/** @param hand takes the bench; before each test it is at NOW and its licence holds */
export function clinicActs(hand: (bench: Bench) => void) {
  let bench: Bench;
  let made = 0;
  beforeAll(async () => {
    bench = await openBench();
    hand(bench);
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    bench.at(NOW);
    bench.licence(true);
  });

  const id = () =>
    newId(
      NOW,
      new Uint8Array(10).map((_, i) => (i === 5 ? ++made : i)),
    );
  const receive = (text: string, more: object = {}) =>
    receiveScan(bench.care, bench.ids.clinic, bench.scan(text, more));
  return {
    id,
    receive,
    async answer(text: string, more: object = {}) {
      const [row] = await receive(text, more);
      return [row!.outcome, row!.reason, row!.rule];
    },
    async stateOf(unit: string) {
      const row = await bench.care.db
        .selectFrom('care.stock_unit')
        .select('state')
        .where('clinic_id', '=', bench.ids.clinic)
        .where('unit', '=', unit)
        .executeTakeFirst();
      return row?.state ?? 'none';
    },
    undo: (scan: string, more: object = {}) =>
      undoScan(
        bench.care,
        bench.ids.clinic,
        bench.sign('clinic', 'undo', { scan, at: iso(NOW + HOUR), person: '李护士', ...more }),
      ),
    async inStock(product: ProductKey = 'filler', more: Parameters<Bench['make']>[1] = {}): Promise<string> {
      const unit = await bench.delivered(product, more);
      await receive(unit);
      return unit;
    },
    used: (unit: string, amount: number, at = NOW + HOUR) =>
      bench.say('clinic', {
        eventTime: iso(at),
        epcList: [unit],
        bizStep: 'dispensing',
        disposition: 'partially_dispensed',
        'zm:amountUsed': amount,
        'zm:procedureCommitment': `0x${'a'.repeat(64)}`,
      }),
    ask: (unit: string, more: object = {}) =>
      askFor(
        bench.care,
        bench.ids.clinic,
        bench.sign('clinic', 'request', {
          id: id(),
          kind: 'waste' as const,
          unit,
          amount: 1_000 as number | null,
          reason: 'damaged',
          note: '',
          person: '李护士',
          at: iso(NOW),
          ...more,
        }),
      ),
    agree: (request: { id: string }, person = '王医生', device: 0 | 1 = 1) =>
      confirmRequest(
        bench.care,
        bench.ids.clinic,
        bench.sign('clinic', 'confirm', { id: request.id, person, at: iso(NOW) }, device),
      ),
    read: (unit: string) => readUnit(bench.care, bench.ids.clinic, unit),
    last: () => JSON.parse(bench.leaves.at(-1)!),
  };
}
