/** What the demo's regulator states of its world. */
import { CATALOGUE, CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import type { Purpose } from '@zhenmei/identity/core/openid-request.ts';
import type { DemoDoctor, DemoOrganisation } from './world-types.ts';

export const ISSUER = 'https://regulator.zhenmei.example';
const REGION = 'CN';

/** Kinds that the regulator issues. What is stated of a region counts in this region only; the other kinds name none. */
export const REGULATOR_TYPES: readonly { vct: string; scope?: string }[] = Object.entries(CATALOGUE)
  .filter(([, { issuers }]) => issuers.includes('regulator'))
  .map(([vct, { claims }]) => ('region' in claims.shape ? { vct, scope: REGION } : { vct }));

export const facilityClaims = (id: string, o: DemoOrganisation) => ({
  subject: id,
  name: { ...o.name },
  gln: o.gln,
  departments: [...(o.departments ?? [])],
  region: REGION,
});

export const physicianClaims = (id: string, clinicId: string, d: DemoDoctor) => ({
  subject: id,
  name: { ...d.name },
  licenceNumber: d.licence,
  leadSpecialties: [...d.specialties],
  practisesAt: clinicId,
  region: REGION,
});

/** What organisations registered to ask for. */
export const PURPOSES: Partial<Record<DemoOrganisation['kind'], readonly Purpose[]>> = {
  maker: [
    {
      id: 'training',
      text: { zh: '报名产品培训，确认执业资格', en: 'Training on a product: to see that you may practise' },
      credentials: [{ vct: CREDENTIAL_TYPES.physicianLicence, claims: ['name', 'leadSpecialties'] }],
    },
  ],
  clinic: [
    {
      id: 'age',
      text: { zh: '预约前确认已成年', en: 'Before a booking: to see that you are of age' },
      credentials: [{ vct: CREDENTIAL_TYPES.ageOver, claims: ['age'] }],
    },
  ],
};
