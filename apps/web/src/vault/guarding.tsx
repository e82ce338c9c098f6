/** What a person holds for others: her code, who entrusted something to her, and who asks now. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { agreeTo, becomeGuardian, type Ward, wards } from '@zhenmei/client/vault/guardians.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function Guarding({ vault }: { vault: Vault }) {
  const list = useQuery({ queryKey: ['wards'], queryFn: () => wards(vault), refetchInterval: 20_000 });
  const show = useMutation({ mutationFn: () => becomeGuardian(vault) });
  return (
    <Card title={t('guard.forOthers')}>
      <p className="m-0 soft">{t('guard.forOthers.lead')}</p>
      {show.data ? (
        <Facts
          rows={[
            [
              t('guard.myCode'),
              <span key="code" className="font-mono" data-guardian>
                {show.data}
              </span>,
            ],
          ]}
        />
      ) : (
        <Button busy={show.isPending} onClick={() => show.mutate()}>
          {t('guard.show')}
        </Button>
      )}
      {show.error || list.error ? <Refusal error={show.error ?? list.error} /> : null}
      {list.data?.length === 0 ? <p className="m-0 soft">{t('guard.nobody')}</p> : null}
      {list.data?.map((ward) => (
        <OneWard key={ward.recovery} vault={vault} ward={ward} onAgreed={() => void list.refetch()} />
      ))}
    </Card>
  );
}

function OneWard({ vault, ward, onAgreed }: { vault: Vault; ward: Ward; onAgreed(): void }) {
  const [code, setCode] = useState('');
  const agree = useMutation({ mutationFn: () => agreeTo(vault, ward, code), onSuccess: onAgreed });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    agree.mutate();
  };
  return (
    <section aria-label={ward.name} className="border-t border-line pt-3 flex flex-col gap-3">
      <h3 className="m-0 text-base font-semibold">{ward.name}</h3>
      <Facts
        rows={[
          [
            t('guard.wardCode'),
            <span key="code" className="font-mono" data-ward>
              {ward.recovery}
            </span>,
          ],
        ]}
      />
      {ward.request?.approved ? <Pill tone="jade">{t('guard.agreed')}</Pill> : null}
      {ward.request && !ward.request.approved ? (
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <Pill tone="amber">{t('guard.asks')}</Pill>
          <Field
            label={t('guard.askCode')}
            autoComplete="off"
            spellCheck={false}
            value={code}
            onValueChange={setCode}
          />
          <Button type="submit" kind="main" busy={agree.isPending} disabled={code.trim() === ''}>
            {t('guard.agree')}
          </Button>
          {agree.error ? <Refusal error={agree.error} /> : null}
        </form>
      ) : null}
    </section>
  );
}
