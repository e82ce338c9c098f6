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
  /** The house's part in a panel: its secret, and how pictures are laid out. Has no vote. */
  readonly examiner: Address;
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
  readonly GuaranteePanel: Address;
}
