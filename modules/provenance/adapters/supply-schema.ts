/** The tables of schema `provenance` that follow goods: signatures, versions, stock, hand-overs, exceptions. */
import type { Hex } from '@zhenmei/kernel';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { LotPlan } from '../core/commission.ts';
import type { ExceptionKind, ExceptionState } from '../core/exceptions.ts';
import type { Standing } from '../core/item.ts';
import type { ProductBody } from '../core/product.ts';

export interface SupplyDatabase {
  'provenance.event_signature': {
    digest: Hex;
    key: Hex;
    signature: Hex;
    organisation_id: string;
    signed_at: Date;
  };
  /** Only grows. */
  'provenance.product_version': {
    gtin: string;
    version: number;
    body: JSONColumnType<ProductBody, string, string>;
    note: string | null;
    changed_by: string;
    changed_at: Date;
  };
  'provenance.item': {
    epc: string;
    gtin: string | null;
    standing: Standing;
    holder: string | null;
    bound: string | null;
    shipment: Hex | null;
    parent: string | null;
    lot: string | null;
    expiry: string | null;
    made: Hex | null;
    since: Date;
    at: Date;
    story: Hex;
  };
  'provenance.content': { parent: string; child: string };
  'provenance.movement': {
    epc: string;
    digest: Hex;
    kind: 'ship' | 'receive';
    site: string;
    other: string | null;
    at: Date;
  };
  'provenance.handover': {
    digest: Hex;
    kind: 'ship' | 'receive';
    from_gln: string | null;
    to_gln: string | null;
    at: Date;
    units: number;
    carrier: string | null;
    reference: string | null;
    void: Generated<boolean>;
    captured_at: Date;
  };
  'provenance.exception': {
    id: string;
    kind: ExceptionKind;
    event: Hex;
    owner_id: string | null;
    other_id: string | null;
    gtin: string | null;
    lot: string | null;
    state: ExceptionState;
    opened_at: Date;
    due_at: Date;
    resolved_at: Date | null;
  };
  'provenance.exception_item': { exception_id: string; epc: string };
  /** Only grows. */
  'provenance.exception_entry': {
    exception_id: string;
    no: number;
    at: Date;
    what: EntryWhat;
    organisation_id: string | null;
    note: string | null;
    event: Hex | null;
  };
  'provenance.lot_plan': {
    link: string;
    lot_id: Hex;
    gtin: string;
    maker_id: string;
    plan: JSONColumnType<LotPlan, string, string>;
    planned_at: Date;
  };
  /** Projection of the chain. */
  'provenance.lot_root': {
    lot_id: Hex;
    maker: Hex;
    root: Hex;
    amount_per_unit: string;
    single_use: boolean;
    blocked: boolean;
    block: string;
    at: Date;
  };
  'provenance.sensor_log': {
    sha256: string;
    organisation_id: string;
    offset_minutes: number;
    readings: number;
    stored_at: Date;
  };
  'provenance.sscc_counter': { company_prefix: string; next: ColumnType<string, number, number> };
}

export type EntryWhat =
  | 'opened'
  | 'reopened'
  | 'changed'
  | 'taken-on'
  | 'quarantined'
  | 'noted'
  | 'overdue'
  | 'resolved';
