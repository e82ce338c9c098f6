/** A simple event query (EPCIS 2.0, section 8.2.7.1) once its parameters are understood: what must be true of an event. */

export type Comparison = '=' | '>' | '>=' | '<' | '<=';

/** What a value found in an event must be. */
export type ValueTest =
  | { readonly is: 'there' }
  | { readonly is: 'one of'; readonly texts: readonly string[]; readonly numbers: readonly number[] }
  | { readonly is: 'number'; readonly op: Comparison; readonly value: number }
  /** RFC 3339. */
  | { readonly is: 'time'; readonly op: Comparison; readonly at: string };

export type Column = 'type' | 'action' | 'biz_step' | 'disposition' | 'read_point' | 'biz_location';

export type Condition =
  | { readonly on: 'column'; readonly column: Column; readonly values: readonly string[] }
  /** A place, or one within it. */
  | {
      readonly on: 'place';
      readonly column: 'read_point' | 'biz_location';
      readonly places: readonly string[];
    }
  | {
      readonly on: 'time';
      readonly column: 'event_time' | 'captured_at';
      readonly op: '>=' | '<';
      readonly at: string;
    }
  /** Speaks of one of these identifiers, or of one like these patterns (SQL LIKE), in one of these roles. */
  | {
      readonly on: 'names';
      readonly roles: readonly number[];
      readonly uris: readonly string[];
      readonly like: readonly string[];
    }
  | { readonly on: 'eventID'; readonly ids: readonly string[] }
  /** Has an errorDeclaration. */
  | { readonly on: 'correction' }
  /** A JSON path of SQL that finds something, with its variables. */
  | {
      readonly on: 'path';
      readonly path: string;
      readonly variables: Readonly<Record<string, string | number | boolean>>;
    }
  /** One of the values at a path passes the test. */
  | { readonly on: 'field'; readonly path: string; readonly test: ValueTest };

export type OrderBy = 'eventTime' | 'recordTime' | { readonly path: string };

export interface EventQuery {
  readonly conditions: readonly Condition[];
  /** Without one: by event time, ascending. */
  readonly orderBy: OrderBy;
  readonly descending: boolean;
  /** Only the first so many. */
  readonly eventCountLimit: number | null;
  /** More than so many are an error. */
  readonly maxEventCount: number | null;
}
