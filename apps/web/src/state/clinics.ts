/** The clinics of the home page, and where a person may be; loaded after the page itself. */
import { careApi } from '@zhenmei/care/api.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { patientApi } from './apis.ts';

export const listClinics = () => patientApi.call(careApi.listClinics);

export const listPlaces = async () => (await patientApi.call(provenanceApi.listPlaces)).places;
