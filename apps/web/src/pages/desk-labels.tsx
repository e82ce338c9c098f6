/** A sheet of labels: drawn here, printed on A4, saved as a file; and the list for a label printer. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  drawContainer,
  drawUnit,
  elementString,
  type Symbology,
  type UnitLabel,
  unitLabel,
} from '@zhenmei/client/labels.ts';
import { lotLink } from '@zhenmei/gs1/core/links.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { useMemo, useState } from 'react';
import { shortName } from '../desk/parts.tsx';
import { Button } from '../look/button.tsx';
import { Choice, Select } from '../look/choice.tsx';
import { Card, Page, Refusal, Skeleton } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

const route = getRouteApi('/desk/lots/$gtin/$lot/labels');
/** Five across and twelve down. */
const SHEET = 60;
type What = Symbology | 'container';

export function DeskLabelsPage() {
  const { gtin, lot: number } = route.useParams();
  const link = lotLink(gtin, number);
  const [what, setWhat] = useState<What>('datamatrix');
  const [sheet, setSheet] = useState('0');
  const lot = useQuery({
    queryKey: ['labels', link],
    queryFn: async () => {
      const [status, { units }, { product }] = await Promise.all([
        deskApi.call(provenanceApi.readLotStatus, { query: { link } }),
        deskApi.call(provenanceApi.readLot, { query: { link } }),
        deskApi.call(provenanceApi.readProduct, { params: { gtin } }),
      ]);
      return { status, units, product };
    },
  });
  const packing = lot.data?.status.plan?.packing;
  const containers = packing ? [...packing.cases, ...packing.boxes] : [];
  const all = what === 'container' ? containers : (lot.data?.units ?? []);
  const from = Number(sheet) * SHEET;
  const shown = all.slice(from, from + SHEET);
  const expiry = lot.data?.status.plan?.expiry ?? '';
  const kinds: What[] = [
    'datamatrix',
    'qr',
    'link',
    ...(containers.length > 0 ? ['container' as const] : []),
  ];
  return (
    <Page title={t('labels.title')} lead={t('lots.lot', { lot: number })}>
      <div className="no-print flex flex-col gap-4">
        <Link
          to="/desk/lots/$gtin/$lot"
          params={{ gtin, lot: number }}
          className="text-plum min-h-11 inline-flex items-center self-start"
        >
          ← {t('back')}
        </Link>
        {lot.error ? <Refusal error={lot.error} /> : null}
        {lot.isPending ? <Skeleton lines={4} /> : null}
        <Card>
          <Choice
            legend={t('labels.kind')}
            value={what}
            onChange={(next: What) => {
              setWhat(next);
              setSheet('0');
            }}
            options={kinds.map((value) => ({ value, label: t(`labels.${value}`) }))}
          />
          {all.length > SHEET ? (
            <Select
              label={t('labels.sheet')}
              value={sheet}
              onChange={setSheet}
              options={Array.from({ length: Math.ceil(all.length / SHEET) }, (_, i) => ({
                value: String(i),
                label: t('labels.range', {
                  from: i * SHEET + 1,
                  to: Math.min((i + 1) * SHEET, all.length),
                  all: all.length,
                }),
              }))}
            />
          ) : null}
        </Card>
      </div>
      {lot.data && expiry === '' && what !== 'container' ? (
        <p className="m-0">{t('labels.noExpiry')}</p>
      ) : null}
      {lot.data && (expiry !== '' || what === 'container') ? (
        <Sheet
          key={`${what}${sheet}`}
          what={what}
          addresses={shown}
          lot={link}
          expiry={expiry}
          name={say(lot.data.product.name)}
          file={`${gtin}-${number}-${what}-${Number(sheet) + 1}`}
          whole={lot.data.units}
        />
      ) : null}
    </Page>
  );
}

interface Drawn {
  readonly address: string;
  readonly svg: string;
  readonly label: UnitLabel | null;
}

function Sheet({
  what,
  addresses,
  lot,
  expiry,
  name,
  file,
  whole,
}: {
  what: What;
  addresses: readonly string[];
  lot: string;
  expiry: string;
  name: string;
  file: string;
  whole: readonly string[];
}) {
  const drawn = useMemo((): Drawn[] | Error => {
    try {
      return addresses.map((address) => {
        if (what === 'container') return { address, svg: drawContainer(address), label: null };
        const label = unitLabel(address, lot, expiry)!;
        return { address, svg: drawUnit(label, what, location.origin), label };
      });
    } catch (error) {
      return error as Error;
    }
  }, [what, addresses, lot, expiry]);
  if (drawn instanceof Error)
    return (
      <p role="alert" className="m-0 text-cinnabar">
        {t('labels.cannot', { why: drawn.message })}
      </p>
    );
  const list = () =>
    [
      'epc,element_string',
      ...whole.map((unit) => `${unit},${elementString(unitLabel(unit, lot, expiry)!)}`),
      '',
    ].join('\r\n');
  return (
    <>
      <div className="no-print flex flex-wrap gap-3">
        <Button kind="main" onClick={() => print()}>
          {t('labels.print')}
        </Button>
        <Button onClick={() => saveFile(`${file}.svg`, sheetSvg(drawn), 'image/svg+xml')}>
          {t('labels.saveSheet')}
        </Button>
        {what === 'container' ? null : (
          <Button onClick={() => saveFile(`${file.replace(/-\d+$/, '')}.csv`, list(), 'text/csv')}>
            {t('labels.saveList')}
          </Button>
        )}
      </div>
      <ul className={`labels ${what === 'container' ? 'labels-wide' : ''}`}>
        {drawn.map(({ address, svg, label }) => (
          <li key={address} className="label">
            <img
              alt={label ? elementString(label) : `(00)${shortName(address)}`}
              src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
            />
            <span className="label-text">
              {label ? (
                <>
                  <b>{name}</b>
                  <br />
                  (01){label.gtin}
                  <br />
                  (17){label.expiry.slice(2).replaceAll('-', '')} (10){label.lot}
                  <br />
                  (21){label.serial}
                </>
              ) : (
                <>(00){shortName(address)}</>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const CELL = { width: 260, height: 150, across: 5 };

/** The sheet as one drawing: every label in its own frame with its text. */
function sheetSvg(drawn: readonly Drawn[]): string {
  const rows = Math.ceil(drawn.length / CELL.across);
  const cells = drawn.map(({ address, svg, label }, i) => {
    const [x, y] = [(i % CELL.across) * CELL.width, Math.floor(i / CELL.across) * CELL.height];
    const inner = svg.replace(
      '<svg ',
      `<svg x="${x + 10}" y="${y + 10}" width="${CELL.width - 20}" height="100" `,
    );
    const text = label ? elementString(label) : `(00)${shortName(address)}`;
    const escaped = text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
    return `${inner}<text x="${x + 10}" y="${y + 130}" font-family="monospace" font-size="8">${escaped}</text>`;
  });
  const [w, h] = [CELL.width * CELL.across, rows * CELL.height];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${cells.join('')}</svg>`;
}
