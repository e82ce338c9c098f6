/** One effect for each signed step. */
import type { SignedStepType } from '../../core/step-data.ts';
import { agree } from './agree.ts';
import type { Effect } from './effect.ts';
import { followUp } from './follow-up.ts';
import { override, reportGate } from './gate.ts';
import { leave } from './leave.ts';
import { offer } from './offer.ts';
import { perform } from './perform.ts';
import { pickTime } from './pick-time.ts';
import { checkIn, makeReady } from './ready.ts';
import { unseal } from './unseal.ts';

export const effects: Readonly<Record<SignedStepType, Effect<never>>> = {
  offer: offer as Effect<never>,
  agree: agree as Effect<never>,
  'make-ready': makeReady as Effect<never>,
  'check-in': checkIn as Effect<never>,
  unseal: unseal as Effect<never>,
  perform: perform as Effect<never>,
  cancel: leave as Effect<never>,
  refuse: leave as Effect<never>,
  'report-gate': reportGate as Effect<never>,
  override: override as Effect<never>,
  'pick-time': pickTime as Effect<never>,
  'follow-up': followUp as Effect<never>,
};
