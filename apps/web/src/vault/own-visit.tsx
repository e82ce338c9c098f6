/** A page about a visit of one's own: its keys lie in the vault, so that is opened first. */
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import type { ReactNode } from 'react';
import { AccountCard, useVault } from '../look/account.tsx';
import { Page } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { patientVisit } from '../state/vault.ts';

export function OwnVisit({
  id,
  title,
  children,
}: {
  id: string;
  title: string;
  children(visit: PatientVisit): ReactNode;
}) {
  const open = useVault();
  const visit = patientVisit(id);
  if (open && visit) return children(visit);
  return (
    <Page title={title} lead={t('visit.unlockFirst')}>
      <AccountCard />
    </Page>
  );
}
