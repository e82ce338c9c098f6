/** What a verdict needs of the maker's master data. */
import { approvalsOf } from './approvals.ts';
import type { Master } from './facts.ts';
import type { ProductBody } from './product.ts';

export function masterOf({ approvals, class: deviceClass, ...body }: ProductBody): Master {
  const { gtin, approvedRoutes, approvedRegions, storage, singleUse, isToxin, contains } = body;
  const { maxAmountPerUnit, amountUnit, useWithinHours, registration } = body;
  return {
    gtin,
    class: deviceClass,
    approvedRoutes,
    approvedRegions,
    approvals: approvals ? approvalsOf({ approvals, class: deviceClass, registration }) : undefined,
    storage,
    singleUse,
    isToxin,
    makerOnboarded: true,
    maxAmountPerUnit,
    amountUnit,
    useWithinHours,
    contains,
  };
}
