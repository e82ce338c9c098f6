/** Studies as the screens use them. */
import { answerDue, myStudies } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { MyStudy } from '@zhenmei/vault/api.ts';

export const STUDIES = ['my-studies'] as const;
export const DESK_STUDIES = ['desk-studies'] as const;

/** With what is due answered first: the person agreed to all releases of a study. */
export async function studiesNow(vault: Vault): Promise<MyStudy[]> {
  const studies = await myStudies(vault);
  const joined = studies.filter(({ mine }) => mine.state === 'joined').map(({ plan }) => plan);
  return (await answerDue(vault, joined)) > 0 ? myStudies(vault) : studies;
}
