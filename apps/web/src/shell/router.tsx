/** Addresses of the app. The patient's seat is `/`, an organisation's `/desk`; both frames of `/try` are the real app. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { HomePage } from '../pages/home.tsx';
import { NotFound } from '../pages/not-found.tsx';
import { Frame } from './frame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
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
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const supply = [
  section(
    '/products',
    lazyRouteComponent(() => import('../pages/desk-products.tsx'), 'DeskProductsPage'),
  ),
  section(
    '/products/new',
    lazyRouteComponent(() => import('../pages/desk-product-edit.tsx'), 'DeskProductNewPage'),
  ),
  section(
    '/products/$gtin',
    lazyRouteComponent(() => import('../pages/desk-product.tsx'), 'DeskProductPage'),
  ),
  section(
    '/products/$gtin/edit',
    lazyRouteComponent(() => import('../pages/desk-product-edit.tsx'), 'DeskProductEditPage'),
  ),
  section(
    '/lots',
    lazyRouteComponent(() => import('../pages/desk-lots.tsx'), 'DeskLotsPage'),
  ),
  createRoute({
    getParentRoute: () => desk,
    path: '/lots/new',
    validateSearch: ({ gtin }: Record<string, unknown>): { gtin?: string } =>
      textOf(gtin)
        ? { gtin: textOf(gtin)! }
        : typeof gtin === 'number'
          ? { gtin: String(gtin).padStart(14, '0') }
          : {},
    component: lazyRouteComponent(() => import('../pages/desk-lot-new.tsx'), 'DeskLotNewPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/lots/$gtin/$lot',
    validateSearch: ({ start }: Record<string, unknown>): { start?: true } =>
      start === true ? { start } : {},
    component: lazyRouteComponent(() => import('../pages/desk-lot.tsx'), 'DeskLotPage'),
  }),
  section(
    '/lots/$gtin/$lot/labels',
    lazyRouteComponent(() => import('../pages/desk-labels.tsx'), 'DeskLabelsPage'),
  ),
  section(
    '/shipments',
    lazyRouteComponent(() => import('../pages/desk-shipments.tsx'), 'DeskShipmentsPage'),
  ),
  section(
    '/shipments/new',
    lazyRouteComponent(() => import('../pages/desk-ship.tsx'), 'DeskShipPage'),
  ),
  section(
    '/shipments/$digest',
    lazyRouteComponent(() => import('../pages/desk-shipment.tsx'), 'DeskShipmentPage'),
  ),
  createRoute({
    getParentRoute: () => desk,
    path: '/receive',
    validateSearch: (s: Record<string, unknown>): { shipment?: string; unannounced?: true } => ({
      ...(textOf(s.shipment) ? { shipment: textOf(s.shipment)! } : {}),
      ...(s.unannounced === true ? { unannounced: true } : {}),
    }),
    component: lazyRouteComponent(() => import('../pages/desk-receive.tsx'), 'DeskReceivePage'),
  }),
  section(
    '/holdings',
    lazyRouteComponent(() => import('../pages/desk-holdings.tsx'), 'DeskHoldingsPage'),
  ),
  section(
    '/inbox',
    lazyRouteComponent(() => import('../pages/desk-inbox.tsx'), 'DeskInboxPage'),
  ),
  section(
    '/inbox/$id',
    lazyRouteComponent(() => import('../pages/desk-case.tsx'), 'DeskCasePage'),
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
  routeTree: root.addChildren([
    framed.addChildren(routes),
    desk.addChildren([...sections, ...supply]),
    ...bare,
  ]),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
