import { Injectable } from '@nestjs/common';
import type { PermissionScope, ScopeKind } from '../operation/permission-scope.js';

export interface ScopeValidator {
  /**
   * Whether the tenant has this gateway or department. Asked inside the transaction that refers to it: hold the row, so
   * that it cannot be removed before that is committed.
   */
  exists(id: string, tenantId: string): Promise<boolean>;
}

/** Whether places that rights are given for exist. The module that owns a kind of place binds its validator. */
@Injectable()
export class ScopeValidators {
  private readonly validators = new Map<ScopeKind, ScopeValidator>();

  bind(kind: ScopeKind, validator: ScopeValidator): void {
    if (this.validators.has(kind)) throw new Error(`Scopes of kind ${kind} have their validator already.`);
    this.validators.set(kind, validator);
  }

  /** Any identifier will do for a kind whose module is not there. */
  async exists({ kind, id }: PermissionScope, tenantId: string): Promise<boolean> {
    return (await this.validators.get(kind)?.exists(id, tenantId)) ?? true;
  }
}
