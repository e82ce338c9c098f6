/** The tables of schema `provenance`. */
import type { Hex, Json } from '@zhenmei/kernel';
import type { Generated, JSONColumnType } from 'kysely';
import type { EpcisEvent } from '../core/events.ts';
import type { NoticeKind } from '../core/notice.ts';
import type { EpcFormat } from '../core/present.ts';
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
  /** Every identifier and step that events speak of, once. */
  'provenance.identifier': { id: Generated<bigint>; uri: string };
  /** By month of event time. */
  'provenance.event': {
    no: Generated<bigint>;
    /** SHA-256 over canonical JSON: the identity of a statement. */
    digest: Hex;
    /** SHA-256 within the event hash of CBV 2.0, the same for a correction as for what it corrects. */
    hash: Uint8Array | null;
    /** The eventID the sender chose, if it is not that hash. */
    event_id: string | null;
    event_time: Date;
    type: string;
    action: string | null;
    biz_step: string | null;
    disposition: string | null;
    read_point: string | null;
    biz_location: string | null;
    /** Where it happened: bizLocation, otherwise readPoint. */
    site: string | null;
    /** Declared wrong, or itself such a declaration. */
    void: Generated<boolean>;
    body: JSONColumnType<EpcisEvent, string, string>;
    /** How the sender wrote identifiers, where that is not the canonical form. */
    written: JSONColumnType<Record<string, string>, string | null, string | null> | null;
    captured_by: string;
    captured_at: Date;
    tx: Generated<bigint>;
  };
  /** `role` as in `core/names.ts`; step, site, parent and lot are identifiers. */
  'provenance.event_epc': {
    epc: bigint;
    event_time: Date;
    event: bigint;
    role: number;
    change: number | null;
    rank: number;
    void: Generated<boolean>;
    step: bigint | null;
    site: bigint | null;
    parent: bigint | null;
    lot: bigint | null;
  };
  /** When something was in something, both ends included. */
  'provenance.containment': { child: bigint; since: Date; parent: bigint; until: Date };
  /** Events with an errorDeclaration. */
  'provenance.correction': { event_time: Date; event: bigint };
  /** eventIDs that senders chose. */
  'provenance.event_name': {
    event_id: string;
    organisation_id: string;
    event_time: Date;
    event: bigint;
    correction: boolean;
  };
  'provenance.capture_job': {
    id: string;
    organisation_id: string;
    behaviour: 'rollback' | 'proceed';
    /** JSON-LD, until the job has ended. */
    document: string | null;
    events: number;
    next: Generated<number>;
    success: Generated<boolean>;
    errors: JSONColumnType<CaptureError[], string | undefined, string>;
    created_at: Date;
    finished_at: Date | null;
  };
  /** Page tokens that were given back. */
  'provenance.ended_token': { hash: Uint8Array; until: Date };
  'provenance.named_query': {
    organisation_id: string;
    name: string;
    query: JSONColumnType<Record<string, unknown>, string, string>;
    created_at: Date;
  };
  'provenance.subscription': {
    id: string;
    organisation_id: string;
    query_name: string;
    dest: string;
    token: string | null;
    schedule: JSONColumnType<Record<string, string>, string | null, string | null> | null;
    report_if_empty: boolean;
    epc_format: EpcFormat;
    initial_record_time: Date | null;
    min_record_time: Date;
    created_at: Date;
    last_notified_at: Date | null;
    era: number;
    /** A pg_snapshot; null: everything since `initial_record_time`. */
    delivered: string | null;
    window_era: number | null;
    window_until: string | null;
    after_no: Generated<bigint>;
    window_sent: Generated<boolean>;
    seen_no: Generated<bigint>;
    due_at: Date;
    attempts: Generated<number>;
    locked_until: Date | null;
    /** Only the worker that took it last may note how it went. */
    claim: Generated<bigint>;
    stopped_at: Date | null;
    stopped_code: string | null;
    last_error: string | null;
  };
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

/** An event of a capture job that was refused. */
export interface CaptureError {
  readonly position: number;
  readonly pointer: string;
  readonly code: string;
  readonly params: Record<string, string | number | boolean>;
}
