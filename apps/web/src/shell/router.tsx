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
    '/doctors/$id',
    lazyRouteComponent(() => import('../pages/doctor.tsx'), 'DoctorPage'),
  ),
  createRoute({
    getParentRoute: () => framed,
    path: '/wallet',
    validateSearch: (s: Record<string, unknown>): { open?: string } =>
      typeof s.open === 'string' ? { open: s.open } : {},
    component: lazyRouteComponent(() => import('../pages/wallet.tsx'), 'WalletPage'),
  }),
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
    '/visits/$id/record',
    lazyRouteComponent(() => import('../pages/visit-record.tsx'), 'VisitRecordPage'),
  ),
  page(
    '/vault/timeline',
    lazyRouteComponent(() => import('../pages/vault-timeline.tsx'), 'VaultTimelinePage'),
  ),
  page(
    '/vault/import',
    lazyRouteComponent(() => import('../pages/vault-import.tsx'), 'VaultImportPage'),
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
    '/vault/emergency',
    lazyRouteComponent(() => import('../pages/vault-emergency.tsx'), 'VaultEmergencyPage'),
  ),
  page(
    '/vault/runs',
    lazyRouteComponent(() => import('../pages/vault-runs.tsx'), 'VaultRunsPage'),
  ),
  page(
    '/emergency',
    lazyRouteComponent(() => import('../pages/emergency.tsx'), 'EmergencyPage'),
  ),
  page(
    '/vault/consents',
    lazyRouteComponent(() => import('../pages/vault-consents.tsx'), 'VaultConsentsPage'),
  ),
  page(
    '/vault/consents/$id',
    lazyRouteComponent(() => import('../pages/vault-consent.tsx'), 'VaultConsentPage'),
  ),
  page(
    '/vault/pool',
    lazyRouteComponent(() => import('../pages/vault-pool.tsx'), 'VaultPoolPage'),
  ),
  page(
    '/vault/erase',
    lazyRouteComponent(() => import('../pages/vault-erase.tsx'), 'VaultErasePage'),
  ),
  page(
    '/erased/$id',
    lazyRouteComponent(() => import('../pages/erased.tsx'), 'ErasedPage'),
  ),
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
    '/register',
    lazyRouteComponent(() => import('../pages/desk-register.tsx'), 'DeskRegisterPage'),
  ),
  section(
    '/badge',
    lazyRouteComponent(() => import('../pages/desk-badge.tsx'), 'DeskBadgePage'),
  ),
  section(
    '/ask',
    lazyRouteComponent(() => import('../pages/desk-ask.tsx'), 'DeskAskPage'),
  ),
  section(
    '/visits/$id',
    lazyRouteComponent(() => import('../pages/desk-visit.tsx'), 'DeskVisitPage'),
  ),
  section(
    '/visits/$id/record',
    lazyRouteComponent(() => import('../pages/desk-visit-record.tsx'), 'DeskVisitRecordPage'),
  ),
  section(
    '/shared',
    lazyRouteComponent(() => import('../pages/desk-shared.tsx'), 'DeskSharedPage'),
  ),
  section(
    '/emergency',
    lazyRouteComponent(() => import('../pages/desk-emergency.tsx'), 'DeskEmergencyPage'),
  ),
  section(
    '/misuse',
    lazyRouteComponent(() => import('../pages/desk-misuse.tsx'), 'DeskMisusePage'),
  ),
  section(
    '/studies',
    lazyRouteComponent(() => import('../pages/desk-studies.tsx'), 'DeskStudiesPage'),
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
  createRoute({
    getParentRoute: () => desk,
    path: '/recalls/new',
    validateSearch: (s: Record<string, unknown>): { gtin?: string; lot?: string } => ({
      ...(textOf(s.gtin) ? { gtin: textOf(s.gtin)! } : {}),
      ...(textOf(s.lot) ? { lot: textOf(s.lot)! } : {}),
    }),
    component: lazyRouteComponent(() => import('../pages/desk-recall-new.tsx'), 'DeskRecallNewPage'),
  }),
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
