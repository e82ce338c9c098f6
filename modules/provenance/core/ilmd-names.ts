/** Names of the lot's master data: bare ones, as our first events had them, get the prefix of the CBV. */
import type { Json } from '@zhenmei/kernel';
import { isObject, type JsonObject } from './checks.ts';

export function withIlmdNames(event: Json): Json {
  if (!isObject(event) || !isObject(event.ilmd)) return event;
  const named = Object.entries(event.ilmd).map(([name, value]) => [
    name.includes(':') ? name : `cbvmda:${name}`,
    value,
  ]);
  return { ...event, ilmd: Object.fromEntries(named) as JsonObject };
}
