/** One check: what the clinic says beside each public register, and the verifier's answer. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { answerTask, type CheckSeat, readTask } from '@zhenmei/client/check.ts';
import { SOURCES, type Source, type Statement } from '@zhenmei/money/core/verification-papers.ts';
import { type FormEvent, useState } from 'react';
import { phaseName } from '../checks/phase-name.ts';
import { useCheckSeat } from '../checks/use-check-seat.ts';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { todoOf } from './desk-checks.tsx';

const route = getRouteApi('/desk/checks/$id');
type Read = Awaited<ReturnType<typeof readTask>>;
const saidIn = (statement: Statement, source: Source): string[] =>
  source === 'licence' ? [statement.licence] : statement[source];

export function DeskCheckAnswerPage() {
  const { id } = route.useParams();
  const { seat, error: unread } = useCheckSeat();
  const task = useQuery({
    queryKey: ['checks', id],
    enabled: Boolean(seat),
    refetchInterval: 4_000,
    queryFn: () => readTask(seat!, id),
  });
  const error = unread ?? task.error;
  return (
    <Page title={t('check.task', { id })} lead={t('check.queue.lead')}>
      <Link to="/desk/checks" className="text-plum min-h-11 inline-flex items-center">
        {t('back')}
      </Link>
      {error ? <Refusal error={error} /> : null}
      {!task.data && !error ? <Waiting what={t('loading')} lines={4} /> : null}
      {task.data ? <One key={task.data.task.round} seat={seat!} read={task.data} /> : null}
    </Page>
  );
}

function One({ seat, read }: { seat: CheckSeat; read: Read }) {
  const { task, clinic, statement, grounds } = read;
  const todo = todoOf(task);
  return (
    <>
      <Card title={t(`check.round.${task.round}` as Key)}>
        <div>
          <Pill tone={todo === 'answer' ? 'amber' : 'slate'}>{t(`check.todo.${todo}`)}</Pill>
        </div>
        <Facts
          rows={[
            [t('check.running.now'), phaseName(task.phase, 'other')],
            ...(task.deadline && todo !== 'done'
              ? [[t('check.by'), date(task.deadline, now(), true)] as const]
              : []),
            ...(task.earned === '0' ? [] : [[t('check.queue.earned'), yuan(task.earned)] as const]),
            ...(task.slashed === '0' ? [] : [[t('check.queue.slashed'), yuan(task.slashed)] as const]),
          ]}
        />
        {task.mine === null ? null : <p className="m-0">{t(`check.mine.${task.mine}`)}</p>}
      </Card>
      {grounds ? (
        <Card title={t('verifier.grounds')}>
          <p className="m-0 break-words">{grounds}</p>
        </Card>
      ) : null}
      {todo === 'answer' ? (
        <AnswerForm seat={seat} id={task.id} clinic={say(clinic)} statement={statement} />
      ) : (
        <Card title={t('check.answer.says', { clinic: say(clinic) })}>
          <Facts
            rows={SOURCES.map((source) => [
              t(`check.source.${source}`),
              saidIn(statement, source).join(t('check.comma')) || t('check.answer.nothing'),
            ])}
          />
        </Card>
      )}
    </>
  );
}

interface Noted {
  readonly fits: 'yes' | 'no' | null;
  readonly where: string;
  readonly said: string;
}

interface FormProps {
  readonly seat: CheckSeat;
  readonly id: string;
  readonly clinic: string;
  readonly statement: Statement;
}

function AnswerForm({ seat, id, clinic, statement }: FormProps) {
  const queries = useQueryClient();
  const asked = SOURCES.filter((source) => saidIn(statement, source).length > 0);
  const [notes, setNotes] = useState<Record<string, Noted>>(() =>
    Object.fromEntries(
      asked.map((source) => [source, { fits: null, where: t(`check.source.${source}.where`), said: '' }]),
    ),
  );
  const note = (source: Source, part: Partial<Noted>) =>
    setNotes((before) => ({ ...before, [source]: { ...before[source]!, ...part } }));
  const full = asked.every((source) => {
    const { fits, where, said } = notes[source]!;
    return fits !== null && where.trim().length > 2 && said.trim().length > 0;
  });
  const act = useMutation({
    mutationFn: () =>
      answerTask(seat, id, {
        failed: asked.filter((source) => notes[source]!.fits === 'no'),
        pages: asked.map((source) => ({
          source,
          where: notes[source]!.where.trim(),
          said: notes[source]!.said.trim(),
        })),
        at: now(),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['checks'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <h2 className="text-lg font-semibold m-0">{t('check.answer.says', { clinic })}</h2>
      <div className="grid gap-4 md:grid-cols-2 items-start">
        {asked.map((source) => (
          <Card key={source} title={t(`check.source.${source}`)}>
            <ul className="m-0 pl-5">
              {saidIn(statement, source).map((line) => (
                <li key={line} className="break-words">
                  {line}
                </li>
              ))}
            </ul>
            <Choice<'yes' | 'no'>
              legend={t(`check.source.${source}`)}
              value={notes[source]!.fits}
              onChange={(fits) => note(source, { fits })}
              options={[
                { value: 'yes', label: t('check.answer.fits') },
                { value: 'no', label: t('check.answer.not') },
              ]}
            />
            <Field
              label={t('check.answer.where')}
              value={notes[source]!.where}
              onValueChange={(where) => note(source, { where })}
            />
            <Field
              label={t('check.answer.said')}
              lines={2}
              value={notes[source]!.said}
              onValueChange={(said) => note(source, { said })}
            />
          </Card>
        ))}
      </div>
      <p className="m-0 soft">{full ? t('check.answer.note') : t('check.answer.missing')}</p>
      <Button type="submit" kind="main" busy={act.isPending} disabled={!full}>
        {t('check.answer.submit')}
      </Button>
      {act.error ? <Refusal error={act.error} /> : null}
    </form>
  );
}
