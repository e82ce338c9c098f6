/** `zhenmei money return`: sends home what payers signed, on the network where it lies. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError, type Hex } from '@zhenmei/kernel';
import { noteSent, signedReturns } from '@zhenmei/money';
import { readCeiling, SMALL_COST } from '@zhenmei/server/compose/return-fee.ts';
import { sendReturn } from '@zhenmei/server/compose/token-chain.ts';
import type { Io } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';

export const RETURN_USAGE = [
  'zhenmei money return [--chain ID --rpc URL --gas-key FILE [--most AMOUNT]] [--data FOLDER] [--json]',
  '  what payers signed to have sent home; with --rpc it is sent on that network, and --gas-key pays for it there:',
  '  for each at most --most of the network’s own coin (0.02)',
].join('\n');

/** @returns 0 if nothing failed, 1 if something did, 2 for wrong usage */
export async function sendReturns(args: string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      chain: { type: 'string' },
      rpc: { type: 'string' },
      'gas-key': { type: 'string' },
      most: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const { chain, rpc, 'gas-key': keyFile } = values;
  const most = values.most === undefined ? SMALL_COST : readCeiling(values.most);
  if (most === null || ((rpc || keyFile || values.most) && !(chain && rpc && keyFile))) {
    io.stderr(`${RETURN_USAGE}\n`);
    return 2;
  }
  const { config } = houseConfig(values.data ? ['--data', values.data] : []);
  const house = await openHouse({ config: { ...config, port: 0 }, io, seed: false, quiet: true });
  try {
    const { money } = house.modules;
    const key = keyFile ? (fs.readFileSync(keyFile, 'utf8').trim() as Hex) : null;
    const outcomes = [];
    for (const one of await signedReturns(money, chain ? Number(chain) : null)) {
      let outcome = 'signed';
      if (rpc && key)
        try {
          await sendReturn(rpc, one.signed, key, most);
          await noteSent(money, one.hash);
          outcome = 'sent';
        } catch (error) {
          // one that its network refuses keeps no other waiting
          const [first] = String((error as Error).message).split('\n');
          outcome = error instanceof AppError ? error.text(terminalLanguage()) : first!;
        }
      const { hash, chainId, token, receiver, amount } = one;
      outcomes.push({ hash, chainId, token, receiver, amount, outcome });
    }
    const zh = terminalLanguage() === 'zh-CN';
    if (values.json) io.stdout(`${JSON.stringify({ returns: outcomes })}\n`);
    else if (outcomes.length === 0)
      io.stdout(zh ? '没有等待退回的款。\n' : 'Nothing waits to be sent home.\n');
    else
      for (const { chainId, token, receiver, amount, outcome } of outcomes)
        io.stdout(`${chainId}  ${token}  ${amount} → ${receiver}  ${outcome}\n`);
    return rpc && outcomes.some(({ outcome }) => outcome !== 'sent') ? 1 : 0;
  } finally {
    await house.close();
  }
}
