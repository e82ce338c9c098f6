/** Questions a person answers by ticking what applies; what is not ticked is a no, kept with today's date. */
import { CONDITIONS, type ConditionCode } from '@zhenmei/vault/core/health/conditions.ts';
import { SUBSTANCES, type Substance } from '@zhenmei/vault/core/substances.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';

export interface Ticked {
  readonly allergies: readonly string[];
  readonly present: readonly ConditionCode[];
}

export function Questions({
  ingredients,
  conditions,
  before = [],
  none,
  some,
  busy,
  error,
  onAnswer,
}: {
  /** Codes to ask about; empty if allergies are known. */
  ingredients: readonly string[];
  conditions: readonly ConditionCode[];
  /** What was said yes to before. */
  before?: readonly ConditionCode[];
  /** Words of the button while nothing is ticked, and otherwise. */
  none: string;
  some: string;
  busy: boolean;
  error: unknown;
  onAnswer(ticked: Ticked): void;
}) {
  const [allergies, setAllergies] = useState<readonly string[]>([]);
  const [present, setPresent] = useState<readonly ConditionCode[]>(before);
  const flip = <V,>(list: readonly V[], value: V, on: boolean) =>
    on ? [...list, value] : list.filter((one) => one !== value);
  return (
    <>
      {ingredients.length > 0 ? (
        <fieldset className="border-0 m-0 p-0 min-w-0">
          <legend className="font-medium mb-1 p-0">{t('visit.allergyAsk')}</legend>
          {ingredients.map((code) => (
            <Tick
              key={code}
              label={code in SUBSTANCES ? say(SUBSTANCES[code as Substance]) : code}
              on={allergies.includes(code)}
              onChange={(on) => setAllergies(flip(allergies, code, on))}
            />
          ))}
        </fieldset>
      ) : null}
      {conditions.length > 0 ? (
        <fieldset className="border-0 m-0 p-0 min-w-0">
          <legend className="font-medium mb-1 p-0">{t('health.ask')}</legend>
          {conditions.map((code) => (
            <Tick
              key={code}
              label={say(CONDITIONS[code])}
              on={present.includes(code)}
              onChange={(on) => setPresent(flip(present, code, on))}
            />
          ))}
        </fieldset>
      ) : null}
      <Button kind="main" busy={busy} onClick={() => onAnswer({ allergies, present })}>
        {allergies.length + present.length === 0 ? none : some}
      </Button>
      {error ? <Refusal error={error} /> : null}
    </>
  );
}
