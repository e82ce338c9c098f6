/** `zhenmei <command>`: finds the command, shows help, turns errors into plain sentences. */
import { AppError } from '@zhenmei/kernel';
import type { Command, Io } from './command.ts';
import { terminalLanguage } from './language.ts';
import { readStream } from './read-input.ts';

const COMMANDS: Record<string, () => Promise<{ command: Command }>> = {
  up: () => import('./commands/up.ts'),
  doctor: () => import('./commands/doctor.ts'),
  demo: () => import('./commands/demo.ts'),
  seed: () => import('./commands/seed.ts'),
  verify: () => import('./commands/verify.ts'),
  audit: () => import('./commands/audit.ts'),
  rebuild: () => import('./commands/rebuild.ts'),
  bench: () => import('./commands/bench.ts'),
  paper: () => import('./commands/paper.ts'),
  credential: () => import('./commands/credential.ts'),
  money: () => import('./commands/money.ts'),
  gs1: () => import('./commands/gs1.ts'),
  drill: () => import('./commands/drill.ts'),
  epcis: () => import('./commands/epcis.ts'),
  provenance: () => import('./commands/provenance.ts'),
};

const io: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: (limit) => readStream(process.stdin, limit),
};

async function help(): Promise<void> {
  const zh = terminalLanguage() === 'zh-CN';
  io.stdout(
    zh
      ? '真美：医美的信任层\n\n用法：zhenmei <命令> [选项]\n\n'
      : 'Zhenmei: the trust layer of aesthetic medicine\n\nUsage: zhenmei <command> [options]\n\n',
  );
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { command } = await load();
    io.stdout(`  ${name.padEnd(12)}${zh ? command.summary.zh : command.summary.en}\n`);
  }
  io.stdout(zh ? '\n每个命令都有 --help 和 --json。\n' : '\nEvery command has --help and --json.\n');
}

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  if (!name || name === '--help' || name === '-h' || name === 'help') {
    await help();
    return name ? 0 : 2;
  }
  const load = COMMANDS[name];
  if (!load) {
    io.stderr(
      `zhenmei ${name}: ${terminalLanguage() === 'zh-CN' ? '没有这个命令。' : 'there is no such command.'}\n\n`,
    );
    await help();
    return 2;
  }
  const { command } = await load();
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(
      `${terminalLanguage() === 'zh-CN' ? command.summary.zh : command.summary.en}\n\n${command.usage}\n`,
    );
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')) throw error;
    io.stderr(
      `${terminalLanguage() === 'zh-CN' ? '选项不正确' : 'The options are not right'}: ${(error as Error).message}\n\n${command.usage}\n`,
    );
    return 2;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const lang = terminalLanguage();
  const json = process.argv.includes('--json');
  const code = error instanceof AppError ? error.code : 'UNEXPECTED';
  const message = error instanceof AppError ? error.text(lang) : String((error as Error)?.stack ?? error);
  if (json) io.stdout(`${JSON.stringify({ error: { code, message } })}\n`);
  else io.stderr(`${message}\n[${code}]\n`);
  process.exitCode = 1;
}
