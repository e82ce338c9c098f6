/** The tables of schema `provenance` that follow goods: signatures, versions, stock, hand-overs, exceptions. */
import type { Hex } from '@zhenmei/kernel';

export interface SupplyDatabase {
  'provenance.event_signature': {
    digest: Hex;
    key: Hex;
    signature: Hex;
    organisation_id: string;
    signed_at: Date;
  };
}
