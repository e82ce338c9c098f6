/** Words to the terminal, in its language; one progress line at a time. */
const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
const chinese = /^zh/i.test(locale);

export function pick(zh, en) {
  return chinese ? zh : en;
}

export function say(zh, en) {
  process.stderr.write(`${pick(zh, en)}\n`);
}

export function seconds(since) {
  return `${Math.round((performance.now() - since) / 1000)} s`;
}

/** A line that is rewritten on a terminal, and written only at the start and end elsewhere. */
export function progressLine(first) {
  const live = process.stderr.isTTY === true;
  let shown = '';
  const show = (text) => {
    if (text === shown) return;
    shown = text;
    if (live) process.stderr.write(`\r\u001b[2K${text}`);
  };
  if (live) show(first);
  else process.stderr.write(`${first}\n`);
  return {
    show,
    end(text) {
      if (live) process.stderr.write('\r\u001b[2K');
      process.stderr.write(`${text}\n`);
    },
  };
}
