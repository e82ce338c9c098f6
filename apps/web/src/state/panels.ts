/** This device as an assessor's: its key for papers, and the opinions that it sealed. */
import { type Assessor, announce, type Opinion } from '@zhenmei/client/assessor.ts';
import { FINDINGS } from '@zhenmei/money/core/panel-math.ts';
import type { DeskSeat } from './desk.ts';
import { deskStore } from './desk-store.ts';

/** Announces the key, so that papers are sealed to this device from now on. */
export async function thisAssessor({ desk }: DeskSeat): Promise<Assessor> {
  const kept = await deskStore.get(desk.organisationId);
  const assessor = { desk, secret: kept!.secret };
  await announce(assessor);
  return assessor;
}

const keyOf = (account: string, panel: string, round: number) => `zm-vote/${account}/${panel}/${round}`;

export function keepVote(account: string, panel: string, round: number, opinion: Opinion): void {
  localStorage.setItem(keyOf(account, panel, round), `${opinion.finding} ${opinion.scores}`);
}

/** An opinion without scores was sealed before there were pictures. */
export function keptVote(account: string, panel: string, round: number): Opinion | null {
  const [word, scores = '0'] = (localStorage.getItem(keyOf(account, panel, round)) ?? '').split(' ');
  const finding = FINDINGS.find((one) => one === word);
  return finding ? { finding, scores: Number(scores) } : null;
}
