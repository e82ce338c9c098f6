/** A desk for the person who tries the demo: joined like any other, licensed by the demo's regulator. */

import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import {
  accountSignature,
  passkeySignature,
  passkeySigner,
  publicKeyXY,
} from '@zhenmei/contracts/deploy/account.ts';
import { PasskeyAccountAbi } from '@zhenmei/contracts/generated/abis.ts';
import { CREDENTIAL_TYPES, collectCertificates, inviteDevice } from '@zhenmei/identity';
import { AppError, type Hex, toHex0x } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from '../compose/deps.ts';
import type { Modules } from '../compose/modules.ts';
import { operationHandlers } from '../compose/operations.ts';
import { type ActorState, type DemoActors, secretBytes } from './actors.ts';
import { ORGANISATIONS, REGULATOR } from './world.ts';
import { ASSESSORS } from './world-assessors.ts';

const CLINIC = 'meiyuan';
const ALL = [...ORGANISATIONS, REGULATOR, ...ASSESSORS];

const actorOf = (actors: DemoActors, key: string): ActorState | undefined =>
  key === REGULATOR.key ? actors.regulator : actors.organisations[key];

/**
 * Every organisation of the demo world, clinics first; of the assessors the first, and those with a case.
 * @param seated identifiers of organisations that sit on a panel now
 */
export function desks(actors: DemoActors, seated: ReadonlySet<string>) {
  return ['clinic', 'maker', 'distributor', 'lender', 'regulator', 'assessor'].flatMap((kind) =>
    ALL.filter((o) => o.kind === kind).flatMap(({ key, kind, name, city }) => {
      const actor = actorOf(actors, key);
      const shown = kind !== 'assessor' || key === ASSESSORS[0]!.key || seated.has(actor?.id ?? '');
      return actor && shown ? [{ key, organisationId: actor.id, kind, name, city }] : [];
    }),
  );
}

/** Throws DEMO_DESK_UNKNOWN. */
export async function invite(
  actors: DemoActors,
  modules: Modules,
  key: string = CLINIC,
): Promise<{ invitation: string; organisationId: string }> {
  const actor = actorOf(actors, key);
  if (!actor) throw new AppError('DEMO_DESK_UNKNOWN');
  return { invitation: await inviteDevice(modules.identity, actor.id), organisationId: actor.id };
}

/** Its passkey added to the organisation's account; for a clinic also licences for its key. */
export async function equip(actors: DemoActors, deps: ModuleDeps, modules: Modules, deviceId: string) {
  const device = await modules.identity.db
    .selectFrom('identity.device')
    .selectAll()
    .where('id', '=', deviceId)
    .executeTakeFirst();
  const organisation = ALL.find(({ key }) => actorOf(actors, key)?.id === device?.organisation_id);
  if (!device || !organisation) throw new AppError('DEMO_DESK_UNKNOWN');
  const { key } = organisation;
  const actor = actorOf(actors, key)!;
  await addSigner(actor, deps, modules, device.signer);
  if (organisation.kind !== 'clinic') return { clinicLicence: null, doctors: [] };
  const all = await collectCertificates(modules.identity, deviceId);
  const of = (type: string) => all.filter((one) => one.type === type);
  return {
    clinicLicence: of(CREDENTIAL_TYPES.facilityLicence)[0]?.token ?? null,
    doctors: of(CREDENTIAL_TYPES.physicianLicence).map(({ subject, token }) => ({
      id: subject,
      licence: token,
    })),
  };
}

/** The organisation's first device lets the new one sign for the account. */
async function addSigner(
  actor: ActorState,
  deps: ModuleDeps,
  modules: Modules,
  signer: `0x${string}`,
): Promise<void> {
  const account = await accountOf(actor, modules);
  const { viem } = deps.engines.chain;
  const known =
    (await viem.getCode({ address: account })) &&
    (await viem.readContract({
      address: account,
      abi: PasskeyAccountAbi,
      functionName: 'isSigner',
      args: [signer],
    }));
  if (known) return;
  const data = encodeFunctionData({ abi: PasskeyAccountAbi, functionName: 'addSigners', args: [[signer]] });
  await actAs(actor, deps, modules, [{ to: account, data }]);
}

async function accountOf(actor: ActorState, modules: Modules): Promise<Hex> {
  const organisation = await modules.identity.db
    .selectFrom('identity.organisation')
    .select('account')
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow();
  return organisation.account!;
}

/** By actor: the end of what its first device does now. */
const lines = new Map<string, Promise<void>>();

/** Sends calls from an actor's account, confirmed with the passkey of its first device: one after the other. */
export function actAs(
  actor: ActorState,
  deps: ModuleDeps,
  modules: Modules,
  calls: readonly { to: Hex; data: Hex }[],
): Promise<void> {
  const act = () => actNow(actor, deps, modules, calls);
  const done = (lines.get(actor.id) ?? Promise.resolve()).then(act, act);
  lines.set(actor.id, done);
  return done;
}

async function actNow(
  actor: ActorState,
  deps: ModuleDeps,
  modules: Modules,
  calls: readonly { to: Hex; data: Hex }[],
): Promise<void> {
  const passkey = softwarePasskey(secretBytes(actor.secret), modules.identity.origin);
  const { x, y } = publicKeyXY(toHex0x(passkey.publicKey));
  const own = passkeySigner(deps.protocol.contracts.ERC7913WebAuthnVerifier, x, y);
  const caller = {
    seat: 'desk',
    accountId: actor.id,
    organisationId: actor.id,
    sessionId: 'demo',
  } as const;
  const handlers = operationHandlers(deps, modules);
  const input = {
    params: undefined,
    query: undefined,
    caller,
    bearer: null,
    lang: 'en',
    idempotencyKey: null,
    again: false,
  } as never;
  const { operation, hash } = await handlers.prepareOperation({
    ...(input as object),
    body: { calls },
  } as never);
  const signature = accountSignature([
    { signer: own, signature: passkeySignature(await passkey.sign(hash, modules.identity.rpId)) },
  ]);
  await handlers.sendOperation({ ...(input as object), body: { operation, signature } } as never);
}
