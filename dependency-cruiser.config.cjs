/** The laws of the house (docs/architecture.md), checked. Tests may look inside their own module. */
const TEST = '\\.(test|bench|property)\\.tsx?$';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'Law 1: a core imports only kernel, its own core and pure npm libraries; no Node built-in.',
      severity: 'error',
      from: { path: '^modules/([^/]+)/core/', pathNot: TEST },
      to: { path: '^(apps|platform|contracts|modules)/', pathNot: ['^modules/$1/core/', '^modules/kernel/'] },
    },
    {
      name: 'core-has-no-node',
      severity: 'error',
      from: { path: '^modules/[^/]+/core/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-has-no-driver',
      severity: 'error',
      from: { path: '^modules/[^/]+/core/', pathNot: TEST },
      to: { path: 'node_modules/(kysely|pg|fastify|viem|pino|@dbos-inc|@aws-sdk)/' },
    },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^modules/kernel/' },
      to: { path: '^(apps|platform|contracts|modules/(?!kernel/))' },
    },
    {
      name: 'modules-meet-at-the-door',
      comment:
        'Law 2: another module is reached only through its index.ts (or its contracts, api.ts and *-api.ts).',
      severity: 'error',
      from: { path: '^modules/([^/]+)/' },
      to: {
        path: '^modules/([^/]+)/',
        pathNot: ['^modules/$1/', '^modules/[^/]+/(index|api|[a-z]+-api)\\.ts$'],
      },
    },
    {
      name: 'modules-import-no-driver',
      comment: 'Law 2: a module states a port; apps/server plugs in the platform.',
      severity: 'error',
      from: { path: '^modules/', pathNot: TEST },
      to: { path: ['^platform/', '^apps/', 'node_modules/(pg|@dbos-inc|@aws-sdk|pino)/'] },
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: { path: '^platform/' },
      to: { path: '^(apps|modules/(?!kernel/)|contracts)' },
    },
    {
      name: 'web-imports-contracts-and-cores',
      comment:
        'Law 1: the web app sees only contracts (api.ts, *-api.ts), cores, generated ABIs, the client and the verifier.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: {
        path: '^(apps|modules|platform)/',
        pathNot: [
          '^apps/web/',
          '^apps/(verifier|client)/',
          '^apps/server/api/',
          '^modules/[^/]+/(api|[a-z]+-api)\\.ts$',
          '^modules/[^/]+/core/',
          '^modules/kernel/',
        ],
      },
    },
    {
      name: 'client-and-verifier-compose-cores',
      severity: 'error',
      from: { path: '^apps/(verifier|client)/', pathNot: TEST },
      to: {
        path: '^(apps|modules|platform)/',
        pathNot: [
          '^apps/(verifier|client)/',
          '^apps/server/api/',
          '^modules/[^/]+/core/',
          '^modules/[^/]+/(api|[a-z]+-api)\\.ts$',
          '^modules/kernel/',
        ],
      },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          TEST,
          '(^|/)(vite|vitest|lingui|knip|dependency-cruiser)[^/]*\\.(ts|js|cjs|mjs)$',
          // started by the browser, imported by nobody
          '^apps/web/src/offline/worker\\.ts$',
          '^bin/',
          'public/',
        ],
      },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\?url$', '^vite/client$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(dist|generated/.*\\.json|/out/|/cache/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
