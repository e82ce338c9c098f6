import { createShutdown } from '@zhenmei/telemetry';
import type { Command } from '../command.ts';
import { houseConfig, houseLog, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';

export const command: Command = {
  name: 'up',
  summary: {
    zh: '启动真美：数据库、账本、服务与网页',
    en: 'Start Zhenmei: database, ledger, server and web app',
  },
  usage: [
    'zhenmei up [--data FOLDER] [--port N] [--no-demo] [--json]',
    '           [--coin-public ADDRESS:CURRENCY] [--coin-partner ADDRESS:CURRENCY] [--coin-network NAME]',
    '  --coin-…  the coin of regions that settle in one, as COIN_PUBLIC, COIN_PARTNER and COIN_NETWORK',
  ].join('\n'),
  async run(args, io) {
    const { config } = houseConfig(args);
    const zh = terminalLanguage() === 'zh-CN';
    const began = performance.now();
    const log = houseLog(config, io);
    const shutdown = createShutdown({ log });
    shutdown.listen();
    const house = await openHouse({ config, io, web: true, log, shutdown }).catch((error: unknown) => {
      // asked to stop while starting: what broke off is no fault
      if (shutdown.asked) return null;
      throw error;
    });
    if (!house) return shutdown.done;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (args.includes('--json'))
      io.stdout(
        `${JSON.stringify({ url: house.url, seconds: Number(seconds), pids: { server: process.pid, ...house.engines.pids() } })}\n`,
      );
    else
      io.stdout(
        zh
          ? `\n真美已就绪（${seconds} 秒）：${house.url}\n按 Ctrl-C 停止。\n`
          : `\nZhenmei is ready (${seconds} s): ${house.url}\nPress Ctrl-C to stop.\n`,
      );
    return shutdown.done;
  },
};
