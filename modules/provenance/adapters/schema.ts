/** The tables of schema `provenance`. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { EpcisEvent } from '../core/events.ts';
import type { ProductBody } from '../core/product.ts';

export interface ProvenanceDatabase {
  'provenance.product': { gtin: string; maker_id: string; body: JSONColumnType<ProductBody, string, string>; authorisation: string | null; registered_at: Date };
  'provenance.lot': { link: string; gtin: string; units: JSONColumnType<string[], string, string>; registered_at: Date };
  'provenance.event': {
    digest: Hex;
    body: JSONColumnType<EpcisEvent, string, string>;
    biz_step: string;
    event_time: Date;
    site: string | null;
    captured_by: string;
    captured_at: Date;
  };
  'provenance.event_epc': { epc: string; digest: Hex };
}
