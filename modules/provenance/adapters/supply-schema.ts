/** The tables of schema `provenance` that follow goods: signatures, versions, stock, hand-overs, exceptions. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
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
}
