/** Addresses of an organisation's desk. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from './root-route.tsx';

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
    '/sign-in-devices',
    lazyRouteComponent(() => import('../pages/desk-sign-in-devices.tsx'), 'DeskSignInDevicesPage'),
  ),
  section(
    '/visits',
    lazyRouteComponent(() => import('../pages/desk-visits.tsx'), 'DeskVisitsPage'),
  ),
  section(
    '/settlement',
    lazyRouteComponent(() => import('../pages/desk-settlement.tsx'), 'DeskSettlementPage'),
  ),
  section(
    '/prices',
    lazyRouteComponent(() => import('../pages/desk-prices.tsx'), 'DeskPricesPage'),
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
    '/visits/$id/dispute',
    lazyRouteComponent(() => import('../pages/desk-visit-dispute.tsx'), 'DeskVisitDisputePage'),
  ),
  section(
    '/visits/$id/claim',
    lazyRouteComponent(() => import('../pages/desk-visit-claim.tsx'), 'DeskVisitClaimPage'),
  ),
  section(
    '/assessors',
    lazyRouteComponent(() => import('../pages/desk-assessors.tsx'), 'DeskAssessorsPage'),
  ),
  section(
    '/panels',
    lazyRouteComponent(() => import('../pages/desk-panels.tsx'), 'DeskPanelsPage'),
  ),
  section(
    '/panels/$id',
    lazyRouteComponent(() => import('../pages/desk-panel.tsx'), 'DeskPanelPage'),
  ),
  section(
    '/check',
    lazyRouteComponent(() => import('../pages/desk-check.tsx'), 'DeskCheckPage'),
  ),
  section(
    '/checks',
    lazyRouteComponent(() => import('../pages/desk-checks.tsx'), 'DeskChecksPage'),
  ),
  section(
    '/checks/$id',
    lazyRouteComponent(() => import('../pages/desk-check-answer.tsx'), 'DeskCheckAnswerPage'),
  ),
  section(
    '/mediations',
    lazyRouteComponent(() => import('../pages/desk-mediations.tsx'), 'DeskMediationsPage'),
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
    '/breach',
    lazyRouteComponent(() => import('../pages/desk-breach.tsx'), 'DeskBreachPage'),
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
    '/guarantee',
    lazyRouteComponent(() => import('../pages/desk-guarantee.tsx'), 'DeskGuaranteePage'),
  ),
  section(
    '/insurer',
    lazyRouteComponent(() => import('../pages/desk-insurer.tsx'), 'DeskInsurerPage'),
  ),
  section(
    '/guarantee-pool',
    lazyRouteComponent(() => import('../pages/desk-pool.tsx'), 'DeskPoolPage'),
  ),
  section(
    '/guarantee-book',
    lazyRouteComponent(() => import('../pages/desk-guarantee-book.tsx'), 'DeskGuaranteeBookPage'),
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
    '/loans',
    lazyRouteComponent(() => import('../pages/desk-loans.tsx'), 'DeskLoansPage'),
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

export const deskRoutes = desk.addChildren([...sections, ...supply]);
