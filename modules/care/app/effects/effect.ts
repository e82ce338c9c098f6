/** What one signed step checks and changes. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Updateable } from 'kysely';
import type { CareDatabase } from '../../adapters/schema.ts';
import type { Attachments } from '../../api.ts';
import type { VisitStep } from '../../core/steps.ts';
import type { Side } from '../../core/visit.ts';
import type { CareContext, CareTx, VisitRow } from '../context.ts';

export interface EffectInput<Data> {
  readonly ctx: CareContext;
  readonly tx: CareTx;
  readonly visit: VisitRow;
  readonly step: VisitStep;
  readonly data: Data;
  readonly attachments: Attachments;
  readonly by: Side;
  readonly lang: 'zh-CN' | 'en';
}

export interface Effect<Data> {
  /** The clinic device's key that must have signed. */
  deviceKey(input: EffectInput<Data>): Promise<Hex>;
  /** Every guard of the transition, at the proposal and again at the confirmation. */
  check(input: EffectInput<Data>): Promise<void>;
  /** More checks once the second side confirms. */
  confirm?(input: EffectInput<Data>): Promise<void>;
  /** Columns that change when the step applies; writes log leaves in the same transaction. */
  patch(input: EffectInput<Data>): Promise<Updateable<CareDatabase['care.visit']>>;
}

/** The key of the device that made the offer signs for the clinic from then on. */
export async function offerKey(input: EffectInput<unknown>): Promise<Hex> {
  if (!input.visit.offer) throw new AppError('STEP_NOT_ALLOWED');
  return input.visit.offer.publicKey;
}

export function required<T>(value: T | undefined | null, field: string): T {
  if (value === undefined || value === null) throw new AppError('STEP_DATA_WRONG', { field });
  return value;
}

export function same(left: unknown, right: unknown, field: string): void {
  if (left !== right) throw new AppError('STEP_DATA_WRONG', { field });
}
