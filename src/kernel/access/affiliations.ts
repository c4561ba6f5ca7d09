import { Injectable } from '@nestjs/common';
import type { Subject } from './policy.js';

/** A department somebody belongs to. */
export interface Affiliation {
  readonly departmentId: string;
  /** What belongs to an inactive department is gone for its members until it is active again. */
  readonly isActive: boolean;
}

/**
 * Knows who belongs to which department. It announces `user` or `service` to the change feed when somebody joins or
 * leaves, and `department` when one is switched on or off.
 */
export interface AffiliationSource {
  of(subjects: readonly Subject[]): Promise<readonly (readonly Affiliation[])[]>;
}

/** Which departments somebody belongs to. The module that owns departments binds the source. */
@Injectable()
export class Affiliations {
  private source: AffiliationSource | null = null;

  bind(source: AffiliationSource): void {
    if (this.source !== null) throw new Error('Affiliations have their source already.');
    this.source = source;
  }

  /** For each subject its departments, in the same order; null while nobody knows of departments. */
  async of(subjects: readonly Subject[]): Promise<readonly (readonly Affiliation[])[] | null> {
    return this.source === null ? null : this.source.of(subjects);
  }
}
