/** Keys with which an organisation's own systems record and ask: made, shown once, ended. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { identityApi } from '@zhenmei/identity/api.ts';
import { KEY_SCOPES, type KeyScope } from '@zhenmei/identity/core/key-scopes.ts';
import { type FormEvent, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const QUERY = ['api-keys'] as const;

export function ApiKeys() {
  const keys = useQuery({ queryKey: QUERY, queryFn: () => deskApi.call(identityApi.listApiKeys) });
  const live = (keys.data?.keys ?? []).filter(({ revokedAt }) => revokedAt === null);
  return (
    <Card title={t('keys.title')}>
      <p className="m-0 soft">{t('keys.lead')}</p>
      <Loaded query={keys} lines={1} />
      {keys.data && live.length === 0 ? <p className="m-0">{t('keys.none')}</p> : null}
      {live.map((key) => (
        <Key key={key.id} {...key} />
      ))}
      <Make />
    </Card>
  );
}

function Key({
  id,
  name,
  scopes,
  madeAt,
  usedAt,
}: {
  id: string;
  name: string;
  scopes: readonly KeyScope[];
  madeAt: string;
  usedAt: string | null;
}) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => deskApi.call(identityApi.revokeApiKey, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: QUERY }),
  });
  return (
    <section className="flex flex-col gap-2" aria-label={name}>
      <h3 className="m-0 text-base">{name}</h3>
      <Facts
        rows={[
          [t('keys.may'), scopes.map((scope) => t(`keys.${scope}`)).join(' · ')],
          [t('keys.made'), date(madeAt, now())],
          [t('keys.used'), usedAt ? date(usedAt, now(), true) : t('keys.never')],
        ]}
      />
      <Button kind="danger" busy={end.isPending} onClick={() => setAsking(true)}>
        {t('keys.end')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('keys.end.ask', { name })}
        text={t('keys.end.means')}
        yes={t('keys.end')}
        onYes={() => end.mutate()}
      />
      {end.error ? <Refusal error={end.error} /> : null}
    </section>
  );
}

function Make() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly KeyScope[]>(KEY_SCOPES);
  const make = useMutation({
    mutationFn: () =>
      deskApi.call(identityApi.makeApiKey, { body: { name: name.trim(), scopes: [...scopes] } }),
    onSuccess: () => {
      setName('');
      return queries.invalidateQueries({ queryKey: QUERY });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data) return <Secret secret={make.data.secret} onDone={() => make.reset()} />;
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('keys.name')}
        hint={t('keys.name.hint')}
        maxLength={100}
        value={name}
        onValueChange={setName}
      />
      {KEY_SCOPES.map((scope) => (
        <Tick
          key={scope}
          label={t(`keys.${scope}`)}
          on={scopes.includes(scope)}
          onChange={(on) =>
            setScopes(KEY_SCOPES.filter((one) => (one === scope ? on : scopes.includes(one))))
          }
        />
      ))}
      <Button type="submit" busy={make.isPending} disabled={name.trim() === '' || scopes.length === 0}>
        {t('keys.make')}
      </Button>
      {make.error ? <Refusal error={make.error} /> : null}
    </form>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone(): void }) {
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    toast(t('keys.copied'));
  };
  return (
    <section className="flex flex-col gap-3" aria-live="polite">
      <p className="m-0 font-medium">{t('keys.once')}</p>
      <code className="break-all">{secret}</code>
      <div className="flex flex-wrap gap-3">
        <Button kind="main" onClick={() => void copy()}>
          {t('keys.copy')}
        </Button>
        <Button onClick={onDone}>{t('keys.done')}</Button>
      </div>
    </section>
  );
}
