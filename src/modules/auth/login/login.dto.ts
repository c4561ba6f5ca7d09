import { Opaque, Optional, Text } from '../../../kernel/http/index.js';

/** Longer than any password that can be set, so that nobody learns from the answer which those are. */
export const LONGEST_TYPED_PASSWORD = 1024;

export class LoginDto {
  /** Username or mail address, in any spelling. */
  @Text({ max: 254, example: 'ada@example.org' })
  login: string;

  /** Compared as it is; nothing is cut or trimmed. */
  @Opaque({ max: LONGEST_TYPED_PASSWORD, example: 'a long sentence nobody guesses' })
  password: string;

  /** Name of the device, to be recognised in the list of sessions. */
  @Optional()
  @Text({ max: 256, example: 'Ada’s laptop' })
  deviceLabel?: string;

  /** Whatever lets the client recognise its device; not interpreted. */
  @Optional()
  @Text({ max: 128, example: 'f3a9c1' })
  deviceFingerprint?: string;
}

export class ReauthenticateDto {
  /** The current password. */
  @Opaque({ max: LONGEST_TYPED_PASSWORD, example: 'a long sentence nobody guesses' })
  password: string;
}
