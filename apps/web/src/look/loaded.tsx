/** What comes from the server, in its three states before there is anything to show. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../shell/words.ts';
import { Refusal, Waiting } from './parts.tsx';

/**
 * The wait, the refusal, and then what came; an empty list shows `empty` in its place.
 * A refusal does not hide what came before it.
 */
export function Loaded<T>({
  query: { isPending, error, data },
  what = t('loading'),
  lines = 0,
  empty,
  children,
}: {
  query: UseQueryResult<T>;
  what?: string;
  lines?: number;
  empty?: string;
  children?(data: T): ReactNode;
}) {
  const nothing = empty !== undefined && Array.isArray(data) && data.length === 0;
  return (
    <>
      {isPending ? <Waiting what={what} lines={lines} /> : null}
      {error ? <Refusal error={error} /> : null}
      {nothing ? <p className="card m-0 soft">{empty}</p> : data === undefined ? null : children?.(data)}
    </>
  );
}
