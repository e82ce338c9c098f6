/**
 * The order in which clinics are listed. It knows names and what was searched for, and nothing else: no fee, no check,
 * no bond and no payment can move a clinic up or down.
 */
interface Named {
  readonly name: { readonly zh: string; readonly en: string };
}

/**
 * Whose name has the words that were searched for comes before whose city alone has them; otherwise the order of
 * registration stays.
 * @param found in the order of registration
 */
export function rankClinics<T extends Named>(found: readonly T[], query?: string): T[] {
  const words = query?.trim().toLowerCase();
  if (!words) return [...found];
  const named = ({ name }: Named) => [name.zh, name.en].some((text) => text.toLowerCase().includes(words));
  return [...found.filter(named), ...found.filter((one) => !named(one))];
}
