/** A doctor's name from the public register of the clinic. */
import { useQuery } from '@tanstack/react-query';
import { careApi } from '@zhenmei/care/api.ts';
import { say } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

export function DoctorName({ id }: { id: string }) {
  const doctor = useQuery({
    queryKey: ['doctor', id],
    queryFn: () => patientApi.call(careApi.readDoctor, { params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return doctor.data ? say(doctor.data.doctor.name) : null;
}
