/** The standard vocabularies of CBV 2.0 and the GS1 Web Vocabulary that events refer to, in each of their writings. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export interface Vocabulary {
  /** IRI in front of each term. */
  readonly base: string;
  readonly terms: ReadonlySet<string>;
  /** Addresses of this vocabulary: what it does not know there is a mistake, not somebody else's term. */
  readonly own: RegExp;
}

const CBV = 'https://ref.gs1.org/cbv/';
const GS1 = 'https://gs1.org/voc/';
const OF_CBV = /^(?:urn:epcglobal:cbv:|https?:\/\/ns\.gs1\.org\/cbv\/)/;
const OF_GS1 = /^https?:\/\/(?:www\.)?gs1\.org\/voc\//;

export const BIZ_STEP: Vocabulary = {
  base: `${CBV}BizStep-`,
  own: OF_CBV,
  terms: words(
    'accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading other packing picking receiving removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping',
  ),
};
export const DISPOSITION: Vocabulary = {
  base: `${CBV}Disp-`,
  own: OF_CBV,
  terms: words(
    'active available completeness_inferred completeness_verified conformant container_closed container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown',
  ),
};
export const TRANSACTION: Vocabulary = {
  base: `${CBV}BTT-`,
  own: OF_CBV,
  terms: words('bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt'),
};
export const SOURCE_DESTINATION: Vocabulary = {
  base: `${CBV}SDT-`,
  own: OF_CBV,
  terms: words('location owning_party possessing_party'),
};
export const ERROR_REASON: Vocabulary = {
  base: `${CBV}ER-`,
  own: OF_CBV,
  terms: words('did_not_occur incorrect_data'),
};
export const COMPONENT: Vocabulary = {
  base: `${CBV}Comp-`,
  own: OF_CBV,
  terms: words(
    'altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle spherical_radius x y z',
  ),
};
export const ALERT: Vocabulary = {
  base: GS1,
  own: OF_GS1,
  terms: words('ALARM_CONDITION ERROR_CONDITION'),
};
export const MEASUREMENT: Vocabulary = {
  base: GS1,
  own: OF_GS1,
  terms: words(
    'AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber',
  ),
};

/** The names of CBV 1.x URNs and what replaced them. */
const URNS: readonly (readonly [string, string])[] = [
  ['urn:epcglobal:cbv:bizstep:', BIZ_STEP.base],
  ['urn:epcglobal:cbv:disp:', DISPOSITION.base],
  ['urn:epcglobal:cbv:btt:', TRANSACTION.base],
  ['urn:epcglobal:cbv:sdt:', SOURCE_DESTINATION.base],
  ['urn:epcglobal:cbv:er:', ERROR_REASON.base],
];

/** The web IRI of a CBV URN; other texts as they are. */
export function webForm(text: string): string {
  if (!text.includes('urn:epcglobal:cbv:')) return text;
  return URNS.reduce((done, [urn, base]) => done.replaceAll(urn, base), text);
}

/** The bare term if the IRI is one of the standard, otherwise the IRI. */
export function termOf(vocabulary: Vocabulary, iri: string): string {
  const { base, terms } = vocabulary;
  const term = iri.startsWith(base) ? iri.slice(base.length) : '';
  return terms.has(term) ? term : iri;
}

/** The IRI of a bare term; other texts as they are. */
export function iriOf(vocabulary: Vocabulary, term: string): string {
  return vocabulary.terms.has(term) ? vocabulary.base + term : term;
}
