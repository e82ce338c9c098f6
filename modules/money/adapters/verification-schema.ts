/** The tables of paid checks. The first five are projections of the chain. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated, JSONColumnType } from 'kysely';
import type { CheckPhase } from '../core/verification-moves.ts';
import type { AnswerBody, Statement } from '../core/verification-papers.ts';
import type { AdmissionNote } from '../core/verifier-admission.ts';

export interface VerificationTables {
  'money.check_task': {
    id: string;
    clinic: Hex;
    subject: Hex;
    fee: string;
    phase: CheckPhase;
    round: Generated<number>;
    accepted: Generated<boolean>;
    counted: Generated<boolean>;
    deadline: Date | null;
    asked_at: Date;
    decided_at: Date | null;
    beacon: Hex | null;
    challenger: Hex | null;
    grounds: Hex | null;
    fake: boolean | null;
  };
  'money.check_seat': {
    task_id: string;
    round: number;
    verifier: Hex;
    place: number;
    committed: Generated<boolean>;
    /** Bits of `SOURCES`; null until it is opened. */
    failed: number | null;
    checked_on: Date | null;
    evidence: Hex | null;
    slashed: Generated<string>;
    earned: Generated<string>;
  };
  'money.check_verifier': {
    verifier: Hex;
    admitted: boolean;
    until: Date | null;
    checks: Generated<number>;
    misses: Generated<number>;
    suspended: Generated<boolean>;
    changes: Generated<number>;
  };
  'money.check_tagged': { clinic: Hex };
  'money.check_pay': { one: true; pay: string };
  'money.check_statement': {
    subject: Hex;
    clinic: Hex;
    statement: JSONColumnType<Statement>;
    salt: Hex;
    at: Date;
  };
  'money.check_answer': {
    task_id: string;
    round: number;
    verifier: Hex;
    answer: JSONColumnType<AnswerBody>;
    salt: Hex;
    signature: Hex;
    at: Date;
  };
  'money.check_grounds': { digest: Hex; text: string; salt: Hex; at: Date };
  'money.check_fake': { clinic: Hex; since: Date };
  'money.check_admission': {
    id: string;
    verifier: Hex;
    kind: AdmissionNote['kind'];
    text: string;
    changes: number;
    at: Date;
  };
  'money.check_contest': {
    task_id: string;
    address: Hex;
    digest: Hex;
    read_token_hash: Hex;
    at: Date;
  };
}
