/** What each authority approved a product for, and what follows from it for a region on a day. */
import type { Approval, ProductBody } from './product.ts';

export interface ApprovedUse {
  readonly region: string;
  readonly class: string;
  readonly routes: readonly string[];
  /** As the authority wrote them. */
  readonly indications: readonly string[];
  readonly number: string;
  /** Last day, `YYYY-MM-DD`; null: without end. */
  readonly until: string | null;
}

const INJECTED = /inject|dermal|cutaneous|muscular|venous|lesional|articular|periosteal|注射|皮内|皮下|真皮/i;
const ON_THE_SKIN = /transdermal|epidermal/i;
const LOWER_CLASS = /^(?:class|类别)?[\s_-]*(?:i{1,2}|[12]|[一二])[\s_-]*类?$/i;

/** Devices of class I and II are never injected, whatever a record says. */
export const neverThisWay = (deviceClass: string | undefined, route: string): boolean =>
  LOWER_CLASS.test(deviceClass ?? '') && INJECTED.test(route) && !ON_THE_SKIN.test(route);

type Approved = Pick<ProductBody, 'class' | 'registration' | 'approvals'>;

/** Approvals in their one form; rows of the first version name one route and one indication each. */
export function approvalsOf(body: Approved): ApprovedUse[] {
  const uses = new Map<string, ApprovedUse>();
  for (const one of body.approvals ?? []) {
    const use = approvedUse(one, body);
    const key = JSON.stringify([use.region, use.class, use.number, use.until]);
    const known = uses.get(key);
    const all = (a: readonly string[] = [], b: readonly string[] = []) => [...new Set([...a, ...b])];
    uses.set(key, {
      ...use,
      routes: all(known?.routes, use.routes),
      indications: all(known?.indications, use.indications),
    });
  }
  return [...uses.values()];
}

function approvedUse(one: Approval, body: Approved): ApprovedUse {
  return {
    region: one.region,
    class: one.class ?? body.class,
    routes: [...(one.routes ?? []), ...(one.route === undefined ? [] : [one.route])],
    indications: [...(one.indications ?? []), ...(one.indication === undefined ? [] : [one.indication])],
    number: one.number ?? body.registration,
    until: one.until ?? null,
  };
}

/** Regions and routes as the lists of the first version state them: all that any approval gives. */
export function derivedLists(body: Approved): { approvedRegions: string[]; approvedRoutes: string[] } {
  const uses = approvalsOf(body);
  const unique = (all: string[]) => [...new Set(all)].sort();
  return {
    approvedRegions: unique(uses.map(({ region }) => region)),
    approvedRoutes: unique(uses.flatMap(({ routes }) => routes)),
  };
}

export interface Approvable {
  readonly class?: string | undefined;
  readonly approvedRegions: readonly string[];
  readonly approvedRoutes: readonly string[];
  readonly approvals?: readonly ApprovedUse[] | undefined;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const DAY_END = 'T23:59:59.999Z';

/** Approvals in force at a time, as far as they are stated one by one. */
export const inForce = (approvals: readonly ApprovedUse[], at: number): ApprovedUse[] =>
  approvals.filter(({ until }) => until === null || at <= Date.parse(until + DAY_END));

const lawful = (deviceClass: string | undefined, routes: readonly string[]): string[] =>
  routes.filter((route) => !neverThisWay(deviceClass, route));

/** Routes by which a product may be used in a region; null if it is not approved there at all. */
export function routesIn(product: Approvable, region: string, at: number): string[] | null {
  if (!product.approvals?.length)
    return product.approvedRegions.some((one) => same(one, region))
      ? lawful(product.class, product.approvedRoutes)
      : null;
  const here = inForce(product.approvals, at).filter((use) => same(use.region, region));
  return here.length === 0 ? null : [...new Set(here.flatMap((use) => lawful(use.class, use.routes)))];
}

/** May it be used like this? A question without region or route asks only for the other. */
export function isApproved(
  product: Approvable,
  { region, route }: { readonly region?: string | undefined; readonly route?: string | undefined },
  at: number,
): boolean {
  const routes =
    region !== undefined
      ? routesIn(product, region, at)
      : product.approvals?.length
        ? product.approvals.flatMap((one) => routesIn(product, one.region, at) ?? [])
        : lawful(product.class, product.approvedRoutes);
  return routes !== null && (route === undefined || routes.some((one) => same(one, route)));
}
