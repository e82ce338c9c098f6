/** Operations of organisations: sponsored only if this kind of organisation may make these calls. */
import {
  executeData,
  initCode,
  type PackedUserOperation,
  packed,
  sponsoredBy,
  sponsorTypedData,
  userOpHash,
} from '@zhenmei/contracts/deploy/account.ts';
import type { RoleName } from '@zhenmei/contracts/deploy/wiring.ts';
import {
  AbsencePledgeAbi,
  AssessorPanelAbi,
  AssessorPoolAbi,
  CareEscrowAbi,
  ClinicBondAbi,
  EntryPointAbi,
  GuaranteeBookAbi,
  GuaranteePoolAbi,
  InstalmentPoolAbi,
  IssuerRegistryAbi,
  ParamsAbi,
  PasskeyAccountAbi,
  ProviderVerificationAbi,
  SettlementUnitAbi,
  UnitRegistryAbi,
} from '@zhenmei/contracts/generated/abis.ts';
import { assertConfirmed, judgeSigners, organisations, settleSigners } from '@zhenmei/identity';
import {
  AppError,
  defineErrors,
  type Handlers,
  type Hex,
  sha256,
  toHex0x,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { assertReport } from '@zhenmei/money';
import { encodeFunctionData, erc20Abi, parseEventLogs, toFunctionSelector } from 'viem';
import type { z } from 'zod';
import type { HouseApi, Operation } from '../api/contract.ts';
import { signerChange, signersMoved } from './account-authority.ts';
import { coinAt } from './coins.ts';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';
import { assertNotRevoked } from './verification-work.ts';

defineErrors({
  OPERATION_REFUSED: {
    status: 403,
    retryable: false,
    zh: '这个操作不在本机构允许的范围内。',
    en: 'This operation is not among those that this organisation may make.',
  },
  OPERATION_OUTDATED: {
    status: 409,
    retryable: false,
    zh: '这台设备在此期间又做了别的操作，这一步没有执行。请再试一次。',
    en: 'This device did something else in the meantime; this step was not carried out. Try again.',
  },
});

type Call = { readonly to: Hex; readonly data: Hex };
type OperationJson = z.infer<typeof Operation>;

const SPONSORSHIP_SECONDS = 600;

/** Each device numbers its operations in a line of its own (ERC-4337's nonce keys), so that two never cross each other. */
const lineOf = (deviceId: string): bigint =>
  BigInt(toHex0x(sha256(utf8(`zhenmei/operations/${deviceId}`)).slice(0, 24)));

/** Calls by kind of organisation: contract and functions. */
const ALLOWED: Record<string, readonly [contract: keyof typeof ABIS, functions: readonly string[]][]> = {
  clinic: [
    ['UnitRegistry', ['open']],
    ['ClinicBond', ['deposit', 'reclaim', 'payOut']],
    ['GuaranteeBook', ['open', 'concede', 'lapse']],
    ['AbsencePledge', ['pledge', 'witness', 'settle']],
    [
      'CareEscrow',
      ['claim', 'withdraw', 'providerCancel', 'split', 'dispute', 'release', 'expire', 'patientAbsent'],
    ],
    ['AssessorPanel', ['createDispute', 'join', 'commitSecret', 'appeal', 'submitEvidence']],
    ['GuaranteePanel', ['createDispute', 'join', 'commitSecret', 'appeal', 'submitEvidence']],
    ['AssessorPool', ['fundFor', 'withdraw']],
    ['ProviderVerification', ['ask', 'challenge', 'payOut']],
    ['SettlementUnit', ['giveBack']],
  ],
  maker: [['UnitRegistry', ['registerLot', 'blockLot']]],
  regulator: [
    ['IssuerRegistry', ['setIssuer', 'setType', 'setKey', 'withdraw']],
    ['UnitRegistry', ['blockLot', 'releaseLot']],
    ['GuaranteeBook', ['rule']],
    ['AssessorPool', ['admit', 'dismiss', 'tag', 'fundFor']],
    ['Params', ['placeClinic']],
    ['ProviderVerification', ['admit', 'dismiss', 'tag', 'bondFor', 'revoke', 'challenge', 'payOut']],
    ['SettlementUnit', ['giveBack']],
  ],
  assessor: [
    ['AssessorPanel', ['commitVote', 'revealVote']],
    ['GuaranteePanel', ['commitVote', 'revealVote']],
    ['AssessorPool', ['fundFor', 'withdraw']],
    ['ProviderVerification', ['commitAnswer', 'bondFor', 'unbond', 'challenge', 'payOut']],
    ['SettlementUnit', ['giveBack']],
  ],
  distributor: [],
  lender: [
    ['InstalmentPool', ['deposit', 'askExit', 'serveExits', 'collectExit']],
    ['GuaranteePool', ['deposit', 'askExit', 'redeem']],
  ],
  insurer: [['ClinicBond', ['deposit', 'reclaim', 'payOut']]],
};
const ABIS = {
  AbsencePledge: AbsencePledgeAbi,
  ClinicBond: ClinicBondAbi,
  GuaranteeBook: GuaranteeBookAbi,
  AssessorPanel: AssessorPanelAbi,
  GuaranteePanel: AssessorPanelAbi,
  AssessorPool: AssessorPoolAbi,
  CareEscrow: CareEscrowAbi,
  GuaranteePool: GuaranteePoolAbi,
  InstalmentPool: InstalmentPoolAbi,
  ProviderVerification: ProviderVerificationAbi,
  IssuerRegistry: IssuerRegistryAbi,
  Params: ParamsAbi,
  SettlementUnit: SettlementUnitAbi,
  UnitRegistry: UnitRegistryAbi,
} as const;
/** Roles on chain by kind of organisation. */
const ROLES: Readonly<Record<string, readonly RoleName[]>> = {
  clinic: ['CLINIC'],
  maker: ['MAKER'],
  regulator: ['ISSUER_ADMIN', 'REGULATOR', 'REGISTRAR'],
  lender: ['LENDER'],
};
const OWN = ['addSigners', 'removeSigners', 'setThreshold'];

export function operationHandlers(
  deps: ModuleDeps,
  modules: Modules,
): Pick<Handlers<HouseApi>, 'prepareOperation' | 'sendOperation'> {
  const { contracts, chainId } = deps.protocol;
  const allowed = (kind: string, account: Hex, call: Call) => {
    const selector = call.data.slice(0, 10);
    const has = (abi: readonly unknown[], names: readonly string[]) =>
      (abi as { type: string; name?: string }[]).some(
        (f) =>
          f.type === 'function' &&
          names.includes(f.name ?? '') &&
          toFunctionSelector(f as never) === selector,
      );
    if (call.to === account) return has(PasskeyAccountAbi, OWN);
    if (isCoin(call.to)) return kind === 'clinic' && has(erc20Abi, ['transfer']);
    return (ALLOWED[kind] ?? []).some(
      ([name, functions]) => contracts[name] === call.to && has(ABIS[name], functions),
    );
  };
  // what a clinic earned in a coin it may pass on, with whatever lies on its account beside it
  const isCoin = (to: Hex) => coinAt(deps.coins, to) !== null;
  const calls = (call: Call, name: 'CareEscrow' | 'ClinicBond', method: string) =>
    call.to === contracts[name] &&
    call.data.startsWith(
      toFunctionSelector(ABIS[name].find((f) => f.type === 'function' && f.name === method) as never),
    );
  const isClaim = (call: Call) => calls(call, 'CareEscrow', 'claim');
  const passesOn = (before: Call, call: Call) =>
    (before.to === contracts.CareEscrow && isCoin(call.to)) ||
    (calls(before, 'ClinicBond', 'reclaim') && calls(call, 'ClinicBond', 'payOut'));
  const load = async (organisationId: string | null | undefined) => {
    const [organisation] = organisationId
      ? await organisations(modules.identity, { id: organisationId })
      : [];
    if (!organisation?.account) throw new AppError('OPERATION_REFUSED');
    return { kind: organisation.kind, account: organisation.account, region: organisation.region };
  };

  const nextNonce = (account: Hex, line: bigint) =>
    deps.engines.chain.viem.readContract({
      address: contracts.EntryPoint,
      abi: EntryPointAbi,
      functionName: 'getNonce',
      args: [account, line],
    });

  return {
    async prepareOperation({ caller, body }) {
      const { kind, account, region } = await load(caller?.organisationId);
      for (const call of body.calls)
        if (!allowed(kind, account, call)) throw new AppError('OPERATION_REFUSED');
      if (body.calls.some((call) => isClaim(call))) await assertNotRevoked(modules, account);
      for (const call of body.calls) await assertReport(modules.money, call);
      await assertConfirmed(modules.identity, {
        organisationId: caller!.organisationId!,
        deviceId: caller!.accountId,
      });
      const own = body.calls.filter(({ to }) => to === account);
      if (own.length > 0) await judgeSigners(modules.identity, caller!.organisationId!, signerChange(own));
      for (const role of ROLES[kind] ?? []) await deps.protocol.grant(role, account);
      if (kind === 'clinic') await deps.protocol.place(region, account);
      const code = await deps.engines.chain.viem.getCode({ address: account });
      const first = await modules.identity.db
        .selectFrom('identity.organisation')
        .select('first_signer')
        .where('id', '=', caller!.organisationId!)
        .executeTakeFirst();
      // what a call takes the next passes on, which a trial of that one alone would not know
      for (const [i, call] of body.calls.entries())
        if (!body.calls.slice(0, i).some((before) => passesOn(before, call)))
          await deps.protocol.relayer.simulate({ ...call, from: account });
      const nonce = await nextNonce(account, lineOf(caller!.accountId));
      const bare = {
        sender: account,
        nonce,
        initCode:
          code && code !== '0x'
            ? ('0x' as Hex)
            : initCode(contracts.PasskeyAccountFactory, [first!.first_signer!], 1n, `0x${'0'.repeat(64)}`),
        callData: executeData(body.calls),
        accountGasLimits: packed(2_000_000n, 3_000_000n),
        preVerificationGas: 0n,
        gasFees: packed(0n, 0n),
      };
      const now = toSeconds(deps.clock.now());
      const sponsorship = {
        verificationGas: 300_000n,
        postOpGas: 0n,
        // before it is sent it is tried on the newest block, whose time may lie far back where nothing happens
        validAfter: 0,
        validUntil: now + SPONSORSHIP_SECONDS,
      };
      const signature = await deps.secrets.accounts.paymaster.signTypedData(
        sponsorTypedData(chainId, contracts.SponsorPaymaster, bare, sponsorship),
      );
      const operation = {
        ...bare,
        paymasterAndData: sponsoredBy(contracts.SponsorPaymaster, sponsorship, signature),
      };
      const hash = userOpHash(chainId, contracts.EntryPoint, { ...operation, signature: '0x' });
      return { operation: { ...operation, nonce: nonce.toString(), preVerificationGas: '0' }, hash };
    },

    async sendOperation({ caller, body }) {
      const { account } = await load(caller?.organisationId);
      if (body.operation.sender !== account) throw new AppError('OPERATION_REFUSED');
      const op = { ...fromJson(body.operation), signature: body.signature };
      const data = encodeFunctionData({
        abi: EntryPointAbi,
        functionName: 'handleOps',
        args: [[op], deps.protocol.relayer.address],
      });
      const key = `operation/${userOpHash(chainId, contracts.EntryPoint, op)}`;
      const { relayer } = deps.protocol;
      const handling = { key, to: contracts.EntryPoint, data, gas: 7_000_000n };
      const sent = await relayer.attempt(handling, async () => {
        if ((await nextNonce(account, op.nonce >> 64n)) !== op.nonce)
          throw new AppError('OPERATION_OUTDATED');
        await relayer.simulate(handling);
      });
      const receipt = await deps.engines.chain.viem.getTransactionReceipt({ hash: sent.hash });
      const [event] = parseEventLogs({
        abi: EntryPointAbi,
        eventName: 'UserOperationEvent',
        logs: receipt.logs,
      });
      if (!event?.args.success) throw new AppError('CHAIN_REVERTED', { reason: reasonOf(receipt.logs) });
      await modules.indexer.catchUp();
      const moved = signersMoved(account, receipt.logs);
      if (moved.removed.length > 0)
        await settleSigners(
          modules.identity,
          { organisationId: caller!.organisationId!, deviceId: caller!.accountId },
          moved,
        );
      return { transaction: sent.hash, block: sent.block };
    },
  };
}

function fromJson(json: OperationJson): Omit<PackedUserOperation, 'signature'> {
  return { ...json, nonce: BigInt(json.nonce), preVerificationGas: BigInt(json.preVerificationGas) };
}

function reasonOf(logs: Parameters<typeof parseEventLogs>[0]['logs']): string {
  const [event] = parseEventLogs({ abi: EntryPointAbi, eventName: 'UserOperationRevertReason', logs });
  return event?.args.reason ? String(event.args.reason).slice(0, 138) : 'reverted';
}
