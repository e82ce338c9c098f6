/** A face and a body to choose an area from; the same choice stands beside it as a list. */
import { AREAS, type Area } from '@zhenmei/vault/core/timeline/areas.ts';
import type { KeyboardEvent } from 'react';
import { say, t } from '../shell/words.ts';

/** Shapes on 300 × 220: the face on the left, the body on the right. */
const SHAPES: Readonly<Record<Area, readonly string[]>> = {
  scalp: ['M30 62C30 20 60 6 90 6s60 14 60 56l-8 2c-2-24-24-34-52-34S40 40 38 64z'],
  forehead: ['M40 66c2-22 22-33 50-33s48 11 50 33v12H40z'],
  eyes: ['M38 81h104v26h-42l-4-8h-12l-4 8H38z'],
  nose: ['M80 109h20l9 28q-19 12-38 0z'],
  cheeks: ['M38 110h38l-9 30 4 8-24 4q-8-18-9-42z', 'M142 110h-38l9 30-4 8 24 4q8-18 9-42z'],
  mouth: ['M64 152q26-8 52 0l-6 18q-20 8-40 0z'],
  jaw: ['M46 156l15-2 7 20q22 10 44 0l7-20 15 2q-12 34-44 38-32-4-44-38z'],
  neck: ['M64 190q26 14 52 0v24H64z'],
  trunk: ['M222 62h36l4 62h-44z'],
  arms: ['M218 62l-4 1-16 64 11 3 14-46z', 'M262 62l4 1 16 64-11 3-14-46z'],
  legs: ['M218 127h20l-2 87h-18z', 'M242 127h20v87h-18z'],
};

export function BodyPicture({ value, onChange }: { value: Area | null; onChange(area: Area | null): void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture
    <svg
      viewBox="0 0 300 220"
      className="w-full max-w-96 h-auto self-center no-print"
      role="group"
      aria-label={t('line.picture')}
    >
      <circle cx="240" cy="40" r="17" fill="none" stroke="var(--line)" strokeWidth="2" />
      {(Object.keys(SHAPES) as Area[]).map((area) => (
        <Part
          key={area}
          area={area}
          on={value === area}
          onPick={() => onChange(value === area ? null : area)}
        />
      ))}
    </svg>
  );
}

function Part({ area, on, onPick }: { area: Area; on: boolean; onPick(): void }) {
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onPick();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be a part of a picture
    <g
      role="button"
      tabIndex={0}
      aria-pressed={on}
      aria-label={say(AREAS[area])}
      className="part"
      onClick={onPick}
      onKeyDown={pressed}
    >
      {SHAPES[area].map((d) => (
        <path key={d} d={d} />
      ))}
    </g>
  );
}
