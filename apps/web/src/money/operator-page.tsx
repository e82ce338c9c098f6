/** A page of the operator's: opened with the operator's secret, which stays in this page's memory only. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal } from '../look/parts.tsx';
import { Switches } from '../shell/switches.tsx';
import { t } from '../shell/words.ts';

export function OperatorPage({
  title,
  lead,
  desk,
}: {
  title: string;
  lead: string;
  desk(bearer: string, leave: () => void): ReactNode;
}) {
  const [bearer, setBearer] = useState<string | null>(null);
  return (
    <div className="max-w-3xl mx-auto px-4 pt-3 pb-10">
      <Switches />
      <main>
        <Page title={title} lead={lead}>
          {bearer === null ? <Enter onEnter={setBearer} /> : desk(bearer, () => setBearer(null))}
        </Page>
      </main>
    </div>
  );
}

function Enter({ onEnter }: { onEnter(token: string): void }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter(token.trim());
  };
  return (
    <Card>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field
          label={t('op.token')}
          type="password"
          autoComplete="off"
          value={token}
          onValueChange={setToken}
        />
        <Button type="submit" kind="main" disabled={!token.trim()}>
          {t('op.open')}
        </Button>
      </form>
    </Card>
  );
}

/** The secret was not the one, or the house cannot answer: back to the door. */
export function TurnedAway({ error, onLeave }: { error: unknown; onLeave(): void }) {
  return (
    <>
      <Refusal error={error} />
      <Button onClick={onLeave}>{t('back')}</Button>
    </>
  );
}
