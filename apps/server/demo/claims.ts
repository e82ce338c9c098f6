/** What the demo's regulator states of its world. */
import type { DemoDoctor, DemoOrganisation } from './world-types.ts';

export const ISSUER = 'https://regulator.zhenmei.example';
export const REGION = 'CN';

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
