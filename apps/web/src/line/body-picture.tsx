/** A face and a body to choose an area from; the same choice stands beside it as a list. */
import { AREAS, type Area } from '@zhenmei/vault/core/timeline/areas.ts';
import type { KeyboardEvent } from 'react';
import { say, t } from '../shell/words.ts';

/** Shapes on 300 × 220: the face on the left, the body on the right. What is behind comes first. */
const SHAPES: Readonly<Record<Area, readonly string[]>> = {
  neck: ['M66 176C78 192 102 192 114 176L117 216H63Z'],
  scalp: ['M90 6C140 6 160 44 155 92C151 60 138 40 90 40S29 60 25 92C20 44 40 6 90 6Z'],
  forehead: ['M20 30H160V74C130 68 110 72 90 76C70 72 50 68 20 74Z'],
  eyes: [
    'M20 74C50 68 70 72 90 76C110 72 130 68 160 74V100C140 106 118 104 104 96L98 82H82L76 96C62 104 40 106 20 100Z',
  ],
  nose: ['M82 82H98L104 96 108 126C104 136 76 136 72 126L76 96Z'],
  cheeks: [
    'M20 100C40 106 62 104 76 96L72 126C66 134 62 140 60 150L20 160Z',
    'M160 100C140 106 118 104 104 96L108 126C114 134 118 140 120 150L160 160Z',
  ],
  mouth: [
    'M72 126C76 136 104 136 108 126C114 134 118 140 120 150C112 166 68 166 60 150C62 140 66 134 72 126Z',
  ],
  jaw: ['M20 160L60 150C68 166 112 166 120 150L160 160V200H20Z'],
  trunk: ['M220 64Q240 58 260 64L266 92 258 128H222L214 92Z'],
  arms: [
    'M219 66Q208 68 205 82L196 126Q198 132 204 130L215 94Z',
    'M261 66Q272 68 275 82L284 126Q282 132 276 130L265 94Z',
  ],
  legs: ['M222 131H238.5L236 212H224Z', 'M258 131H241.5L244 212H256Z'],
};
/** Within the outline of the face. */
const FACE = new Set<Area>(['forehead', 'eyes', 'nose', 'cheeks', 'mouth', 'jaw']);
const OVAL =
  'M90 38C138 38 150 62 149 96C148 132 132 166 110 184C100 192 80 192 70 184C48 166 32 132 31 96C30 62 42 38 90 38Z';
/** What makes it a face: brows, eyes, nostrils, lips. */
const FEATURES =
  'M46 80Q58 74 72 79M108 79Q122 74 134 80M48 91Q59 84 70 91Q59 96 48 91M110 91Q121 84 132 91Q121 96 110 91M83 124Q90 129 97 124M74 147Q82 142 90 145Q98 142 106 147M74 147Q90 158 106 147';

export function BodyPicture({ value, onChange }: { value: Area | null; onChange(area: Area | null): void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture
    <svg
      viewBox="0 0 300 220"
      className="w-full max-w-96 h-auto self-center no-print"
      role="group"
      aria-label={t('line.picture')}
    >
      <clipPath id="face">
        <path d={OVAL} />
      </clipPath>
      <circle cx="240" cy="40" r="17" fill="var(--paper)" stroke="var(--slate)" strokeWidth="1.2" />
      {(Object.keys(SHAPES) as Area[]).map((area) => (
        <Part
          key={area}
          area={area}
          on={value === area}
          onPick={() => onChange(value === area ? null : area)}
        />
      ))}
      <path d={OVAL} className="pointer-events-none" fill="none" stroke="var(--slate)" strokeWidth="1.6" />
      <path
        d={FEATURES}
        className="pointer-events-none"
        fill="none"
        stroke="var(--slate)"
        strokeWidth="1.2"
        opacity="0.7"
      />
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
        <path key={d} d={d} {...(FACE.has(area) ? { clipPath: 'url(#face)' } : {})} />
      ))}
    </g>
  );
}
