/**
 * From the child's phone to the guardian's and back. The request is sealed under a code that the child's screen shows
 * and left where only the code leads; the guardian's phone looks up clinic, price and text itself and signs only what
 * agrees with them.
 */
import { p256 } from '@noble/curves/nist.js';
import { careApi } from '@zhenmei/care/api.ts';
import { consentTextHash } from '@zhenmei/care/core/consent.ts';
import { type GuardianUse, isOfAge } from '@zhenmei/care/core/guardian.ts';
import { GuardianAnswer, GuardianAsking, usesOf } from '@zhenmei/care/core/guardian-asking.ts';
import { type Quote, quoteHash, quoteTotal } from '@zhenmei/care/core/quote.ts';
import { agreementId, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { pointJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import {
  AppError,
  canonicalJson,
  derive,
  fromBase64Url,
  fromHex,
  fromUtf8,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { childKey } from '@zhenmei/vault/core/derive.ts';
import { readShortCode, shortCode } from '@zhenmei/vault/core/devices/code.ts';
import { openBox, sealBox } from '@zhenmei/vault/core/secret-box.ts';
import { pricedTerms } from './coin-frame.ts';
import type { GuardianCard } from './guardian.ts';
import type { Bytes, VaultIo } from './vault/io.ts';
import { orNull } from './vault/objects.ts';
import type { WalletCredential, WalletKey } from './wallet.ts';

/** The key of somebody under age, from the vault's first root, and the number under which the registry knows it. */
export function childOf(root: Bytes): { readonly key: WalletKey; readonly number: string } {
  const secret = childKey(root);
  const jwk = pointJwk(p256.getPublicKey(secret, false));
  const sign: WalletKey['sign'] = async (message) =>
    p256.sign(message, secret, { prehash: true, lowS: false }) as Bytes;
  return { key: { jwk, sign }, number: toBase64Url(thumbprint(jwk)) };
}

const CODE_SYMBOLS = 28;
type Way = 'asking' | 'answer';
function placeOf(code: string, way: Way) {
  const secret = sha256(utf8(`zhenmei/guardian-link/v1\n${readShortCode(code)}`));
  return {
    label: toBase64Url(derive(secret, `zhenmei/guardian-link/${way}/label`)),
    key: derive(secret, `zhenmei/guardian-link/${way}/key`),
    purpose: `guardian-link/${way}`,
  };
}

async function put({ api, random }: VaultIo, code: string, way: Way, value: object): Promise<void> {
  const { label, key, purpose } = placeOf(code, way);
  // without members that are not there
  const plain = utf8(canonicalJson(JSON.parse(JSON.stringify(value))));
  const sealed = toBase64Url(await sealBox(key, random(12), plain, purpose));
  await api.call(vaultApi.handOver, { params: { label }, body: { sealed } });
}

async function get({ api }: Pick<VaultIo, 'api'>, code: string, way: Way): Promise<unknown> {
  const { label, key, purpose } = placeOf(code, way);
  const left = await orNull(api.call(vaultApi.collect, { params: { label }, query: {} }), 'OBJECT_UNKNOWN');
  return left && strictJson(fromUtf8(await openBox(key, fromBase64Url(left.sealed), purpose)));
}

/** On the child's device. @returns the code to show to the guardian */
export async function askGuardian(io: VaultIo, asking: GuardianAsking): Promise<string> {
  const code = shortCode(io.random(20), CODE_SYMBOLS);
  await put(io, code, 'asking', asking);
  return code;
}

/** On the child's device: what the guardian has signed so far. Throws GUARDIAN_REFUSED. */
export async function guardianAnswer(io: VaultIo, code: string): Promise<GuardianAnswer> {
  const answer = GuardianAnswer.parse((await get(io, code, 'answer')) ?? { refused: false });
  if (answer.refused) throw new AppError('GUARDIAN_REFUSED');
  return answer;
}

export interface Asked {
  readonly asking: GuardianAsking;
  readonly clinic: { readonly zh: string; readonly en: string };
  readonly treatment: { readonly zh: string; readonly en: string };
  /** RFC 3339, where a time is being booked. */
  readonly startsAt: string | null;
  readonly items: Quote['items'];
  readonly currency: Quote['currency'];
  /** Minor units. */
  readonly total: string;
  readonly consent: {
    readonly title: { readonly zh: string; readonly en: string };
    readonly text: string;
  } | null;
  /** What each signature is about, as it will be signed. */
  readonly about: Partial<Record<GuardianUse, Readonly<Record<string, string>>>>;
}

const other = (field: string) => new AppError('GUARDIAN_ASKING_OTHER', { field });

/** On the guardian's device. Throws GUARDIAN_ASKING_UNKNOWN, GUARDIAN_ASKING_OTHER. */
export async function readAsking(io: VaultIo, code: string): Promise<Asked> {
  const found = await get(io, code, 'asking');
  if (!found) throw new AppError('GUARDIAN_ASKING_UNKNOWN');
  const parsed = GuardianAsking.safeParse(found);
  if (!parsed.success) throw other('form');
  const asking = parsed.data;
  const page = await io.api.call(careApi.readClinic, { params: { id: asking.clinic } });
  const service = page.services.find(({ id }) => id === asking.service);
  if (!service) throw other('service');
  const base = { asking, clinic: page.clinic.name, treatment: service.body.procedure.name };
  if (asking.step === 'book') {
    const slot = page.slots.find(({ id }) => id === asking.slot);
    if (!slot) throw other('slot');
    const { visit, service: of, slot: at } = asking;
    const about = { book: { visit, service: of, slot: at } };
    const { items, currency } = service.body;
    return { ...base, startsAt: slot.startsAt, items, currency, total: service.total, consent: null, about };
  }
  const { quote, terms, template: named, language, visit } = asking;
  const agreed = terms as unknown as TermsJson;
  if (quoteHash(quote, fromHex(asking.quoteSalt as `0x${string}`)) !== agreed.quote) throw other('quote');
  const total = quoteTotal(quote);
  const priced = pricedTerms(await io.api.call(houseApi.readConfig), agreed);
  if (priced?.milestones.reduce((sum, { amount }) => sum + BigInt(amount), 0n) !== total)
    throw other('total');
  const template = await io.api.call(careApi.readConsent, { params: named });
  const agreement = agreementId(termsFromJson(agreed));
  return {
    ...base,
    startsAt: null,
    items: quote.items,
    currency: quote.currency,
    total: total.toString(),
    consent: { title: template.title, text: language === 'en' ? template.text.en : template.text.zh },
    about: {
      consent: { visit, agreement, text: consentTextHash(template, language) },
      money: { visit, agreement },
    },
  };
}

/** The certificate with which this child may be signed for. Throws GUARDIAN_CARD_MISSING, GUARDIAN_ENDED. */
export function cardFor(child: string, credentials: readonly WalletCredential[], now: number) {
  const mine = credentials.filter(
    ({ vct, claims }) => vct === CREDENTIAL_TYPES.guardianOf && claims.child === child,
  );
  const untilOf = ({ claims }: WalletCredential) => String(claims.until);
  const last = mine.sort((a, b) => untilOf(b).localeCompare(untilOf(a)))[0];
  if (!last) throw new AppError('GUARDIAN_CARD_MISSING');
  const until = untilOf(last);
  if (isOfAge({ child, guardian: '', until }, now)) throw new AppError('GUARDIAN_ENDED', { day: until });
  const card: GuardianCard = { certificate: last.token, key: last.key };
  return { card, until };
}

/** On the guardian's device: hands over what is signed by now, the earlier signatures with it. */
export const answerAsking = (io: VaultIo, code: string, answer: GuardianAnswer): Promise<void> =>
  put(io, code, 'answer', answer);

export const isAnswered = (asking: GuardianAsking, answer: GuardianAnswer): boolean =>
  usesOf(asking).every((use) => answer[use] !== undefined);
