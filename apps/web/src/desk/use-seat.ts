/** Which organisation this desk belongs to now. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { currentSeat } from '../state/desk.ts';

export const SEAT = 'desk-seat';

export const useSeat = () =>
  useQuery({ queryKey: [SEAT], queryFn: currentSeat, staleTime: Number.POSITIVE_INFINITY });

/** After joining, changing or leaving: nothing of the other organisation stays on the screen. */
export function useNewSeat(to: '/desk' | '/desk/sign-in-devices' = '/desk'): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SEAT });
    await queries.refetchQueries({ queryKey: [SEAT] });
    await navigate({ to });
  };
}
