/** What Nest on Fastify costs with nothing of ours in it. Arguments: the port. Tells its parent when it listens. */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HELLO } from './hello.mjs';

class HelloController {
  hello() {
    return HELLO;
  }
}
Get('hello')(
  HelloController.prototype,
  'hello',
  Object.getOwnPropertyDescriptor(HelloController.prototype, 'hello'),
);
Controller('api/v1/bench')(HelloController);

class BareModule {}
Module({ controllers: [HelloController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
process.send({});
