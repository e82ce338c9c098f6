/** The root of all addresses. */
import { createRootRoute, Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { NotFound } from '../pages/not-found.tsx';

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

export const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
