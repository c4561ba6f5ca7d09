import { ApiProperty } from '@nestjs/swagger';

/** An access token for the header `Authorization: Bearer`. */
export class AccessTokenView {
  /** A JWT (RFC 9068). Send it, do not read it. */
  @ApiProperty({ example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl' })
  accessToken: string;

  /** Always `Bearer`. */
  @ApiProperty({ example: 'Bearer' })
  tokenType: 'Bearer';

  /** Seconds the access token works. */
  @ApiProperty({ example: 900, type: 'integer' })
  expiresIn: number;
}

/** What signing in and refreshing give. */
export class TokenPairView extends AccessTokenView {
  /** Works once, at POST /api/v1/auth/refresh. */
  @ApiProperty({ example: 'rv_ref_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG_a1B2c3' })
  refreshToken: string;

  /** From this instant on the refresh token is refused. */
  @ApiProperty({ example: '2026-01-20T08:00:00.000Z' })
  refreshExpiresAt: Date;

  /** Identifier of the session row these tokens belong to. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c44', format: 'uuid' })
  sessionId: string;
}
