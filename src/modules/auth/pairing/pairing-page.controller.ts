import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/index.js';
import { Configuration } from '../../../kernel/runtime/index.js';
import { pairingPage } from './pairing-page.js';

/** Where the verification URL leads. */
@ApiTags('Device pairing')
@Controller('pair')
export class PairingPageController {
  private readonly page: string;

  constructor(configuration: Configuration) {
    this.page = pairingPage(configuration);
  }

  /** A page for people that says how to confirm the code of a device. */
  @Get()
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @ApiOkResponse({
    content: {
      'text/html': { schema: { type: 'string' }, example: '<!doctype html>\n<html lang="en">…</html>' },
    },
  })
  show(): string {
    return this.page;
  }
}
