/** The clinic that a desk acts for, and who it is on its devices. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { decide, type Facts, type PolicyDecision } from '@zhenmei/policy';
import type { StatementKind } from '../../core/statement.ts';
import { signedBy } from '../../core/statement.ts';
import '../../core/stock-errors.ts';
import type { Site, StockProduct } from '../../ports.ts';
import type { CareContext } from '../context.ts';

/** Throws STOCK_NEEDS_CLINIC. */
export async function clinicSite(ctx: CareContext, organisationId: string): Promise<Site> {
  const site = (await ctx.custody.sites()).find(({ id }) => id === organisationId);
  if (site?.kind !== 'clinic') throw new AppError('STOCK_NEEDS_CLINIC');
  return site;
}

/** The device of this organisation that signed a statement. Throws STATEMENT_SIGNATURE_WRONG. */
export const deviceThatSigned = (site: Site, kind: StatementKind, body: object, signature: Hex): Hex =>
  signedBy(site.deviceKeys, kind, site.id, body, signature);

/** A clinic at its goods-in or its shelf, with what is asked about it again and again. */
export interface Door {
  readonly clinic: Site;
  readonly sites: readonly Site[];
  /** null where it cannot be judged now. */
  readonly licenceValid: boolean | null;
}

/** Throws STOCK_NEEDS_CLINIC. */
export async function openDoor(ctx: CareContext, clinicId: string): Promise<Door> {
  const clinic = await clinicSite(ctx, clinicId);
  const [sites, known] = await Promise.all([ctx.custody.sites(), ctx.identity.clinic(clinicId)]);
  return { clinic, sites, licenceValid: known?.licenceValid ?? null };
}

/** What the rules of the region say to taking a product in, or using it, at this clinic. */
export function judgeStock(
  ctx: CareContext,
  action: 'stock.receive' | 'stock.use',
  { clinic, sites, licenceValid }: Door,
  product: StockProduct,
  supplierGln: string | null,
): PolicyDecision {
  const supplier = sites.find(({ gln }) => gln === supplierGln);
  const facts: Facts = {
    region: clinic.region,
    'clinic.licenceValid': licenceValid,
    'clinic.licensedForToxin': clinic.licensedForToxin,
    'supplier.designatedForToxin':
      supplier?.licensedForToxin === true && ['maker', 'distributor'].includes(supplier.kind),
    'product.isToxin': product.isToxin,
    'product.approvedRegions': product.approvedRegions,
  };
  return decide(ctx.packs(clinic.region), action, facts, ctx.clock.now());
}
