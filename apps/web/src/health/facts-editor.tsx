/** In the vault: everything that may speak against a treatment, answered once and looked at again when it has aged. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { readFacts } from '@zhenmei/client/vault/health.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { CONDITION_CODES } from '@zhenmei/vault/core/health/conditions.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';
import { keepAnswers, tellVisits, useHealthVersion } from '../state/health.ts';
import { Questions } from './questions.tsx';

export function FactsEditor({ vault }: { vault: Vault }) {
  const [open, setOpen] = useState(false);
  const known = useQuery({
    queryKey: ['health-facts', useHealthVersion(vault)],
    enabled: open,
    queryFn: () => readFacts(vault),
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: async (present: Parameters<typeof keepAnswers>[1]['present']) => {
      await keepAnswers(vault, { allergies: null, asked: CONDITION_CODES, present, zones: [] });
      return tellVisits(vault);
    },
    onSuccess: (stopped) => {
      toast(stopped > 0 ? t('health.told', { n: stopped }) : t('keep.added'));
      setOpen(false);
    },
  });
  if (!open)
    return (
      <Button className="self-start" onClick={() => setOpen(true)}>
        {t('health.edit')}
      </Button>
    );
  if (known.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (known.error) return <Refusal error={known.error} />;
  const own = (known.data?.facts ?? []).filter(({ present, source }) => present && source === 'self');
  return (
    <section className="flex flex-col gap-3" aria-label={t('health.edit')}>
      <p className="m-0 soft">{t('health.edit.lead')}</p>
      <Questions
        ingredients={[]}
        conditions={CONDITION_CODES}
        before={[...new Set(own.map(({ condition }) => condition))]}
        none={t('health.none')}
        some={t('health.save')}
        busy={save.isPending}
        error={save.error}
        onAnswer={({ present }) => save.mutate(present)}
      />
    </section>
  );
}
