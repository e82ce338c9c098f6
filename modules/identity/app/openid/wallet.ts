/** Which wallet collects, where it says so: its attestation is judged, and stays with what it began. */
import { AppError, type Json, MINUTE, toSeconds } from '@zhenmei/kernel';
import '../../core/openid-errors.ts';
import { readWalletAttestation, type WalletInstance } from '../../core/wallet-attestation.ts';
import type { IdentityContext } from '../context.ts';
import { issuersNow } from '../judge-credential.ts';
import { rememberOnce } from './grants.ts';
import type { OpenIdIssuer } from './metadata.ts';

/** The two headers of a request. */
export interface WalletHeaders {
  readonly attestation: string | null;
  readonly possession: string | null;
}

/** null for a wallet that says nothing of itself. Throws OPENID_WALLET. */
export async function walletOf(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  { attestation, possession }: WalletHeaders,
  clientId: string | undefined,
): Promise<WalletInstance | null> {
  if (attestation === null && possession === null) return null;
  if (attestation === null || possession === null) throw new AppError('OPENID_WALLET', { reason: 'header' });
  const wallet = await readWalletAttestation(attestation, possession, {
    makers: await issuersNow(ctx),
    audience: issuer.url,
    at: toSeconds(ctx.clock.now()),
  });
  if (clientId !== undefined && clientId !== wallet.clientId)
    throw new AppError('OPENID_WALLET', { reason: 'client_id' });
  await rememberOnce(ctx, 'wallet', `${wallet.key} ${wallet.jti}`, 10 * MINUTE, 'OPENID_WALLET');
  return wallet;
}

/** What one attested instance began, no other goes on with. Throws OPENID_WALLET. */
export function mustBeSame(wallet: WalletInstance | null, begun: Json | undefined): void {
  if (typeof begun === 'string' && wallet?.key !== begun)
    throw new AppError('OPENID_WALLET', { reason: 'another instance' });
}
