import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/index.js';
import { Ok } from '../../../kernel/http/index.js';
import { JwksView } from './jwks.dto.js';
import { KeySet } from './key-set.js';
import { JWKS_MAX_AGE_SECONDS } from './rotation-rule.js';

@ApiTags('Keys')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: KeySet) {}

  /**
   * The keys that verify access tokens (RFC 7517).
   *
   * A new key is in here two minutes before it signs, so the answer may be kept for as long as `Cache-Control` says.
   */
  @Get('jwks.json')
  @Public()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @Ok(JwksView)
  published(): JwksView {
    return { keys: this.keys.published() };
  }
}
