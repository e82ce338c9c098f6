/** What every answer tells the browser: load only from us, be framed by nobody, guess nothing. */
export type Csp = Readonly<Record<string, readonly string[]>>;

const BASE: Csp = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'worker-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** @param more sources added to a directive, e.g. `{ 'script-src': ["'wasm-unsafe-eval'"] }`; they replace `'none'` */
export function contentSecurityPolicy(more: Csp = {}): string {
  const names = new Set([...Object.keys(BASE), ...Object.keys(more)]);
  return [...names]
    .map((name) => {
      const base = BASE[name] ?? [];
      const sources = more[name] && base[0] === "'none'" ? more[name] : [...base, ...(more[name] ?? [])];
      return `${name} ${sources.join(' ')}`;
    })
    .join('; ');
}

export function securityHeaders(csp: Csp | undefined, secure: boolean): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(csp),
    'x-content-type-options': 'nosniff',
    'x-frame-options': csp?.['frame-ancestors']?.includes("'self'") ? 'SAMEORIGIN' : 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), geolocation=(), payment=(), usb=(), interest-cohort=()',
    ...(secure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}

/** Pages that may send us changes. A server on this machine has several names. */
export function allowedOrigins(publicUrl: string, more: readonly string[] = []): ReadonlySet<string> {
  const { origin, hostname, protocol, port } = new URL(publicUrl);
  const local = ['localhost', '127.0.0.1', '[::1]'];
  const names = local.includes(hostname)
    ? local.map((name) => `${protocol}//${name}${port ? `:${port}` : ''}`)
    : [];
  return new Set([origin, ...names, ...more]);
}
