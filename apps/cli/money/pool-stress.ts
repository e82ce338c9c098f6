/** A pool under stress on the contract's own bytecode: filled until it refuses, a year of losses, and everybody leaving. */
import { GuaranteePoolAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { creationCode } from '@zhenmei/contracts/generated/bytecode.ts';
import { startAnvil } from '@zhenmei/contracts/tools/anvil.ts';
import { connect } from '@zhenmei/contracts/tools/rig.ts';
import type { Hex } from '@zhenmei/kernel';
import { type Abi, concatHex, encodeAbiParameters, encodeFunctionData, padHex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

export interface Stress {
  readonly capital: bigint;
  readonly covers: number;
  /** Why no more was taken. */
  readonly refusedAfter: number;
  readonly exposure: bigint;
  readonly minimum: bigint;
  /** Capital after each step. */
  readonly steps: readonly {
    readonly what: 'covers' | 'losses' | 'run';
    readonly capital: bigint;
    readonly frozen: bigint;
  }[];
  readonly claims: number;
  readonly paidInFull: number;
  /** What the lender could take out while covers were open. */
  readonly left: bigint;
}

const CHAIN = 722_077;
const SUM = 416_000n;
const DAYS = 180;
// a throw-away key of a throw-away chain
const ADMIN = privateKeyToAccount(padHex('0x07', { size: 32 }));
const clinicAt = (n: number): Hex => padHex(toHex(0xc0_0000 + n), { size: 20 });
const coverAt = (n: number): Hex => padHex(toHex(n + 1), { size: 32 });

/** @param lossShare of the covers taken, claimed in the year */
export async function stressPool(capital: bigint, clinics: number, lossShare: number): Promise<Stress> {
  const anvil = await startAnvil(CHAIN);
  try {
    const rig = connect(anvil.url, CHAIN, ADMIN);
    const me = ADMIN.address;
    const create = async (name: string, args: Hex): Promise<Hex> =>
      (await rig.send(null, concatHex([creationCode[name]!.code, args]))).contractAddress!;
    const addresses = (...list: Hex[]) =>
      encodeAbiParameters(
        list.map(() => ({ type: 'address' as const })),
        list,
      );
    const manager = await create('AccessManager', addresses(me));
    const unit = await create(
      'SettlementUnit',
      encodeAbiParameters(
        [{ type: 'address' }, { type: 'address' }, { type: 'string' }, { type: 'string' }],
        // nobody forwards here
        [manager, manager, 'Stress', 'STR'],
      ),
    );
    const pool = await create(
      'GuaranteePool',
      encodeAbiParameters(
        [{ type: 'address' }, { type: 'address' }, { type: 'bool' }],
        [manager, unit, true],
      ),
    );
    const act = (to: Hex, abi: readonly unknown[], functionName: string, args: readonly unknown[]) =>
      rig.send(to, encodeFunctionData({ abi: abi as Abi, functionName, args }));
    const read = (functionName: string, args: readonly unknown[] = []) =>
      rig.reader.readContract({
        address: pool,
        abi: GuaranteePoolAbi as Abi,
        functionName,
        args,
      }) as Promise<bigint>;
    await act(unit, SettlementUnitAbi, 'setSystemContract', [pool, true]);
    await act(unit, SettlementUnitAbi, 'mint', [me, capital, coverAt(9_999)]);
    await act(pool, GuaranteePoolAbi, 'license', [true]);
    await act(pool, GuaranteePoolAbi, 'bind', [me]);
    await act(pool, GuaranteePoolAbi, 'deposit', [capital, me]);
    const steps: Stress['steps'][number][] = [];
    const note = async (what: Stress['steps'][number]['what']) =>
      steps.push({ what, capital: await read('totalAssets'), frozen: await read('frozen') });
    let covers = 0;
    // the contract itself says when it has enough
    for (; covers < 5_000; covers++) {
      const taken = await act(pool, GuaranteePoolAbi, 'underwrite', [
        clinicAt(covers % clinics),
        coverAt(covers),
        SUM,
        0n,
      ]).then(
        () => true,
        () => false,
      );
      if (!taken) break;
    }
    const [exposure, minimum] = [await read('exposure'), await read('minimumCapital')];
    await note('covers');
    const claims = Math.ceil(covers * lossShare);
    for (let i = 0; i < claims; i++) await act(pool, GuaranteePoolAbi, 'freeze', [coverAt(i), SUM]);
    await act(pool, GuaranteePoolAbi, 'askExit', [await read('balanceOf', [me])]);
    let paidInFull = 0;
    for (let i = 0; i < claims; i++) {
      const before = await read('totalAssets');
      await act(pool, GuaranteePoolAbi, 'end', [clinicAt(i % clinics), coverAt(i), SUM, SUM, coverAt(i)]);
      if (before - (await read('totalAssets')) === SUM) paidInFull++;
    }
    await note('losses');
    await rig.reader.request({ method: 'evm_increaseTime' as never, params: [DAYS * 86_400 + 1] as never });
    await rig.reader.request({ method: 'evm_mine' as never, params: [] as never });
    const before = await read('totalAssets');
    const most = await read('maxRedeem', [me]);
    if (most > 0n) await act(pool, GuaranteePoolAbi, 'redeem', [most, me, me]);
    await note('run');
    const left = before - (await read('totalAssets'));
    return { capital, covers, refusedAfter: covers, exposure, minimum, steps, claims, paidInFull, left };
  } finally {
    await anvil.stop();
  }
}
