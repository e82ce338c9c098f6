/** Every opening of the emergency card: who, where, why; and the patient's word on it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { REASONS } from '@zhenmei/vault/core/access/entry.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

const CASES = ['emergency-cases'] as const;

const useCases = (vault: Vault) =>
  useQuery({
    queryKey: CASES,
    queryFn: async () => (await vault.io.api.call(vaultApi.emergencyCases)).cases,
    refetchInterval: 5_000,
  });
type Case = NonNullable<ReturnType<typeof useCases>['data']>[number];

/** On the vault's first page, at once after it happened. */
export function EmergencyNotice({ vault }: { vault: Vault }) {
  const cases = useCases(vault);
  if (!cases.data?.some(({ state }) => state === 'open')) return null;
  return (
    <Link
      to="/vault/emergency"
      className="card no-underline min-h-11"
      style={{ borderColor: 'var(--amber)' }}
    >
      <Pill tone="amber">{t('emergency.notice')}</Pill>
    </Link>
  );
}

export function EmergencyCases({ vault }: { vault: Vault }) {
  const cases = useCases(vault);
  return (
    <Card title={t('emergency.cases')}>
      {cases.error ? <Refusal error={cases.error} /> : null}
      {cases.data?.length === 0 ? <p className="m-0 soft">{t('emergency.cases.none')}</p> : null}
      {cases.data?.map((one) => (
        <One key={one.id} vault={vault} one={one} />
      ))}
    </Card>
  );
}

const TONES = { open: 'amber', right: 'jade', misuse: 'cinnabar' } as const;

function One({ vault, one }: { vault: Vault; one: Case }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const doctor = useQuery({
    queryKey: ['doctor', one.person],
    queryFn: () => patientApi.call(careApi.readDoctor, { params: { id: one.person } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tell = useMutation({
    mutationFn: (said: 'right' | 'misuse') =>
      vault.io.api.call(vaultApi.sayOfEmergencyCase, { params: { id: one.id }, body: { said } }),
    onSettled: () => queries.invalidateQueries({ queryKey: CASES }),
  });
  const mine = one.state === 'open' || one.state === 'right' || one.state === 'misuse';
  return (
    <section className="border-t border-line first-of-type:border-0 py-3 flex flex-col gap-2">
      <Pill tone={one.state in TONES ? TONES[one.state as keyof typeof TONES] : 'slate'}>
        {t(`emergency.case.${one.state}`)}
      </Pill>
      <Facts
        rows={[
          [t('visit.doctor'), doctor.data ? say(doctor.data.doctor.name) : ''],
          [t('emergency.case.where'), doctor.data ? say(doctor.data.clinic.name) : ''],
          [t('emergency.case.why'), say(REASONS[one.reason])],
          [t('visit.when'), date(one.at, now(), true)],
        ]}
      />
      {mine ? (
        <div className="no-print flex flex-wrap gap-3">
          {one.state === 'right' ? null : (
            <Button busy={tell.isPending} onClick={() => tell.mutate('right')}>
              {t('emergency.say.right')}
            </Button>
          )}
          {one.state === 'misuse' ? null : (
            <Button kind="danger" busy={tell.isPending} onClick={() => setAsking(true)}>
              {t('emergency.say.misuse')}
            </Button>
          )}
        </div>
      ) : null}
      {tell.error ? <Refusal error={tell.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('emergency.say.misuse.ask')}
        text={t('emergency.say.misuse.means')}
        yes={t('emergency.say.misuse')}
        onYes={() => tell.mutate('misuse')}
      />
    </section>
  );
}
