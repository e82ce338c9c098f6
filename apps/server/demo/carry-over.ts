/**
 * A demo world of an earlier version: its regulator signed with a key of its own and had no register. The house keeps
 * its key from now on, and what it had issued is entered in its register, so that every desk goes on as in a new world.
 */
import { IssuerRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { adoptCertificates, issuersNow, openIssuer, thumbprint, typeSubject } from '@zhenmei/identity';
import { type Hex, keccak256, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from '../compose/deps.ts';
import type { Modules } from '../compose/modules.ts';
import { type DemoActors, readActors, writeActors } from './actors.ts';
import { facilityClaims, physicianClaims, REGULATOR_TYPES } from './claims.ts';
import { actAs } from './desk.ts';
import { DOCTORS, ORGANISATIONS } from './world.ts';

/** What earlier versions kept beside it: places in the status list. */
type EarlierActors = DemoActors & { clinicStatus?: unknown; suspended?: unknown };

const idOf = (text: string): Hex => toHex0x(keccak256(utf8(text)));

/** May be repeated. @returns false if nothing had to be done */
export async function carryOver(deps: ModuleDeps, modules: Modules): Promise<boolean> {
  const actors: EarlierActors | null = readActors(deps.config.dataDir);
  if (!actors?.ready || actors.clinicStatus === undefined) return false;
  const { regulator } = actors;
  const { identity } = modules;
  const { key } = await openIssuer(identity, regulator.id, regulator.issuer);
  const trust = (await issuersNow(identity)).find(({ id }) => id === regulator.issuer);
  const entered = new Set(trust?.types.map(({ vct }) => vct));
  const from = BigInt(toSeconds(deps.clock.now()));
  const call = (functionName: 'setType' | 'setKey', subject: Hex) => ({
    to: deps.protocol.contracts.IssuerRegistry,
    data: encodeFunctionData({
      abi: IssuerRegistryAbi,
      functionName,
      args: [idOf(regulator.issuer), subject, from, 0n],
    }),
  });
  const types = REGULATOR_TYPES.filter(({ vct }) => !entered.has(vct));
  await actAs(regulator, deps, modules, [
    call('setKey', toHex0x(thumbprint(key))),
    ...types.map(({ vct, scope }) => call('setType', idOf(typeSubject(vct, scope)))),
  ]);
  await adoptCertificates(identity, regulator.id, (_, subject) => claimsOf(actors, subject));
  const { clinicStatus: _, suspended: __, ...now } = actors;
  writeActors(deps.config.dataDir, now);
  return true;
}

function claimsOf(actors: DemoActors, subject: string) {
  const clinic = ORGANISATIONS.find(({ key }) => actors.organisations[key]?.id === subject);
  if (clinic) return facilityClaims(subject, clinic);
  const doctor = DOCTORS.find(({ key }) => actors.doctors[key]?.id === subject);
  return doctor ? physicianClaims(subject, actors.organisations[doctor.clinic]!.id, doctor) : null;
}
