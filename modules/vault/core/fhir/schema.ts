/** The trimmed definitions as the validator reads them: for each type, its fields by the names JSON gives them. */
import { RESOURCE_TYPES, TYPES } from './generated/definitions.ts';

export interface Field {
  /** `value[x]` for all forms of a choice. */
  readonly name: string;
  readonly min: number;
  readonly many: boolean;
  readonly type: string;
  /** Types that a reference may lead to; empty if any. */
  readonly targets: readonly string[];
  /** Value set of a required binding. */
  readonly binding: string;
}

export interface Shape {
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly Field[];
}

const shapes = new Map<string, Shape>();
const known = new Set(RESOURCE_TYPES.split(' '));

/** The resource types that are checked in depth. */
export const CHECKED_TYPES: readonly string[] = Object.keys(TYPES).filter((name) => known.has(name));
const checked = new Set(CHECKED_TYPES);
export const isChecked = (type: string): boolean => checked.has(type);
export const isResourceType = (type: string): boolean => known.has(type);

export function shapeOf(type: string): Shape {
  const found = shapes.get(type);
  if (found) return found;
  const fields = new Map<string, Field>();
  const required: Field[] = [];
  for (const [name, text] of Object.entries(TYPES[type]!)) {
    const [min, max, list, binding = ''] = text.split('|') as [string, string, string, string?];
    const types = list.split(',');
    const forms = types.map((one): Field => {
      const [, bare, targets] = /^([^(]+)(?:\((.*)\))?$/.exec(one)!;
      return {
        name,
        min: Number(min),
        many: max !== '1',
        // an element's own id is any text, a resource's follows the rules of ids
        type: name === 'id' && known.has(type) ? 'id' : bare!,
        targets: targets ? targets.split(' ') : [],
        binding,
      };
    });
    if (Number(min) > 0) required.push(forms[0]!);
    if (!name.endsWith('[x]')) fields.set(name, forms[0]!);
    else
      for (const form of forms)
        fields.set(name.slice(0, -3) + form.type[0]!.toUpperCase() + form.type.slice(1), form);
  }
  const shape = { fields, required };
  shapes.set(type, shape);
  return shape;
}
