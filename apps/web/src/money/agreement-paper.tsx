/** Agreement and consent as one file for the patient. */
import { useMutation } from '@tanstack/react-query';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { paperApi } from '@zhenmei/server/api/papers.ts';
import { Button } from '../look/button.tsx';
import { Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { SealNote } from './seal-note.tsx';

export function AgreementPaper({ visit }: { visit: PatientVisit }) {
  const file = useMutation({
    mutationFn: async () => {
      const params = { id: visit.id };
      const { bytes } = await patientApi.call(paperApi.agreementPaper, { params, bearer: bearerOf(visit) });
      saveFile(`zhenmei-agreement-${visit.id.slice(0, 8)}.pdf`, bytes, 'application/pdf');
    },
  });
  return (
    <div className="flex flex-col gap-2 no-print">
      <Button busy={file.isPending} onClick={() => file.mutate()}>
        {t('terms.paper')}
      </Button>
      <p className="m-0 soft text-sm">{t('terms.paperLead')}</p>
      <SealNote />
      {file.error ? <Refusal error={file.error} /> : null}
    </div>
  );
}
