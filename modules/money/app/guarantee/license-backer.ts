/** The operator licenses who may stand behind promises, on the ledger and only where the region's pack allows it. */
import { AppError } from '@zhenmei/kernel';
import type { OperatorBackers } from '../../backing-api.ts';
import type { MoneyContext } from '../context.ts';
import { insurerLicensed, readProfiles, regionSays } from './profiles.ts';

export async function readBackers(ctx: MoneyContext): Promise<OperatorBackers> {
  const companies = await ctx.backing.insurers();
  return {
    profiles: await readProfiles(ctx),
    insurers: await Promise.all(
      companies.map(async ({ id, name, account }) => ({
        id,
        name,
        joined: account !== null,
        licensed: account !== null && (await insurerLicensed(ctx, account)),
      })),
    ),
    pool: await ctx.backing.poolLicensed(),
  };
}

/**
 * Names an insurer's account as licensed, or takes that back; covers that are open stay. Done already is done.
 * Throws INSURER_UNKNOWN, and GUARANTEE_PROFILE_OFF where the region does not allow it.
 */
export async function licenseInsurer(ctx: MoneyContext, id: string, licensed: boolean): Promise<void> {
  const company = (await ctx.backing.insurers()).find((one) => one.id === id);
  if (!company?.account) throw new AppError('INSURER_UNKNOWN');
  if (licensed && regionSays(ctx, 'insurer').outcome !== 'allow') throw new AppError('GUARANTEE_PROFILE_OFF');
  if ((await insurerLicensed(ctx, company.account)) === licensed) return;
  await ctx.backing.licenseInsurer(company.account, licensed);
}

/** Lets the pool take capital and covers, or stops it; what it stands for stays. Throws GUARANTEE_PROFILE_OFF. */
export async function licensePool(ctx: MoneyContext, licensed: boolean): Promise<void> {
  if (licensed && regionSays(ctx, 'pool').outcome !== 'allow') throw new AppError('GUARANTEE_PROFILE_OFF');
  if ((await ctx.backing.poolLicensed()) === licensed) return;
  await ctx.backing.licensePool(licensed);
}
