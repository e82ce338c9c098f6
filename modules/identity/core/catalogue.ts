/** The kinds of certificates, their addresses and what each says. Fields that name a person are marked. */
import { z } from 'zod';

const BASE = 'https://zhenmei.example/credentials';

export const CREDENTIAL_TYPES = {
  physicianLicence: `${BASE}/physician-licence`,
  facilityLicence: `${BASE}/facility-licence`,
  distributorLicence: `${BASE}/distributor-licence`,
  productAuthorisation: `${BASE}/product-authorisation`,
} as const;

const Text = z.object({ zh: z.string(), en: z.string() });

/** Physician licence with the filing as lead aesthetic physician and the place of practice. */
export const PhysicianLicence = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  licenceNumber: z.string().meta({ phi: true }),
  leadSpecialties: z.array(z.string()),
  practisesAt: z.uuid(),
});

export const FacilityLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: z.string(),
  departments: z.array(z.string()),
});

export const DistributorLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: z.string(),
  toxin: z.boolean(),
});

export const ProductAuthorisation = z.object({
  gtin: z.string(),
  name: Text,
  registration: z.string(),
  class: z.string(),
  approvedRoutes: z.array(z.string()),
  approvedRegions: z.array(z.string()),
});

/** Claims that are disclosed only where they are needed. */
export const SELECTIVE: Readonly<Record<string, readonly string[]>> = {
  [CREDENTIAL_TYPES.physicianLicence]: ['name', 'licenceNumber', 'leadSpecialties', 'practisesAt'],
  [CREDENTIAL_TYPES.facilityLicence]: ['name', 'departments'],
  [CREDENTIAL_TYPES.distributorLicence]: [],
  [CREDENTIAL_TYPES.productAuthorisation]: [],
};
