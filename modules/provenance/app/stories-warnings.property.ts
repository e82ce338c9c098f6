/** Stories of published notices: recalls, and features by which a product is known not to be its maker's. */
import {
  CLINIC,
  event,
  facts,
  GREY_TRADER,
  GTIN,
  LABEL,
  MAKER,
  made,
  REGULATOR,
  type StoryCase,
  site,
  toxin,
  unit,
  way,
} from './stories.property.ts';

type Json = Record<string, unknown>;

const warning = (more: Json): Json => ({
  kind: 'counterfeit',
  gtin: GTIN,
  lots: [],
  serials: [],
  by: REGULATOR,
  at: '2026-03-09T00:00:00Z',
  notice: `0x${'11'.repeat(32)}`,
  ...more,
});
const marks = (more: Json): Json => ({
  label: { doses: [], onlyDoses: [], ingredients: [], onlyIngredients: [], ...more },
});
const told = (warnings: Json[], more: Parameters<typeof facts>[1] = {}, events = [made(), ...way()]) => ({
  ...facts(events, more),
  warnings,
});
const read = (scan: Json) => ({ ...toxin, scan: { ...toxin.scan, purpose: 'public', ...scan } });
const madeIn = warning(marks({ onlyDoses: ['50 U', '100 U', '200 U'], doses: ['150 U'] }));
const named = warning(
  marks({ ingredients: ['Botulinum Toxin Type A'], onlyIngredients: ['OnabotulinumtoxinA'] }),
);
const lotOnly = { code: `(01)${GTIN}(10)C3709`, purpose: 'public' };

export const WARNING_STORIES: readonly StoryCase[] = [
  [
    'a lot published as counterfeit: the records know the unit, the notice is stronger',
    told([warning({ lots: ['L1'] })]),
    'red',
    ['KNOWN_COUNTERFEIT'],
  ],
  [
    'a lot published as counterfeit, and a serial that nobody made',
    told([warning({ lots: ['C3709'] })], { scan: { code: LABEL('C3709', '271231') } }, []),
    'red',
    ['KNOWN_COUNTERFEIT', 'UNKNOWN_SERIAL'],
  ],
  [
    'a code with a lot only: what is warned of can be judged',
    told([warning({ lots: ['C3709'] })], { scan: lotOnly }, []),
    'red',
    ['KNOWN_COUNTERFEIT'],
  ],
  [
    'the same of a maker that is not here',
    told([warning({ lots: ['C3709'] })], { master: null, scan: lotOnly }, []),
    'red',
    ['KNOWN_COUNTERFEIT'],
  ],
  [
    'a true serial on a package with the lot of a counterfeit',
    told([warning({ lots: ['C3709'] })], { scan: { code: LABEL('C3709', '271231') } }),
    'red',
    ['KNOWN_COUNTERFEIT', 'DATA_MISMATCH'],
  ],
  ['another lot is not touched', told([warning({ lots: ['C3709'] })]), 'green', ['CONSISTENT']],
  [
    'another product with the same lot number is not touched',
    told([warning({ lots: ['L1'], gtin: '09521000000013' })]),
    'green',
    ['CONSISTENT'],
  ],
  ['one copied serial', told([warning({ serials: ['S1'] })]), 'red', ['KNOWN_COUNTERFEIT']],
  ['a content that is never made', told([madeIn], read({ dose: '150 U' })), 'red', ['LABEL_DOSE_IMPOSSIBLE']],
  [
    'a content beside those that are made',
    told([madeIn], read({ dose: '300单位' })),
    'red',
    ['LABEL_DOSE_IMPOSSIBLE'],
  ],
  [
    'a content that is made, in another writing',
    told([madeIn], read({ dose: '１００ IU' })),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a content of another measure says nothing',
    told([madeIn], read({ dose: '2.5 mL' })),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a content that nobody can read says nothing',
    told([madeIn], read({ dose: 'much' })),
    'green',
    ['CONSISTENT'],
  ],
  [
    'an ingredient that the label never names',
    told([named], read({ ingredient: 'botulinum toxin, type A' })),
    'red',
    ['LABEL_INGREDIENT_WRONG'],
  ],
  [
    'any other ingredient than the named one',
    told([named], read({ ingredient: 'Aqua' })),
    'red',
    ['LABEL_INGREDIENT_WRONG'],
  ],
  [
    'the named ingredient in other letters',
    told([named], read({ ingredient: ' onabotulinumtoxin-A ' })),
    'green',
    ['CONSISTENT'],
  ],
  [
    'nothing read from the label, nothing said of it',
    told([madeIn, named], read({})),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a trader warns: nobody listens',
    told([warning({ lots: ['L1'], by: GREY_TRADER })]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a clinic warns: nobody listens',
    told([warning({ lots: ['L1'], by: site(CLINIC) })]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a recall by notice, lot only on the label',
    told([warning({ kind: 'recall', lots: ['C3709'], by: MAKER })], { scan: lotOnly }, []),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'a recall of single units leaves the others of the lot',
    told([warning({ kind: 'recall', lots: ['L1'], serials: ['S2'], by: MAKER })]),
    'green',
    ['CONSISTENT'],
  ],
  [
    'a recall of single units: this one',
    told([warning({ kind: 'recall', lots: ['L1'], serials: ['S1'], by: MAKER })]),
    'red',
    ['RECALLED_LOT'],
  ],
  [
    'a recall withdrawn by a new event',
    facts([
      made(),
      ...way(),
      event('2026-03-08T00:00:00Z', 'inspecting', MAKER, {
        epcList: [unit()],
        disposition: 'recalled',
      }),
      event('2026-03-09T00:00:00Z', 'inspecting', MAKER, {
        epcList: [unit()],
        persistentDisposition: { unset: ['recalled'] },
      }),
    ]),
    'green',
    ['CONSISTENT'],
  ],
];
