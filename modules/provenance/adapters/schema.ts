/** The tables of schema `provenance`. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { EpcisEvent } from '../core/events.ts';
import type { ProductBody } from '../core/product.ts';

export interface ProvenanceDatabase {
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
}
