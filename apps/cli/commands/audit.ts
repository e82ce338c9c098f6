/** `zhenmei audit`: follows a house's log like a stranger, and says what is false in it. */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, defineErrors, fromUtf8 } from '@zhenmei/kernel';
import type { LogTrust } from '@zhenmei/tlog/core/log-proof.ts';
import { httpSource } from '../audit/http.ts';
import { auditLines } from '../audit/lines.ts';
import { type AuditReport, runAudit } from '../audit/run-audit.ts';
import { readPeer } from '../audit/state.ts';
import type { Command, Io } from '../command.ts';
import { orCouldNotJudge } from '../could-not-judge.ts';
import { terminalLanguage } from '../language.ts';
import { readBytes } from '../read-input.ts';

defineErrors({
  AUDIT_LOG_UNNAMED: {
    status: 400,
    retryable: false,
    zh: '信任文件中有 {count} 个日志，请用 --origin 指明其中一个。',
    en: 'The trust file names {count} logs: say which with --origin.',
  },
});

const OPTIONS = {
  trust: { type: 'string', default: 'zhenmei-trust.json' },
  origin: { type: 'string' },
  witnesses: { type: 'string', default: '0' },
  state: { type: 'string' },
  peer: { type: 'string', multiple: true, default: [] as string[] },
  rpc: { type: 'string' },
  new: { type: 'boolean', default: false },
  grace: { type: 'string', default: '15' },
  follow: { type: 'boolean', default: false },
  every: { type: 'string', default: '60' },
  json: { type: 'boolean', default: false },
} as const;

/** Even when only new entries are read, all of them are read again after this time. */
const ALL_AGAIN_MS = 24 * 3_600_000;

export const command: Command = {
  name: 'audit',
  summary: {
    zh: '以外人的身份核对日志、锚点和公开事件',
    en: 'Check log, anchors and public events as a stranger',
  },
  usage: [
    'zhenmei audit URL [--trust FILE] [--state FILE] [--rpc URL] [--json] [--follow]',
    '  URL          address of the house',
    '  --trust      the trust file: zhenmei-trust.json in this folder unless told. It is never fetched: get it from',
    '               somebody you trust, not from the house.',
    '  --origin     which log of the trust file, if it names several',
    '  --witnesses  how many witnesses of the trust file must have cosigned the checkpoint (0)',
    '  --state      what to remember from one audit to the next; FILE.leaves is kept beside it',
    '  --peer       the state file of another auditor, or a checkpoint it saw: shows whether the log tells both the same;',
    '               may be given several times',
    '  --rpc        a node of your own choice; without it the anchors on the ledger are not looked at',
    '  --new        read only what was added since the last audit',
    '  --grace      minutes that a new public event may wait for its entry (15)',
    '  --follow     go on: look for new entries every so often, and once a day at everything again, until something is false',
    '  --every      seconds between two looks (60)',
    'Exit code: 0 all right, 1 something is false, 2 something could not be judged.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [url, ...more] = positionals;
    const numbers = [values.witnesses, values.grace, values.every].map(Number);
    const usable = numbers.every((n) => n >= 0) && Number.isInteger(numbers[0]) && numbers[2]! >= 1;
    if (url === undefined || more.length > 0 || !/^https?:\/\/./.test(url) || !usable) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    return orCouldNotJudge(io, values.json, () => audit(url, values, io));
  },
};

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

async function audit(url: string, values: Values, io: Io): Promise<number> {
  const trust = parseTrustFile(fromUtf8(readBytes(values.trust)).trim());
  const log = logTrust(trust, values.origin, Number(values.witnesses));
  const peers = values.peer.flatMap((file) => readPeer(file, log));
  const { rpc } = values;
  const stop = new AbortController();
  const end = () => stop.abort();
  if (values.follow) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const progress = progressOn(io);
  for (let allAt = Number.NEGATIVE_INFINITY; ; ) {
    const now = Date.now();
    const all = !values.new && (!values.follow || now - allAt >= ALL_AGAIN_MS);
    if (all) allAt = now;
    const report = await runAudit({
      source: httpSource(url, wait),
      trust: log,
      stateFile: values.state ?? null,
      peers,
      anchors: rpc === undefined ? null : await anchorsFrom(rpc, trust, log.origin),
      onlyNew: !all,
      grace: Number(values.grace) * 60_000,
      now,
      progress,
    });
    tell(report, values, io);
    if (!values.follow || report.exit === 1) return report.exit;
    const ended = await wait(Number(values.every) * 1000, false, { signal: stop.signal }).catch(() => true);
    if (ended) return report.exit;
  }
}

/** The log's own entry in the trust file; its keys of type 4 are witnesses. Throws AUDIT_LOG_UNNAMED. */
function logTrust({ logs }: TrustFile, origin: string | undefined, k: number): LogTrust {
  // a house's own log is the first; its feed of notices is a log of another kind
  const log = origin === undefined ? logs[0] : logs.find((one) => one.origin === origin);
  if (!log) throw new AppError('AUDIT_LOG_UNNAMED', { count: logs.length });
  return { origin: log.origin, keys: log.keys, witnesses: { keys: log.keys, k } };
}

async function anchorsFrom(rpc: string, trust: TrustFile, origin: string) {
  const { anchorsOf } = await import('../audit/ledger.ts');
  return (fromBlock: number) => anchorsOf(rpc, trust, origin, fromBlock);
}

function tell(report: AuditReport, { json }: Values, io: Io): void {
  if (json) io.stdout(`${JSON.stringify(report)}\n`);
  else
    for (const line of auditLines(report, terminalLanguage() === 'zh-CN' ? 'zh' : 'en'))
      io.stdout(`${line}\n`);
}

/** A line on standard error every two seconds, so that a long reading is seen to go on. */
function progressOn(io: Io) {
  let last = Date.now();
  return (step: 'entries' | 'events', done: number, of: number | null) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    const name = terminalLanguage() === 'zh-CN' ? { entries: '条目', events: '公开事件' }[step] : step;
    io.stderr(`${name} ${done}${of === null ? '' : ` / ${of}`}\n`);
  };
}
