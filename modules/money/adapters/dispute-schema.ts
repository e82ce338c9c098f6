/** The tables of disputes and panels. The first five are projections of the chain. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';
import type { PanelPhase, Party } from '../core/dispute.ts';

export interface DisputeTables {
  'money.dispute': {
    agreement_id: Hex;
    milestone: number;
    disputed_at: Date;
    disputed_by: Hex;
    ends_at: Date;
    open: boolean;
    refunded: string | null;
    panel_id: string | null;
    beacon: Hex | null;
    fee: string | null;
    phase: PanelPhase | null;
    round: Generated<number>;
    deadline: Date | null;
    refund_bps: number | null;
  };
  'money.dispute_secret': {
    panel_id: string;
    round: number;
    side: Party | 'house';
    commitment: Hex;
    secret: Hex | null;
  };
  'money.dispute_seat': {
    panel_id: string;
    round: number;
    assessor: Hex;
    place: number;
    committed: Generated<boolean>;
    revealed: Generated<boolean>;
    finding: number | null;
    counted: boolean | null;
    earned: Generated<string>;
    slashed: Generated<string>;
    scores: Generated<number | null>;
  };
  'money.claim_case': {
    panel_id: string;
    cover_id: Hex;
    asked: number;
    beacon: Hex;
    fee: string;
    phase: PanelPhase | null;
    round: Generated<number>;
    deadline: Date | null;
    refund_bps: number | null;
  };
  'money.assessor': {
    assessor: Hex;
    until: Date;
    admitted: boolean;
    looks: Generated<number>;
    seen_right: Generated<number>;
  };
  'money.picture_offer': { cover_id: Hex; by: Party; digest: Hex; at: Date };
  'money.picture_parcel': {
    panel_id: string;
    round: number;
    assessor: Hex;
    sealed: string;
    earlier: 'a' | 'b';
    sealed_for: string;
    at: Date;
  };
  'money.picture_layout': { panel_id: string; round: number; known: unknown };
  'money.known_pair': {
    id: string;
    kind: 'better' | 'same';
    first: Uint8Array;
    second: Uint8Array;
    added_by: Hex;
    at: Date;
  };
  'money.dispute_stage': {
    agreement_id: Hex;
    milestone: number;
    stage: 'talk' | 'mediation';
    ended_by: string;
    ended_at: Date;
  };
  'money.dispute_split': {
    agreement_id: Hex;
    milestone: number;
    by: Party | 'mediator';
    refund: string;
    signature: Hex | null;
    at: Date;
  };
  'money.dispute_paper': {
    panel_id: string;
    round: number;
    assessor: Hex;
    by: Party;
    sealed: string;
    sealed_for: string | null;
    at: Date;
  };
  'money.assessor_key': { assessor: Hex; seal_key: string; at: Date };
}
