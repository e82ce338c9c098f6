import type { Command } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';

export const command: Command = {
  name: 'seed',
  summary: { zh: '准备演示世界后退出', en: 'Prepare the demo world and leave' },
  usage: 'zhenmei seed [--data FOLDER] [--json]',
  async run(args, io) {
    const { config } = houseConfig(args);
    const house = await openHouse({ config, io });
    await house.close();
    io.stdout(
      args.includes('--json')
        ? `${JSON.stringify({ seeded: true, data: config.dataDir })}\n`
        : `${config.dataDir}\n`,
    );
    return 0;
  },
};
