import { Global, Module } from '@nestjs/common';
import { Configuration, Entropy, loadSecretKey } from '../runtime/index.js';
import { KeyRing } from './key-ring.js';

/** Gives every module the one key ring of the installation. */
@Global()
@Module({
  providers: [
    {
      provide: KeyRing,
      inject: [Configuration, Entropy],
      useFactory: (configuration: Configuration, entropy: Entropy) =>
        new KeyRing(loadSecretKey(configuration), configuration.secretKeysPrevious, entropy),
    },
  ],
  exports: [KeyRing],
})
export class CryptoModule {}
