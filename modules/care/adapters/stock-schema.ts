/** The tables of schema `care` that stock and devices use. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { DeviceClass, InspectionKind } from '../core/device.ts';
import type { GoodsInReason, Outcome, ReasonDetail } from '../core/goods-in-reasons.ts';
import type { MovementKind, StockState } from '../core/stock.ts';
import type { CountResult } from '../core/stock-count.ts';
import type { RequestKind } from '../core/stock-requests.ts';

type Doc<T> = JSONColumnType<T & object, string, string>;
type Digests = Doc<readonly Hex[]>;

export type CaseKind = GoodsInReason | 'missing' | 'unexpected';
export type AlertKind = 'reuse-attempt' | 'unknown-serial' | 'toxin-channel';

export interface StockTables {
  'care.stock_unit': {
    clinic_id: string;
    unit: string;
    gtin: string;
    serial: string;
    lot: string | null;
    expiry: string | null;
    state: StockState;
    hold: string | null;
    toxin: boolean;
    single_use: boolean;
    amount_unit: string;
    amount: number;
    used: number;
    wasted: number;
    remaining: number;
    uses: number;
    shipment: string | null;
    supplier: string | null;
    container: string | null;
    announced_at: Date | null;
    received_at: Date | null;
    opened_at: Date | null;
    use_by: Date | null;
    moved_by: string;
    moved_at: Date;
  };
  'care.stock_movement': {
    clinic_id: string;
    unit: string;
    sequence: number;
    kind: MovementKind;
    event: Hex;
    at: Date;
    amount: number | null;
    remaining: number;
    commitment: string | null;
    reason: string | null;
  };
  'care.stock_built': { built_at: Date };
  'care.goods_in': {
    scan: string;
    position: number;
    clinic_id: string;
    code: string;
    unit: string | null;
    gtin: string | null;
    lot: string | null;
    expiry: string | null;
    outcome: Outcome;
    reason: GoodsInReason;
    rule: string | null;
    detail: Doc<ReasonDetail>;
    events: Digests;
    person: string;
    device_key: Hex;
    signature: Hex;
    scanned_at: Date;
    recorded_at: Date;
    undone_at: Date | null;
  };
  'care.stock_case': {
    id: string;
    clinic_id: string;
    kind: CaseKind;
    unit: string | null;
    code: string | null;
    detail: Doc<object>;
    opened_at: Date;
    closed_at: Date | null;
    outcome: string | null;
    note: string | null;
    person: string | null;
  };
  'care.stock_request': {
    id: string;
    clinic_id: string;
    kind: RequestKind;
    unit: string;
    amount: number | null;
    reason: string;
    note: string;
    person: string;
    device_key: Hex;
    signature: Hex;
    asked_at: Date;
    second_person: string | null;
    second_key: Hex | null;
    second_signature: Hex | null;
    done_at: Date | null;
    withdrawn_at: Date | null;
    events: Digests;
  };
  'care.stock_count': {
    id: string;
    clinic_id: string;
    gtin: string | null;
    person: string;
    started_at: Date;
    closed_at: Date | null;
    result: Doc<CountResult> | null;
    events: Digests;
  };
  'care.stock_count_scan': { count_id: string; unit: string; code: string; scanned_at: Date };
  'care.alert': {
    id: string;
    clinic_id: string;
    region: string;
    kind: AlertKind;
    unit: string | null;
    cause: string;
    detail: Doc<object>;
    event: Hex | null;
    raised_at: Date;
  };
  'care.device': {
    clinic_id: string;
    unit: string;
    gtin: string;
    serial: string;
    device_class: DeviceClass | null;
    shot_limit: number | null;
    shots: number;
    fitted_to: string | null;
    registered_at: Date;
    retired_at: Date | null;
  };
  'care.device_reading': {
    clinic_id: string;
    unit: string;
    value: number;
    visit_id: string | null;
    person: string;
    read_at: Date;
  };
  'care.device_inspection': {
    id: string;
    clinic_id: string;
    unit: string;
    kind: InspectionKind;
    performed_at: Date;
    valid_until: Date | null;
    passed: boolean;
    certificate: string;
    inspector: string;
    signed_by: string;
    signer_key: Hex;
    signature: Hex;
    event: Hex;
    recorded_at: Date;
  };
}
