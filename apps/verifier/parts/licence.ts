/** Licence: this doctor and this clinic were entitled to do this procedure here, then. */
import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import { scopeFacts } from '@zhenmei/care/core/scope.ts';
import { Procedure } from '@zhenmei/care/core/service.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { FacilityLicence, PhysicianLicence } from '@zhenmei/identity/core/catalogue-claims.ts';
import { jwkPoint, parseJwk } from '@zhenmei/identity/core/jwk.ts';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { AppError, fromHex, sha256, toBase64Url, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { decide } from '@zhenmei/policy/core/decide.ts';
import { PolicyPack, packHash } from '@zhenmei/policy/core/pack.ts';
import { provenState } from '../chain.ts';
import type { PartContext } from '../context.ts';
import { mustBeRegistered, mustHold, trustedIssuers } from '../issuers.ts';
import { CannotJudge, type ProofResult, result } from '../result.ts';

const AUDIENCE = 'zhenmei:visit';

export async function proveLicence(
  { claims, evidence }: NonNullable<Receipt['parts']['licence']>,
  context: PartContext,
): Promise<ProofResult> {
  const { trust } = context;
  for (const [token, digest] of [
    [evidence.doctor, claims.doctor],
    [evidence.clinic, claims.clinic],
  ] as const)
    if (toHex0x(sha256(utf8(token))) !== digest) throw new AppError('LICENCE_PRESENTATION_DIFFERS');
  const pack = PolicyPack.safeParse(evidence.policy);
  if (!pack.success || `0x${packHash(pack.data)}` !== claims.policy) throw new AppError('POLICY_DIFFERS');
  const procedure = Procedure.safeParse(claims.procedure);
  if (!procedure.success) throw new AppError('PART_MALFORMED', { path: 'procedure' });

  const state = provenState(evidence.chain, context);
  const at = toSeconds(state.block.time);
  const held = async (token: string, type: string) => {
    const issuers = trustedIssuers(trust);
    const shown = Number(readSdJwt(token).keyBinding?.payload.iat);
    const keyBinding = { audience: AUDIENCE, nonce: toBase64Url(fromHex(claims.tag)) };
    const licence = await mustHold(token, { at, issuers, statusLists: evidence.statusLists, type });
    const possession = await mustHold(token, { at: shown, issuers, statusLists: {}, type, keyBinding }).catch(
      (error: unknown) => {
        // the status of the day is judged above; here only possession counts
        if (error instanceof CannotJudge && error.code === 'STATUS_MISSING') return licence;
        throw error;
      },
    );
    mustBeRegistered(state, possession);
    return licence.claims;
  };
  const doctor = PhysicianLicence.partial().safeParse(
    await held(evidence.doctor, CREDENTIAL_TYPES.physicianLicence),
  );
  const clinic = FacilityLicence.partial().safeParse(
    await held(evidence.clinic, CREDENTIAL_TYPES.facilityLicence),
  );
  if (!doctor.success || !clinic.success) throw new AppError('PART_MALFORMED', { path: 'licence' });

  const facts = scopeFacts(procedure.data, {
    region: claims.region,
    clinic: { licenceValid: true, departments: clinic.data.departments ?? null },
    doctor: {
      licenceValid: true,
      leadSpecialties: doctor.data.leadSpecialties ?? null,
      employedHere:
        doctor.data.practisesAt === undefined ? null : doctor.data.practisesAt === clinic.data.subject,
    },
    product: claims.product,
    adult: true,
  });
  const decision = decide([pack.data], 'visit.treat', facts, state.block.time);
  const rule = decision.reasons[0]?.rule ?? '';
  if (decision.outcome === 'refuse') throw new AppError('LICENCE_NOT_ENTITLED', { rule });
  if (decision.outcome === 'ask') throw new CannotJudge('LICENCE_NOT_ENTITLED');
  return result('proven', 'LICENCE_PROVEN', {
    grade: state.grade,
    facts: { pack: `${pack.data.id} ${pack.data.version}`, region: claims.region, block: state.block.number },
  });
}

/** The holder's key of a licence: uncompressed point in hex. */
export function holderKeyOf(token: string): string {
  const cnf = readSdJwt(token).claims.cnf as { jwk?: unknown } | undefined;
  return toHex0x(jwkPoint(parseJwk(cnf?.jwk)));
}
