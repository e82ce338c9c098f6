/** Ways in beside a device's own passkey: a passphrase, and a code on paper. */
import { useMutation } from '@tanstack/react-query';
import { writeAge } from '@zhenmei/client/vault/age-file.ts';
import { addUnlock, dropDevices } from '@zhenmei/client/vault/devices.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { utf8 } from '@zhenmei/kernel';
import { RECOVERY_RANDOM, recoveryCode, recoveryUnlock } from '@zhenmei/vault/core/recovery-code.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { t } from '../shell/words.ts';
import { setPassphrase, thisCredential } from '../state/vault.ts';

const methodsOf = (vault: Vault, kind: 'passphrase' | 'recovery') =>
  vault.keyset.methods.filter((method) => method.kind === kind);

export function Passphrase({ vault }: { vault: Vault }) {
  const [text, setText] = useState('');
  const has = methodsOf(vault, 'passphrase').length > 0;
  const own = vault.keyset.methods.some((m) => m.kind === 'passkey' && m.id === thisCredential());
  const set = useMutation({ mutationFn: () => setPassphrase(text), onSuccess: () => setText('') });
  const drop = useMutation({
    mutationFn: () => dropDevices(vault, methodsOf(vault, 'passphrase'), [], ''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate();
  };
  return (
    <Card title={t('mykeys.phrase')}>
      <p className="m-0 soft">{t('mykeys.phrase.lead')}</p>
      {has ? <Pill tone="jade">{t('mykeys.phrase.has')}</Pill> : null}
      {!has && !own ? <Pill tone="amber">{t('mykeys.phrase.need')}</Pill> : null}
      {has ? (
        <Button
          className="self-start"
          busy={drop.isPending}
          disabled={vault.keyset.methods.length < 2 || !own}
          onClick={() => drop.mutate()}
        >
          {t('mykeys.phrase.drop')}
        </Button>
      ) : (
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <Field
            label={t('mykeys.phrase.new')}
            type="password"
            autoComplete="new-password"
            value={text}
            onValueChange={setText}
          />
          <Button type="submit" busy={set.isPending} disabled={text === ''}>
            {t('mykeys.phrase.set')}
          </Button>
        </form>
      )}
      {set.error || drop.error ? <Refusal error={set.error ?? drop.error} /> : null}
    </Card>
  );
}

/** A new code takes the place of the old: whoever finds the old sheet has nothing. */
export function Paper({ vault }: { vault: Vault }) {
  const [code, setCode] = useState<string | null>(null);
  const has = methodsOf(vault, 'recovery').length > 0;
  const make = useMutation({
    mutationFn: async () => {
      const fresh = recoveryCode(vault.io.random(RECOVERY_RANDOM));
      const old = methodsOf(vault, 'recovery');
      await addUnlock(vault, recoveryUnlock(fresh));
      await dropDevices(vault, old, [], '');
      setCode(fresh);
    },
  });
  return (
    <Card title={t('mykeys.paper')}>
      <p className="m-0 soft">{t('mykeys.paper.lead')}</p>
      {code ? <Sheet code={code} onDone={() => setCode(null)} /> : null}
      {!code && has ? <Pill tone="jade">{t('mykeys.paper.has')}</Pill> : null}
      {code ? null : (
        <Button className="no-print" busy={make.isPending} onClick={() => make.mutate()}>
          {t(has ? 'mykeys.paper.again' : 'mykeys.paper.make')}
        </Button>
      )}
      {make.error ? <Refusal error={make.error} /> : null}
    </Card>
  );
}

function Sheet({ code, onDone }: { code: string; onDone(): void }) {
  const [phrase, setPhrase] = useState('');
  const file = useMutation({
    mutationFn: async () => {
      const bytes = await writeAge(utf8(`${code}\n`), { passphrase: phrase });
      saveFile('zhenmei-recovery.age', bytes, 'application/octet-stream');
    },
    onSuccess: () => setPhrase(''),
  });
  return (
    <section aria-label={t('mykeys.paper.code')} className="flex flex-col gap-3">
      <p className="m-0 font-mono text-xl leading-loose break-words" data-recovery>
        {code}
      </p>
      <div className="no-print flex flex-col gap-3">
        <Button kind="main" onClick={() => window.print()}>
          {t('mykeys.paper.print')}
        </Button>
        <Field
          label={t('mykeys.paper.filePhrase')}
          hint={t('mykeys.paper.fileLead')}
          type="password"
          autoComplete="new-password"
          value={phrase}
          onValueChange={setPhrase}
        />
        <Button busy={file.isPending} disabled={phrase === ''} onClick={() => file.mutate()}>
          {t('mykeys.paper.file')}
        </Button>
        {file.error ? <Refusal error={file.error} /> : null}
        <Button onClick={onDone}>{t('mykeys.paper.done')}</Button>
      </div>
    </section>
  );
}
