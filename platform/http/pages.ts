/** Pages that need no app: the API's documentation and what an error code means. No script, no foreign file. */
import { errorCatalogue, type RouteContract } from '@zhenmei/kernel';
import { jsonSchema, problemsByStatus } from './openapi.ts';

export const PAGE_STYLE = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}
a{color:inherit}code,pre{font:0.875rem/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{overflow:auto;padding:.75rem;border:1px solid #8884;border-radius:.5rem;max-height:24rem}
article{border-top:1px solid #8884;padding:1rem 0}article h3{margin:0;font-size:1rem}
.method{display:inline-block;min-width:4.5rem;font-weight:700}.quiet{opacity:.75}
ul.codes{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
summary{cursor:pointer}`;

const html = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function page(title: string, lang: string, body: string): string {
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${html(title)}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body>${body}</body></html>
`;
}

/** Null for a code that nobody has defined. */
export function problemPage(code: string): string | null {
  const kind = errorCatalogue().get(code);
  if (!kind) return null;
  const again = kind.retryable
    ? ['同样的请求稍后再试，可能成功。', 'The same request may succeed later.']
    : [
        '同样的请求再试也不会成功，请按提示修改。',
        'The same request will not succeed again; change it as described.',
      ];
  const plain = (text: string): string => html(text.replace(/\{(\w+)\}/g, '‹$1›'));
  return page(
    `${code} · 真美 Zhenmei`,
    'zh-CN',
    `<h1><code>${html(code)}</code></h1><p class="quiet">HTTP ${kind.status}</p>
<section lang="zh-CN"><p>${plain(kind.zh)}</p><p class="quiet">${again[0]}</p></section>
<section lang="en"><p>${plain(kind.en)}</p><p class="quiet">${again[1]}</p></section>
<p><a href="/docs/api">API</a></p>`,
  );
}

const SEAT: Record<string, string> = {
  public: '任何人 · anyone',
  patient: '患者 · a signed-in patient',
  desk: '机构 · a signed-in desk',
  'signed-in': '已登录 · anyone signed in',
  operator: '运营 · the operator',
};

export function apiPage(routes: readonly RouteContract[]): string {
  const groups = new Map<string, RouteContract[]>();
  for (const route of routes) {
    const [, first = '', second = ''] = route.path.split('/');
    const name = first === 'api' ? second : first;
    groups.set(name, [...(groups.get(name) ?? []), route]);
  }
  const body = [...groups].map(
    ([name, members]) => `<h2 id="${html(name)}">${html(name)}</h2>${members.map(entry).join('')}`,
  );
  return page(
    'API · 真美 Zhenmei',
    'zh-CN',
    `<h1>API</h1><p><a href="/openapi.json">OpenAPI 3.1</a> · 错误按 RFC 9457 返回 · Errors are RFC 9457 problem details</p>
<nav>${[...groups.keys()].map((name) => `<a href="#${html(name)}">${html(name)}</a>`).join(' · ')}</nav>${body.join('')}`,
  );
}

function entry(route: RouteContract): string {
  const codes = Object.entries(problemsByStatus(route)).flatMap(([status, names]) =>
    names.map(
      (name) =>
        `<li><span class="quiet">${status}</span> <a href="/problems/${html(name)}"><code>${html(name)}</code></a></li>`,
    ),
  );
  const shape = (name: string, schema: RouteContract['body'], io: 'input' | 'output'): string =>
    schema
      ? `<details><summary>${name}</summary><pre>${html(JSON.stringify(jsonSchema(schema, io), null, 2))}</pre></details>`
      : '';
  return `<article><h3><span class="method">${route.method}</span> <code>${html(route.path)}</code></h3>
<p lang="zh-CN">${html(route.summary.zh)}</p><p lang="en">${html(route.summary.en)}</p>
<p class="quiet">${SEAT[route.auth] ?? html(route.auth)}</p>
${shape('路径参数 · path', route.params, 'input')}${shape('查询参数 · query', route.query, 'input')}
${shape('请求内容 · body', route.body, 'input')}${shape('答复 · response', route.response[200], 'output')}
<details><summary>错误 · problems</summary><ul class="codes">${codes.join('')}</ul></details></article>`;
}
