import './core/errors.ts';

export { careHandlers } from './adapters/http.ts';
export { careApi } from './api.ts';
export type { CareContext } from './app/context.ts';
export { consentLeafKey } from './app/effects/agree.ts';
export { sealLeafKey } from './app/effects/perform.ts';
export { expireVisits } from './app/expire-visits.ts';
export { type ChainEvent, onChainEvent } from './app/on-chain-event.ts';
export { takeEvidence } from './app/take-evidence.ts';
export { warnVisits } from './app/warn-visits.ts';
export type { ConsentTemplate } from './core/consent.ts';
export type { ServiceStandard } from './core/standard.ts';
export type * from './ports.ts';
