/** Every contract that the house serves, for what logs must not show. */
import { careApi, deviceApi, guardianApi, priceApi, recordApi, stockApi } from '@zhenmei/care';
import { identityApi, registerApi } from '@zhenmei/identity';
import type { RouteContract } from '@zhenmei/kernel';
import {
  absenceApi,
  backingApi,
  claimApi,
  contestApi,
  disputeApi,
  guaranteeApi,
  instalmentApi,
  moneyApi,
  moneyOperatorApi,
  railsApi,
  settlementApi,
  tokenApi,
  verificationApi,
  verifierApi,
} from '@zhenmei/money';
import { caseApi, provenanceApi, recallApi, verifyApi } from '@zhenmei/provenance';
import { tlogApi } from '@zhenmei/tlog/api.ts';
import { vaultApi } from '@zhenmei/vault';
import { grantEvents } from '@zhenmei/vault/api.ts';
import type { z } from 'zod';
import { demoApi, houseApi } from '../api/contract.ts';
import { demoCardApi } from '../api/demo-card.ts';
import { paperApi } from '../api/papers.ts';

export const CONTRACTS: readonly RouteContract[] = [
  identityApi,
  registerApi,
  vaultApi,
  provenanceApi,
  verifyApi,
  recallApi,
  caseApi,
  careApi,
  guardianApi,
  recordApi,
  stockApi,
  priceApi,
  deviceApi,
  moneyApi,
  moneyOperatorApi,
  railsApi,
  settlementApi,
  tokenApi,
  instalmentApi,
  guaranteeApi,
  backingApi,
  disputeApi,
  absenceApi,
  verificationApi,
  verifierApi,
  contestApi,
  claimApi,
  tlogApi,
  paperApi,
  houseApi,
  demoApi,
  demoCardApi,
  { grantEvents },
].flatMap((api) => Object.values(api as Record<string, RouteContract>));

/** Schemas of all that comes in and goes out. */
export function contractSchemas(): z.core.$ZodType[] {
  return CONTRACTS.flatMap(({ body, query, params, response }) =>
    [body, query, params, response[200]].filter((schema) => schema !== undefined),
  );
}
