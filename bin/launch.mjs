/** `zhenmei <command>`: install if needed, then run the command with the pinned Node. */
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { ROOT, requireNode, runInTerminal } from './run.mjs';
import { say } from './say.mjs';

export async function main([command, ...args]) {
  await ensureInstalled();
  const node = requireNode();
  process.exitCode =
    command === 'dev'
      ? await dev(args)
      : await runInTerminal(
          node,
          [
            '--disable-warning=DeprecationWarning',
            join(ROOT, 'apps', 'cli', 'main.ts'),
            ...(command ? [command, ...args] : []),
          ],
          { channel: true },
        );
}

async function dev([task, ...args]) {
  const node = requireNode();
  switch (task) {
    case 'test':
      return (await import('./dev-test.mjs')).devTest(args);
    case 'check':
      return (await import('./dev-check.mjs')).devCheck(args);
    case 'blind':
      return runInTerminal(node, [join(ROOT, 'tests', 'house', 'blind', 'run.ts'), ...args], { cwd: ROOT });
    case 'prove':
    case 'mutate':
    case 'invariants':
      return runInTerminal(node, [join(ROOT, 'contracts', 'tools', `${task}.ts`), ...args], { cwd: ROOT });
    case 'web':
      return runInTerminal(node, [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), ...args], {
        cwd: join(ROOT, 'apps', 'web'),
      });
    case 'contracts': {
      const tool = args[0] === 'test' ? ['test.ts', ...args.slice(1)] : ['build.ts', ...args];
      return runInTerminal(node, [join(ROOT, 'contracts', 'tools', tool[0]), ...tool.slice(1)], {
        cwd: ROOT,
      });
    }
    default:
      say(
        '用法：zhenmei dev <test|check|blind|prove|mutate|invariants|web|contracts> [选项]',
        'usage: zhenmei dev <test|check|blind|prove|mutate|invariants|web|contracts> [options]',
      );
      return 2;
  }
}
