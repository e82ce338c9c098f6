/** Drops every projection, builds it again from the chain's events, and compares. */
import { sql } from 'kysely';
import type { Command } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';

const TABLES = ['money.account', 'money.movement'] as const;

export const command: Command = {
  name: 'rebuild',
  summary: { zh: '从账本重建所有投影并比对', en: 'Rebuild every projection from the chain and compare' },
  usage:
    'zhenmei rebuild [--data FOLDER] [--json]\nExit code: 0 the same as before, 1 something differed (the rebuilt form is kept).',
  async run(args, io) {
    const { config } = houseConfig(args);
    const house = await openHouse({ config: { ...config, port: 0 }, io, seed: false, quiet: true });
    const { db } = house.engines.database;
    const digest = async () => {
      const sums: Record<string, string> = {};
      for (const table of TABLES) {
        const { rows } = await sql<{
          sum: string | null;
        }>`select md5(string_agg(t::text, '|' order by t::text)) as sum from ${sql.table(table)} t`.execute(
          db,
        );
        sums[table] = rows[0]?.sum ?? 'empty';
      }
      return sums;
    };
    const before = await digest();
    await house.modules.indexer.rebuild();
    const after = await digest();
    await house.close();
    const same = TABLES.every((table) => before[table] === after[table]);
    if (args.includes('--json'))
      io.stdout(
        `${JSON.stringify({ same, tables: Object.fromEntries(TABLES.map((t) => [t, before[t] === after[t]])) })}\n`,
      );
    else {
      const zh = terminalLanguage() === 'zh-CN';
      for (const table of TABLES)
        io.stdout(
          `${table.padEnd(20)}${before[table] === after[table] ? (zh ? '一致' : 'the same') : zh ? '不一致，已用重建结果' : 'differed; the rebuilt form is kept'}\n`,
        );
    }
    return same ? 0 : 1;
  },
};
