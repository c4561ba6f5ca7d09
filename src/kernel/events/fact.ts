import type { JsonValue } from '../problem/index.js';

export type FactOutcome = 'success' | 'failure' | 'denied';

/** A JSON Schema for one property of a fact's detail. */
export type DetailSchema = { readonly [keyword: string]: JsonValue };

export interface FactDeclaration<Detail extends FactDetail = FactDetail> {
  /** `resource.verb`, at most 100 characters; the name clients filter and subscribe by. */
  readonly action: string;
  /** At most 50 characters. */
  readonly resourceType: string;
  /** One sentence: when does this happen? */
  readonly summary: string;
  /** Whether subscribers outside may receive it. */
  readonly public: boolean;
  /** JSON Schema of each property of `detail`. */
  readonly detail: { readonly [Property in keyof Detail]-?: DetailSchema };
  readonly example: Detail;
}

/** What a detail may be made of; secrets never, names and addresses of people in `personal` instead. */
export type FactDetail = object;

export interface FactActor {
  readonly kind: 'user' | 'service' | 'agent' | 'system' | 'anonymous';
  readonly id: string | null;
  readonly name: string | null;
}

export interface FactValues<Detail extends FactDetail> {
  /** Id of what it happened to; null when there is no one thing. */
  readonly resourceId: string | null;
  readonly detail: Detail;
  /** Names, addresses and the like: kept where they can be erased without touching the entry. */
  readonly personal?: Record<string, JsonValue>;
  /** `success` unless said otherwise. */
  readonly outcome?: FactOutcome;
  /** The operation's principal unless said otherwise. */
  readonly actor?: FactActor;
  /** The principal's tenant unless said otherwise. */
  readonly tenantId?: string;
  readonly onBehalfOf?: readonly string[];
  readonly delegationPath?: readonly string[];
  readonly departmentId?: string;
  readonly gatewayId?: string;
  readonly gatewayName?: string;
  readonly approvalId?: string;
  readonly commandId?: string;
  /** Number in an outside chronicle, where one exists. */
  readonly eventCode?: string;
}

/** Something that happened, in the past tense. Made by `class X extends fact<Detail>({...}) {}`. */
export interface Fact<Detail extends FactDetail = FactDetail> extends FactValues<Detail> {
  readonly declaration: FactDeclaration<Detail>;
}

export interface FactClass<Detail extends FactDetail = FactDetail> {
  new (values: FactValues<Detail>): Fact<Detail>;
  readonly declaration: FactDeclaration<Detail>;
}

const catalogue = new Map<string, FactDeclaration>();

/** Every fact that loaded code can record, by action. */
export const factCatalogue: ReadonlyMap<string, FactDeclaration> = catalogue;

const ACTION = /^[a-z_]+\.[a-z_]+$/;

/** Declares a kind of fact. An action belongs to one class: declaring it twice is an error. */
export function fact<Detail extends FactDetail>(declaration: FactDeclaration<Detail>): FactClass<Detail> {
  register(declaration);
  return class {
    static readonly declaration = declaration;
    readonly declaration = declaration;
    readonly resourceId: string | null;
    readonly detail: Detail;

    constructor(values: FactValues<Detail>) {
      this.resourceId = values.resourceId;
      this.detail = values.detail;
      Object.assign(this, values);
    }
  };
}

function register(declaration: FactDeclaration): void {
  const { action, resourceType } = declaration;
  if (!ACTION.test(action) || action.length > 100)
    throw new Error(`"${action}" is no action: write resource.verb.`);
  if (resourceType.length > 50)
    throw new Error(`The resource type of ${action} is longer than 50 characters.`);
  if (catalogue.has(action)) throw new Error(`The fact ${action} is declared twice.`);
  catalogue.set(action, declaration);
}
