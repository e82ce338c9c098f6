/** The house's part in every paid check, whatever anybody may do once it is time, and what a revoked check stops. */
import { firstSecret, houseCommitment, sealOf } from '@zhenmei/contracts/deploy/verification.ts';
import { organisations } from '@zhenmei/identity';
import { AppError, derive, type Hex, MINUTE, toHex0x } from '@zhenmei/kernel';
import { checkRevoked, digestOf, type MoneyDatabase } from '@zhenmei/money';
import type { Kysely } from 'kysely';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';
import { checkCall } from './verification.ts';

/** What the house does in every live task, and whatever anybody may do once it is time. */
export async function advanceChecks(deps: ModuleDeps, modules: Modules): Promise<void> {
  const rows = await deps.engines.database
    .as<MoneyDatabase>()
    .selectFrom('money.check_task')
    .selectAll()
    .where('phase', 'not in', ['ended', 'exposed', 'failed'])
    .execute();
  for (const row of rows) await advance(deps, row);
  if (rows.length > 0) await modules.indexer.catchUp();
}

interface Row {
  readonly id: string;
  readonly clinic: Hex;
  readonly phase: string;
  readonly round: number;
  readonly deadline: Date | null;
}

async function advance(deps: ModuleDeps, row: Row): Promise<void> {
  const { contracts, examiner, relayer } = deps.protocol;
  const db: Kysely<MoneyDatabase> = deps.engines.database.as<MoneyDatabase>();
  const id = BigInt(row.id);
  const ours = (what: string): Hex =>
    toHex0x(derive(deps.secrets.issuerSeed, `zhenmei/check/${what}/${contracts.ProviderVerification}/${id}`));
  const second = ours('draw');
  const salt = ours('seal');
  const over = row.deadline !== null && deps.clock.now() > row.deadline.getTime() + 2_000;
  /** The try is made again a minute later if it came too early by the chain's clock. */
  const turn = over ? Math.floor((deps.clock.now() - row.deadline!.getTime()) / MINUTE) : 0;
  const act = async (name: string, args: readonly unknown[], mark = '', by = relayer): Promise<void> => {
    const call = { to: contracts.ProviderVerification, data: checkCall(name, args) };
    const key = `check/${name}/${id}/${row.round}/${row.phase}/${mark}/${turn}`;
    if (!(await by.knows(key)) && by === relayer) {
      const possible = await by.simulate(call).then(
        () => true,
        () => false,
      );
      if (!possible) return;
    }
    await by.send({ key, ...call, gas: 7_000_000n }).catch((error: { code?: string }) => {
      // somebody else was quicker, or the chain's clock is behind
      if (error.code !== 'CHAIN_REVERTED') throw error;
    });
  };
  /** Fixed in the seal before anybody is drawn; what the operator marks later does not count. */
  const fake = async () =>
    (await db
      .selectFrom('money.check_fake')
      .select('clinic')
      .where('clinic', '=', row.clinic)
      .executeTakeFirst()) !== undefined;
  switch (row.phase) {
    case 'asked':
      if (over) return act('lapse', [id]);
      return act('prepare', [id, houseCommitment(id, second), sealOf(id, await fake(), salt)], '', examiner);
    case 'opening':
      return over ? act('lapse', [id]) : undefined;
    case 'drawing':
      return over ? act('lapse', [id]) : act('draw', [id, firstSecret(second)]);
    case 'answering':
    case 'revealing':
      // nobody can change an answer any more
      if (row.phase === 'answering' && !over) return;
      await openAnswers(db, row, act);
      return act('tally', [id]);
    case 'challenged':
      return over ? act('lapse', [id]) : act('convene', [id, second]);
    case 'challengeable':
    case 'unsealing':
      if (row.phase === 'challengeable' && !over) return;
      // one of the two fits the seal
      await act('unseal', [id, false, salt], 'real');
      await act('unseal', [id, true, salt], 'fake');
      return act('lapse', [id]);
    default:
      return over ? act('expire', [id]) : undefined;
  }
}

/** Answers that verifiers left here, once nobody can change theirs any more. */
async function openAnswers(
  db: Kysely<MoneyDatabase>,
  row: Row,
  act: (name: string, args: readonly unknown[], mark?: string) => Promise<void>,
): Promise<void> {
  const answers = await db
    .selectFrom('money.check_answer as a')
    .innerJoin('money.check_seat as s', (join) =>
      join
        .onRef('s.task_id', '=', 'a.task_id')
        .onRef('s.round', '=', 'a.round')
        .onRef('s.verifier', '=', 'a.verifier'),
    )
    .selectAll('a')
    .where('a.task_id', '=', row.id)
    .where('a.round', '=', row.round)
    .where('s.failed', 'is', null)
    .execute();
  for (const { verifier, answer, salt, signature } of answers) {
    const { failed, checkedOn, pages } = answer;
    const attestation = { verifier, failed, checkedOn, evidence: digestOf(pages, salt) };
    await act('attest', [BigInt(row.id), attestation, salt, signature], verifier);
  }
}

/** A clinic whose check was revoked takes no new bookings. Throws CHECK_REVOKED. */
export async function assertBookable(deps: ModuleDeps, modules: Modules, serviceId: string): Promise<void> {
  const row = await deps.engines.database
    .as<{ 'care.service': { id: string; clinic_id: string } }>()
    .selectFrom('care.service')
    .select('clinic_id')
    .where('id', '=', serviceId)
    .executeTakeFirst();
  const [clinic] = row ? await organisations(modules.identity, { id: row.clinic_id }) : [];
  if (clinic?.account) await assertNotRevoked(modules, clinic.account);
}

/** Throws CHECK_REVOKED. */
export async function assertNotRevoked(modules: Modules, clinic: Hex): Promise<void> {
  if (await checkRevoked(modules.money, clinic)) throw new AppError('CHECK_REVOKED');
}
