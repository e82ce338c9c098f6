/** The tables of schema `provenance`. */
import type { Hex, Json } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { EpcisEvent } from '../core/events.ts';
import type { NoticeKind } from '../core/notice.ts';
import type { ProductBody } from '../core/product.ts';
import type { SupplyDatabase } from './supply-schema.ts';

export interface ProvenanceDatabase extends SupplyDatabase {
  'provenance.product': {
    gtin: string;
    maker_id: string;
    body: JSONColumnType<ProductBody, string, string>;
    authorisation: string | null;
    registered_at: Date;
  };
  'provenance.lot': {
    link: string;
    gtin: string;
    units: JSONColumnType<string[], string, string>;
    registered_at: Date;
  };
  'provenance.event': {
    /** SHA-256 over canonical JSON: the identity of a statement. */
    digest: Hex;
    body: JSONColumnType<EpcisEvent, string, string>;
    biz_step: string | null;
    event_time: Date;
    /** GLN address of the site, if stated. */
    site: string | null;
    captured_by: string;
    captured_at: Date;
    /** Event hash of CBV 2.0, the same for a correction as for what it corrects. */
    hash: string | null;
    /** The eventID the sender gave, if any. */
    event_id: string | null;
  };
  /** `role` is how the event speaks of it: epc, class, parent or child. */
  'provenance.event_epc': { epc: string; digest: Hex; role: 'epc' | 'class' | 'parent' | 'child' };
  'provenance.notice': {
    /** Place in the feed, from 0 without a gap. */
    seq: number;
    id: string;
    kind: NoticeKind;
    gtin: string;
    issuer: string;
    about: string | null;
    /** Canonical text of notice, key and signature. */
    text: string;
    published_by: string;
    published_at: Date;
  };
  'provenance.acknowledgement': {
    notice: string;
    organisation: string;
    seen_at: Date;
    acknowledged_at: Date | null;
    locked: number | null;
  };
  /** Keys are keccak256 of the address. */
  'provenance.chain_unit': { unit: Hex; openings: number; used: bigint };
  'provenance.chain_lot': { lot: Hex; blocked_block: bigint };
  'provenance.scan_count': { unit: Hex; gtin: string; region: string; hour: Date; scans: number };
  'provenance.likelihood': { gtin: string; region: string; ratio: number };
  'provenance.investigation': {
    id: string;
    gtin: string;
    signal: string;
    subject: string;
    evidence: JSONColumnType<Record<string, Json>, string, string>;
    opened_at: Date;
    closed_at: Date | null;
    closed_by: string | null;
    outcome: string | null;
  };
}
