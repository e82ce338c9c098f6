import { t } from '../shell/words.ts';

export const PETALS = ['licence', 'product', 'consent', 'money', 'review'] as const;
export type Petal = (typeof PETALS)[number];
export type PetalState = 'none' | 'proven' | 'false';

const SHAPE = 'M0 -6 C 17 -14, 22 -38, 0 -46 C -22 -38, -17 -14, 0 -6 Z';

/** The sign: five petals, five proofs. A petal is an outline until its proof exists. */
export function Blossom({
  states,
  size = 48,
}: {
  states: Partial<Record<Petal, PetalState>>;
  size?: number;
}) {
  const done = PETALS.filter((p) => states[p] === 'proven').length;
  return (
    <svg role="img" aria-label={t('blossom', { done })} viewBox="-50 -50 100 100" width={size} height={size}>
      {PETALS.map((petal, i) => (
        <path
          key={petal}
          className={`petal petal-${states[petal] ?? 'none'}`}
          d={SHAPE}
          transform={`rotate(${i * 72})`}
        />
      ))}
      <circle r="4" fill="var(--plum)" />
    </svg>
  );
}

export const ALL_PROVEN = Object.fromEntries(PETALS.map((p) => [p, 'proven'])) as Record<Petal, PetalState>;
