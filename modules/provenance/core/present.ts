/** Stored events as the answer of a query: with their names and times, identifiers in the form that was asked for. */
import type { Json } from '@zhenmei/kernel';
import type { JsonObject } from './checks.ts';
import { ZM } from './context.ts';
import type { EpcisEvent } from './events.ts';

export const EPC_FORMATS = [
  'Always_GS1_Digital_Link',
  'Always_EPC_URN',
  'No_Preference',
  'Never_Translates',
] as const;
/** As in the header GS1-EPC-Format. */
export type EpcFormat = (typeof EPC_FORMATS)[number];

export const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

export interface StoredEvent {
  readonly event: EpcisEvent;
  readonly eventID: string;
  readonly recordTime: string;
  /** Canonical form → what the sender wrote, where they differ. */
  readonly written: Readonly<Record<string, string>> | null;
}

/** The EPC URN of a canonical Digital Link whose company prefix has so many digits, or null if it has none. */
export type ToUrn = (link: string, prefixLength: number) => string | null;

/** Writes the events of one document; what their names need stands in its context. */
export class Presenter {
  private readonly format: EpcFormat;
  private readonly toUrn: ToUrn;
  private readonly namespaces = new Map<string, string>();
  constructor(format: EpcFormat, toUrn: ToUrn) {
    this.format = format;
    this.toUrn = toUrn;
  }

  event({ event, eventID, recordTime, written }: StoredEvent): JsonObject {
    const translate = this.translation(written ?? {});
    return { ...(this.value(event as unknown as Json, translate) as JsonObject), eventID, recordTime };
  }

  /** To be asked for after the events. */
  context(): Json[] {
    return [
      CONTEXT,
      { zm: ZM, ...Object.fromEntries([...this.namespaces].map(([uri, name]) => [name, uri])) },
    ];
  }

  identifier(uri: string): string {
    return this.translation({})(uri);
  }

  private translation(written: Readonly<Record<string, string>>): (text: string) => string {
    if (this.format === 'Never_Translates') return (text) => written[text] ?? text;
    if (this.format !== 'Always_EPC_URN') return (text) => text;
    const prefixes = Object.values(written).flatMap((one) => /^urn:epc:\w+:\w+:(\d+)\./.exec(one)?.[1] ?? []);
    return (text) => {
      if (written[text]?.startsWith('urn:epc:')) return written[text];
      return text.startsWith('https://id.gs1.org/')
        ? (this.toUrn(text, prefixLength(text, prefixes)) ?? text)
        : text;
    };
  }

  private value(value: Json, translate: (text: string) => string): Json {
    if (typeof value === 'string') return translate(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item, translate));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.name(name), this.value(item, translate)]),
    );
  }

  /** A namespace that ends in no separator needs a prefix: `{namespace}local` is no name in JSON-LD. */
  private name(name: string): string {
    const end = name.indexOf('}');
    if (!name.startsWith('{') || end < 0) return name;
    const namespace = name.slice(1, end);
    const prefix = this.namespaces.get(namespace) ?? `ext${this.namespaces.size + 1}`;
    this.namespaces.set(namespace, prefix);
    return `${prefix}:${name.slice(end + 1)}`;
  }
}

/**
 * A link does not show where the company prefix ends. A sender's URN in the same event does; otherwise seven digits are
 * taken, eight for the numbers 692 and 693 (GB 12904).
 */
function prefixLength(link: string, known: readonly string[]): number {
  const digits = /^https:\/\/id\.gs1\.org\/(\d{2,4})\/(\d+)/.exec(link);
  if (!digits) return 7;
  // trade items and logistic units have a digit in front of the prefix, returnable assets a zero
  const number = ['01', '00', '8003', '8006'].includes(digits[1]!) ? digits[2]!.slice(1) : digits[2]!;
  const own = known.find((prefix) => number.startsWith(prefix));
  return own?.length ?? (/^69[23]/.test(number) ? 8 : 7);
}
