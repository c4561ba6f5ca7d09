import type { JsonValue } from '../problem/index.js';
import type { Configuration } from '../runtime/index.js';

export interface SettingDeclaration<T extends JsonValue> {
  /** `part.name`. */
  readonly key: string;
  /** One sentence for the administrator. */
  readonly description: string;
  /** JSON Schema, for the API documentation. */
  readonly schema: Readonly<Record<string, JsonValue>>;
  readonly default: (configuration: Configuration) => T;
  /** Why the value cannot be taken, as a sentence; null when it can. */
  readonly refusal: (value: JsonValue) => string | null;
}

/** Something an administrator of a tenant can set while the service runs. */
export type Setting<T extends JsonValue = JsonValue> = Readonly<SettingDeclaration<T>>;

const catalogue = new Map<string, Setting>();

/** Every setting that has been declared, by key. */
export const settingCatalogue: ReadonlyMap<string, Setting> = catalogue;

export function defineSetting<T extends JsonValue>(declaration: SettingDeclaration<T>): Setting<T> {
  if (catalogue.has(declaration.key)) throw new Error(`Setting declared twice: ${declaration.key}`);
  const setting = Object.freeze({ ...declaration });
  catalogue.set(setting.key, setting);
  return setting;
}

/** Declares a whole number between two bounds, both allowed. */
export function defineIntegerSetting<T extends number | null>(declaration: {
  key: string;
  description: string;
  minimum: number;
  maximum: number;
  default: (configuration: Configuration) => T;
}): Setting<T> {
  const { key, description, minimum, maximum } = declaration;
  return defineSetting<T>({
    key,
    description,
    schema: { type: 'integer', minimum, maximum },
    default: declaration.default,
    refusal: (value) =>
      Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
        ? null
        : `This must be a whole number from ${minimum} to ${maximum}.`,
  });
}
