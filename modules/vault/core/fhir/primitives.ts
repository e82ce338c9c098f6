/** The primitive types of FHIR R4 as JSON writes them (hl7.org/fhir/R4/datatypes.html). */
const DATE = '(?:[1-9]\\d{3}|0\\d{3})';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d{1,9})?';
const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';

const FORMS: Readonly<Record<string, RegExp>> = {
  base64Binary: /^(?:\s*[0-9A-Za-z+/=]){4,}\s*$|^$/,
  canonical: /^\S+$/,
  code: /^\S+(?: \S+)*$/,
  date: new RegExp(`^${DATE}(?:-${MONTH}(?:-${DAY})?)?$`),
  dateTime: new RegExp(`^${DATE}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${ZONE})?)?)?$`),
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  instant: new RegExp(`^${DATE}-${MONTH}-${DAY}T${TIME}${ZONE}$`),
  markdown: /\S/,
  oid: /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/,
  string: /\S/,
  time: new RegExp(`^${TIME}$`),
  uri: /^\S*$/,
  url: /^\S+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  xhtml: /^\s*<div[\s>][\s\S]*<\/div>\s*$|^\s*<div[^>]*\/>\s*$/,
};
/** Characters per text, as the standard limits a string. */
const LONGEST = 1_048_576;

const isDay = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (!match) return true;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const at = new Date(Date.UTC(2000, month - 1, day));
  at.setUTCFullYear(year, month - 1, day);
  return at.getUTCDate() === day;
};

export const isPrimitive = (type: string): boolean => /^[a-z]/.test(type);

/** @returns null, or what is wrong: the JSON type, or the way it is written */
export function primitiveFault(type: string, value: unknown): 'wrong-type' | 'format' | 'too-large' | null {
  if (type === 'boolean') return typeof value === 'boolean' ? null : 'wrong-type';
  if (type === 'decimal') return typeof value === 'number' ? null : 'wrong-type';
  if (type === 'integer' || type === 'positiveInt' || type === 'unsignedInt') {
    if (typeof value !== 'number') return 'wrong-type';
    const least = type === 'integer' ? -2_147_483_648 : type === 'positiveInt' ? 1 : 0;
    return Number.isInteger(value) && value >= least && value <= 2_147_483_647 ? null : 'format';
  }
  if (typeof value !== 'string') return 'wrong-type';
  if (value.length > LONGEST && type !== 'base64Binary') return 'too-large';
  if (type === 'base64Binary') return isBase64(value) ? null : 'format';
  if (!FORMS[type]!.test(value)) return 'format';
  return /^(?:date|dateTime|instant)$/.test(type) && !isDay(value) ? 'format' : null;
}

function isBase64(text: string): boolean {
  const bare = text.replace(/\s+/g, '');
  return bare.length % 4 === 0 && /^[0-9A-Za-z+/]*={0,2}$/.test(bare);
}
