import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CLIENT_VARIABLES } from './client-environment.js';
import type { ConfigurationFault } from './configuration-faults.js';
import { isVariableName, type VariableName, VARIABLES } from './variables.js';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const FILE_SUFFIX = '_FILE';
const LARGEST_SECRET_FILE = 64 * 1024;

/**
 * Where settings come from: the environment, then `.env` in the working directory. A secret may also come from a
 * file. Whatever the environment says about a variable, directly or by file, hides what `.env` says about it.
 */
export class Environment {
  private readonly sources: readonly EnvironmentVariables[];

  constructor(
    variables: EnvironmentVariables,
    private readonly directory: string,
    private readonly faults: ConfigurationFault[],
  ) {
    this.sources = [variables, this.dotEnv()];
  }

  /** The text of the variable, or undefined when it is not set; a variable set to nothing is not set. */
  textOf(name: VariableName): string | undefined {
    for (const source of this.sources) {
      const direct = presentText(source[name]);
      const file = VARIABLES[name].isSecret ? presentText(source[name + FILE_SUFFIX]) : undefined;
      if (direct !== undefined && file !== undefined) {
        this.refuse(name, `is set together with ${name}${FILE_SUFFIX}`, 'Keep one of the two.');
        return undefined;
      }
      if (file !== undefined) return this.contentOf(name, file.trim());
      // What a secret's spaces mean is known only to whoever chose it.
      if (direct !== undefined) return VARIABLES[name].isSecret ? direct : direct.trim();
    }
    return undefined;
  }

  /** A variable that this process was really started with: `.env` never reaches the runtime below us. */
  started(name: string): string | undefined {
    return this.sources[0][name];
  }

  refuseUnknownNames(): void {
    const names = new Set(this.sources.flatMap((source) => Object.keys(source)));
    for (const name of names) {
      if (!name.startsWith('REEVE_') || isKnown(name)) continue;
      this.refuse(name, 'is not a setting', remedyForUnknown(name));
    }
  }

  private contentOf(name: VariableName, file: string): string | undefined {
    const absolute = resolve(this.directory, file);
    const variable = name + FILE_SUFFIX;
    try {
      if (statSync(absolute).size > LARGEST_SECRET_FILE) {
        this.refuse(
          variable,
          `names a file of more than ${LARGEST_SECRET_FILE} bytes`,
          'Name the right file.',
        );
        return undefined;
      }
      // Editors and `echo` end a file with a line break that is no part of the secret.
      const content = readFileSync(absolute, 'utf8').replace(/[\r\n]+$/, '');
      if (content !== '') return content;
      this.refuse(variable, `names an empty file, ${absolute}`, 'Write the secret into it.');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      this.refuse(
        variable,
        `names a file that cannot be read, ${absolute} (${reason})`,
        'Name a readable file.',
      );
    }
    return undefined;
  }

  private dotEnv(): EnvironmentVariables {
    try {
      return parseEnv(readFileSync(join(this.directory, '.env'), 'utf8'));
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      if (reason !== 'ENOENT') this.refuse('.env', `cannot be read (${reason})`, 'Make it a readable file.');
      return {};
    }
  }

  private refuse(variable: string, problem: string, remedy: string): void {
    this.faults.push({ variable, problem, remedy });
  }
}

const presentText = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text;

function isKnown(name: string): boolean {
  if (isVariableName(name) || CLIENT_VARIABLES.has(name)) return true;
  const base = name.slice(0, -FILE_SUFFIX.length);
  return name.endsWith(FILE_SUFFIX) && isVariableName(base) && VARIABLES[base].isSecret;
}

function remedyForUnknown(name: string): string {
  const base = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name;
  if (isVariableName(base)) return `Only secrets are read from files; set ${base} itself.`;
  const similar = nearest(name);
  return similar === undefined ? 'Remove it; .env.example lists what exists.' : `Did you mean ${similar}?`;
}

/** The known name with the fewest differing characters, when those are few enough to be a slip. */
function nearest(name: string): string | undefined {
  const withoutPrefix = name.slice('REEVE_'.length);
  if (isVariableName(withoutPrefix)) return withoutPrefix;
  const ranked = Object.keys(VARIABLES)
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0].distance <= Math.max(2, Math.floor(name.length / 4)) ? ranked[0].known : undefined;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[to.length];
}
