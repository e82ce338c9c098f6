/**
 * A policy pack: the rules of one region as data. A pack is identified by the SHA-256 of its canonical JSON;
 * that hash goes into the log and into receipts, so that a decision can be taken again by a stranger.
 */
import { canonicalJson, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';

const Scalar = z.union([z.string().max(200), z.number(), z.boolean()]);

/**
 * One test of a fact. `fact` and `than` name facts by their dotted path.
 * A fact that is missing makes the test unknown, never true and never false.
 */
export const Condition = z.discriminatedUnion('is', [
  z.object({ is: z.literal('true'), fact: z.string() }),
  z.object({ is: z.literal('equal'), fact: z.string(), value: Scalar }),
  z.object({ is: z.literal('one-of'), fact: z.string(), values: z.array(Scalar) }),
  z.object({ is: z.literal('member'), fact: z.string(), of: z.string() }),
  z.object({ is: z.literal('at-least'), fact: z.string(), value: z.number() }),
  z.object({ is: z.literal('at-most'), fact: z.string(), value: z.number() }),
]);
export type Condition = z.infer<typeof Condition>;

const Text = z.object({ zh: z.string().max(500), en: z.string().max(500) });

export const Requirement = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  /** Actions it applies to, e.g. `service.publish`. */
  actions: z.array(z.string()).min(1),
  /** Applies only where every one of these holds; an unknown one makes the answer "ask". */
  when: z.array(Condition).optional(),
  require: Condition,
  reason: Text,
  next: Text,
  source: z.string().max(300),
});
export type Requirement = z.infer<typeof Requirement>;

/** What the region's catalogue of procedures says of one of them, whatever a clinic says of it. */
export const ListedProcedure = z.object({
  name: Text,
  department: z.string().max(60),
  specialty: z.string().max(60),
  needsLead: z.boolean(),
  usesProduct: z.boolean(),
  /** Grade of the facility that may do it, where the region grades procedures; 1 is the lightest. */
  grade: z.int().min(1).max(4).optional(),
});
export type ListedProcedure = z.infer<typeof ListedProcedure>;

/** What has to be kept although a person has her own copy erased: by whom, how long, and on what ground. */
export const Retention = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  what: Text,
  /** Erasures it is listed with: of some files, or of everything. */
  with: z.array(z.enum(['objects', 'everything'])).min(1),
  by: z.enum(['clinic', 'platform']),
  /** From which moment the time runs. */
  from: z.enum(['last-visit', 'payment', 'erasure', 'event']),
  /** Null: without end. */
  days: z.int().min(1).nullable(),
  reason: Text,
  source: z.string().max(300),
});
export type Retention = z.infer<typeof Retention>;

/** A clock that starts with an event and by which something must be done. */
export const Deadline = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  event: z.enum(['breach']),
  /** Hours; null: at once. */
  hours: z.int().min(1).nullable(),
  to: z.enum(['authority', 'person']),
  what: Text,
  source: z.string().max(300),
});
export type Deadline = z.infer<typeof Deadline>;

export const PolicyPack = z.object({
  id: z.string().regex(/^[a-z]{2}(-[a-z0-9]+)*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  name: Text,
  effectiveFrom: z.iso.datetime(),
  effectiveTo: z.iso.datetime().optional(),
  /** Lower bounds and switches, e.g. `coolingOffSeconds`. */
  parameters: z.record(z.string(), Scalar),
  /** The region's catalogue by code. With it, a procedure that is not listed is refused. */
  procedures: z.record(z.string(), ListedProcedure).optional(),
  requirements: z.array(Requirement).max(200),
  retention: z.array(Retention).max(50).optional(),
  deadlines: z.array(Deadline).max(50).optional(),
});
export type PolicyPack = z.infer<typeof PolicyPack>;

/** Hex SHA-256 of the pack's canonical JSON (RFC 8785). */
export function packHash(pack: PolicyPack): string {
  return toHex(sha256(utf8(canonicalJson(pack))));
}
