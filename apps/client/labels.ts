/** Labels: what a unit's or a container's code says, drawn as SVG. What breaks GS1's rules is not drawn. */
import { buildDigitalLink } from '@zhenmei/gs1/core/digital-link.ts';
import { parseLotLink, parseUnitLink } from '@zhenmei/gs1/core/links.ts';
import { drawingSVG, gs1_128, gs1datamatrix, gs1dlqrcode, gs1qrcode } from 'bwip-js/generic';

/** GS1 DataMatrix for the unit itself, GS1 QR Code, or a QR Code with an address that opens the check in a browser. */
export type Symbology = 'datamatrix' | 'qr' | 'link';

export interface UnitLabel {
  readonly gtin: string;
  readonly serial: string;
  readonly lot: string;
  /** `YYYY-MM-DD` */
  readonly expiry: string;
}

/** @param unit address of the unit @param lot address of its lot */
export function unitLabel(unit: string, lot: string, expiry: string): UnitLabel | null {
  const [one, of] = [parseUnitLink(unit), parseLotLink(lot)];
  return one && of ? { ...one, lot: of.lot, expiry } : null;
}

const yymmdd = (day: string): string => day.slice(2).replaceAll('-', '');

/** As people and scanners read it: identifiers in brackets, those of fixed length first. */
export const elementString = ({ gtin, expiry, lot, serial }: UnitLabel): string =>
  `(01)${gtin}(17)${yymmdd(expiry)}(10)${lot}(21)${serial}`;

/** @param host address of the house where the link is answered, without a slash at its end */
export function digitalLink(label: UnitLabel, host: string): string {
  const link = buildDigitalLink(
    [
      { ai: '01', value: label.gtin },
      { ai: '10', value: label.lot },
      { ai: '21', value: label.serial },
      { ai: '17', value: yymmdd(label.expiry) },
    ] as never,
    host,
  );
  return link as string;
}

/** Quiet zones in modules, as the General Specifications ask: one around DataMatrix, four around QR. */
const QUIET = { datamatrix: 1, qr: 4, link: 4 } as const;

/** Throws an Error with the encoder's reason where a value breaks GS1's rules. */
export function drawUnit(label: UnitLabel, symbology: Symbology, host: string): string {
  const text = symbology === 'link' ? digitalLink(label, host) : elementString(label);
  const quiet = QUIET[symbology];
  const { draw, bcid } = DRAW[symbology];
  return draw({ ...LOOK, bcid, text, paddingwidth: quiet, paddingheight: quiet }, drawingSVG());
}

const LOOK = { scale: 1, backgroundcolor: 'FFFFFF' } as const;
const DRAW = {
  datamatrix: { draw: gs1datamatrix<string>, bcid: 'gs1datamatrix' },
  qr: { draw: gs1qrcode<string>, bcid: 'gs1qrcode' },
  link: { draw: gs1dlqrcode<string>, bcid: 'gs1dlqrcode' },
} as const;

/** @param container address of a box or case. Throws as `drawUnit`. */
export function drawContainer(container: string): string {
  const sscc = /\/00\/(\d{18})$/.exec(container)?.[1] ?? '';
  return gs1_128(
    { ...LOOK, bcid: 'gs1-128', text: `(00)${sscc}`, height: 12, paddingwidth: 10, paddingheight: 2 },
    drawingSVG(),
  );
}
