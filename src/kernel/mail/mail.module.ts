import { Global, Module } from '@nestjs/common';
import { MailSender } from './mail-sender.js';
import { MailTransport } from './mail-transport.js';
import { Mailer } from './mailer.js';

@Global()
@Module({ providers: [Mailer, MailSender, MailTransport], exports: [Mailer] })
export class MailModule {}
