/** The patient's side of the gate: what is still to be answered, what stops the visit, what a doctor decided. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { GATED } from '@zhenmei/care/core/visit.ts';
import { judgeService, readDecision, syncGate, treatmentOf } from '@zhenmei/client/gate.ts';
import { DECISION_REASONS } from '@zhenmei/client/gate-notes.ts';
import { makeReady, type PatientVisit } from '@zhenmei/client/patient.ts';
import { faultOf, keepDecision } from '@zhenmei/client/vault/decisions.ts';
import { knownHealth } from '@zhenmei/client/vault/health.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { noneFor } from '@zhenmei/kernel';
import { contraindicationsOf, type Treatment } from '@zhenmei/vault/core/health/contraindications.ts';
import { type HealthAnswer, isAnswered } from '@zhenmei/vault/core/health/gate.ts';
import { useState } from 'react';
import { useVault } from '../look/account.tsx';
import { Button } from '../look/button.tsx';
import { Card, Details, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { keepAnswers, useHealthVersion } from '../state/health.ts';
import { io, vault as openVault } from '../state/vault.ts';
import { DoctorName } from '../vault/doctor-name.tsx';
import { Questions } from './questions.tsx';
import { Reasons } from './reasons.tsx';
import { TableNote } from './table-note.tsx';

interface Side {
  readonly visit: PatientVisit;
  readonly view: VisitView;
  onDone(): void;
}

/** Beside what is to be done: only while it stops something, or a doctor has decided, or something may have changed. */
export function VisitGate(side: Side) {
  const vault = useVault();
  return vault && GATED.includes(side.view.state) ? <Gate {...side} vault={vault} /> : <Decided {...side} />;
}

function Gate({ visit, view, onDone, vault }: Side & { vault: Vault }) {
  const [changing, setChanging] = useState(false);
  const gate = useQuery({
    queryKey: ['gate', view.id, view.sequence, useHealthVersion(vault)],
    queryFn: async () => {
      const known = await knownHealth(vault);
      const treatment = await treatmentOf(io, view.service);
      const answer = await judgeService(io, view.service, known);
      // a question that is still open is asked when it is time; what the person has said is told at once
      if (view.gate || stopsOf(answer)) {
        const told = await syncGate(io, visit, view, answer).catch(noneFor('STEP_OUT_OF_ORDER'));
        if (told?.sequence !== view.sequence) onDone();
      }
      return { answer, treatment };
    },
    retry: false,
  });
  if (gate.error) return <Refusal error={gate.error} />;
  if (!gate.data) return null;
  const { answer, treatment } = gate.data;
  const stops = stopsOf(answer);
  const later = view.state === 'ready' || view.state === 'checked-in';
  return (
    <>
      {stops && !view.gate?.override ? <Stopped answer={answer} /> : null}
      <Decided visit={visit} view={view} onDone={onDone} />
      {later || stops ? (
        <Card>
          {changing ? (
            <Asked
              vault={vault}
              treatment={treatment}
              answer={answer}
              all
              none={t('health.save')}
              onDone={() => {
                setChanging(false);
                onDone();
              }}
            />
          ) : (
            <>
              <p className="m-0 soft">{t('health.changed.lead')}</p>
              <Button className="self-start" onClick={() => setChanging(true)}>
                {t('health.changed')}
              </Button>
            </>
          )}
        </Card>
      ) : null}
    </>
  );
}

const stopsOf = (answer: HealthAnswer): boolean =>
  answer.outcome === 'blocked' || (answer.outcome === 'unknown' && isAnswered(answer));

function Stopped({ answer }: { answer: HealthAnswer }) {
  const blocked = answer.outcome === 'blocked';
  return (
    <Card tone={blocked ? 'cinnabar' : 'amber'} title={t(blocked ? 'health.blocked' : 'health.asks')}>
      <div role="alert" className="flex flex-col gap-3">
        <Reasons reasons={answer.reasons as never} />
        <p className="m-0">{t(blocked ? 'health.blocked.next' : 'health.asks.next')}</p>
      </div>
    </Card>
  );
}

function Decided({ visit, view }: Side) {
  const override = view.gate?.override;
  const decision = useQuery({
    queryKey: ['gate-decision', view.id, override?.decision],
    enabled: Boolean(override),
    queryFn: async () => {
      const said = await readDecision(visit, view);
      const vault = openVault();
      if (!said || !vault) return null;
      await keepDecision(vault, view, said, t('health.decision'));
      return { said, fault: await faultOf(vault, view) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!override) return null;
  if (decision.error) return <Refusal error={decision.error} />;
  if (!decision.data) return null;
  const { said, fault } = decision.data;
  return (
    <Card tone="amber" title={t(override.level === 'second' ? 'health.decided.second' : 'health.decided')}>
      <Facts
        rows={[
          [t('visit.doctor'), <DoctorName key="doctor" id={override.doctor} />],
          [t('health.decided.why'), say(DECISION_REASONS[said.reason])],
          [t('health.decided.note'), said.note],
          [t('health.decided.when'), date(override.at, now(), true)],
        ]}
      />
      <Pill tone={fault ? 'cinnabar' : 'jade'}>
        {fault ? t('health.decided.unproven') : t('health.decided.proven')}
      </Pill>
      <p className="m-0 soft text-sm">{t('health.decided.kept')}</p>
      <TableNote />
      {fault ? <Details>{fault}</Details> : null}
    </Card>
  );
}

/** The questions of one treatment, kept as they are answered. */
function Asked({
  vault,
  treatment,
  answer,
  all = false,
  none,
  onDone,
}: {
  vault: Vault;
  treatment: Treatment;
  answer: HealthAnswer;
  /** Asks everything again, not only what is open. */
  all?: boolean;
  none: string;
  onDone(): unknown;
}) {
  const everything = (contraindicationsOf(treatment) ?? []).map(({ condition }) => condition);
  const conditions = all ? everything : answer.open.conditions;
  const asksAllergies = all || answer.open.allergies;
  const told = answer.reasons.flatMap((r) =>
    r.about === 'condition' && r.source?.by === 'self' && !['NOT_ASKED', 'STALE'].includes(r.code)
      ? [r.condition]
      : [],
  );
  const save = useMutation({
    mutationFn: async ({
      allergies,
      present,
    }: Parameters<Parameters<typeof Questions>[0]['onAnswer']>[0]) => {
      await keepAnswers(vault, {
        allergies: asksAllergies ? allergies : null,
        asked: conditions,
        present,
        zones: treatment.zones,
      });
      await onDone();
    },
  });
  return (
    <Questions
      ingredients={asksAllergies ? (treatment.ingredients ?? []) : []}
      conditions={conditions}
      before={all ? told : []}
      none={none}
      some={t('health.save')}
      busy={save.isPending}
      error={save.error}
      onAnswer={(ticked) => save.mutate(ticked)}
    />
  );
}

/** Before the visit: everything is answered, and nothing stops it. */
export function HealthCheck({ visit, view, onDone }: Side) {
  const vault = useVault()!;
  const gate = useQuery({
    queryKey: ['health-check', view.id, useHealthVersion(vault)],
    queryFn: async () => ({
      treatment: await treatmentOf(io, view.service),
      answer: await judgeService(io, view.service, await knownHealth(vault)),
    }),
  });
  const ready = useMutation({
    mutationFn: async () => makeReady(io, visit, view, await knownHealth(vault)),
    onSettled: onDone,
  });
  if (gate.error) return <Refusal error={gate.error} />;
  if (!gate.data) return <Waiting what={t('health.checking')} lines={2} />;
  const { answer, treatment } = gate.data;
  const refused = ready.error ? <Refusal error={ready.error} /> : null;
  if (!isAnswered(answer))
    return (
      <>
        <Asked
          vault={vault}
          treatment={treatment}
          answer={answer}
          none={`${t('visit.allergyNone')} · ${t('visit.ready')}`}
          onDone={async () => {
            // what stops it is shown and told beside
            const now = await judgeService(io, view.service, await knownHealth(vault));
            if (now.outcome === 'clear') ready.mutate();
          }}
        />
        <p className="m-0 soft text-sm">{t('health.kept')}</p>
        {refused}
      </>
    );
  const may = answer.outcome === 'clear' || Boolean(view.gate?.override);
  return (
    <>
      {answer.outcome === 'clear' ? <Pill tone="jade">{t('health.clear')}</Pill> : null}
      {may ? (
        <Button kind="main" busy={ready.isPending} onClick={() => ready.mutate()}>
          {t('visit.ready')}
        </Button>
      ) : (
        <p className="m-0">{t('health.waitDoctor')}</p>
      )}
      <TableNote />
      {refused}
    </>
  );
}
