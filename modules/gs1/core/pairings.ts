/** Which application identifiers need, exclude or repeat each other (General Specifications 4.13 and 4.14). */
import type { Element } from './element.ts';
import type { Fault } from './faults.ts';
import { fits, IDENTIFIERS } from './table.ts';

/** @returns the first fault, at the identifier that complains, or null */
export function checkPairings(elements: readonly Element[]): Fault | null {
  return excluded(elements) ?? required(elements) ?? repeated(elements) ?? unserialised(elements);
}

const exists = (elements: readonly Element[], pattern: string, except: string): Element | undefined => {
  for (let i = 0; i < elements.length; i++) {
    const { ai } = elements[i]!;
    if (ai !== except && fits(ai, pattern)) return elements[i];
  }
  return undefined;
};

function excluded(elements: readonly Element[]): Fault | null {
  for (const { ai, position } of elements)
    for (const pattern of IDENTIFIERS.get(ai)!.excludes) {
      const other = exists(elements, pattern, ai);
      if (other) return { rule: 'ai-excludes', position, ai, other: other.ai };
    }
  return null;
}

function required(elements: readonly Element[]): Fault | null {
  for (const { ai, position } of elements)
    for (const groups of IDENTIFIERS.get(ai)!.requires) {
      const met = groups.some((group) => group.every((pattern) => exists(elements, pattern, ai)));
      if (!met)
        return {
          rule: 'ai-requires',
          position,
          ai,
          other: groups.map((group) => group.join('+')).join(', '),
        };
    }
  return null;
}

function repeated(elements: readonly Element[]): Fault | null {
  for (let i = 1; i < elements.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [elements[j]!, elements[i]!];
      if (a.ai === b.ai && a.value !== b.value)
        return { rule: 'ai-repeated', position: b.position, ai: b.ai };
    }
  return null;
}

const KEY_ONLY: Readonly<Record<string, number>> = { '253': 13, '255': 13, '8003': 14 };

/** A digital signature signs one thing, so its key must carry a serial number. */
function unserialised(elements: readonly Element[]): Fault | null {
  if (!elements.some(({ ai }) => ai === '8030')) return null;
  const bare = elements.find(({ ai, value }) => KEY_ONLY[ai] === value.length);
  return bare ? { rule: 'digsig-serial', position: bare.position, ai: bare.ai } : null;
}
