/** Addresses of the patient's seat. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { HomePage } from '../pages/home.tsx';
import { Frame } from './frame.tsx';
import { root } from './root-route.tsx';

interface VerifySearch {
  code?: string | undefined;
  dose?: string | undefined;
  ingredient?: string | undefined;
  /** GLN of the clinic where the person is. */
  at?: string | undefined;
}
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
  createRoute({
    getParentRoute: () => framed,
    path: '/clinics/$id',
    // a change order that is booked, and the visit it belongs to
    validateSearch: (s: Record<string, unknown>): { change?: string; of?: string } => ({
      ...(typeof s.change === 'string' ? { change: s.change } : {}),
      ...(typeof s.of === 'string' ? { of: s.of } : {}),
    }),
    component: lazyRouteComponent(() => import('../pages/clinic.tsx'), 'ClinicPage'),
  }),
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
    '/visits/$id/guarantee',
    lazyRouteComponent(() => import('../pages/visit-guarantee.tsx'), 'VisitGuaranteePage'),
  ),
  page(
    '/visits/$id/dispute',
    lazyRouteComponent(() => import('../pages/visit-dispute.tsx'), 'VisitDisputePage'),
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
    '/vault/after',
    lazyRouteComponent(() => import('../pages/vault-after.tsx'), 'VaultAfterPage'),
  ),
  page(
    '/operator/breach',
    lazyRouteComponent(() => import('../pages/desk-breach.tsx'), 'DeskBreachPage'),
  ),
  page(
    '/guardian',
    lazyRouteComponent(() => import('../pages/guardian.tsx'), 'GuardianPage'),
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

export const patientRoutes = framed.addChildren(routes);
