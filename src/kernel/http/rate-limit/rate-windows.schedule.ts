import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../jobs/index.js';
import { RateWindows } from './rate-windows.repository.js';

@Injectable()
export class RateWindowsSchedule {
  constructor(private readonly windows: RateWindows) {}

  @Scheduled({
    name: 'http.rate-windows',
    everySeconds: 300,
    description: 'Deletes the counters of past rate-limit windows.',
  })
  async deletePast(): Promise<void> {
    await this.windows.deletePast();
  }
}
