import { Opaque } from '../../../kernel/http/index.js';

export class RefreshDto {
  /** The refresh token that came with the last sign-in or refresh. */
  @Opaque({ max: 2048, example: 'rv_ref_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG_a1B2c3' })
  refreshToken: string;
}
