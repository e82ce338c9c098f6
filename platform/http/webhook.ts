/**
 * Calls to addresses that strangers named (webhooks). Nothing inside our own network is called unless the operator allows
 * it: every address that a name leads to is looked at, and the connection goes to exactly those (so that a name cannot
 * lead elsewhere in between). Redirects are not followed; time and size are limited.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  WEBHOOK_REFUSED: {
    status: 400,
    retryable: false,
    zh: '不会向这个地址发送消息：{reason}',
    en: 'No message is sent to this address: {reason}',
  },
});

export interface Webhooks {
  /** Why this address is never called, or null. */
  objection(address: string): string | null;
  /** @returns the status of the answer. Throws WEBHOOK_REFUSED; rejects if nothing answered in time. */
  post(address: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<number>;
}

export interface WebhookOptions {
  /** Private and local addresses, and http without TLS. Off unless the operator says so. */
  readonly allowPrivate: boolean;
  /** Milliseconds until an answer must be there; 10 000 by default. */
  readonly timeoutMs?: number;
  /** Every address of a name; the system's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 64 * 1024;

const INSIDE = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INSIDE.addSubnet(address, bits, 'ipv4');
// only what is given out as global unicast counts as outside, less what carries other addresses within or is for examples
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  INSIDE.addSubnet(address, bits, 'ipv6');

/** Whether an IP address is somewhere in the public network. */
export function isPublic(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return !INSIDE.check(ip, 'ipv4');
  return family === 6 && GLOBAL.check(ip, 'ipv6') && !INSIDE.check(ip, 'ipv6');
}

export function createWebhooks({
  allowPrivate,
  timeoutMs = TIMEOUT_MS,
  resolve = (host) => lookup(host, { all: true }),
}: WebhookOptions): Webhooks {
  const objection = (address: string): string | null => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'https';
    if (url.username !== '' || url.password !== '') return 'user:password@';
    if (allowPrivate) return null;
    if (url.protocol !== 'https:') return 'https';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return isIP(host) !== 0 && !isPublic(host) ? 'private address' : null;
  };

  /** What the connection is made to: asked for once, and used. */
  /* oxlint-disable promise/no-callback-in-promise -- a callback is what node:net asks for */
  const guarded: LookupFunction = (host, { all }, done) => {
    resolve(host).then(
      (found) => {
        const inside = found.some(({ address }) => !allowPrivate && !isPublic(address));
        const [first] = found;
        if (inside || !first) done(new AppError('WEBHOOK_REFUSED', { reason: 'private address' }), '', 0);
        else if (all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
  /* oxlint-enable promise/no-callback-in-promise */

  return {
    objection,
    async post(address, body, headers) {
      const reason = objection(address);
      if (reason) throw new AppError('WEBHOOK_REFUSED', { reason });
      const url = new URL(address);
      const { request } = url.protocol === 'https:' ? https : http;
      return new Promise<number>((answered, reject) => {
        const call = request(
          url,
          {
            method: 'POST',
            agent: false,
            lookup: guarded,
            signal: AbortSignal.timeout(timeoutMs),
            headers: { ...headers, 'content-length': String(body.byteLength), 'user-agent': 'zhenmei' },
          },
          (answer) => {
            let bytes = 0;
            answer.on('data', (chunk: Buffer) => {
              bytes += chunk.length;
              if (bytes > LONGEST_ANSWER) call.destroy(new Error('the answer is too long'));
            });
            answer.on('end', () => answered(answer.statusCode ?? 0));
            answer.on('error', reject);
          },
        );
        call.on('error', reject);
        call.end(body);
      });
    },
  };
}
