/** An amount as a page shows it, in minor units. */
export const yuanText = (text: string): bigint => {
  const [, whole, cents] = /([\d,]+)\.(\d{2})/.exec(text)!;
  return BigInt(whole!.replaceAll(',', '')) * 100n + BigInt(cents!);
};
