/** Publishes a notice: signed by a device of the maker or regulator, an event where it recalls, a leaf, and an entry of the feed. */
import { lotLink, siteLink, unitLink } from '@zhenmei/gs1';
import { AppError, type Hex, HOUR } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type Notice, noticeDigest, noticeText, readNotice, type SignedNotice } from '../core/notice.ts';
import type { Site } from '../ports.ts';
import { captureEvent } from './capture-event.ts';
import type { SafetyContext } from './context.ts';
import { type NoticeRow, signedOf } from './notices-of.ts';

export interface Published {
  readonly id: string;
  /** Place in the feed. */
  readonly seq: number;
  readonly digest: Hex;
}

/** Clocks of devices may differ from ours by so much. */
const SKEW = HOUR;

/** Key of a notice's leaf in the log. */
export function noticeLeafKey(id: string): string {
  return `notice/${id}`;
}

/**
 * The same notice again changes nothing.
 * Throws NOTICE_INVALID, NOTICE_NOT_SIGNED, NOTICE_NOT_YOURS, NOTICE_EXISTS, NOTICE_UNKNOWN, NOTICE_TIME_WRONG.
 */
export async function publishNotice(
  ctx: SafetyContext,
  organisationId: string,
  value: unknown,
): Promise<Published> {
  const signed = readNotice(value);
  const { notice } = signed;
  const party = await ctx.parties.byId(organisationId);
  if (!party || notice.issuer !== party.gln) throw new AppError('NOTICE_NOT_YOURS');
  if (!(await ctx.devices.keysOf(organisationId)).includes(signed.key))
    throw new AppError('NOTICE_NOT_YOURS');
  await mustBeAbout(ctx, party, notice.gtin);
  return ctx.db.transaction().execute(async (tx) => {
    // one writer at a time, so that the feed has no gap
    await sql`select pg_advisory_xact_lock(hashtext('provenance.notice'))`.execute(tx);
    const known = await byId(tx, notice.id);
    if (known) return again(known, signed);
    if (Math.abs(Date.parse(notice.issuedAt) - ctx.clock.now()) > SKEW)
      throw new AppError('NOTICE_TIME_WRONG');
    const about = notice.about === undefined ? null : await earlier(tx, notice, party);
    const { next } = await tx
      .selectFrom('provenance.notice')
      .select((eb) => eb.fn.countAll<bigint>().as('next'))
      .executeTakeFirstOrThrow();
    const seq = Number(next);
    await tx
      .insertInto('provenance.notice')
      .values({
        seq,
        id: notice.id,
        kind: notice.kind,
        gtin: notice.gtin,
        issuer: notice.issuer,
        about: notice.about ?? null,
        text: noticeText(signed),
        published_by: organisationId,
        published_at: new Date(ctx.clock.now()),
      })
      .execute();
    const event = eventOf(signed, about);
    if (event) await captureEvent(ctx, organisationId, event, tx);
    await ctx.log.append(tx, 0x05, noticeText(signed), noticeLeafKey(notice.id));
    return { id: notice.id, seq, digest: noticeDigest(signed) };
  });
}

/** A maker speaks of its own products, a regulator of any number, registered or not. */
async function mustBeAbout(ctx: SafetyContext, party: Site, gtin: string): Promise<void> {
  if (party.kind === 'regulator') return;
  const product = await ctx.db
    .selectFrom('provenance.product')
    .select('maker_id')
    .where('gtin', '=', gtin)
    .executeTakeFirst();
  if (party.kind !== 'maker' || product?.maker_id !== party.id) throw new AppError('NOTICE_NOT_YOURS');
}

const byId = (db: SafetyContext['db'], id: string) =>
  db.selectFrom('provenance.notice').selectAll().where('id', '=', id).executeTakeFirst();

function again(known: NoticeRow, signed: SignedNotice): Published {
  if (known.text !== noticeText(signed)) throw new AppError('NOTICE_EXISTS');
  return { id: known.id, seq: known.seq, digest: noticeDigest(signed) };
}

/** The notice that is withdrawn or closed: in force, of the same product, said by the same party unless a regulator speaks. */
async function earlier(db: SafetyContext['db'], notice: Notice, party: Site): Promise<Notice> {
  const row = await byId(db, notice.about!);
  const about = row && signedOf(row).notice;
  const withdrawn = await db
    .selectFrom('provenance.notice')
    .select('seq')
    .where('about', '=', notice.about!)
    .where('kind', '=', 'withdrawal')
    .executeTakeFirst();
  const fits = notice.kind === 'closure' ? ['recall'] : ['recall', 'counterfeit'];
  if (!about || withdrawn || !fits.includes(about.kind) || about.gtin !== notice.gtin)
    throw new AppError('NOTICE_UNKNOWN');
  if (about.issuer !== party.gln && party.kind !== 'regulator') throw new AppError('NOTICE_NOT_YOURS');
  return about;
}

/** What a recall, or its withdrawal, says as an EPCIS event; the other notices are no events of units. */
function eventOf(signed: SignedNotice, about: Notice | null): Record<string, unknown> | null {
  const { notice } = signed;
  const recalled = notice.kind === 'recall' ? notice : about;
  if (recalled?.kind !== 'recall' || notice.kind === 'closure') return null;
  const { gtin, lots, serials } = recalled;
  const site = { id: siteLink(notice.issuer) };
  return {
    type: 'ObjectEvent',
    eventTime: notice.issuedAt,
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    bizStep: 'inspecting',
    ...(notice.kind === 'recall'
      ? { disposition: 'recalled' }
      : { persistentDisposition: { unset: ['recalled'] } }),
    ...(serials.length > 0
      ? { epcList: serials.map((serial) => unitLink(gtin, serial)) }
      : { quantityList: lots.map((lot) => ({ epcClass: lotLink(gtin, lot) })) }),
    readPoint: site,
    bizLocation: site,
    'zm:notice': noticeDigest(signed),
  };
}
