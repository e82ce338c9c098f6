/** On a guardian's phone: the visits of each child whose certificate is in the wallet. */
import { useQuery } from '@tanstack/react-query';
import type { WardVisit } from '@zhenmei/care/guardian-api.ts';
import { wardVisits } from '@zhenmei/client/guardian.ts';
import { cardFor } from '@zhenmei/client/guardian-link.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { walletCredentials } from '../state/wallet.ts';

/** Numbers of the children, one certificate each is enough. */
async function children(): Promise<string[]> {
  const held = await walletCredentials();
  const of = held.flatMap(({ vct, claims }) =>
    vct === CREDENTIAL_TYPES.guardianOf && typeof claims.child === 'string' ? [claims.child] : [],
  );
  return [...new Set(of)];
}

export function Wards() {
  const found = useQuery({ queryKey: ['wards'], queryFn: children });
  return (
    <Card title={t('ward.visits')}>
      <p className="m-0 soft">{t('ward.visits.lead')}</p>
      {found.data?.length === 0 ? <p className="m-0">{t('ward.visits.noCard')}</p> : null}
      {found.data?.map((child, i) => (
        <section key={child} className="flex flex-col gap-2">
          {found.data.length > 1 ? (
            <h3 className="m-0 text-base font-semibold">{t('ward.visits.child', { n: i + 1 })}</h3>
          ) : null}
          <Visits child={child} />
        </section>
      ))}
    </Card>
  );
}

function Visits({ child }: { child: string }) {
  const visits = useQuery({
    queryKey: ['ward-visits', child],
    retry: false,
    queryFn: async () => {
      const { card } = cardFor(child, await walletCredentials(), now());
      return wardVisits(patientApi, card, child, now());
    },
  });
  if (visits.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (visits.error) return <Refusal error={visits.error} />;
  if (visits.data.length === 0) return <p className="m-0">{t('ward.visits.none')}</p>;
  return (
    <ul className="list-none m-0 p-0" data-ward-visits>
      {visits.data.map((visit) => (
        <li key={visit.id} className="flex flex-col gap-2 border-t border-line py-3">
          <One visit={visit} />
        </li>
      ))}
    </ul>
  );
}

function One({ visit }: { visit: WardVisit }) {
  const { clinic, doctor, treatment, startsAt, currency, total, money, warning } = visit;
  return (
    <>
      <p className="m-0 flex justify-between gap-3 font-semibold">
        <span>{say(treatment)}</span>
        <span>{t(`state.${visit.state}` as Key)}</span>
      </p>
      <Facts
        rows={[
          [t('ward.when'), date(startsAt, now(), true)],
          [t('ward.clinic'), say(clinic)],
          [t('visit.doctor'), say(doctor)],
          [t('visit.total'), yuan(total, currency)],
          ...(money
            ? ([
                [t('ward.money.held'), yuan(money.held, currency)],
                [t('ward.money.paid'), yuan(money.paid, currency)],
                [t('ward.money.refunded'), yuan(money.refunded, currency)],
              ] as const)
            : []),
        ]}
      />
      {warning ? <Pill tone="amber">{say(warning)}</Pill> : null}
    </>
  );
}
