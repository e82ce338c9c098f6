/** What the visit needs from outside. `apps/server` plugs these in. */
import type { Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { LicenceView } from './api.ts';
import type { Bilingual } from './core/quote.ts';
import type { Told, UnitRules } from './core/stock.ts';
import type { StockEvent } from './core/stock-event.ts';
import type { TermsFrame } from './core/terms.ts';

/** A database transaction as the caller holds it; each module knows its own tables. */
export type Tx = unknown;

export type Licence = z.infer<typeof LicenceView>;

export interface Clinic {
  readonly id: string;
  readonly name: Bilingual;
  readonly city: Bilingual;
  readonly address: Bilingual;
  readonly region: string;
  /** The clinic's account on chain. */
  readonly account: Hex;
  readonly licences: readonly Licence[];
  /** null where it cannot be judged now. */
  readonly licenceValid: boolean | null;
  readonly departments: readonly string[] | null;
  /** Keys of the clinic's devices: uncompressed P-256 points. */
  readonly deviceKeys: readonly Hex[];
}

export interface Doctor {
  readonly id: string;
  readonly clinicId: string;
  readonly name: Bilingual;
  readonly title: Bilingual;
  readonly licences: readonly Licence[];
  readonly licenceValid: boolean | null;
  readonly leadSpecialties: readonly string[] | null;
  readonly employedAt: string | null;
}

export interface Presentation {
  readonly verdict: 'proven' | 'false' | 'cannot-judge';
  readonly code: string;
  /** The organisation or practitioner that the credential was issued for. */
  readonly subject: string | null;
  /** Uncompressed P-256 point of the key that signed the key binding. */
  readonly holderKey: Hex | null;
}

/** What a shown certificate of guardianship proves. */
export interface GuardianJudged {
  readonly proven: boolean;
  readonly code: string;
  /** Thumbprints of keys. */
  readonly child: string;
  readonly guardian: string;
  /** First day on which the child is of age. */
  readonly until: string;
}

/** What a shown certificate of age proves. */
export interface AgeJudged {
  readonly proven: boolean;
  readonly code: string;
  /** Years that were reached. */
  readonly age: number;
}

export interface IdentityPort {
  clinics(query?: string): Promise<Clinic[]>;
  clinic(id: string): Promise<Clinic | null>;
  doctor(id: string): Promise<Doctor | null>;
  doctorsOf(clinicId: string): Promise<Doctor[]>;
  /** Verifies a presented licence with its key binding for `audience` and `nonce`. */
  verifyPresentation(token: string, binding: { audience: string; nonce: string }): Promise<Presentation>;
  age(token: string, binding: { audience: string; nonce: string }): Promise<AgeJudged>;
  guardian(token: string, binding: { audience: string; nonce: string }): Promise<GuardianJudged>;
  /** Thumbprint of the key (JWK) that signed a statement, or null. */
  signer(key: unknown, signature: string, statement: Uint8Array): string | null;
}

export interface Product {
  readonly gtin: string;
  readonly name: Bilingual;
  readonly maker: Bilingual;
  readonly approvedRegions: readonly string[];
  readonly approvedRoutes: readonly string[];
}

export interface ProductPort {
  /** `approvedRoutes` are those that hold in the region, at that time or now. */
  read(gtin: string, use: { region: string; at?: number }): Promise<Product | null>;
  /** The verdict before use, at this clinic and for this route. */
  judge(
    unit: string,
    use: { region: string; route: string; clinicId: string },
  ): Promise<{ level: string; codes: string[] }>;
}

/** What stock needs to know of a product. */
export interface StockProduct extends UnitRules {
  readonly gtin: string;
  readonly name: Bilingual;
  readonly isToxin: boolean;
  readonly approvedRegions: readonly string[];
  /** The organisation that registered it. */
  readonly makerId: string;
}

export interface Site {
  readonly id: string;
  readonly gln: string;
  readonly kind: string;
  readonly name: Bilingual;
  readonly region: string;
  readonly licensedForToxin: boolean;
  /** Keys of its devices: uncompressed P-256 points. */
  readonly deviceKeys: readonly Hex[];
}

/** What was stated about one unit. */
export interface UnitStory extends Told {
  readonly lot: string | null;
  readonly expiry: string | null;
}

export interface ArrivalVerdict {
  readonly codes: readonly string[];
}

/** Custody: the events of provenance, read and stated. */
export interface CustodyPort {
  /** @param tx answers the same throughout this transaction */
  product(gtin: string, tx?: Tx): Promise<StockProduct | null>;
  sites(tx?: Tx): Promise<readonly Site[]>;
  story(tx: Tx, unit: string): Promise<UnitStory>;
  /** Units in a box, directly or in boxes within it, by its packing records. */
  contents(tx: Tx, container: string): Promise<string[]>;
  /** GLNs of where a box, or what it lies in, was sent. */
  destinations(tx: Tx, container: string): Promise<string[]>;
  /** The verdict before use at this clinic, as if `event` had been stated too. */
  judge(
    tx: Tx,
    question: { code: string; unit: string; region: string; place: string; event: unknown | null },
  ): Promise<ArrivalVerdict>;
  /** Captures an event of an organisation at its own site, once. @returns its digest */
  capture(tx: Tx, event: unknown, organisationId: string): Promise<Hex>;
  /** Every event, in order of capture. */
  each(tx: Tx, visit: (event: StockEvent) => Promise<void>): Promise<void>;
}

export interface LogPort {
  append(tx: Tx, leafType: number, text: string, key: string): Promise<void>;
  /** Index of the leaf, or null while it waits for its batch. */
  indexOf(key: string): Promise<number | null>;
  /** Entries covered by the newest anchor on chain. */
  anchoredSize(): Promise<number>;
}

export interface UnitUse {
  readonly use: number;
  readonly commitment: Hex;
}

export interface ChainPort {
  /** Terms of an agreement as the contract hashes them. Throws OFFER_WRONG if the shape is not right. */
  agreementId(terms: unknown): Hex;
  /** True if the clinic's account accepts this signature over the offer. */
  offerSigned(terms: unknown, signature: Hex): Promise<boolean>;
  attendanceSigned(
    terms: unknown,
    milestone: number,
    evidence: Hex,
    signature: Hex,
    patient: Hex,
  ): Promise<boolean>;
  /** What the contracts need in the terms of an agreement here: token, escrow version, arbiter, fee receiver. */
  termsFrame(region: string): TermsFrame;
  account(agreement: Hex): Promise<AgreementAccount | null>;
}

export interface AgreementAccount {
  readonly state: string;
  readonly held: bigint;
  readonly paid: bigint;
  readonly refunded: bigint;
  readonly coolingEndsAt: number | null;
  readonly dueBy: number | null;
  readonly releasesAt: number | null;
}

export interface NoticePort {
  /** Tells everybody who watches this visit that it changed. */
  visitChanged(tx: Tx, visitId: string): Promise<void>;
}

/** Chain evidence is taken when a fact is final and kept for the receipt. */
export interface EvidencePort {
  /** State before anything was unsealed: the newest log anchor, and this use of the unit still absent. */
  beforeUnsealing(unit: string, use: number): Promise<{ evidence: unknown; anchoredSize: number }>;
  /** One block's proofs for all five parts of a settled visit. */
  settled(visit: SettledVisit): Promise<Record<string, unknown>>;
}

export interface SettledVisit {
  readonly visitId: string;
  /** Key of the leaf that carries the seal of what the receipt is about. */
  readonly sealKey: string;
  /** The pack that the offer was judged by. */
  readonly policy: unknown;
  /** Size of the log that the evidence before unsealing refers to. */
  readonly anchoredBefore: number;
  readonly agreementId: Hex;
  readonly terms: unknown;
  readonly unit: string;
  readonly lot: string;
  readonly use: number;
  readonly group: Hex;
  readonly commitment: string;
  readonly doctorPresentation: string;
  readonly clinicPresentation: string;
  readonly gtin: string;
}
