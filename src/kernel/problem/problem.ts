import type { JsonValue } from './json-value.js';

/** One kind of refusal, as contract/problems.md documents it (RFC 9457 problem type). */
export interface ProblemType {
  /** Stable and snake_case; clients branch on it. */
  readonly code: string;
  readonly status: number;
  /** Short and the same for every occurrence. */
  readonly title: string;
  /** When it is answered. */
  readonly meaning: string;
  /** What the caller can do about it. */
  readonly remedy: string;
}

/** One fault of the input. Never carries the value itself, which may be a secret. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** RFC 6901 JSON Pointer into the body; for the others `/name`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members of the body (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, JsonValue>>;
}

/** A refusal for the client; thrown anywhere, rendered once by the problem filter. */
export class Problem extends Error {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, JsonValue>>;

  constructor(
    readonly type: ProblemType,
    detail?: string,
    extras?: ProblemExtras,
  ) {
    super(detail ?? type.title);
    this.name = new.target.name;
    this.detail = detail;
    this.errors = extras?.errors;
    this.headers = extras?.headers;
    this.members = extras?.members;
  }

  get status(): number {
    return this.type.status;
  }

  get code(): string {
    return this.type.code;
  }

  /** Where nothing is known about this occurrence: when such a problem is answered, and what to do next. */
  get explanation(): string {
    return this.detail ?? `${this.type.meaning} ${this.type.remedy}`;
  }
}

export interface ProblemClass {
  /** `detail` is about this occurrence and written for the caller. */
  new (detail?: string, extras?: ProblemExtras): Problem;
  readonly type: ProblemType;
}

const catalogue = new Map<string, ProblemType>();

/** Every problem type that has been declared, by code. */
export const problemCatalogue: ReadonlyMap<string, ProblemType> = catalogue;

/**
 * Declares a problem type: `class UsernameTaken extends problem({ status: 409, code: 'username_taken', … }) {}`.
 * The declaration enters the catalogue that the documentation is written from.
 */
export function problem(type: ProblemType): ProblemClass {
  if (!/^[a-z][a-z0-9_]*$/.test(type.code)) throw new Error(`Problem code is not snake_case: ${type.code}`);
  if (catalogue.has(type.code)) throw new Error(`Problem code declared twice: ${type.code}`);
  catalogue.set(type.code, Object.freeze(type));
  return class extends Problem {
    static readonly type = type;

    constructor(detail?: string, extras?: ProblemExtras) {
      super(type, detail, extras);
    }
  };
}
