/** Coins that agreements may be held in here: what the operator names, compared with the ledger before anybody is offered one. */
import { type ChainReader, unreachable } from '@zhenmei/chain';
import { CareEscrowAbi, TokenGateAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, defineErrors, type Hex } from '@zhenmei/kernel';
import { packsOf, REGIONS, type SettlementProfile, settlementProfile } from '@zhenmei/policy';
import { type Abi, domainSeparator, parseAbi } from 'viem';
import type { ServerConfig } from '../config.ts';
import { USES } from './protocol.ts';

defineErrors({
  COIN_UNREADABLE: {
    status: 500,
    retryable: true,
    zh: '账本上的 {coin} 不是可以使用的稳定币合约（没有名称、精度或签名域）。请核对 {setting} 里的地址和 CHAIN_RPC_URL 的网络。',
    en: 'What stands at {coin} on this ledger is no usable coin (its name, decimals or signing domain cannot be read). Check the address in {setting} and the network of CHAIN_RPC_URL.',
  },
  COIN_NOT_LISTED: {
    status: 500,
    retryable: false,
    zh: '{setting} 里的稳定币 {coin} 没有列入账本的准入名单，或者没有为这种用途（{profile}）列入。请由账本管理方先列入（TokenGate.list），再启动。',
    en: 'The coin {coin} in {setting} is not on the ledger’s list, or not for this use ({profile}). Have the ledger’s administrator list it (TokenGate.list), then start again.',
  },
  COIN_NOT_TAKEN: {
    status: 500,
    retryable: false,
    zh: '托管合约还不接受稳定币 {coin}。请由账本管理方先放行（CareEscrow.allowToken），再启动。',
    en: 'The escrow does not take the coin {coin} yet. Have the ledger’s administrator allow it (CareEscrow.allowToken), then start again.',
  },
  COIN_DECIMALS_DIFFER: {
    status: 500,
    retryable: false,
    zh: '稳定币 {coin} 自报 {found} 位小数，准入名单写的是 {listed} 位；能用的是 2 到 18 位，并且两者要一致。请核对后更正名单。',
    en: 'The coin {coin} says {found} decimals, the ledger’s list says {listed}; both must agree and lie between 2 and 18. Compare and correct the list.',
  },
  COIN_CURRENCY_DIFFERS: {
    status: 500,
    retryable: false,
    zh: '{setting} 写的货币是 {found}，而地区 {region} 的规则用 {wanted} 标价。请换成以该货币计价的稳定币。',
    en: '{setting} names the currency {found}, but prices in the region {region} are in {wanted}. Use a coin of that currency.',
  },
  COIN_NEEDS_GAS: {
    status: 500,
    retryable: false,
    zh: '稳定币 {coin} 不支持用签名授权付款（ERC-2612 或 ERC-3009），付款人没有办法放入托管。请换一种。',
    en: 'The coin {coin} takes no signed permission to pay (ERC-2612 or ERC-3009), so payers could not put it into the escrow. Use another.',
  },
});

export type CoinProfile = Exclude<SettlementProfile, 'closed-loop'>;

/** A coin of the house, as its payers need it. */
export interface Coin {
  readonly profile: CoinProfile;
  readonly token: Hex;
  /** As the coin calls itself; said by its contract, so limited. */
  readonly symbol: string;
  readonly digits: number;
  /** ISO 4217: of prices that it pays one to one. */
  readonly currency: string;
  /** Regions (ISO 3166) whose packs say that agreements are held in it. */
  readonly regions: readonly string[];
  /** How a payer's signature gives it to the escrow (`FundingBy`). */
  readonly by: 'permit' | 'authorization';
  /** The coin's own EIP-712 domain, by which payers sign. */
  readonly domain: { readonly name: string; readonly version: string };
}

const TOKEN = parseAbi([
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function version() view returns (string)',
  'function decimals() view returns (uint8)',
  'function nonces(address) view returns (uint256)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function authorizationState(address,bytes32) view returns (bool)',
  'function eip712Domain() view returns (bytes1,string,string,uint256,address,bytes32,uint256[])',
]);
const ZERO: Hex = `0x${'0'.repeat(40)}`;
/** `ITokenGate.Kind`: not listed, and the closed loop's own. */
const NOT_COINS = new Set([0, 1]);

type Places = Readonly<Record<'TokenGate' | 'CareEscrow', Hex>>;

/**
 * The coins that are set up, each found to be what the operator says. Throws COIN_UNREADABLE, COIN_NOT_LISTED,
 * COIN_NOT_TAKEN, COIN_DECIMALS_DIFFER, COIN_CURRENCY_DIFFERS, COIN_NEEDS_GAS.
 */
export async function openCoins(
  config: Pick<ServerConfig, 'coins'>,
  chain: Pick<ChainReader, 'viem' | 'chainId'>,
  contracts: Places,
): Promise<readonly Coin[]> {
  return Promise.all(config.coins.map((one) => openCoin(one, chain, contracts)));
}

async function openCoin(
  { profile, token, currency, setting }: ServerConfig['coins'][number],
  chain: Pick<ChainReader, 'viem' | 'chainId'>,
  contracts: Places,
): Promise<Coin> {
  const read = reader(chain, token);
  const regions = REGIONS.filter((region) => settlementProfile(packsOf(region)) === profile);
  for (const region of regions)
    for (const { parameters } of packsOf(region))
      if (parameters.currency !== currency)
        throw new AppError('COIN_CURRENCY_DIFFERS', {
          setting,
          found: currency,
          region,
          wanted: String(parameters.currency),
        });
  const [symbol, found] = await Promise.all([read('symbol'), read('decimals')]);
  if (typeof symbol !== 'string' || typeof found !== 'number')
    throw new AppError('COIN_UNREADABLE', { coin: token, setting });
  const listing = await chain.viem.readContract({
    address: contracts.TokenGate,
    abi: TokenGateAbi,
    functionName: 'listing',
    args: [token],
  });
  if (NOT_COINS.has(listing.kind) || (listing.uses & USES[profile]) === 0)
    throw new AppError('COIN_NOT_LISTED', { coin: token, setting, profile });
  if (listing.decimals !== found || found < 2 || found > 18)
    throw new AppError('COIN_DECIMALS_DIFFER', { coin: token, found, listed: listing.decimals });
  const allowed = await chain.viem.readContract({
    address: contracts.CareEscrow,
    abi: CareEscrowAbi,
    functionName: 'tokenAllowed',
    args: [token],
  });
  if (!allowed) throw new AppError('COIN_NOT_TAKEN', { coin: token });
  const domain = await domainOf(read, chain.chainId, token);
  const [byAuthorization, byPermit] = await Promise.all([
    read('authorizationState', [ZERO, `0x${'0'.repeat(64)}`]),
    read('nonces', [ZERO]),
  ]);
  if (byAuthorization !== false && byPermit === undefined)
    throw new AppError('COIN_NEEDS_GAS', { coin: token });
  if (!domain) throw new AppError('COIN_UNREADABLE', { coin: token, setting });
  return {
    profile,
    token,
    symbol: shortened(symbol),
    digits: found,
    currency,
    regions,
    by: byAuthorization === false ? 'authorization' : 'permit',
    domain,
  };
}

/** What a coin answers; what it does not know is undefined. @throws CHAIN_UNAVAILABLE if it could not be asked */
const reader =
  ({ viem }: Pick<ChainReader, 'viem'>, token: Hex) =>
  async (functionName: string, args: readonly unknown[] = []): Promise<unknown> => {
    try {
      return await viem.readContract({ address: token, abi: TOKEN as Abi, functionName, args });
    } catch (error) {
      if (unreachable(error)) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: error });
      return undefined;
    }
  };

const shortened = (symbol: string) => symbol.replaceAll(/[^\p{L}\p{N}.]/gu, '').slice(0, 12) || 'ERC-20';

/** The domain that the coin says (ERC-5267), or its name and version; only one whose separator is the coin's own. */
async function domainOf(
  read: (name: string) => Promise<unknown>,
  chainId: number,
  token: Hex,
): Promise<Coin['domain'] | null> {
  const [separator, said, name, version] = await Promise.all(
    ['DOMAIN_SEPARATOR', 'eip712Domain', 'name', 'version'].map((one) => read(one)),
  );
  const named = Array.isArray(said) ? [{ name: String(said[1]), version: String(said[2]) }] : [];
  const guesses = typeof name === 'string' ? [String(version ?? '1'), '1', '2'] : [];
  const fits = (domain: Coin['domain']) =>
    domainSeparator({ domain: { ...domain, chainId, verifyingContract: token } }) === separator;
  return [...named, ...guesses.map((one) => ({ name: String(name), version: one }))].find(fits) ?? null;
}

/** A coin by its address alone, whoever names it; null if its digits can't be read or used. */
export async function readCoin(
  chain: Pick<ChainReader, 'viem'>,
  token: Hex,
): Promise<Pick<Coin, 'symbol' | 'digits'> | null> {
  const read = reader(chain, token);
  const [symbol, digits] = await Promise.all([read('symbol'), read('decimals')]);
  if (typeof digits !== 'number' || digits < 2 || digits > 18) return null;
  return { symbol: shortened(typeof symbol === 'string' ? symbol : ''), digits };
}

/** The coin of a region, if its packs ask for one and the house has it. */
export const coinIn = (coins: readonly Coin[], profile: SettlementProfile): Coin | null =>
  coins.find((coin) => coin.profile === profile) ?? null;

export const coinAt = (coins: readonly Coin[], token: string): Coin | null =>
  coins.find((coin) => coin.token === token.toLowerCase()) ?? null;

/** How many of the coin's smallest unit are one minor unit of the currency (two digits, as all currencies here). */
export const scaleOf = ({ digits }: Pick<Coin, 'digits'>): bigint => 10n ** BigInt(digits - 2);
