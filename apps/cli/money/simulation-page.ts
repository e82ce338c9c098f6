/** The simulation as one page that needs no network: figures, and plots as inline SVG. */
import type { Assumptions, Outcome } from '@zhenmei/money/core/guarantee-simulation.ts';
import type { Stress } from './pool-stress.ts';

const percent = (x: number): string => `${(x * 100).toFixed(2)} %`;
const yuan = (minor: bigint): string => `¥${(Number(minor) / 100).toLocaleString('en')}`;
const W = 640;
const H = 220;

/** How often which loss, with the mean, the 1-in-200 year, and what is there to pay it. */
function histogram({ losses, mean, var995, premium, minimum }: Outcome): string {
  const top = Math.max(losses.at(-1)!, premium + minimum) * 1.05 || 1;
  const bins = Array.from({ length: 64 }, () => 0);
  for (const loss of losses) bins[Math.min(63, Math.floor((loss / top) * 64))]!++;
  const high = Math.max(...bins);
  const bars = bins
    .map((n, i) => {
      const h = (n / high) * (H - 40);
      return `<rect x="${(i * W) / 64}" y="${H - 20 - h}" width="${W / 64 - 1}" height="${h}" fill="#8E2A4B"/>`;
    })
    .join('');
  const mark = (x: number, name: string, y: number, colour: string) =>
    `<line x1="${(x / top) * W}" x2="${(x / top) * W}" y1="${y}" y2="${H - 20}" stroke="${colour}"/><text x="${Math.min(W - 150, (x / top) * W + 4)}" y="${y + 10}" font-size="12">${name} ${percent(x)}</text>`;
  return `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="Losses by year">${bars}${mark(mean, '平均 mean', 0, '#5B6068')}${mark(var995, '二百年一遇 1 in 200', 16, '#A8231C')}${mark(premium + minimum, '保费与资本 premium + capital', 32, '#1F6F54')}</svg>`;
}

function bars({ steps, capital }: Stress): string {
  const names = { covers: '开立 covers', losses: '赔付 losses', run: '撤资 run' };
  return `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="Capital of the pool">${steps
    .map((step, i) => {
      const h = (Number(step.capital) / Number(capital)) * (H - 50);
      return `<rect x="${40 + i * 200}" y="${H - 24 - h}" width="120" height="${h}" fill="#2B5C8A"/><text x="${40 + i * 200}" y="${H - 6}" font-size="12">${names[step.what]}: ${yuan(step.capital)}</text>`;
    })
    .join('')}</svg>`;
}

export function simulationPage(
  runs: readonly { readonly assumptions: Assumptions; readonly outcome: Outcome }[],
  stress: Stress,
  seed: number,
): string {
  const rows = runs
    .map(
      ({ assumptions: a, outcome: o }) =>
        `<tr><td>${a.covers} / ${a.clinics}</td><td>${percent(o.mean)}</td><td>${percent(o.var995)}</td><td>${percent(o.premium)}</td><td>${percent(o.minimum)}</td><td>${percent(o.ruin)}</td></tr>`,
    )
    .join('');
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>保障模拟 · Guarantee simulation</title><style>body{font:16px/1.6 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#22252A;background:#FAF8F5}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #E4DFD8;padding:.4rem;text-align:right}svg{width:100%;height:auto}</style></head><body><h1>保障模拟 <span lang="en">Guarantee simulation</span></h1><p>种子 seed ${seed}. 占保障额的比例 <span lang="en">Shares of the sums covered.</span></p><table><thead><tr><th>保障/机构 covers/clinics</th><th>平均损失 mean</th><th>1/200</th><th>保费 premium</th><th>最低资本 capital</th><th>不足 ruin</th></tr></thead><tbody>${rows}</tbody></table>${runs.map(({ outcome }) => histogram(outcome)).join('')}<h2>真实合约上的压力 <span lang="en">Stress on the contract itself</span></h2><p>资本 capital ${yuan(stress.capital)}; 开立 covers ${stress.covers} (${yuan(stress.exposure)}), 最低资本 minimum ${yuan(stress.minimum)}; 全额赔付 paid in full ${stress.paidInFull} / ${stress.claims}; 撤资 left ${yuan(stress.left)}.</p>${bars(stress)}</body></html>\n`;
}
