/** Minor units as people type them: `2980`, `2980.50`. */
export const yuanText = (minor: string): string => {
  const text = minor.padStart(3, '0');
  const cents = text.slice(-2);
  return cents === '00' ? text.slice(0, -2) : `${text.slice(0, -2)}.${cents}`;
};
