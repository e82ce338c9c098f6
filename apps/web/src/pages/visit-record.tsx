/** The patient's sealed record of one visit: checked on this device, with every version and what it changed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { acknowledgeVersion } from '@zhenmei/client/records/read-record.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Button } from '../look/button.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { Since, Versions } from '../record/versions.tsx';
import { t } from '../shell/words.ts';
import { mySealed } from '../state/sealed.ts';
import { io, patientVisit } from '../state/vault.ts';

const route = getRouteApi('/framed/visits/$id/record');

export function VisitRecordPage() {
  const { id } = route.useParams();
  const vault = useVault();
  const visit = patientVisit(id);
  return (
    <Page title={t('sealed.title')} lead={vault && visit ? t('sealed.lead') : t('visit.unlockFirst')}>
      <Link
        to="/visits/$id"
        params={{ id }}
        className="no-print no-underline text-soft inline-flex items-center min-h-11 w-fit"
      >
        ← {t('back')}
      </Link>
      {vault && visit ? <Sealed vault={vault} visit={visit} /> : <AccountCard />}
    </Page>
  );
}

function Sealed({ vault, visit }: { vault: Vault; visit: PatientVisit }) {
  const queries = useQueryClient();
  const key = ['sealed', visit.id];
  const sealed = useQuery({ queryKey: key, queryFn: () => mySealed(vault, visit), refetchInterval: 5_000 });
  const read = useMutation({
    mutationFn: (version: number) => acknowledgeVersion(io, visit, sealed.data!.record, version),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  if (sealed.isPending) return <Waiting what={t('sealed.checking')} lines={4} />;
  if (sealed.error) return <Refusal error={sealed.error} />;
  if (!sealed.data)
    return (
      <Card>
        <p className="m-0 soft">{t('sealed.none')}</p>
      </Card>
    );
  return (
    <>
      <Since verdict={sealed.data} />
      <Versions
        mine
        verdict={sealed.data}
        below={(version, acknowledged) =>
          acknowledged ? null : (
            <div className="no-print flex flex-col gap-2">
              <Button kind="main" busy={read.isPending} onClick={() => read.mutate(version)}>
                {t('sealed.acknowledge')}
              </Button>
              <p className="m-0 soft text-sm">{t('sealed.acknowledgeHint')}</p>
              {read.error ? <Refusal error={read.error} /> : null}
            </div>
          )
        }
      />
      <Button className="no-print" onClick={() => window.print()}>
        {t('line.print')}
      </Button>
    </>
  );
}
