import { encodeFunctionData, type Hex, keccak256, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  IssuerRegistryAbi,
  LogAnchorAbi,
  ParamsAbi,
  SettlementUnitAbi,
  UnitRegistryAbi,
} from '../generated/abis.ts';
import { startAnvil, type TestChain } from '../tools/anvil.ts';
import { connect } from '../tools/rig.ts';
import { type DeployIo, deploy, deploymentPlan } from './plan.ts';
import {
  anchorRootSlot,
  anchorSizeSlot,
  issuerEntrySlot,
  lotRootSlot,
  lotSlot,
  readAnchor,
  readIssuerEntry,
  readLot,
  readUnit,
  unitSlot,
  useSlot,
} from './slots.ts';
import { grantRole, placeClinic } from './wiring.ts';

const CHAIN_ID = 722_001;
const admin = privateKeyToAccount(generatePrivateKey());
const someone = privateKeyToAccount(generatePrivateKey());
const plan = deploymentPlan({
  admin: admin.address,
  custodian: admin.address,
  logOperator: admin.address,
  paymasterSigner: admin.address,
  examiner: admin.address,
});
const word = (text: string): Hex => keccak256(toHex(text));

let anvil: TestChain;
let rig: ReturnType<typeof connect>;
beforeAll(async () => {
  anvil = await startAnvil(CHAIN_ID);
  rig = connect(anvil.url, CHAIN_ID, admin);
});
afterAll(() => anvil.stop());

describe('deployment', () => {
  it('knows every address before, and runs any number of times', async () => {
    expect(await deploy(plan, rig.io)).toBe(plan.creates.length + plan.wiring.length);
    for (const { address } of plan.creates)
      expect((await rig.reader.getCode({ address }))?.length).toBeGreaterThan(2);
    expect(await deploy(plan, rig.io)).toBe(0);
  });

  it('gives the same parties the same addresses and others different ones', () => {
    const again = deploymentPlan({
      admin: admin.address,
      custodian: someone.address,
      logOperator: admin.address,
      paymasterSigner: admin.address,
      examiner: admin.address,
    });
    expect(again.contracts).toEqual(plan.contracts);
    const other = deploymentPlan({
      admin: someone.address,
      custodian: admin.address,
      logOperator: admin.address,
      paymasterSigner: admin.address,
      examiner: admin.address,
    });
    expect(other.contracts.CareEscrow).not.toBe(plan.contracts.CareEscrow);
  });

  it('sets the rules of regions once, and places clinics', async () => {
    const china = {
      code: 'CN',
      least: 604_800,
      startsWith: 'payment',
      waivable: false,
      sameServiceExempt: false,
      uses: 1,
    } as const;
    const parties = {
      admin: admin.address,
      custodian: admin.address,
      logOperator: admin.address,
      paymasterSigner: admin.address,
      examiner: admin.address,
    };
    const with_ = (least: number) => deploymentPlan({ ...parties, jurisdictions: [{ ...china, least }] });
    expect(await deploy(with_(china.least), rig.io)).toBe(1);
    // a rule that was decided later is not overwritten
    expect(await deploy(with_(2 * china.least), rig.io)).toBe(0);
    const demands = () =>
      rig.reader.readContract({
        address: plan.contracts.Params,
        abi: ParamsAbi,
        functionName: 'demands',
        args: [someone.address, 0],
      });
    await expect(demands()).rejects.toThrow('ClinicNotPlaced');
    const place = placeClinic(plan.contracts, 'CN', someone.address);
    expect(await deploy({ ...plan, creates: [], wiring: [place] }, rig.io)).toBe(1);
    expect(await demands()).toEqual([604_800n, 1n]);
    expect(await deploy({ ...plan, creates: [], wiring: [place] }, rig.io)).toBe(0);
  });

  it('refuses an address that holds other code', async () => {
    const foreign: DeployIo = { ...rig.io, code: async () => '0x6001' };
    await expect(deploy(plan, foreign)).rejects.toThrow('holds another contract');
  });

  it('notices a step that was sent without effect', async () => {
    const deaf: DeployIo = { code: async () => '0x', call: async () => '0x', send: async () => {} };
    await expect(deploy(plan, deaf)).rejects.toThrow('after its deployment');
    const wiringOnly = { ...plan, creates: [] };
    await expect(deploy(wiringOnly, deaf)).rejects.toThrow('without effect');
  });

  it('gives nobody a role by itself', async () => {
    const data = encodeFunctionData({
      abi: LogAnchorAbi,
      functionName: 'anchor',
      args: [word('o'), 1n, word('r')],
    });
    await expect(
      rig.reader.call({ account: someone.address, to: plan.contracts.LogAnchor, data }),
    ).rejects.toThrow();
  });
});

describe('slots a stranger reads', () => {
  it('holds issuer types and keys', async () => {
    const [issuer, type] = [word('issuer'), word('type')];
    await rig.io.send(grantRole(plan.contracts, 'ISSUER_ADMIN', admin.address));
    await rig.send(
      plan.contracts.IssuerRegistry,
      encodeFunctionData({
        abi: IssuerRegistryAbi,
        functionName: 'setType',
        args: [issuer, type, 1_000n, 2_000n],
      }),
    );
    await rig.send(
      plan.contracts.IssuerRegistry,
      encodeFunctionData({ abi: IssuerRegistryAbi, functionName: 'withdraw', args: [issuer, type, 1_500n] }),
    );
    const value = await rig.slot(plan.contracts.IssuerRegistry, issuerEntrySlot(issuer, type));
    expect(readIssuerEntry(value)).toEqual({ validFrom: 1_000, validTo: 2_000, withdrawnAt: 1_500 });
  });

  it('holds log roots and sizes', async () => {
    const [origin, root] = [word('origin'), word('root')];
    await rig.send(
      plan.contracts.LogAnchor,
      encodeFunctionData({ abi: LogAnchorAbi, functionName: 'anchor', args: [origin, 77n, root] }),
    );
    expect(await rig.slot(plan.contracts.LogAnchor, anchorRootSlot(origin))).toBe(BigInt(root));
    const { size, time } = readAnchor(await rig.slot(plan.contracts.LogAnchor, anchorSizeSlot(origin)));
    expect(size).toBe(77);
    expect(time).toBeGreaterThan(1_700_000_000);
  });

  it('holds lots, units and uses', async () => {
    const [lot, unit, commitment] = [word('lot'), word('unit'), word('commitment')];
    const leaf = keccak256(keccak256(unit));
    const registry = plan.contracts.UnitRegistry;
    for (const role of ['MAKER', 'CLINIC'] as const)
      await rig.io.send(grantRole(plan.contracts, role, admin.address));
    await rig.send(
      registry,
      encodeFunctionData({
        abi: UnitRegistryAbi,
        functionName: 'registerLot',
        args: [lot, leaf, 100n, false],
      }),
    );
    for (let i = 0; i < 2; i++)
      await rig.send(
        registry,
        encodeFunctionData({
          abi: UnitRegistryAbi,
          functionName: 'open',
          args: [lot, unit, [], 40n, commitment],
        }),
      );
    expect(readLot(await rig.slot(registry, lotSlot(lot)))).toEqual({
      maker: admin.address.toLowerCase(),
      amountPerUnit: 100,
      singleUse: false,
      blocked: false,
    });
    expect(await rig.slot(registry, lotRootSlot(lot))).toBe(BigInt(leaf));
    expect(readUnit(await rig.slot(registry, unitSlot(unit)))).toEqual({
      used: 80,
      openings: 2,
      lot: lot.slice(0, 42),
    });
    expect(await rig.slot(registry, useSlot(unit, 1))).toBe(BigInt(commitment));
    expect(await rig.slot(registry, useSlot(unit, 2))).toBe(0n);
  });

  it('mints against a payment once', async () => {
    const data = encodeFunctionData({
      abi: SettlementUnitAbi,
      functionName: 'mint',
      args: [someone.address, 500n, word('payment')],
    });
    await rig.send(plan.contracts.SettlementUnit, data);
    await expect(
      rig.reader.call({ account: admin.address, to: plan.contracts.SettlementUnit, data }),
    ).rejects.toThrow();
  });
});
