import { Injectable } from '@nestjs/common';
import type { Principal } from '../operation/principal.js';
import {
  CredentialNotAllowed,
  ImpersonationNotAllowed,
  type Problem,
  StepUpRequired,
} from '../problem/index.js';
import { Clock } from '../runtime/index.js';

const FRESH_MS = 15 * 60 * 1000;

/** Judges whether the person behind a session has proved who they are recently enough for something sensitive. */
@Injectable()
export class StepUp {
  constructor(private readonly clock: Clock) {}

  /** For use cases that are sensitive only sometimes; routes that always are say so in their declaration. */
  require(principal: Principal): void {
    const refusal = this.refusal(principal);
    if (refusal !== null) throw refusal;
  }

  /** Null when it is fresh. Keys prove nothing about a person and cannot step up. */
  refusal(principal: Principal): Problem | null {
    const { credential } = principal;
    if (credential.kind === 'system') return null;
    if (credential.kind === 'impersonation') return new ImpersonationNotAllowed();
    if (credential.kind !== 'session') {
      return new CredentialNotAllowed(
        'This asks for a recent proof of identity, which only a session can give.',
      );
    }
    if (this.clock.nowMs() - credential.authenticatedAt.getTime() <= FRESH_MS) return null;
    return new StepUpRequired(
      'Prove who you are at POST /api/v1/auth/reauthenticate, then repeat the request.',
    );
  }
}
