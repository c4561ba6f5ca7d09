import { ApiProperty } from '@nestjs/swagger';

/** One public key (RFC 7517). */
export class JwkView {
  /** Key type. */
  @ApiProperty({ example: 'EC' })
  kty: string;

  /** Curve. */
  @ApiProperty({ example: 'P-256' })
  crv: string;

  @ApiProperty({ example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  x: string;

  @ApiProperty({ example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' })
  y: string;

  /** Name of the key in token headers. */
  @ApiProperty({ example: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' })
  kid: string;

  /** What the key is for. */
  @ApiProperty({ example: 'sig' })
  use: string;

  /** The algorithm it is used with. */
  @ApiProperty({ example: 'ES256' })
  alg: string;
}

/** A set of public keys (RFC 7517). */
export class JwksView {
  /** The keys. */
  @ApiProperty({ type: [JwkView] })
  keys: JwkView[];
}
