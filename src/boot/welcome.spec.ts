import { Configuration, type ConfigurationValues, loadConfiguration } from '../kernel/runtime/index.js';
import { welcome } from './welcome.js';

const configured = (values: Partial<ConfigurationValues> = {}): Configuration =>
  new Configuration({ ...loadConfiguration({ NODE_ENV: 'test' }), ...values });

describe('the first words', () => {
  it('name one address when its users go there as well', () => {
    const text = welcome(configured(), 'http://127.0.0.1:3000', null);
    expect(text.trim().split('\n')).toEqual([
      'Reeve is listening on http://127.0.0.1:3000',
      'Swagger UI   http://127.0.0.1:3000/docs',
    ]);
  });

  it('tell where it listens from where its users go', () => {
    const text = welcome(configured({ publicUrl: 'https://reeve.example' }), 'http://127.0.0.1:8080', null);
    expect(text).toContain('listening on http://127.0.0.1:8080\n');
    expect(text).toMatch(/users go to +https:\/\/reeve\.example\n/);
    expect(text).toContain('https://reeve.example/docs');
  });

  it('promise no page that is not there', () => {
    expect(welcome(configured({ role: 'worker' }), 'http://127.0.0.1:3000', null)).not.toContain('/docs');
  });
});
