/** The shapes of the demo world's data. */
import type { DeviceClass } from '@zhenmei/care/core/device.ts';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface DemoOrganisation {
  readonly key: string;
  readonly kind: 'regulator' | 'maker' | 'distributor' | 'clinic' | 'lender' | 'assessor';
  readonly name: Bilingual;
  readonly city: Bilingual;
  readonly address: Bilingual;
  readonly gln: string;
  readonly departments?: readonly string[];
}

export interface DemoDoctor {
  readonly key: string;
  readonly clinic: string;
  readonly name: Bilingual;
  readonly title: Bilingual;
  readonly licence: string;
  readonly specialties: readonly string[];
  readonly suspended?: boolean;
}

export interface DemoProduct {
  readonly key: string;
  readonly gtin: string;
  readonly maker: string;
  readonly name: Bilingual;
  readonly class: 'II' | 'III' | 'drug';
  readonly routes: readonly string[];
  readonly regions: readonly string[];
  readonly indications?: readonly string[];
  readonly storage: { readonly minC: number; readonly maxC: number; readonly maxMinutesOut: number };
  readonly singleUse: boolean;
  readonly toxin: boolean;
  readonly amount: number;
  readonly unit: string;
  readonly withinHours?: number;
  readonly ingredients: readonly string[];
  readonly registration: string;
  /** What is deliberately wrong with its lot. */
  readonly lot?: 'expired' | 'gap' | 'recalled' | 'short' | 'warm';
  /** Units for each clinic, where they are not the usual number. */
  readonly shares?: Readonly<Record<string, number>>;
}

export interface DemoService {
  /** Tells it apart from another service of the same procedure. */
  readonly code?: string;
  readonly key: string;
  readonly clinic: string;
  readonly product: string;
  readonly doctors: readonly string[];
  readonly minutes: number;
  readonly procedure: {
    readonly code: string;
    readonly name: Bilingual;
    readonly department: string;
    readonly specialty: string;
    readonly needsLead: boolean;
    readonly usesProduct: boolean;
    readonly route: string;
    readonly zones: readonly string[];
    readonly deviceClass?: DeviceClass;
  };
  readonly summary: Bilingual;
  readonly items: readonly {
    readonly name: Bilingual;
    readonly quantity: number;
    readonly unitPrice: string;
  }[];
  readonly excluded: readonly Bilingual[];
  readonly plan?: {
    readonly sessions: number;
    readonly everyDays: number;
    readonly deposit: { readonly bps: number; readonly windowDays: number };
  };
  readonly consent: 'filler' | 'energy';
}
