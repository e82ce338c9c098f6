/** The organisation's device as what signs statements about goods. Only inside the frame, where a seat is there. */
import type { Desk } from '@zhenmei/client/desk.ts';
import type { SupplyDesk } from '@zhenmei/client/hand-over.ts';
import { now } from '../state/apis.ts';
import type { Organisation } from '../state/desk-store.ts';
import { useSeat } from './use-seat.ts';

export function useSupply(): SupplyDesk & { readonly desk: Desk; readonly organisation: Organisation } {
  const seat = useSeat().data;
  if (!seat) throw new Error('outside the frame of a desk');
  return { desk: seat.desk, gln: seat.organisation.gln, now, organisation: seat.organisation };
}
