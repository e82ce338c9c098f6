/** Account and vault in one card: one prompt to make it, one to open it. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import { t } from '../shell/words.ts';
import {
  createAccount,
  finish,
  NeedsPassphrase,
  passphraseUnlock,
  signIn,
  vaultView,
  watchVault,
} from '../state/vault.ts';
import { Field } from './field.tsx';
import { Card, Refusal } from './parts.tsx';

/** The open vault, or null; renders again when something in it changed. */
export const useVault = () => useSyncExternalStore(watchVault, vaultView)?.vault ?? null;

export function AccountCard() {
  const [phrase, setPhrase] = useState<string | null>(null);
  const run = useMutation({
    mutationFn: (work: () => Promise<void>) => work(),
    onError: (error) => {
      if (error instanceof NeedsPassphrase) setPhrase('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate(() => finish(passphraseUnlock(phrase ?? '')));
  };
  if (phrase !== null)
    return (
      <Card title={t('account.unlock')}>
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <p className="m-0 soft">{t('account.noPrf')}</p>
          <Field
            label={t('account.passphrase')}
            type="password"
            autoComplete="new-password"
            value={phrase}
            onValueChange={setPhrase}
          />
          <button type="submit" className="btn btn-main" disabled={run.isPending}>
            {t('account.continue')}
          </button>
          {run.error && !(run.error instanceof NeedsPassphrase) ? <Refusal error={run.error} /> : null}
        </form>
      </Card>
    );
  return (
    <Card title={t('account.title')}>
      <p className="m-0 soft">{t('account.createLead')}</p>
      <button
        type="button"
        className="btn btn-main"
        disabled={run.isPending}
        onClick={() => run.mutate(createAccount)}
      >
        {t('account.create')}
      </button>
      <button type="button" className="btn" disabled={run.isPending} onClick={() => run.mutate(signIn)}>
        {t('account.signIn')}
      </button>
      <Link to="/join" className="text-center min-h-11 py-2.5">
        {t('join.link')}
      </Link>
      {run.error && !(run.error instanceof NeedsPassphrase) ? <Refusal error={run.error} /> : null}
    </Card>
  );
}
