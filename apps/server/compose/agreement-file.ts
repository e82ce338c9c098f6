/** What a visit's two sides signed, as the file that travels inside their paper. */
import type { SignedAgreement } from '@zhenmei/care';
import { type Quote, quoteTotal } from '@zhenmei/care/core/quote.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { scaleOfOffer } from '@zhenmei/money/core/coin-amounts.ts';
import { AgreementFile } from '../api/agreement-paper.ts';
import { type Coin, coinAt } from './coins.ts';

/**
 * @param absences whether the ledger takes reports of absence
 * Throws COIN_SCALE_UNKNOWN: a paper whose amounts are in a coin that nobody names would say others.
 */
export function agreementFile(
  signed: SignedAgreement,
  chain: AgreementFile['chain'],
  absences: boolean,
  coins: readonly Coin[] = [],
): AgreementFile {
  const { agreementId, terms, offerSignature, keys, quote, template, language, textHash } = signed;
  const { clinic, doctor, procedure, startsAt } = signed;
  const coin = coinAt(coins, (terms as { token: Hex }).token);
  if (
    !coin &&
    (scaleOfOffer(terms as Parameters<typeof scaleOfOffer>[0], quoteTotal(quote as Quote)) ?? 1n) !== 1n
  )
    throw new AppError('COIN_SCALE_UNKNOWN');
  return AgreementFile.parse({
    type: 'zhenmei-agreement',
    version: 2,
    agreementId,
    chain,
    terms,
    offerSignature,
    keys,
    quote,
    template,
    language,
    textHash,
    steps: signed.steps.map(({ step, signatures: { clinic: device, patient }, at }) => ({
      step,
      signatures: { ...(device ? { clinic: device } : {}), ...(patient ? { patient } : {}) },
      at,
    })),
    coin: coin && { token: coin.token, symbol: coin.symbol, currency: coin.currency, digits: coin.digits },
    clinic,
    doctor,
    procedure,
    startsAt,
    absences,
  });
}
