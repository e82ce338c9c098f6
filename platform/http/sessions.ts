/**
 * Sessions: a random token in a cookie of its seat, its hash in PostgreSQL. One person may sit in two seats at once;
 * each request names its seat in the header `zm-seat`, which another site cannot set.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes } from 'node:crypto';
import { type Caller, type Clock, DAY, HOUR, MINUTE, newId } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import { readCookie, sessionCookie } from './cookies.ts';
import type { HttpSchema } from './schema.ts';

export type Seat = Caller['seat'];
export const SEATS: readonly Seat[] = ['patient', 'desk'];

export interface SessionRules {
  /** Milliseconds without a request after which the session ends. */
  readonly idle: number;
  /** Milliseconds after which it ends in any case. */
  readonly total: number;
}

const RULES: Record<Seat, SessionRules> = {
  patient: { idle: 30 * DAY, total: 180 * DAY },
  desk: { idle: 12 * HOUR, total: 7 * DAY },
};
const ROTATE_AFTER = DAY;
const GRACE = MINUTE;
const TOUCH_AFTER = 5 * MINUTE;

/** The answer being prepared: where cookies are set. */
export interface Answer {
  readonly caller: Caller | null;
  readonly cookies: string[];
}

export interface SessionDeps {
  readonly db: Kysely<HttpSchema>;
  readonly clock: Clock;
  /** True if cookies travel over https only. */
  readonly secure: boolean;
  readonly rules?: Partial<Record<Seat, SessionRules>>;
}

export interface Sessions {
  /** Signs in: a new session, its cookie on the current answer. A session in the same seat ends. */
  open(who: { seat: Seat; accountId: string; organisationId?: string | null }): Promise<Caller>;
  /** Signs out the caller of the current request. */
  close(): Promise<void>;
  /** Ends all sessions of an account, e.g. after a lost device. */
  closeAll(accountId: string): Promise<void>;
  /** When each of these accounts was last here, to a few minutes, where a session of it is left. */
  seen(accountIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  /** Who sits in the named seat according to the cookies; sets a new token on the answer when it is due. */
  find(seat: Seat, cookieHeader: string | undefined, cookies: string[]): Promise<Caller | null>;
  /** Removes what has expired. */
  sweep(): Promise<void>;
  /** Runs a request's handler so that `open` and `close` know the answer. */
  during<T>(answer: Answer, work: () => Promise<T>): Promise<T>;
}

const hash = (token: string): Buffer => createHash('sha256').update(token).digest();

export function createSessions({ db, clock, secure, rules = {} }: SessionDeps): Sessions {
  const current = new AsyncLocalStorage<Answer>();
  const ruleOf = (seat: Seat): SessionRules => rules[seat] ?? RULES[seat];
  const cookie = (seat: Seat, token: string, ms: number): string =>
    sessionCookie(`zm_${seat}`, token, Math.ceil(ms / 1000), secure);
  const answer = (): Answer => {
    const found = current.getStore();
    if (!found) throw new Error('sessions are opened and closed only while a request is answered');
    return found;
  };
  const drop = (id: string): Promise<unknown> => db.deleteFrom('http.session').where('id', '=', id).execute();

  return {
    async open({ seat, accountId, organisationId = null }) {
      const { caller, cookies } = answer();
      if (caller?.seat === seat) await drop(caller.sessionId);
      const now = clock.now();
      const { idle, total } = ruleOf(seat);
      const token = randomBytes(32).toString('base64url');
      const id = newId(now, randomBytes(10));
      await db
        .insertInto('http.session')
        .values({
          id,
          token_hash: hash(token),
          previous_hash: null,
          previous_until: null,
          seat,
          account_id: accountId,
          organisation_id: organisationId,
          created_at: new Date(now),
          rotated_at: new Date(now),
          seen_at: new Date(now),
          idle_until: new Date(now + Math.min(idle, total)),
          expires_at: new Date(now + total),
        })
        .execute();
      cookies.push(cookie(seat, token, total));
      return { seat, accountId, organisationId, sessionId: id };
    },

    async close() {
      const { caller, cookies } = answer();
      if (!caller) return;
      await drop(caller.sessionId);
      cookies.push(cookie(caller.seat, '', 0));
    },

    async closeAll(accountId) {
      await db.deleteFrom('http.session').where('account_id', '=', accountId).execute();
    },

    async seen(accountIds) {
      if (accountIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('http.session')
        .select((eb) => ['account_id', eb.fn.max('seen_at').as('seen_at')])
        .where('account_id', 'in', [...accountIds])
        .groupBy('account_id')
        .execute();
      return new Map(rows.map(({ account_id, seen_at }) => [account_id, seen_at]));
    },

    async find(seat, cookieHeader, cookies) {
      const token = readCookie(cookieHeader, `zm_${seat}`);
      if (!token) return null;
      const digest = hash(token);
      const now = clock.now();
      const row = await db
        .selectFrom('http.session')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb('token_hash', '=', digest),
            eb.and([eb('previous_hash', '=', digest), eb('previous_until', '>', new Date(now))]),
          ]),
        )
        .where('seat', '=', seat)
        .where('idle_until', '>', new Date(now))
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst();
      if (!row) return null;
      const left = row.expires_at.getTime() - now;
      if (now - row.seen_at.getTime() >= TOUCH_AFTER) {
        const idle = new Date(now + Math.min(ruleOf(seat).idle, left));
        await db
          .updateTable('http.session')
          .set({ seen_at: new Date(now), idle_until: idle })
          .where('id', '=', row.id)
          .execute();
      }
      if (now - row.rotated_at.getTime() >= ROTATE_AFTER && row.token_hash.equals(digest)) {
        const fresh = randomBytes(32).toString('base64url');
        const { numUpdatedRows } = await db
          .updateTable('http.session')
          .set({
            token_hash: hash(fresh),
            previous_hash: digest,
            previous_until: new Date(now + GRACE),
            rotated_at: new Date(now),
          })
          .where('id', '=', row.id)
          .where('token_hash', '=', digest)
          .executeTakeFirst();
        if (numUpdatedRows === 1n) cookies.push(cookie(seat, fresh, left));
      }
      return { seat, accountId: row.account_id, organisationId: row.organisation_id, sessionId: row.id };
    },

    async sweep() {
      const now = new Date(clock.now());
      await db
        .deleteFrom('http.session')
        .where((eb) => eb.or([eb('idle_until', '<=', now), eb('expires_at', '<=', now)]))
        .execute();
    },

    during: (store, work) => current.run(store, work),
  };
}
