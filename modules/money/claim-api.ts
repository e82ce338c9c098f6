/** The HTTP contract of claims that a panel decides: how one stands, its draw, its papers and its pictures. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PanelView } from './dispute-api.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Claim = z.object({ id: Bytes32 });
const SIDE = z.enum(['patient', 'clinic']);

export const ClaimView = z.object({
  /** Id of the cover. */
  id: Bytes32,
  agreementId: Bytes32,
  you: SIDE,
  /** 1 objective failure, 2 no improvement, 3 goodwill. */
  asked: z.int(),
  stage: z.enum(['call', 'panel', 'appeal', 'undecided', 'settled']),
  until: At.nullable(),
  panelBy: At,
  endsAt: At,
  mayCall: z.boolean(),
  mayAppeal: z.boolean(),
  /** What the claim would pay if all of it is found. */
  amount: Minor,
  cost: Minor,
  appealCost: Minor,
  subsidised: z.boolean(),
  pictures: z.object({
    /** Whether this side may still offer pictures. */
    mayOffer: z.boolean(),
    offered: z.array(SIDE),
    /** Whose pictures are shown; null where nobody offered any. */
    by: SIDE.nullable(),
    /** Assessors for whom they are there. */
    left: z.array(Address),
  }),
  panel: PanelView.nullable(),
});
export type ClaimView = z.infer<typeof ClaimView>;

const READ = ['CLAIM_UNKNOWN', 'CLAIM_NOT_BY_PANEL', 'DISPUTE_UNKNOWN'] as const;

export const claimApi = {
  readClaim: defineRoute({
    method: 'GET',
    path: '/api/claims/:id',
    summary: { zh: '查看保障申请的裁定进度', en: 'A claim before the panel: where it stands, what is next' },
    auth: 'public',
    params: Claim,
    response: { 200: ClaimView },
    errors: [...READ],
  }),
  openClaimSecret: defineRoute({
    method: 'POST',
    path: '/api/claims/:id/secrets',
    summary: { zh: '打开抽签数字', en: 'Open the number that one sealed for the draw' },
    auth: 'public',
    params: Claim,
    body: z.strictObject({ secret: Bytes32 }),
    response: { 200: ClaimView },
    errors: [...READ, 'DISPUTE_STAGE_WRONG', 'DISPUTE_SECRET_WRONG', 'CHAIN_REVERTED', 'CHAIN_UNAVAILABLE'],
  }),
  leaveClaimPapers: defineRoute({
    method: 'POST',
    path: '/api/claims/:id/papers',
    summary: { zh: '把加密材料交给一位评估师', en: 'Leave sealed papers for one assessor' },
    auth: 'public',
    params: Claim,
    bodyLimit: 300_000,
    body: z.strictObject({
      assessor: Address,
      /** The key that it is sealed for. */
      sealedFor: z.string().max(2_000),
      sealed: z.string().max(250_000),
    }),
    response: { 200: ClaimView },
    errors: [...READ, 'DISPUTE_STAGE_WRONG', 'DISPUTE_NOT_SEATED'],
  }),
  offerPictures: defineRoute({
    method: 'POST',
    path: '/api/claims/:id/pictures',
    summary: { zh: '说明将出示一对前后照片', en: 'Say that a pair of pictures will be shown' },
    auth: 'public',
    params: Claim,
    body: z.strictObject({ digest: Bytes32 }),
    response: { 200: ClaimView },
    errors: [...READ, 'PICTURES_NOT_OPEN'],
  }),
  leavePictures: defineRoute({
    method: 'POST',
    path: '/api/claims/:id/parcels',
    summary: { zh: '把加密照片交给一位评估师', en: 'Leave the sealed pair for one assessor' },
    auth: 'public',
    params: Claim,
    bodyLimit: 2_500_000,
    body: z.strictObject({
      assessor: Address,
      /** The assessor's key that it was sealed to. */
      sealedFor: z.string().max(2_000),
      sealed: z.string().max(2_400_000),
      /** Which of the two names the earlier picture has in this parcel. */
      earlier: z.enum(['a', 'b']),
    }),
    response: { 200: ClaimView },
    errors: [...READ, 'DISPUTE_STAGE_WRONG', 'DISPUTE_NOT_SEATED', 'PICTURES_NOT_YOURS'],
  }),
};
export type ClaimApi = typeof claimApi;
