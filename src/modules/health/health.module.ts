import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { WatchedParts } from './watched-parts.js';

@Module({ controllers: [HealthController], providers: [Readiness, WatchedParts] })
export class HealthModule {}
