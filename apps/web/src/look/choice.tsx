/** One of several, several of several, one of many, on or off: each works by keyboard and says its state. */

import { Checkbox } from '@base-ui/react/checkbox';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Fieldset } from '@base-ui/react/fieldset';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Select as Base } from '@base-ui/react/select';
import { Switch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';

const TICK = 'm5 12.5 4.5 4.5L19 7.5';

function Mark({ d }: { d: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
    >
      <path d={d} />
    </svg>
  );
}

export interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

/** One of a few. */
export function Choice<V extends string>({
  legend,
  options,
  value,
  onChange,
}: {
  legend: ReactNode;
  options: readonly Option<V>[];
  value: V | null;
  onChange(value: V): void;
}) {
  return (
    <Fieldset.Root
      className="min-w-0 flex flex-col"
      render={<RadioGroup value={value} onValueChange={(next) => onChange(next as V)} />}
    >
      <Fieldset.Legend className="font-medium mb-1">{legend}</Fieldset.Legend>
      {options.map((option) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is its control
        <label key={option.value} className="pick">
          <Radio.Root value={option.value} disabled={option.disabled ?? false} className="dot">
            <Radio.Indicator className="dot-on" />
          </Radio.Root>
          <span className="flex-1 min-w-0">{option.label}</span>
        </label>
      ))}
    </Fieldset.Root>
  );
}

/** Yes or no beside a text; part of a list of which several may hold. */
export function Tick({
  label,
  on,
  onChange,
}: {
  label: ReactNode;
  on: boolean;
  onChange(on: boolean): void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is its control
    <label className="pick">
      <Checkbox.Root checked={on} onCheckedChange={onChange} className="box">
        <Checkbox.Indicator className="flex">
          <Mark d={TICK} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span className="flex-1 min-w-0">{label}</span>
    </label>
  );
}

/** A setting that holds from now on. */
export function Toggle({ label, on, onChange }: { label: string; on: boolean; onChange(on: boolean): void }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control
    <label className="pick justify-between">
      <span>{label}</span>
      <Switch.Root checked={on} onCheckedChange={onChange} className="toggle">
        <Switch.Thumb className="toggle-thumb" />
      </Switch.Root>
    </label>
  );
}

/** One of many. */
export function Select<V extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { value: V; label: string }[];
  value: V;
  onChange(value: V): void;
}) {
  return (
    <CSPProvider disableStyleElements>
      <div className="flex flex-col gap-1 min-w-0">
        <Base.Root
          items={options}
          value={value}
          onValueChange={(next) => {
            if (next !== null) onChange(next as V);
          }}
        >
          <Base.Label className="font-medium">{label}</Base.Label>
          <Base.Trigger className="input select">
            <Base.Value className="truncate" />
            <Base.Icon className="flex shrink-0">
              <Mark d="m6 9 6 6 6-6" />
            </Base.Icon>
          </Base.Trigger>
          <Base.Portal>
            <Base.Positioner className="z-30 outline-none" sideOffset={4} alignItemWithTrigger={false}>
              <Base.Popup className="popup">
                {options.map((option) => (
                  <Base.Item key={option.value} value={option.value} className="item">
                    <span className="w-5 flex shrink-0">
                      <Base.ItemIndicator className="flex">
                        <Mark d={TICK} />
                      </Base.ItemIndicator>
                    </span>
                    <Base.ItemText>{option.label}</Base.ItemText>
                  </Base.Item>
                ))}
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      </div>
    </CSPProvider>
  );
}
