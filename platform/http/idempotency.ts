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
}

export interface Idempotency {
  /**
   * Runs `work` unless the same request has been answered already. `work` tells whether its answer is final;
   * an answer that is not (an error worth trying again) is forgotten.
   * Throws IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS.
   */
  once(
    request: { key: string; scope: string; route: string; content: unknown },
    work: () => Promise<{ answer: Remembered; final: boolean }>,
  ): Promise<{ answer: Remembered; replayed: boolean }>;
  /** Forgets answers older than a day. */
  sweep(): Promise<void>;
}

/** After this time an unfinished request counts as lost with its server, and may be done again. */
const LOST_AFTER = 30_000;
const AGAIN_EVERY = 1_000;
const VISIBLE = /^[\x21-\x7e]{16,128}$/;

export function createIdempotency(db: Kysely<HttpSchema>, clock: Clock): Idempotency {
  return {
    async once({ key, scope, route, content }, work) {
      if (!VISIBLE.test(key)) throw new AppError('IDEMPOTENCY_KEY_INVALID');
      const secret = `${route}\n${scope}\n${key}`;
      const keyHash = createHash('sha256').update(secret).digest();
      const bodyHash = createHash('sha256')
        .update(canonicalJson(content ?? null))
        .digest();
      const known = await claim(db, keyHash, bodyHash, clock.now());
      if (known) {
        if (!known.body_hash.equals(bodyHash)) throw new AppError('IDEMPOTENCY_KEY_REUSED');
        if (!known.sealed) throw new AppError('IDEMPOTENCY_IN_PROGRESS');
        return { answer: open(secret, known.sealed), replayed: true };
      }
      const mine = db.updateTable('http.answer').where('key_hash', '=', keyHash);
      const forget = async (): Promise<unknown> =>
        db.deleteFrom('http.answer').where('key_hash', '=', keyHash).execute();
      try {
        const { answer, final } = await work();
        if (final) await mine.set({ sealed: seal(secret, answer) }).execute();
        else await forget();
        return { answer, replayed: false };
      } catch (e) {
        // the database may have gone away with the work: then it forgets when it is back
        await forget().catch(() => void again(forget));
        throw e;
      }
    },
    async sweep() {
      await db
        .deleteFrom('http.answer')
        .where('started_at', '<', new Date(clock.now() - DAY))
        .execute();
    },
  };
}

async function again(work: () => Promise<unknown>): Promise<void> {
  for (let waited = 0; waited < LOST_AFTER; waited += AGAIN_EVERY) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_EVERY).unref());
    const done = await work().then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}

/** Null if the request is ours to do; otherwise what is known about it. */
async function claim(
  db: Kysely<HttpSchema>,
  keyHash: Buffer,
  bodyHash: Buffer,
  now: number,
): Promise<HttpSchema['http.answer'] | null> {
  const mine = await db
    .insertInto('http.answer')
    .values({ key_hash: keyHash, body_hash: bodyHash, sealed: null, started_at: new Date(now) })
    .onConflict((conflict) =>
      conflict
        .column('key_hash')
        .doUpdateSet({ started_at: new Date(now) })
        .where('http.answer.sealed', 'is', null)
        .where('http.answer.started_at', '<', new Date(now - LOST_AFTER))
        .where('http.answer.body_hash', '=', bodyHash),
    )
    .executeTakeFirst();
  if (mine.numInsertedOrUpdatedRows === 1n) return null;
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
