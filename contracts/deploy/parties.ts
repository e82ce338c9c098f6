/** Who takes part in a deployment, and where each contract stands. */
import type { Hex } from 'viem';

type Address = Hex;

export interface Parties {
  /** Holds the AccessManager's admin role and sends the deployment. Its first transaction must be this one. */
  readonly admin: Address;
  readonly custodian: Address;
  readonly logOperator: Address;
  readonly paymasterSigner: Address;
  /** Signs the lines of the guarantee's price tables; nobody if absent, and then the pool sells no cover. */
  readonly pricer?: Address;
  /** Rules of the regions that agreements are made in; without any, the escrow asks nothing of a clinic's place. */
  readonly jurisdictions?: readonly Jurisdiction[];
  /** The house's part in a panel: its secret, and how pictures are laid out. Has no vote. */
  readonly examiner: Address;
}

export interface Jurisdiction {
  /** Two letters of ISO 3166-1. */
  readonly code: string;
  /** Seconds of cooling-off at least. */
  readonly least: number;
  readonly startsWith: 'payment' | 'consultation';
  readonly waivable: boolean;
  readonly sameServiceExempt: boolean;
  /** Bits of `ITokenGate`: 1 closed loop, 2 public ERC-20, 4 a licensed partner's. */
  readonly uses: number;
}

export interface Contracts {
  readonly Deployer: Address;
  readonly AccessManager: Address;
  readonly ERC2771Forwarder: Address;
  readonly SettlementUnit: Address;
  readonly CareEscrow: Address;
  readonly IssuerRegistry: Address;
  readonly LogAnchor: Address;
  readonly UnitRegistry: Address;
  readonly PoseidonT3: Address;
  readonly ReviewGroups: Address;
  readonly EntryPoint: Address;
  readonly ERC7913WebAuthnVerifier: Address;
  readonly ERC7913P256Verifier: Address;
  readonly PasskeyAccount: Address;
  readonly PasskeyAccountFactory: Address;
  readonly SponsorPaymaster: Address;
  readonly InstalmentPool: Address;
  readonly InstalmentBook: Address;
  readonly ClinicBond: Address;
  readonly GuaranteePool: Address;
  readonly GuaranteeBook: Address;
  readonly AssessorPool: Address;
  readonly AssessorPanel: Address;
  readonly Params: Address;
  readonly TokenGate: Address;
  readonly ProviderVerification: Address;
  readonly GuaranteePanel: Address;
  readonly AbsencePledge: Address;
}
