/** Addresses of the app. The patient's seat is `/`, an organisation's `/desk`; both frames of `/try` are the real app. */
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { deskRoutes } from './desk-routes.tsx';
import { patientRoutes } from './patient-routes.tsx';
import { root } from './root-route.tsx';

const bare = [
  createRoute({
    getParentRoute: () => root,
    path: '/kit',
    component: lazyRouteComponent(() => import('../pages/kit.tsx'), 'KitPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/card-demo/$number',
    component: lazyRouteComponent(() => import('../pages/card-demo.tsx'), 'CardDemoPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/operator/money',
    component: lazyRouteComponent(() => import('../pages/operator-money.tsx'), 'OperatorMoneyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/operator/checks',
    component: lazyRouteComponent(() => import('../pages/operator-checks.tsx'), 'OperatorChecksPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/operator/guarantee',
    component: lazyRouteComponent(() => import('../pages/operator-guarantee.tsx'), 'OperatorGuaranteePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/try',
    component: lazyRouteComponent(() => import('../pages/try.tsx'), 'TryPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren([patientRoutes, deskRoutes, ...bare]),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
