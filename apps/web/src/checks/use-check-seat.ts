/** This desk with the secret that its numbers for draws and its salts follow from. */
import { useQuery } from '@tanstack/react-query';
import type { CheckSeat } from '@zhenmei/client/check.ts';
import { useSeat } from '../desk/use-seat.ts';
import { deskStore } from '../state/desk-store.ts';

/** @returns the seat once it is there; an error if this device cannot read what it keeps */
export function useCheckSeat(): { readonly seat: CheckSeat | undefined; readonly error: unknown } {
  const desk = useSeat().data?.desk;
  const { data, error } = useQuery({
    queryKey: ['check-seat', desk?.organisationId],
    enabled: Boolean(desk),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => ({ desk: desk!, secret: (await deskStore.get(desk!.organisationId))!.secret }),
  });
  return { seat: data, error };
}
