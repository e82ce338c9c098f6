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
    validateSearch: (s: Record<string, unknown>): { code?: string } =>
      typeof s.code === 'string' ? { code: s.code } : {},
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
    '/check',
    lazyRouteComponent(() => import('../pages/check.tsx'), 'CheckPage'),
  ),
  page(
    '/vault',
    lazyRouteComponent(() => import('../pages/vault.tsx'), 'VaultPage'),
  ),
  page(
    '/me',
    lazyRouteComponent(() => import('../pages/me.tsx'), 'MePage'),
  ),
];
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
