import { Injectable } from '@nestjs/common';
import { type Permission, type PermissionScope, PermissionSet } from '../../../kernel/access/index.js';
import { permissionsAt, type Principal } from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { type NamedPermission, permissionsNamed } from '../permissions/named-permissions.js';
import { explain, type Explanation, summary } from '../resolution/explanation.js';
import { type Known, KnownRights } from '../resolution/known-rights.js';
import { scopeText } from '../resolution/reach.js';
import { ReachRepository } from '../resolution/reach.repository.js';
import { decide } from '../resolution/verdict.js';
import type {
  AccessAnswer,
  AccessQuestion,
  CheckAccess,
  CheckedAccess,
  EffectiveAccess,
  EffectiveQuery,
  ExplainedAccess,
  ExplainQuery,
  PrincipalReference,
} from './authz.dto.js';
import { type Inspected, InspectedPrincipals } from './inspected.js';

/** Answers who may do what, and why. */
@Injectable()
export class AuthzService {
  constructor(
    private readonly inspected: InspectedPrincipals,
    private readonly known: KnownRights,
    private readonly reaches: ReachRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UnknownPermission, Forbidden, ValidationFailed */
  async check(body: CheckAccess, caller: Principal): Promise<CheckedAccess> {
    const { principal, permission, scope, checks } = body;
    if (checks === undefined) {
      if (permission === undefined) throw new ValidationFailed([missingPermission]);
      const [answer] = await this.answer([{ principal, scope }], [inBody(permission)], caller);
      return answer;
    }
    if (principal !== undefined || permission !== undefined || scope !== undefined)
      throw new ValidationFailed([oneOrSeveral]);
    const named = checks.map((question, index) => inBody(question.permission, `/checks/${index}`));
    return { results: await this.answer(checks, named, caller) };
  }

  /** @throws UnknownPermission, Forbidden */
  async explain(query: ExplainQuery, caller: Principal): Promise<ExplainedAccess> {
    const [permission] = permissionsNamed([{ name: query.permission, in: 'query', pointer: '/permission' }]);
    const [inspected] = await this.inspected.of([principalFrom(query.principal)], caller);
    const { subject } = inspected;
    // With those that have ended: they are what somebody asks about who could do it yesterday.
    const reach = await this.reaches.of(subject, null);
    const scope = scopeFrom(query.scope);
    const explanation = explain({ reach, permission, scope, nowMs: this.clock.nowMs() });
    const obstacle = obstacleTo(inspected, permission, scope);
    const { verdict, because, considered } = explanation;
    // A key that does not include it is worth telling only when its owner may do it.
    if (obstacle !== null && (verdict.allowed || inspected.self === null))
      return { ...refused(obstacle), considered: undecided(explanation) };
    return { allowed: verdict.allowed, decidedBy: verdict.decisive?.id ?? null, because, considered };
  }

  /** @throws Forbidden */
  async effective(query: EffectiveQuery, caller: Principal): Promise<EffectiveAccess> {
    const [{ subject, self, obstacle }] = await this.inspected.of([principalFrom(query.principal)], caller);
    const { kind, id } = subject;
    const scope = scopeFrom(query.scope);
    const answer = { principal: { kind, id }, scope: scopeText(scope) };
    if (obstacle !== null) return { ...answer, roles: [], permissions: [] };
    const { rights } = await this.knownOf(subject);
    const limit = self === null ? PermissionSet.all() : permissionsAt(self, scope);
    const permissions = rights.permissionsByScope.at(scope).intersect(limit).names();
    return { ...answer, roles: [...rights.roles], permissions };
  }

  private async answer(
    questions: readonly Omit<AccessQuestion, 'permission'>[],
    named: readonly NamedPermission[],
    caller: Principal,
  ): Promise<AccessAnswer[]> {
    const permissions = permissionsNamed(named);
    const inspected = await this.inspected.of(
      questions.map(({ principal }) => principal),
      caller,
    );
    const answers: AccessAnswer[] = [];
    for (const [index, question] of questions.entries())
      answers.push(await this.answerOne(permissions[index], question.scope ?? null, inspected[index]));
    return answers;
  }

  private async answerOne(
    permission: Permission,
    scope: PermissionScope | null,
    about: Inspected,
  ): Promise<AccessAnswer> {
    const obstacle = obstacleTo(about, permission, scope);
    if (obstacle !== null && about.self === null) return refused(obstacle);
    const { reach, rights } = await this.knownOf(about.subject);
    const allowed = rights.permissionsByScope.at(scope).has(permission);
    if (allowed && obstacle !== null) return refused(obstacle);
    const nowMs = this.clock.nowMs();
    const verdict = decide(reach, permission, scope, nowMs);
    const because = summary({ reach, permission, scope, nowMs }, verdict);
    return { allowed, decidedBy: verdict.decisive?.id ?? null, because };
  }

  private knownOf(subject: Known['subject']): Known | Promise<Known> {
    return this.known.peek(subject) ?? this.known.of(subject);
  }
}

const oneOrSeveral = {
  in: 'body',
  pointer: '/checks',
  code: 'one_or_several',
  message: 'Ask one question, or several in checks.',
} as const;
const missingPermission = {
  in: 'body',
  pointer: '/permission',
  code: 'required',
  message: 'Name a permission, or ask several questions in checks.',
} as const;

/** What stands in the way besides bindings. */
function obstacleTo(
  { self, obstacle }: Inspected,
  permission: Permission,
  scope: PermissionScope | null,
): string | null {
  if (obstacle !== null || self === null || permissionsAt(self, scope).has(permission)) return obstacle;
  return self.credential.kind === 'session' ? null : 'The key that was used does not include this.';
}

function refused(because: string): AccessAnswer {
  return { allowed: false, decidedBy: null, because };
}

function undecided({ considered }: Explanation): Explanation['considered'] {
  return considered.map((binding) => ({ ...binding, decisive: false }));
}

/** @param question pointer to the question in the body */
function inBody(name: string, question = ''): NamedPermission {
  return { name, in: 'body', pointer: `${question}/permission` };
}

function principalFrom(text: string | undefined): PrincipalReference | undefined {
  if (text === undefined) return undefined;
  const [kind, id] = text.split(':');
  return { kind: kind as PrincipalReference['kind'], id };
}

function scopeFrom(text: string | undefined): PermissionScope | null {
  if (text === undefined || text === 'global') return null;
  const [kind, id] = text.split(':');
  return { kind: kind as PermissionScope['kind'], id };
}
