/** How a command that judges ends if it could not: the reason in words or as JSON, and exit code 2. */
import { AppError } from '@zhenmei/kernel';
import type { Io } from './command.ts';
import { terminalLanguage } from './language.ts';

/** Exit code of `judge`; 2 if it threw an `AppError`, which is then printed. Whatever else it throws is thrown on. */
export async function orCouldNotJudge(
  io: Io,
  json: boolean | undefined,
  judge: () => Promise<number>,
): Promise<number> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code } = error;
    if (json)
      io.stdout(`${JSON.stringify({ error: { code, zh: error.text('zh-CN'), en: error.text('en') } })}\n`);
    else io.stderr(`${error.text(terminalLanguage())} [${code}]\n`);
    return 2;
  }
}
