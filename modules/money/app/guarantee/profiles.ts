/** Who may stand behind a promise here: the region's pack and the ledger's admin both have to say so. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { decide } from '@zhenmei/policy';
import { PROFILES, type Profile } from '../../core/guarantee-cover.ts';
import type { ProfileView } from '../../guarantee-api.ts';
import type { MoneyContext } from '../context.ts';

/** What the region's pack says. @param licensed whether the insurer in question is entered; of an insurer alone */
export const regionSays = (ctx: MoneyContext, profile: Profile, licensed = true) =>
  decide(
    ctx.backing.packs,
    'guarantee.back',
    { 'cover.profile': profile, 'insurer.licensed': licensed },
    ctx.clock.now(),
  );

export async function insurerLicensed(ctx: MoneyContext, account: Hex): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('money.insurer')
    .select('licensed')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.licensed ?? false;
}

/** The three, each with its state and, where it is off, why. */
export async function readProfiles(ctx: MoneyContext): Promise<ProfileView[]> {
  const licensed = await ctx.db
    .selectFrom('money.insurer')
    .select('account')
    .where('licensed', '=', true)
    .orderBy('account')
    .execute();
  const insurers = await Promise.all(
    licensed.map(async ({ account }) => ({ account, name: await ctx.guarantee.nameOf(account) })),
  );
  const onChain = { promise: true, insurer: insurers.length > 0, pool: await ctx.backing.poolLicensed() };
  return PROFILES.map((profile): ProfileView => {
    const said = regionSays(ctx, profile);
    const off = said.outcome === 'allow' ? null : (said.reasons[0] ?? null);
    return {
      profile,
      state: said.outcome !== 'allow' ? 'not-here' : onChain[profile] ? 'on' : 'not-licensed',
      reason: off?.reason ?? null,
      next: off?.next ?? null,
      insurers: profile === 'insurer' ? insurers : [],
    };
  });
}

/** Throws GUARANTEE_PROFILE_OFF. @param backer the insurer's account, of an insurer alone */
export async function assertProfile(ctx: MoneyContext, profile: Profile, backer: Hex): Promise<void> {
  const licensed = profile === 'insurer' ? await insurerLicensed(ctx, backer) : true;
  if (regionSays(ctx, profile, licensed).outcome !== 'allow') throw new AppError('GUARANTEE_PROFILE_OFF');
  if (profile === 'pool' && !(await ctx.backing.poolLicensed())) throw new AppError('GUARANTEE_PROFILE_OFF');
}
