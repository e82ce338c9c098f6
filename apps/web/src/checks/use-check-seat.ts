/** This desk with the secret that its numbers for draws and its salts follow from. */
import { useQuery } from '@tanstack/react-query';
import type { CheckSeat } from '@zhenmei/client/check.ts';
import { useSeat } from '../desk/use-seat.ts';
import { deskStore } from '../state/desk-store.ts';

export function useCheckSeat(): CheckSeat | undefined {
  const desk = useSeat().data?.desk;
  return useQuery({
    queryKey: ['check-seat', desk?.organisationId],
    enabled: Boolean(desk),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => ({ desk: desk!, secret: (await deskStore.get(desk!.organisationId))!.secret }),
  }).data;
}
