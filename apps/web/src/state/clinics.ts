/** The clinics of the home page; loaded after the page itself. */
import { careApi } from '@zhenmei/care/api.ts';
import { patientApi } from './apis.ts';

export const listClinics = () => patientApi.call(careApi.listClinics);
