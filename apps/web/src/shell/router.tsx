/** Addresses of the app. The patient's seat is `/`, an organisation's `/desk`; both frames of `/try` are the real app. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { HomePage } from '../pages/home.tsx';
import { NotFound } from '../pages/not-found.tsx';
import { Frame } from './frame.tsx';

interface VerifySearch {
  code?: string | undefined;
  dose?: string | undefined;
  ingredient?: string | undefined;
  /** GLN of the clinic where the person is. */
  at?: string | undefined;
}

const AfterFirstPage = lazy(() => import('../offline/after.tsx'));

function Root() {
  return (
    <>
      <Outlet />
      <Suspense fallback={null}>
        <AfterFirstPage />
      </Suspense>
    </>
  );
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const framed = createRoute({ getParentRoute: () => root, id: 'framed', component: Frame });
const page = <const P extends string>(path: P, component: Parameters<typeof createRoute>[0]['component']) =>
  createRoute({ getParentRoute: () => framed, path, component });

const routes = [
  page('/', HomePage),
  createRoute({
    getParentRoute: () => framed,
    path: '/verify',
    validateSearch: (s: Record<string, unknown>): VerifySearch => ({
      ...(typeof s.code === 'string' ? { code: s.code } : {}),
      ...(typeof s.dose === 'string' ? { dose: s.dose } : {}),
      ...(typeof s.ingredient === 'string' ? { ingredient: s.ingredient } : {}),
      // a number of digits comes back as one
      ...(s.at === undefined ? {} : { at: String(s.at) }),
    }),
    component: lazyRouteComponent(() => import('../pages/verify.tsx'), 'VerifyPage'),
  }),
  page(
    '/clinics/$id',
    lazyRouteComponent(() => import('../pages/clinic.tsx'), 'ClinicPage'),
  ),
  page(
    '/visits',
    lazyRouteComponent(() => import('../pages/visits.tsx'), 'VisitsPage'),
  ),
  page(
    '/visits/$id',
    lazyRouteComponent(() => import('../pages/visit.tsx'), 'VisitPage'),
  ),
  page(
    '/visits/$id/receipt',
    lazyRouteComponent(() => import('../pages/receipt.tsx'), 'ReceiptPage'),
  ),
  page(
    '/recalls/$id',
    lazyRouteComponent(() => import('../pages/recall.tsx'), 'RecallPage'),
  ),
  page(
    '/check',
    lazyRouteComponent(() => import('../pages/check.tsx'), 'CheckPage'),
  ),
  page(
    '/vault',
    lazyRouteComponent(() => import('../pages/vault.tsx'), 'VaultPage'),
  ),
  page(
    '/vault/permissions',
    lazyRouteComponent(() => import('../pages/vault-permissions.tsx'), 'VaultPermissionsPage'),
  ),
  createRoute({
    getParentRoute: () => framed,
    path: '/vault/permissions/new',
    validateSearch: (s: Record<string, unknown>): { from?: string } =>
      typeof s.from === 'string' ? { from: s.from } : {},
    component: lazyRouteComponent(
      () => import('../pages/vault-permission-new.tsx'),
      'VaultPermissionNewPage',
    ),
  }),
  page(
    '/vault/log',
    lazyRouteComponent(() => import('../pages/vault-log.tsx'), 'VaultLogPage'),
  ),
  createRoute({
    getParentRoute: () => framed,
    path: '/vault/keys',
    // a code of digits only comes back as a number
    validateSearch: (s: Record<string, unknown>): { pair?: string } =>
      s.pair === undefined ? {} : { pair: String(s.pair) },
    component: lazyRouteComponent(() => import('../pages/vault-keys.tsx'), 'VaultKeysPage'),
  }),
  page(
    '/vault/export',
    lazyRouteComponent(() => import('../pages/vault-export.tsx'), 'VaultExportPage'),
  ),
  page(
    '/join',
    lazyRouteComponent(() => import('../pages/join.tsx'), 'JoinPage'),
  ),
  page(
    '/me',
    lazyRouteComponent(() => import('../pages/me.tsx'), 'MePage'),
  ),
];
/** Filters of the shelf, so that the way back from a unit leads to the same list. */
function stockSearch(s: Record<string, unknown>): {
  state?: string;
  gtin?: string;
  q?: string;
  soon?: boolean;
  from?: number;
} {
  const text = (key: string) => (typeof s[key] === 'string' && s[key] !== '' ? { [key]: s[key] } : {});
  return {
    ...text('state'),
    ...text('gtin'),
    ...text('q'),
    ...(s.soon === true ? { soon: true } : {}),
    ...(typeof s.from === 'number' && s.from > 0 ? { from: s.from } : {}),
  };
}
const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  component: lazyRouteComponent(() => import('../desk/frame.tsx'), 'DeskFrame'),
});
const section = <const P extends string>(
  path: P,
  component: Parameters<typeof createRoute>[0]['component'],
) => createRoute({ getParentRoute: () => desk, path, component });
const sections = [
  section(
    '/',
    lazyRouteComponent(() => import('../desk/frame.tsx'), 'DeskHome'),
  ),
  section(
    '/organisation',
    lazyRouteComponent(() => import('../pages/desk-organisation.tsx'), 'DeskOrganisationPage'),
  ),
  section(
    '/visits',
    lazyRouteComponent(() => import('../pages/desk-visits.tsx'), 'DeskVisitsPage'),
  ),
  section(
    '/visits/$id',
    lazyRouteComponent(() => import('../pages/desk-visit.tsx'), 'DeskVisitPage'),
  ),
  section(
    '/shared',
    lazyRouteComponent(() => import('../pages/desk-shared.tsx'), 'DeskSharedPage'),
  ),
  section(
    '/goods-in',
    lazyRouteComponent(() => import('../pages/desk-goods-in.tsx'), 'GoodsInPage'),
  ),
  createRoute({
    getParentRoute: () => desk,
    path: '/stock',
    validateSearch: stockSearch,
    component: lazyRouteComponent(() => import('../pages/desk-stock.tsx'), 'StockPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/stock/unit',
    validateSearch: (s: Record<string, unknown>): { unit: string } => ({
      unit: typeof s.unit === 'string' ? s.unit : '',
    }),
    component: lazyRouteComponent(() => import('../pages/desk-unit.tsx'), 'UnitPage'),
  }),
  section(
    '/stock/count',
    lazyRouteComponent(() => import('../pages/desk-count.tsx'), 'CountPage'),
  ),
  section(
    '/devices',
    lazyRouteComponent(() => import('../pages/desk-devices.tsx'), 'DevicesPage'),
  ),
  section(
    '/toxin',
    lazyRouteComponent(() => import('../pages/desk-toxin.tsx'), 'ToxinPage'),
  ),
  section(
    '/alerts',
    lazyRouteComponent(() => import('../pages/desk-alerts.tsx'), 'AlertsPage'),
  ),
  section(
    '/recalls',
    lazyRouteComponent(() => import('../pages/desk-recalls.tsx'), 'DeskRecallsPage'),
  ),
  section(
    '/recalls/new',
    lazyRouteComponent(() => import('../pages/desk-recall-new.tsx'), 'DeskRecallNewPage'),
  ),
  section(
    '/recalls/warn',
    lazyRouteComponent(() => import('../pages/desk-warn.tsx'), 'DeskWarnPage'),
  ),
  section(
    '/recalls/$id',
    lazyRouteComponent(() => import('../pages/desk-recall.tsx'), 'DeskRecallPage'),
  ),
  section(
    '/site-notices',
    lazyRouteComponent(() => import('../pages/desk-site-notices.tsx'), 'DeskSiteNoticesPage'),
  ),
  section(
    '/cases',
    lazyRouteComponent(() => import('../pages/desk-cases.tsx'), 'DeskCasesPage'),
  ),
];
const bare = [
  createRoute({
    getParentRoute: () => root,
    path: '/kit',
    component: lazyRouteComponent(() => import('../pages/kit.tsx'), 'KitPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/try',
    component: lazyRouteComponent(() => import('../pages/try.tsx'), 'TryPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren([framed.addChildren(routes), desk.addChildren(sections), ...bare]),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
