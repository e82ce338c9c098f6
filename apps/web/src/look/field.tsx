/** A labelled input; hint and error are tied to it, so that a screen reader says them with it. */
import { Field as Base } from '@base-ui/react/field';
import type { ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<typeof Base.Control>, 'className' | 'size'> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly large?: boolean;
  readonly lines?: number;
}

export function Field({ label, hint, error, large, lines, ...control }: Props) {
  return (
    <Base.Root className="flex flex-col gap-1" invalid={Boolean(error)}>
      <Base.Label className="font-medium">{label}</Base.Label>
      <Base.Control
        {...control}
        className={`input ${large ? 'input-digits' : ''}`}
        {...(lines ? { render: <textarea rows={lines} /> } : {})}
      />
      {hint ? <Base.Description className="soft text-sm m-0">{hint}</Base.Description> : null}
      {error ? (
        <Base.Error match className="text-cinnabar font-medium">
          <span aria-hidden="true">✕ </span>
          {error}
        </Base.Error>
      ) : null}
    </Base.Root>
  );
}
