/** One visit on a real chain: every message that is signed here is hashed twice, in TypeScript and in Solidity. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodeFunctionData, getAddress, type Hex, hashTypedData, keccak256, toHex } from 'viem';
import { getUserOperationHash } from 'viem/account-abstraction';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CareEscrowAbi,
  EntryPointAbi,
  ERC2771ForwarderAbi,
  PasskeyAccountAbi,
  ReviewGroupsAbi,
  SettlementUnitAbi,
} from '../generated/abis.ts';
import { startAnvil, type TestChain } from '../tools/anvil.ts';
import { connect } from '../tools/rig.ts';
import {
  accountSignature,
  type Call,
  executeData,
  initCode,
  type PackedUserOperation,
  packed,
  passkeySignature,
  passkeySigner,
  publicKeyXY,
  sponsoredBy,
  sponsorTypedData,
  userOpHash,
} from './account.ts';
import { deploy, deploymentPlan } from './plan.ts';
import { accountSlot, groupRootSlot, readAccount } from './slots.ts';
import {
  accountMessageHash,
  agreementId,
  agreementTypedData,
  attendanceTypedData,
  forwardTypedData,
  offerTypedData,
  splitTypedData,
  type Terms,
  termsFromJson,
  termsToJson,
} from './typed-data.ts';
import { grantRole } from './wiring.ts';

const CHAIN_ID = 722_002;
const admin = privateKeyToAccount(generatePrivateKey());
const patient = privateKeyToAccount(generatePrivateKey());
const sponsor = privateKeyToAccount(generatePrivateKey());
const { contracts: c, ...plan } = deploymentPlan({
  admin: admin.address,
  custodian: admin.address,
  logOperator: admin.address,
  paymasterSigner: sponsor.address,
  examiner: admin.address,
});
const DAY = 86_400;

/** An authenticator as browsers drive it: a P-256 key that signs authenticatorData and the hash of clientDataJSON. */
function authenticator(verifier: Hex) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const hex = (text?: string) => Buffer.from(text ?? '', 'base64url').toString('hex');
  const { x, y } = publicKeyXY(`0x04${hex(jwk.x)}${hex(jwk.y)}`);
  const signer = passkeySigner(verifier, x, y);
  return {
    signer,
    sign: (hash: Hex) => accountSignature([{ signer, signature: assertion(privateKey, hash) }]),
  };
}

function assertion(key: KeyObject, hash: Hex): Hex {
  const challenge = Buffer.from(hash.slice(2), 'hex').toString('base64url');
  const clientDataJSON = JSON.stringify({
    type: 'webauthn.get',
    challenge,
    origin: 'http://localhost',
    crossOrigin: false,
  });
  const sha = (data: string | Buffer) => createHash('sha256').update(data).digest();
  const authenticatorData = Buffer.concat([sha('localhost'), Buffer.from([0x05, 0, 0, 0, 1])]);
  const message = Buffer.concat([authenticatorData, sha(clientDataJSON)]);
  const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  return passkeySignature({
    r: toHex(raw.subarray(0, 32)),
    s: toHex(raw.subarray(32)),
    authenticatorData: toHex(authenticatorData),
    clientDataJSON,
  });
}

let anvil: TestChain;
let rig: ReturnType<typeof connect>;
const passkey = authenticator(c.ERC7913WebAuthnVerifier);
let clinic: Hex;
let now: number;

beforeAll(async () => {
  anvil = await startAnvil(CHAIN_ID);
  rig = connect(anvil.url, CHAIN_ID, admin);
  await deploy({ contracts: c, ...plan }, rig.io);
  const factory = initCode(c.PasskeyAccountFactory, [passkey.signer], 1n, `0x${'00'.repeat(32)}`);
  const { data } = await rig.reader.call({ to: factory.slice(0, 42) as Hex, data: `0x${factory.slice(42)}` });
  clinic = getAddress(`0x${data?.slice(26)}`).toLowerCase() as Hex;
  await rig.io.send(grantRole(c, 'CLINIC', clinic));
  now = Number((await rig.reader.getBlock()).timestamp);
});
afterAll(() => anvil.stop());

async function sponsored(calls: readonly Call[], create = false): Promise<PackedUserOperation> {
  const nonce = await rig.reader.readContract({
    address: c.EntryPoint,
    abi: EntryPointAbi,
    functionName: 'getNonce',
    args: [clinic, 0n],
  });
  const op = {
    sender: clinic,
    nonce,
    initCode: create
      ? initCode(c.PasskeyAccountFactory, [passkey.signer], 1n, `0x${'00'.repeat(32)}`)
      : ('0x' as const),
    callData: executeData(calls),
    accountGasLimits: packed(1_500_000n, 1_500_000n),
    preVerificationGas: 0n,
    gasFees: packed(0n, 0n),
  };
  const terms = { verificationGas: 100_000n, postOpGas: 0n, validAfter: 0, validUntil: now + 400 * DAY };
  const signature = await sponsor.signTypedData(sponsorTypedData(CHAIN_ID, c.SponsorPaymaster, op, terms));
  const paid = {
    ...op,
    paymasterAndData: sponsoredBy(c.SponsorPaymaster, terms, signature),
    signature: '0x',
  } as const;
  return { ...paid, signature: passkey.sign(userOpHash(CHAIN_ID, c.EntryPoint, paid)) };
}

async function handle(op: PackedUserOperation) {
  const data = encodeFunctionData({
    abi: EntryPointAbi,
    functionName: 'handleOps',
    args: [[op], admin.address],
  });
  return rig.send(c.EntryPoint, data);
}

function terms(salt: string): Terms {
  return {
    patient: patient.address.toLowerCase() as Hex,
    clinic,
    token: c.SettlementUnit,
    arbiter: admin.address,
    feeTo: admin.address,
    payout: keccak256(toHex('payout')),
    standard: keccak256(toHex('standard')),
    quote: keccak256(toHex('quote')),
    review: 123_456_789n,
    openBy: now + DAY,
    coolingOff: 0,
    arbiterWindow: DAY,
    feeBps: 300,
    defaultSplitBps: 5_000,
    schedule: [
      { before: 3 * DAY, bps: 1_000 },
      { before: DAY, bps: 3_000 },
    ],
    milestones: [
      { amount: 10_000n, dueBy: now + 10 * DAY, window: DAY, performed: true },
      { amount: 500n, dueBy: now + 20 * DAY, window: DAY, performed: false },
    ],
    salt: keccak256(toHex(salt)),
  };
}

async function offer(t: Terms): Promise<Hex> {
  const hash = hashTypedData(offerTypedData(CHAIN_ID, c.CareEscrow, agreementId(t)));
  return passkey.sign(accountMessageHash(CHAIN_ID, clinic, hash));
}

async function mint(ref: string): Promise<void> {
  const args = [patient.address, 10_500n, keccak256(toHex(ref))] as const;
  await rig.send(
    c.SettlementUnit,
    encodeFunctionData({ abi: SettlementUnitAbi, functionName: 'mint', args }),
  );
}

const escrowCall = (functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: CareEscrowAbi, functionName, args } as never);

async function account(t: Terms) {
  return readAccount(await rig.slot(c.CareEscrow, accountSlot(agreementId(t))));
}

async function forward(data: Hex): Promise<void> {
  const nonce = await rig.reader.readContract({
    address: c.ERC2771Forwarder,
    abi: ERC2771ForwarderAbi,
    functionName: 'nonces',
    args: [patient.address],
  });
  const request = {
    from: patient.address,
    to: c.CareEscrow,
    value: 0n,
    gas: 500_000n,
    nonce,
    deadline: now + 400 * DAY,
    data,
  };
  const signature = await patient.signTypedData(forwardTypedData(CHAIN_ID, c.ERC2771Forwarder, request));
  const { nonce: _, ...sent } = request;
  await rig.send(
    c.ERC2771Forwarder,
    encodeFunctionData({
      abi: ERC2771ForwarderAbi,
      functionName: 'execute',
      args: [{ ...sent, signature }],
    }),
  );
}

describe('one visit', () => {
  it('creates the clinic with its first operation, sponsored and signed by a passkey', async () => {
    const op = await sponsored([], true);
    const onChain = await rig.reader.readContract({
      address: c.EntryPoint,
      abi: EntryPointAbi,
      functionName: 'getUserOpHash',
      args: [op],
    });
    expect(userOpHash(CHAIN_ID, c.EntryPoint, op)).toBe(onChain);
    const first = await handle(op);
    expect(await rig.reader.getCode({ address: clinic })).toBeTruthy();
    const next = await handle(await sponsored([]));
    expect(first.gasUsed).toBeLessThan(400_000n);
    expect(next.gasUsed).toBeLessThan(160_000n);
  });

  it('hashes operations as viem does for EntryPoint 0.8', async () => {
    const op = await sponsored([]);
    const viem = getUserOperationHash({
      chainId: CHAIN_ID,
      entryPointAddress: c.EntryPoint,
      entryPointVersion: '0.8',
      userOperation: {
        sender: clinic,
        nonce: op.nonce,
        callData: op.callData,
        callGasLimit: 1_500_000n,
        verificationGasLimit: 1_500_000n,
        preVerificationGas: 0n,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        paymaster: c.SponsorPaymaster,
        paymasterVerificationGasLimit: 100_000n,
        paymasterPostOpGasLimit: 0n,
        paymasterData: `0x${op.paymasterAndData.slice(2 + 104)}`,
        signature: '0x',
      },
    });
    expect(userOpHash(CHAIN_ID, c.EntryPoint, op)).toBe(viem);
  });

  it('refuses an operation that another passkey signed', async () => {
    const op = await sponsored([]);
    const thief = authenticator(c.ERC7913WebAuthnVerifier);
    await expect(
      handle({ ...op, signature: thief.sign(userOpHash(CHAIN_ID, c.EntryPoint, op)) }),
    ).rejects.toThrow('AA24');
  });

  it('opens, claims, releases and gives the review right', async () => {
    const t = terms('happy');
    expect(termsFromJson(JSON.parse(JSON.stringify(termsToJson(t))))).toEqual(t);
    expect(
      await rig.reader.readContract({
        address: c.CareEscrow,
        abi: CareEscrowAbi,
        functionName: 'agreementId',
        args: [t],
      }),
    ).toBe(agreementId(t));
    await mint('happy');
    await forward(escrowCall('open', [t, await offer(t)]));
    expect(await account(t)).toMatchObject({ state: 'active', milestone: 0, held: 10_500n, refunded: 0n });

    const message = { agreement: agreementId(t), milestone: 0, evidence: keccak256(toHex('evidence')) };
    const attended = await patient.signTypedData(attendanceTypedData(CHAIN_ID, c.CareEscrow, message));
    await handle(
      await sponsored([{ to: c.CareEscrow, data: escrowCall('claim', [t, message.evidence, attended]) }]),
    );
    expect(await account(t)).toMatchObject({ state: 'claimed', milestone: 0 });
    await forward(escrowCall('accept', [t]));
    expect(await account(t)).toMatchObject({ state: 'active', milestone: 1, released: 1, held: 500n });

    const admit = encodeFunctionData({ abi: ReviewGroupsAbi, functionName: 'admit', args: [t] });
    await rig.send(c.ReviewGroups, admit);
    expect(await rig.slot(c.ReviewGroups, groupRootSlot(BigInt(clinic)))).toBe(t.review);
  });

  it('opens for a patient who only signs, and splits as both sign', async () => {
    const t = terms('split');
    await mint('split');
    const agreed = await patient.signTypedData(agreementTypedData(CHAIN_ID, c.CareEscrow, agreementId(t)));
    await rig.send(c.CareEscrow, escrowCall('openFor', [t, await offer(t), agreed]));
    const split = splitTypedData(CHAIN_ID, c.CareEscrow, {
      agreement: agreementId(t),
      refund: 10_000n,
      milestone: 0,
    });
    const byPatient = await patient.signTypedData(split);
    const byClinic = passkey.sign(accountMessageHash(CHAIN_ID, clinic, hashTypedData(split)));
    await rig.send(c.CareEscrow, escrowCall('split', [t, 10_000n, byPatient, byClinic]));
    expect(await account(t)).toMatchObject({ state: 'closed', held: 0n, refunded: 10_000n });
    await rig.send(c.CareEscrow, escrowCall('withdraw', [c.SettlementUnit, t.payout]));
  });

  it('lets the clinic add a second device', async () => {
    const second = authenticator(c.ERC7913WebAuthnVerifier);
    const data = encodeFunctionData({
      abi: PasskeyAccountAbi,
      functionName: 'addSigners',
      args: [[second.signer]],
    });
    await handle(await sponsored([{ to: clinic, data }]));
    const op = await sponsored([]);
    await handle({ ...op, signature: second.sign(userOpHash(CHAIN_ID, c.EntryPoint, op)) });
  });
});
