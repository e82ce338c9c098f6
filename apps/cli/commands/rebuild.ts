/** `zhenmei rebuild`: drops every projection, builds it again from chain and log, and compares. */
import type { Command } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';
import { type Compared, rebuildAndCompare } from '../rebuild.ts';

export const command: Command = {
  name: 'rebuild',
  summary: {
    zh: '从账本和存证重建所有投影并比对',
    en: 'Rebuild every projection from chain and log, and compare',
  },
  usage: [
    'zhenmei rebuild [--data FOLDER] [--json]',
    'Exit code: 0 everything as it must be, 1 something differed (a projection is kept in its rebuilt form).',
  ].join('\n'),
  async run(args, io) {
    const { config } = houseConfig(args);
    const house = await openHouse({ config: { ...config, port: 0 }, io, seed: false, quiet: true });
    let compared: Compared[];
    try {
      compared = await rebuildAndCompare(house);
    } finally {
      await house.close();
    }
    const same = compared.every(({ different }) => different.length === 0);
    if (args.includes('--json')) {
      io.stdout(`${JSON.stringify({ same, compared })}\n`);
      return same ? 0 : 1;
    }
    const zh = terminalLanguage() === 'zh-CN';
    for (const { what, rows, different, repaired } of compared) {
      const outcome =
        different.length === 0
          ? zh
            ? '一致'
            : 'the same'
          : `${zh ? '不一致' : 'different'}${repaired ? (zh ? '，已用重建结果' : ', put right') : ''}: ${different.join(', ')}`;
      io.stdout(
        `${different.length === 0 ? '✓' : '✗'} ${what.padEnd(20)}${String(rows).padStart(8)}  ${outcome}\n`,
      );
    }
    return same ? 0 : 1;
  },
};
