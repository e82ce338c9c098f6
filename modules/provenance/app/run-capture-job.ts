/** Does a capture job: all or nothing (`rollback`), or whatever can be captured (`proceed`). */
import { AppError, type Json } from '@zhenmei/kernel';
import type { CaptureError } from '../adapters/schema.ts';
import { transact } from '../adapters/transaction.ts';
import { eventsOf, type FoundEvent } from '../core/document.ts';
import type { EventRow } from '../core/record.ts';
import { makeRoom, storeEvents } from './capture-event.ts';
import type { ProvenanceContext } from './context.ts';
import { prepareEvent } from './prepare-event.ts';

/** Events that `proceed` settles in one transaction. */
const PORTION = 200;

/**
 * Does a job, or goes on where its server was lost. A job that has ended is left alone.
 * @param last nobody will try again: what goes wrong ends the job
 */
export async function runCaptureJob(ctx: ProvenanceContext, jobId: string, last = false): Promise<void> {
  const job = await ctx.db
    .selectFrom('provenance.capture_job')
    .selectAll()
    .where('id', '=', jobId)
    .executeTakeFirst();
  if (!job || job.finished_at || job.document === null) return;
  const found = eventsOf(JSON.parse(job.document) as Json);
  const runner = new Runner(ctx, jobId, job.organisation_id, found);
  try {
    if (job.behaviour === 'rollback') await runner.allOrNothing();
    else await runner.oneByOne(job.next, job.errors);
  } catch (error) {
    const hopeless = error instanceof AppError && !error.retryable;
    if (!last && !hopeless) throw error;
    await runner.end([
      ...job.errors,
      { position: job.next, pointer: '', code: 'CAPTURE_FAILED', params: {} },
    ]);
  }
}

class Runner {
  private readonly ctx: ProvenanceContext;
  private readonly jobId: string;
  private readonly organisationId: string;
  private readonly found: readonly FoundEvent[];
  constructor(ctx: ProvenanceContext, jobId: string, organisationId: string, found: readonly FoundEvent[]) {
    this.ctx = ctx;
    this.jobId = jobId;
    this.organisationId = organisationId;
    this.found = found;
  }

  async allOrNothing(): Promise<void> {
    const { rows, errors } = await this.prepared(0, this.found.length);
    if (errors.length > 0) return this.end(errors);
    try {
      const ids = await makeRoom(this.ctx, rows);
      await transact(this.ctx.db, async (tx) => {
        if (!(await this.isOpen(tx, 0))) return;
        await storeEvents(this.ctx, tx, this.organisationId, rows, ids);
        await this.end([], tx);
      });
    } catch (error) {
      const refused = this.refusal(error, rows);
      if (!refused) throw error;
      await this.end([refused]);
    }
  }

  async oneByOne(next: number, before: readonly CaptureError[]): Promise<void> {
    const errors = [...before];
    for (let from = next; from < this.found.length; from += PORTION) {
      const until = Math.min(from + PORTION, this.found.length);
      const prepared = await this.prepared(from, until);
      errors.push(...prepared.errors);
      let { rows } = prepared;
      for (;;) {
        const refused = await this.settle(rows, from, until, errors);
        if (!refused) break;
        errors.push(refused);
        const position = refused.position;
        rows = rows.filter((row) => this.position(row) !== position);
      }
    }
    await this.end(errors);
  }

  /** @returns an event that cannot be stored; then none of the portion is */
  private async settle(
    rows: readonly EventRow[],
    from: number,
    until: number,
    errors: readonly CaptureError[],
  ): Promise<CaptureError | null> {
    try {
      const ids = await makeRoom(this.ctx, rows);
      await transact(this.ctx.db, async (tx) => {
        if (!(await this.isOpen(tx, from))) return;
        await storeEvents(this.ctx, tx, this.organisationId, rows, ids);
        await tx
          .updateTable('provenance.capture_job')
          .set({ next: until, success: errors.length === 0, errors: JSON.stringify(errors) })
          .where('id', '=', this.jobId)
          .execute();
      });
      return null;
    } catch (error) {
      const refused = this.refusal(error, rows);
      if (!refused) throw error;
      return refused;
    }
  }

  /** False if another worker, which took this one for lost, has gone on. */
  private async isOpen(tx: ProvenanceContext['db'], next: number): Promise<boolean> {
    const job = await tx
      .selectFrom('provenance.capture_job')
      .select(['next', 'finished_at'])
      .where('id', '=', this.jobId)
      .forUpdate()
      .executeTakeFirst();
    return job !== undefined && job.finished_at === null && job.next === next;
  }

  async end(errors: readonly CaptureError[], tx: ProvenanceContext['db'] = this.ctx.db): Promise<void> {
    await tx
      .updateTable('provenance.capture_job')
      .set({
        document: null,
        success: errors.length === 0,
        errors: JSON.stringify(errors),
        finished_at: new Date(this.ctx.clock.now()),
      })
      .where('id', '=', this.jobId)
      .where('finished_at', 'is', null)
      .execute();
  }

  private readonly positions = new WeakMap<EventRow, number>();
  private position(row: EventRow): number {
    return this.positions.get(row)!;
  }

  private async prepared(from: number, until: number): Promise<{ rows: EventRow[]; errors: CaptureError[] }> {
    const party = await this.ctx.parties.byId(this.organisationId);
    const rows: EventRow[] = [];
    const errors: CaptureError[] = [];
    for (let i = from; i < until; i++)
      try {
        const row = prepareEvent(this.found[i]!, party);
        this.positions.set(row, i);
        rows.push(row);
      } catch (error) {
        errors.push(this.errorAt(i, error));
      }
    return { rows, errors };
  }

  private errorAt(position: number, error: unknown): CaptureError {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const { code, params } = error;
    return { position, pointer: this.found[position]!.pointer, code, params };
  }

  /** Which of the rows the storage refused, if that is what went wrong. */
  private refusal(error: unknown, rows: readonly EventRow[]): CaptureError | null {
    if (!(error instanceof AppError) || error.code !== 'EVENT_EXISTS') return null;
    const { eventID, digest } = error.params;
    const row = rows.find((one) => one.digest === digest) ?? rows.find((one) => one.eventId === eventID);
    return row ? this.errorAt(this.position(row), error) : null;
  }
}
