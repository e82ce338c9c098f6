export { provenanceHandlers } from './adapters/http.ts';
export { provenanceApi } from './api.ts';
export { captureEvent, eventLeafKey } from './app/capture-event.ts';
export type { ProvenanceContext } from './app/context.ts';
export { judgeUnit } from './app/judge-unit.ts';
export { readProduct } from './app/register.ts';
export { eventDigest } from './core/events.ts';
export type { PartyPort, Site } from './ports.ts';
