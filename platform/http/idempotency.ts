/**
 * Idempotency-Key: the same request sent twice is done once, and both get the same answer. The remembered answer is
 * encrypted under the key itself, which the server does not keep: the table alone tells nothing.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { AppError, type Clock, canonicalJson, DAY } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import './errors.ts';
import type { HttpSchema } from './schema.ts';

export interface Remembered {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Headers that the handler set. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Idempotency {
  /**
   * Runs `work` unless the same request has been answered already. `work` tells whether its answer is final, and is
   * told whether the same request came before and nobody knows what became of it: its server or its database went away.
   * Throws IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS.
   */
  once(
    request: { key: string; scope: string; route: string; content: unknown },
    work: (again: boolean) => Promise<{ answer: Remembered; final: boolean }>,
  ): Promise<{ answer: Remembered; replayed: boolean }>;
  /** For a server that has its database to itself, before it listens: what is under way was lost with the one before. */
  startOver(): Promise<void>;
  /** Forgets answers older than a day. */
  sweep(): Promise<void>;
}

/** A request under way is renewed; one that was not for this long is lost with its server, and may be done again. */
const LOST_AFTER = 5_000;
const RENEW_EVERY = 1_000;
/** How long a database that is away is waited for. */
const PATIENCE = 30_000;
const VISIBLE = /^[\x21-\x7e]{16,128}$/;

export function createIdempotency(db: Kysely<HttpSchema>, clock: Clock): Idempotency {
  /** A time by which a request counts as lost. */
  const lost = (): Date => new Date(clock.now() - LOST_AFTER - 1);
  return {
    async once({ key, scope, route, content }, work) {
      if (!VISIBLE.test(key)) throw new AppError('IDEMPOTENCY_KEY_INVALID');
      const secret = `${route}\n${scope}\n${key}`;
      const keyHash = createHash('sha256').update(secret).digest();
      const bodyHash = createHash('sha256')
        .update(canonicalJson(content ?? null))
        .digest();
      const known = await claim(db, keyHash, bodyHash, clock.now());
      if (typeof known === 'object') {
        if (!known.body_hash.equals(bodyHash)) throw new AppError('IDEMPOTENCY_KEY_REUSED');
        if (!known.sealed) throw new AppError('IDEMPOTENCY_IN_PROGRESS');
        return { answer: open(secret, known.sealed), replayed: true };
      }
      const mine = db.updateTable('http.answer').where('key_hash', '=', keyHash).where('sealed', 'is', null);
      const touch = (at: Date): Promise<unknown> => mine.set({ started_at: at }).execute();
      const renew = (): void => void touch(new Date(clock.now())).catch(() => undefined);
      const renewing = setInterval(renew, RENEW_EVERY).unref();
      try {
        const { answer, final } = await work(known === 'again');
        if (final) await mine.set({ sealed: seal(secret, answer) }).execute();
        else await db.deleteFrom('http.answer').where('key_hash', '=', keyHash).execute();
        return { answer, replayed: false };
      } catch (e) {
        clearInterval(renewing);
        const letGo = (): Promise<unknown> => touch(lost());
        // the database may have gone away with the work: then it is let go when it is back
        await letGo().catch(() => void untilDone(letGo));
        throw e;
      } finally {
        clearInterval(renewing);
      }
    },
    async startOver() {
      await db.updateTable('http.answer').set({ started_at: lost() }).where('sealed', 'is', null).execute();
    },
    async sweep() {
      await db
        .deleteFrom('http.answer')
        .where('started_at', '<', new Date(clock.now() - DAY))
        .execute();
    },
  };
}

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += RENEW_EVERY) {
    await new Promise((resolve) => setTimeout(resolve, RENEW_EVERY).unref());
    const done = await work().then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}

/** `new` or `again` if the request is ours to do; otherwise what is known about it. */
async function claim(
  db: Kysely<HttpSchema>,
  keyHash: Buffer,
  bodyHash: Buffer,
  now: number,
): Promise<HttpSchema['http.answer'] | 'new' | 'again'> {
  const inserted = await db
    .insertInto('http.answer')
    .values({ key_hash: keyHash, body_hash: bodyHash, sealed: null, started_at: new Date(now) })
    .onConflict((conflict) => conflict.column('key_hash').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return 'new';
  const taken = await db
    .updateTable('http.answer')
    .set({ started_at: new Date(now) })
    .where('key_hash', '=', keyHash)
    .where('body_hash', '=', bodyHash)
    .where('sealed', 'is', null)
    .where('started_at', '<', new Date(now - LOST_AFTER))
    .executeTakeFirst();
  if (taken.numUpdatedRows === 1n) return 'again';
  const row = await db
    .selectFrom('http.answer')
    .selectAll()
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  if (!row) throw new AppError('IDEMPOTENCY_IN_PROGRESS');
  return row;
}

const keyFor = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'zhenmei/http/answer', 32));

function seal(secret: string, answer: Remembered): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

function open(secret: string, sealed: Buffer): Remembered {
  const decipher = createDecipheriv('aes-256-gcm', keyFor(secret), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  return JSON.parse(plain.toString('utf8')) as Remembered;
}
