/**
 * What a verification token carries: the registration whose mail it came with. Several people may register one address;
 * the one who reads the mailbox confirms their own.
 */
export interface ProvenRegistration {
  readonly username: string;
  readonly passwordHash: string;
}
