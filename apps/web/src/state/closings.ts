/** Closings that run, as several screens show them. */
import { useQuery } from '@tanstack/react-query';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { patientApi } from './apis.ts';

export const CLOSINGS = ['vault-closings'] as const;

export const useClosings = () =>
  useQuery({
    queryKey: CLOSINGS,
    queryFn: () => patientApi.call(vaultApi.listClosings),
    refetchInterval: 10_000,
  });
