/** The offer and the consent: read, answer, sign. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { childOf } from '@zhenmei/client/guardian-link.ts';
import { agree, isAdult, type PatientVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { toHex0x } from '@zhenmei/kernel';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { visitValue } from '@zhenmei/vault/core/derive.ts';
import { type ReactNode, useState } from 'react';
import { AskingCard, AskingStopped, useGuardian } from '../guardian/ask.tsx';
import { Choice } from '../look/choice.tsx';
import { Facts, Refusal, Waiting } from '../look/parts.tsx';
import { CancelDates } from '../money/cancel-dates.tsx';
import { PlainTermsList } from '../money/plain-terms.tsx';
import { PledgeSign } from '../money/pledge.tsx';
import { QuoteSource } from '../money/quote-source.tsx';
import { usePriced } from '../money/use-coin.ts';
import { date, isChinese, language, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io, vault } from '../state/vault.ts';

const coolingOff = ({ terms }: VisitView): number => (terms as PlainTerms | null)?.coolingOff ?? 0;

export function Consent({
  visit,
  view,
  onDone,
  cancel,
}: {
  visit: PatientVisit;
  view: VisitView;
  onDone(): void;
  cancel: ReactNode;
}) {
  const template = useQuery({
    queryKey: ['consent', view.service.consent],
    queryFn: () => patientApi.call(careApi.readConsent, { params: view.service.consent }),
  });
  const standard = useQuery({
    queryKey: ['standard', view.service.standard],
    queryFn: () => patientApi.call(careApi.readStandard, { params: view.service.standard }),
  });
  const priced = usePriced(view.terms);
  const [answers, setAnswers] = useState<Record<number, number>>({});
  const guardian = useGuardian();
  const alone = isAdult(io, view);
  const askBoth = async () =>
    guardian.ask({
      step: 'agree',
      child: childOf(vault()!.roots[0]!).number,
      visit: visit.id,
      clinic: view.clinic.id,
      service: view.serviceId,
      quote: view.quote,
      quoteSalt: toHex0x(visitValue.quoteSalt(await visitSecret(visit, view))),
      terms: view.terms,
      template: view.service.consent,
      language: language(),
    });
  const signed = () => {
    let both: ReturnType<typeof askBoth> | null = null;
    return async (use: 'consent' | 'money') => {
      both ??= askBoth();
      return (await both)[use]!;
    };
  };
  const sign = useMutation({
    mutationFn: () =>
      agree(
        io,
        visit,
        view,
        template.data!,
        language(),
        template.data!.questions.map((_, i) => answers[i] ?? -1),
        alone ? null : signed(),
      ),
    onSettled: onDone,
  });
  if (template.error) return <Refusal error={template.error} />;
  if (!template.data) return <Waiting what={t('loading')} lines={4} />;
  const all = template.data.questions.every((_, i) => answers[i] !== undefined);
  return (
    <>
      <h2 className="text-lg font-semibold m-0">{t('visit.readOffer')}</h2>
      <Facts
        rows={[
          ...view.quote.items.map(
            (i) =>
              [
                say(i.name),
                yuan(String(BigInt(i.unitPrice) * BigInt(i.quantity)), view.quote.currency),
              ] as const,
          ),
          [t('visit.total'), <strong key="total">{yuan(view.total, view.quote.currency)}</strong>],
        ]}
      />
      <QuoteSource quote={view.quote} />
      {standard.data ? (
        <ul className="m-0 pl-5 list-disc">
          {standard.data.standard.conditions.map((c) => (
            <li key={c.id}>{say(c.text)}</li>
          ))}
        </ul>
      ) : null}
      <CancelDates
        terms={priced}
        held={view.total}
        currency={view.quote.currency}
        note={t('cancel.cooling', { days: Math.round(coolingOff(view) / 86_400) })}
      />
      <PledgeSign view={view} />
      <PlainTermsList terms={view.terms} />
      <h3 className="font-semibold m-0">{say(template.data.title)}</h3>
      <section
        className="max-h-80 overflow-y-auto border border-line rounded-card p-4 whitespace-pre-line"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('visit.consent')}
      >
        {isChinese() ? template.data.text.zh : template.data.text.en}
      </section>
      <h3 className="font-semibold m-0">{t('visit.questions')}</h3>
      {template.data.questions.map((question, i) => (
        <Choice
          key={question.ask.en}
          legend={say(question.ask)}
          options={question.options.map((option, n) => ({ value: String(n), label: say(option) }))}
          value={answers[i] === undefined ? null : String(answers[i])}
          onChange={(n) => setAnswers({ ...answers, [i]: Number(n) })}
        />
      ))}
      <p className="m-0 soft">{t('visit.validUntil', { until: date(view.quote.validUntil, now()) })}</p>
      {alone ? null : <p className="m-0">{t('ward.needed')}</p>}
      {guardian.running ? <AskingCard running={guardian.running} onStop={guardian.stop} /> : null}
      <button
        type="button"
        className="btn btn-main"
        disabled={!all || sign.isPending}
        onClick={() => sign.mutate()}
      >
        {t('visit.agree')}
      </button>
      {sign.error instanceof AskingStopped ? <p className="m-0 soft">{t('ward.stopped')}</p> : null}
      {sign.error && !(sign.error instanceof AskingStopped) ? <Refusal error={sign.error} /> : null}
      {cancel}
    </>
  );
}
