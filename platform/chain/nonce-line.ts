/** One signer, one line of nonces, kept in the database so that several processes may share it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import { keccak256, type LocalAccount } from 'viem';
import type { ChainReader, Fees } from './client.ts';
import type { ChainDatabase } from './schema.ts';

export interface Outgoing {
  /** The same key is sent once, whatever happens. */
  readonly key: string;
  /** null creates a contract. */
  readonly to: Hex | null;
  readonly data: Hex;
  readonly gas?: bigint;
}

export const DEFAULT_GAS = 3_000_000n;

export class NonceLine {
  readonly chain: ChainReader;
  private readonly account: LocalAccount;
  private free: Fees | null = null;

  constructor(chain: ChainReader, account: LocalAccount) {
    this.chain = chain;
    this.account = account;
  }

  get address(): Hex {
    return this.account.address.toLowerCase() as Hex;
  }

  /** The next nonce; the signer's row stays locked until the caller's transaction ends. */
  async take(tx: Kysely<ChainDatabase>): Promise<number> {
    const locked = () =>
      tx
        .selectFrom('chain.signer')
        .select('next_nonce')
        .where('address', '=', this.address)
        .forUpdate()
        .executeTakeFirst();
    const known = await locked();
    if (known) return Number(known.next_nonce);
    await tx
      .insertInto('chain.signer')
      .values({ address: this.address, next_nonce: BigInt(await this.onChain()) })
      .onConflict((c) => c.doNothing())
      .execute();
    return Number((await locked())!.next_nonce);
  }

  /** @param nonce the first that is not taken */
  async advance(tx: Kysely<ChainDatabase>, nonce: number): Promise<void> {
    await tx
      .updateTable('chain.signer')
      .set({ next_nonce: BigInt(nonce) })
      .where('address', '=', this.address)
      .execute();
  }

  async sign(nonce: number, { to, data, gas }: Omit<Outgoing, 'key'>): Promise<{ raw: Hex; hash: Hex }> {
    const fees = this.free ?? (await reach(() => this.chain.fees()));
    // where gas is free it stays free, and nothing needs to be asked again
    if (fees.maxFeePerGas === 0n) this.free = fees;
    const raw = await this.account.signTransaction({
      type: 'eip1559',
      chainId: this.chain.chainId,
      nonce,
      to,
      data,
      gas: gas ?? DEFAULT_GAS,
      ...fees,
    });
    return { raw, hash: keccak256(raw) };
  }

  /** How many of the signer's transactions are in blocks. Throws CHAIN_UNAVAILABLE. */
  onChain(): Promise<number> {
    return reach(() => this.chain.viem.getTransactionCount({ address: this.address }));
  }
}

/** Throws CHAIN_UNAVAILABLE for whatever goes wrong on the way to the node. */
export async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
  }
}
