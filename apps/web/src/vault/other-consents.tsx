/** Consents beside permissions: to the treatment of a visit, and to one run of a program. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { readVisit } from '@zhenmei/client/patient.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type VisitNote, visitOf } from '@zhenmei/client/vault/visits.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';

interface Signed {
  readonly note: VisitNote;
  readonly consent: NonNullable<VisitView['consent']>;
  readonly title: { readonly zh: string; readonly en: string };
  readonly at: string | null;
}

async function signedConsents(vault: Vault): Promise<Signed[]> {
  const all = await Promise.all(
    vault.visits.map(async (note): Promise<Signed | null> => {
      const visit = visitOf(vault, note.id);
      if (!visit) return null;
      const { consent, history } = await readVisit(io, visit);
      if (!consent) return null;
      const params = { id: consent.template, version: consent.version };
      const { title } = await patientApi.call(careApi.readConsent, { params });
      return { note, consent, title, at: history.find(({ type }) => type === 'agree')?.at ?? null };
    }),
  );
  return all.filter((one): one is Signed => one !== null).reverse();
}

export function TreatmentConsents({ vault }: { vault: Vault }) {
  const list = useQuery({
    queryKey: ['treatment-consents', vault.visits.length],
    queryFn: () => signedConsents(vault),
  });
  if (list.isPending) return <Waiting what={t('loading')} lines={1} />;
  return (
    <Card title={t('agree.treatments')}>
      {list.error ? <Refusal error={list.error} /> : null}
      {list.data?.length === 0 ? <p className="m-0 soft">{t('agree.treatments.none')}</p> : null}
      {list.data?.map(({ note, consent, title, at }) => (
        <section
          key={note.id}
          aria-label={`${say(note.service)} · ${say(note.clinic)}`}
          className="border-t border-line pt-3 flex flex-col gap-2"
        >
          <h3 className="m-0 text-base font-semibold">{say(title)}</h3>
          <Facts
            rows={[
              [t('ward.treatment'), say(note.service)],
              [t('ward.clinic'), say(note.clinic)],
              [t('agree.version'), consent.version],
              [t('agree.language'), t(consent.language === 'en' ? 'agree.inEnglish' : 'agree.inChinese')],
              ...(at ? [[t('agree.event.given'), date(at, now(), true)] as const] : []),
            ]}
          />
          <Pill tone={consent.anchored ? 'jade' : 'amber'}>
            {t(consent.anchored ? 'agree.sealed' : 'agree.sealing')}
          </Pill>
          <Link
            to="/visits/$id"
            params={{ id: note.id }}
            className="text-plum inline-flex items-center min-h-11 w-fit no-print"
          >
            {t('agree.visit')}
            <span className="sr-only"> {say(note.service)}</span>
          </Link>
        </section>
      ))}
    </Card>
  );
}

const RUN_TONES = {
  agreed: 'amber',
  withdrawn: 'slate',
  begun: 'amber',
  done: 'jade',
  failed: 'cinnabar',
} as const;

export function ProgramConsents({ vault }: { vault: Vault }) {
  const list = useQuery({
    queryKey: ['runs'],
    queryFn: async () => (await vault.io.api.call(vaultApi.ownRuns)).runs,
  });
  if (list.error) return <Refusal error={list.error} />;
  return (
    <Card title={t('agree.runs')}>
      {list.data?.length === 0 ? <p className="m-0 soft">{t('agree.runs.none')}</p> : null}
      {list.data?.map(({ job, offer, state, at }) => {
        const over = state === 'agreed' && Date.parse(offer.validUntil) <= now();
        return (
          <section key={job} className="border-t border-line pt-3 flex flex-col gap-1">
            <h3 className="m-0 text-base font-semibold">
              {say(offer.program.name)} · {t('runs.version', { version: offer.program.version })}
            </h3>
            <span className="soft text-sm">{date(at, now(), true)}</span>
            <Pill tone={over ? 'slate' : RUN_TONES[state]}>
              {t(over ? 'agree.runs.over' : `runs.state.${state}`)}
            </Pill>
          </section>
        );
      })}
      <Link to="/vault/runs" className="text-plum inline-flex items-center min-h-11 w-fit no-print">
        {t('runs.title')}
      </Link>
    </Card>
  );
}
