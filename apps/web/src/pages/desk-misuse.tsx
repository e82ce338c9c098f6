/** The regulator's list of emergency openings that patients call misuse, each with one answer. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { FINDINGS, type Finding } from '@zhenmei/vault/core/emergency/review.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Refusal } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { DoctorName } from '../vault/doctor-name.tsx';

const CASES = ['misuse-cases'] as const;

export function DeskMisusePage() {
  const cases = useQuery({
    queryKey: CASES,
    queryFn: async () => (await deskApi.call(vaultApi.misuseCases)).cases,
    refetchInterval: 10_000,
  });
  return (
    <Page title={t('misuse.title')} lead={t('misuse.lead')}>
      <Loaded query={cases} lines={3} empty={t('misuse.empty')}>
        {(all) => all.map((one) => <One key={one.id} one={one} />)}
      </Loaded>
    </Page>
  );
}

function One({
  one,
}: {
  one: {
    id: string;
    person: string;
    organisation: { name: { zh: string; en: string } };
    at: string;
    lately: number;
  };
}) {
  const queries = useQueryClient();
  const [finding, setFinding] = useState<Finding>('no-finding');
  const answer = useMutation({
    mutationFn: () => deskApi.call(vaultApi.answerMisuse, { params: { id: one.id }, body: { finding } }),
    onSettled: () => queries.invalidateQueries({ queryKey: CASES }),
  });
  return (
    <Card tone="amber">
      <Facts
        rows={[
          [t('misuse.who'), <DoctorName key="doctor" id={one.person} />],
          [t('misuse.where'), say(one.organisation.name)],
          [t('misuse.when'), date(one.at, now(), true)],
          [t('misuse.count'), t('misuse.count.n', { n: one.lately })],
        ]}
      />
      <Select
        label={t('misuse.answer')}
        value={finding}
        options={FINDINGS.map((value) => ({ value, label: t(`misuse.${value}`) }))}
        onChange={(next) => setFinding(next)}
      />
      <Button kind="main" busy={answer.isPending} onClick={() => answer.mutate()}>
        {t('misuse.do')}
      </Button>
      {answer.error ? <Refusal error={answer.error} /> : null}
    </Card>
  );
}
