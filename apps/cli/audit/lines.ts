/** An audit's report as lines for a person. */
import type { AuditReport } from './run-audit.ts';

export function auditLines(report: AuditReport, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh';
  const { origin, checkpoint, witnesses, entries, events, waiting, ownNumbers, anchors } = report;
  const types = Object.entries(entries.types).map(([type, count]) => `${type} ${count}`);
  const facts: [string, string][] = [
    [zh ? '日志' : 'log', origin],
    [
      zh ? '检查点' : 'checkpoint',
      checkpoint ? `${checkpoint.size} ${checkpoint.root}` : zh ? '没有' : 'none',
    ],
    [zh ? '见证' : 'witnesses', witnesses.length > 0 ? witnesses.join(', ') : zh ? '没有' : 'none'],
    [
      zh ? '条目' : 'entries',
      `${entries.read}${entries.from > 0 ? (zh ? `（从第 ${entries.from} 条起）` : ` (from entry ${entries.from} on)`) : ''}${types.length > 0 ? `: ${types.join(', ')}` : ''}`,
    ],
    [zh ? '公开事件' : 'events', events === null ? (zh ? '没有核对' : 'not looked at') : String(events)],
    [zh ? '锚点' : 'anchors', anchors === null ? (zh ? '没有核对' : 'not looked at') : String(anchors)],
  ];
  if (waiting > 0) facts.push([zh ? '等待入册' : 'waiting', String(waiting)]);
  if (ownNumbers > 0) facts.push([zh ? '自选编号' : 'own numbers', String(ownNumbers)]);
  const outcome = {
    0: { zh: '没有发现不实之处。', en: 'Nothing false was found.' },
    1: { zh: '发现不实之处。', en: 'Something is false.' },
    2: { zh: '有内容无法判断。', en: 'Something could not be judged.' },
  }[report.exit][lang];
  return [
    ...facts.map(([name, value]) => `${name.padEnd(zh ? 6 : 12)}${value}`),
    ...report.findings.map((one) => `✗ ${one[lang]} [${one.code}]`),
    ...(report.more > 0 ? [zh ? `✗ 另有 ${report.more} 处。` : `✗ and ${report.more} more.`] : []),
    ...report.unjudged.map((one) => `? ${one[lang]} [${one.code}]`),
    outcome,
  ];
}
