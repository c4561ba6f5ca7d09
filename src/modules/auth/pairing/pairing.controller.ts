import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { NewApiKeyView } from '../api-keys/api-key.dto.js';
import { DevicePairing } from './device-pairing.js';
import { PairingDecisions } from './pairing-decisions.js';
import { ClaimPairing, DecidePairing, PairingView, StartedPairing, StartPairing } from './pairing.dto.js';
import {
  AuthorizationPending,
  PairingDenied,
  PairingExpired,
  SlowDown,
  TooManyUserCodes,
} from './pairing.errors.js';
import { canonicalUserCode, PathUserCode } from './user-code.js';

/** How a program on a device without a browser gets a key of a person (the shape of RFC 8628). */
@ApiTags('Device pairing')
@Controller('auth')
export class PairingController {
  constructor(
    private readonly devices: DevicePairing,
    private readonly decisions: PairingDecisions,
  ) {}

  /** Begins a pairing: the device shows the user code and asks with the device code until somebody has decided. */
  @Post('pair/start')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Ok(StartedPairing)
  start(@Body() body: StartPairing): Promise<StartedPairing> {
    return this.devices.start(body);
  }

  /**
   * Asks whether somebody has decided, and gives the key if they approved.
   *
   * The key is given once and carries the name of the device. If the answer is lost, start again: the key that nobody
   * received is in the list of the user's keys.
   */
  @Post('pair/token')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Ok(NewApiKeyView)
  @Problems(AuthorizationPending, SlowDown, PairingExpired, PairingDenied)
  token(@Body() body: ClaimPairing): Promise<NewApiKeyView> {
    return this.devices.claim(body);
  }

  /** Shows the device that waits for this code, for you to recognise it before you confirm. */
  @Get('pairings/:userCode')
  @Authenticated({ credentials: ['session'], sensitive: true })
  @ApiParam({ name: 'userCode', description: 'The code that the device shows.', example: 'WDJB-MJHT' })
  @Ok(PairingView)
  @Problems(NotFound, TooManyUserCodes)
  look(@PathUserCode() userCode: string, @CurrentPrincipal() principal: Principal): Promise<PairingView> {
    return this.decisions.look(userCode, principal);
  }

  /** Lets the device have an API key of yours. */
  @Post('pair/confirm')
  @Authenticated({ credentials: ['session'], sensitive: true, carriesCredentials: true })
  @Ok(PairingView)
  @Problems(NotFound, TooManyUserCodes)
  confirm(@Body() body: DecidePairing, @CurrentPrincipal() principal: Principal): Promise<PairingView> {
    return this.decisions.approve(codeIn(body), principal);
  }

  /** Turns the device away. */
  @Post('pair/deny')
  @Authenticated({ credentials: ['session'], sensitive: true, carriesCredentials: true })
  @Ok(PairingView)
  @Problems(NotFound, TooManyUserCodes)
  deny(@Body() body: DecidePairing, @CurrentPrincipal() principal: Principal): Promise<PairingView> {
    return this.decisions.deny(codeIn(body), principal);
  }
}

/** Validation has seen that it is one. */
function codeIn({ userCode }: DecidePairing): string {
  return canonicalUserCode(userCode) ?? userCode;
}
