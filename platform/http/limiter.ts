/** How often one caller may do one thing: a bucket of tokens that fills up again with time. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@zhenmei/kernel';

export interface Limiter {
  /** Takes one token. Returns 0, or the whole seconds to wait until there is one. */
  take(key: string, perMinute: number): number;
}

const MINUTE = 60_000;

/** Kept in memory, for this process; the buckets used longest ago are forgotten beyond `size`. */
export function createLimiter(clock: Clock, size = 50_000): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, perMinute) {
      const now = clock.now();
      const known = buckets.get(key);
      const filled = known ? known.tokens + (Math.max(0, now - known.at) * perMinute) / MINUTE : perMinute;
      const tokens = Math.min(perMinute, filled);
      buckets.delete(key);
      const allowed = tokens >= 1;
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
      if (buckets.size > size) buckets.delete(buckets.keys().next().value!);
      return allowed ? 0 : Math.max(1, Math.ceil(((1 - tokens) * MINUTE) / perMinute / 1000));
    },
  };
}

/** One household or device farm shares an IPv6 /64. */
export function networkOf(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip;
  const [head = '', tail = ''] = ip.split('::');
  const front = head ? head.split(':') : [];
  const back = tail ? tail.split(':') : [];
  const gap = ip.includes('::') ? Array.from({ length: 8 - front.length - back.length }, () => '0') : [];
  return `${[...front, ...gap, ...back].slice(0, 4).join(':')}::/64`;
}

/** The neighbourhood of an address: IPv4 /24, IPv6 /48. */
export function prefixOf(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/.exec(ip)?.[1];
  return v4 ? `${v4}.0/24` : `${networkOf(ip).split(':').slice(0, 3).join(':')}::/48`;
}

const SALT = randomBytes(32);

/** A name of the neighbourhood that says nothing about it, and is another after each start. */
export const nameOfNetwork = (ip: string): string =>
  createHmac('sha256', SALT).update(prefixOf(ip)).digest('base64url').slice(0, 16);
