/** One action. A busy button keeps its place and says so. */
import type { ComponentProps } from 'react';

const KINDS = { main: 'btn btn-main', plain: 'btn', danger: 'btn btn-danger', quiet: 'btn-quiet' } as const;

export function Button({
  kind = 'plain',
  busy = false,
  disabled,
  className = '',
  ...rest
}: ComponentProps<'button'> & { kind?: keyof typeof KINDS; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={`${KINDS[kind]} ${className}`}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
    />
  );
}
