/** The demo's assessors on no screen: each votes with the passkey it has. */
import { apiAt, deviceOf, random, until } from '@zhenmei/cli/visit-play.ts';
import type { ApiError } from '@zhenmei/client/api.ts';
import {
  type Assessor,
  announce,
  assessorDesk,
  commitVote,
  type Opinion,
  openCase,
  revealVote,
} from '@zhenmei/client/assessor.ts';
import type { PicturePair } from '@zhenmei/client/claim-panel.ts';
import { joinDesk } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import type { Hex } from '@zhenmei/kernel';
import { type Finding, packScores } from '@zhenmei/money/core/panel-math.ts';
import { compareGrades, type Grade } from '@zhenmei/money/core/panel-pictures.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { drawnPairs } from '@zhenmei/server/demo/drawn-pairs.ts';
import type { TestHouse } from './test-house.ts';

/** The members of the panel that sits now, each at a desk of its own. */
export async function seatedAssessors(house: TestHouse, panel: string, round: number): Promise<Assessor[]> {
  const { modules } = house.house;
  const seats = await until(async () => {
    const rows = await modules.money.db
      .selectFrom('money.dispute_seat')
      .select('assessor')
      .where('panel_id', '=', panel)
      .where('round', '=', round)
      .execute();
    return rows.length > 0 ? rows : null;
  });
  return assessorsAt(
    house,
    seats.map(({ assessor }) => assessor),
  );
}

/** Those who hold these accounts, each at a desk of its own. */
export async function assessorsAt(house: TestHouse, accounts: readonly Hex[]): Promise<Assessor[]> {
  const organisations = await house.house.modules.identity.db
    .selectFrom('identity.organisation')
    .select(['id', 'account'])
    .where('account', 'in', [...accounts])
    .execute();
  const actors = readActors(house.dataDir)!.organisations;
  const assessors = [];
  for (const { id } of organisations) {
    const key = Object.keys(actors).find((one) => actors[one]!.id === id)!;
    const api = apiAt({ baseUrl: house.url, origin: house.url }, 'desk');
    const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: key } });
    const passkey = softwarePasskey(random(32), house.url);
    const desk = await until(() =>
      joinDesk(api, passkey, deviceOf(random(32)), invitation, 'desk').catch((error: ApiError) => {
        // eleven at once from one place: the house asks for patience
        if (error.code === 'RATE_LIMITED') return null;
        throw error;
      }),
    );
    await api.call(demoApi.equipDesk);
    const assessor = { desk, secret: random(32) };
    await announce(assessor);
    assessors.push(assessor);
  }
  return assessors;
}

/** Everybody seals a vote, and opens it once all are sealed. */
export async function vote(
  assessors: readonly Assessor[],
  panel: string,
  round: number,
  findings: (index: number) => Finding | Opinion,
): Promise<void> {
  const opinion = (i: number): Opinion => {
    const said = findings(i);
    return typeof said === 'string' ? { finding: said, scores: 0 } : said;
  };
  const place = { panelId: panel, round };
  for (const [i, one] of assessors.entries()) await commitVote(one, place, opinion(i));
  await until(async () => {
    const { cases } = await assessorDesk(assessors[0]!);
    return cases.find((c) => c.panelId === panel && c.round === round)?.phase === 'revealing' ? true : null;
  });
  for (const [i, one] of assessors.entries()) await revealVote(one, place, opinion(i));
}

const KNOWN = drawnPairs();
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** How somebody with good eyes grades a picture, if the treatment led from one grade to another. */
function gradeOf(bytes: Uint8Array, pair: PicturePair, before: Grade, after: Grade): Grade {
  if (same(bytes, pair.earlier)) return before;
  if (same(bytes, pair.later)) return after;
  const known = KNOWN.find((one) => same(one.first, bytes) || same(one.second, bytes))!;
  if (known.kind === 'same') return 2;
  return same(known.first, bytes) ? 4 : 1;
}

/** The opinion of an assessor with good eyes about a pair of pictures. */
export async function gradedBy(
  assessor: Assessor,
  panel: string,
  pair: PicturePair,
  before: Grade,
  after: Grade,
): Promise<Opinion> {
  const { pictures } = await openCase(assessor, panel);
  const scores = pictures!.places.map((one) =>
    'answer' in one
      ? one.answer
      : compareGrades(
          gradeOf(one.left!.bytes, pair, before, after),
          gradeOf(one.right!.bytes, pair, before, after),
        ),
  );
  return { finding: 'kept', scores: packScores(scores) };
}
