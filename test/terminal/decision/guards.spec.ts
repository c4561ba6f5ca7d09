import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compilePolicy,
  faultsOfRule,
  GUARDS,
  guardedPrograms,
  STARTER_PACKS,
} from '../../../src/modules/terminal/decision/index.js';
import { decided, policyOf, ruleFor } from './deciding.js';

const { programs, onlyRead } = JSON.parse(
  readFileSync(join(__dirname, '..', 'corpus', 'programs.json'), 'utf8'),
) as { programs: string[]; onlyRead: string[] };

describe('the guards', () => {
  it('say why they exist', () => {
    for (const guard of GUARDS) expect(guard.why.length).toBeGreaterThan(15);
  });

  it('know every program that is known to do more than its name says', () => {
    const known = guardedPrograms();
    expect(programs.filter((name) => !known.has(name) && !onlyRead.includes(name))).toEqual([]);
  });

  it('let no argument pass that a program could take for a command, a script or a place to write', () => {
    const rest = [
      'x',
      '-c x',
      '-e x',
      '--exec x',
      '-o x',
      '--output=x',
      '-x x',
      '-f x',
      '--config x',
      '/bin/sh',
      '-- x',
      '-P x',
    ];
    for (const { programs: names } of GUARDS.filter(
      (guard) => guard.kind === 'never' || guard.kind === 'whole',
    ))
      for (const name of names.split(' ').filter((word) => /^[\w.+-]+$/.test(word)))
        for (const argument of rest)
          expect([name, argument, decided(`${name} ${argument}`, policyOf([name])).verdict]).not.toEqual([
            name,
            argument,
            'allow',
          ]);
  });

  it('let no shell, interpreter or runner be allowed by its name', () => {
    for (const name of [
      'bash',
      'sh',
      'python3',
      'node',
      'perl',
      'ruby',
      'php',
      'env',
      'sudo',
      'xargs',
      'timeout',
      'ssh',
      'vim',
      'less',
    ])
      for (const command of [name, `${name} x`, `${name} -c x`, `${name} -- x`])
        expect([command, decided(command, policyOf([name])).verdict]).toEqual([command, 'approve']);
  });

  it('look at a list of arguments just as at a text', () => {
    const policy = policyOf(['git', 'sort', 'find', 'bash', 'env']);
    for (const argv of [
      ['git', '-c', 'core.pager=id', 'log'],
      ['sort', '-o', 'out', 'in'],
      ['find', '.', '-exec', 'id', ';'],
      ['bash', '-c', 'ls'],
      ['env', 'ls'],
    ])
      expect(decided(argv, policy).verdict).toBe('approve');
    expect(decided(['git', 'log', '--grep', '$(id); `x`'], policy).verdict).toBe('allow');
  });

  it('accept what a rule spells out whole, and what its options name', () => {
    expect(decided('python manage.py test', policyOf(['python manage.py test'])).verdict).toBe('allow');
    expect(decided('python manage.py test -x', policyOf(['python manage.py test'])).verdict).toBe('approve');
    expect(decided('sort -o out in', policyOf(['sort -o out in'])).verdict).toBe('allow');
    expect(decided('sudo ls', policyOf(['sudo ls'])).verdict).toBe('approve');
    const withOptions = compilePolicy({
      allow: {
        user: [
          { ...ruleFor('docker'), options: { subcommands: ['logs', 'container inspect'] } },
          { ...ruleFor('npm test'), options: { arguments: ['--prefix=web'] } },
        ],
      },
      block: {},
    });
    expect(decided('docker logs web', withOptions).verdict).toBe('allow');
    expect(decided('docker container inspect web', withOptions).verdict).toBe('allow');
    expect(decided('docker inspect web', withOptions).verdict).toBe('approve');
    expect(decided('npm test --prefix=web', withOptions).verdict).toBe('allow');
    expect(decided('npm test --prefix=api', withOptions).verdict).toBe('approve');
  });

  it('accept an option that changes more only when the rule says it too', () => {
    expect(decided('git push --force origin main', policyOf(['git push'])).verdict).toBe('approve');
    expect(decided('git push --force origin main', policyOf(['git push --force'])).verdict).toBe('allow');
    expect(decided('git reset --hard HEAD~1', policyOf(['git reset'])).verdict).toBe('approve');
    expect(decided('tar xzf a.tgz', policyOf(['tar'])).verdict).toBe('approve');
    expect(decided('tar xzf a.tgz', policyOf(['tar xzf'])).verdict).toBe('allow');
  });
});

describe('options in front of the subcommand', () => {
  it('need not be said, and are meant when they are', () => {
    const anywhere = policyOf(['kubectl get']);
    expect(decided('kubectl -n web get pods', anywhere).verdict).toBe('allow');
    expect(decided('kubectl --namespace=web get pods', anywhere).verdict).toBe('allow');
    expect(decided('kubectl -n web delete pod x', anywhere).verdict).toBe('approve');
    const there = policyOf(['kubectl -n web get']);
    expect(decided('kubectl -n web get pods', there).verdict).toBe('allow');
    expect(decided('kubectl -n other get pods', there).verdict).toBe('approve');
    for (const elsewhere of ['-n prod', '--namespace=prod', '-nprod', '-A', '--all-namespaces', '-wA'])
      expect([elsewhere, decided(`kubectl -n web get pods ${elsewhere}`, there).verdict]).toEqual([
        elsewhere,
        'approve',
      ]);
    expect(decided('kubectl get pods', there).verdict).toBe('approve');
  });

  it('do not count as the subcommand', () => {
    for (const rule of ['kubectl -n', 'kubectl -n web', 'kubectl'])
      expect(decided('kubectl -n web delete pod x', policyOf([rule])).verdict).toBe('approve');
  });

  it('leave open what nobody would skip', () => {
    expect(decided('kubectl -n --kubeconfig=x get pods', policyOf(['kubectl get'])).verdict).toBe('approve');
    expect(decided('make -s -f other test', policyOf(['make test'])).verdict).toBe('approve');
  });
});

describe('runners', () => {
  it('are covered where they only tell something, and rules for that can be saved', () => {
    for (const command of ['command -v node', 'tmux ls', 'screen -ls', 'crontab -l', 'at -l']) {
      const rule = command.split(' ').slice(0, 2).join(' ');
      expect([rule, faultsOfRule('allow', { pattern: rule }, { match: [command] })]).toEqual([rule, []]);
    }
    for (const rule of [
      'command',
      'command id',
      'tmux',
      'tmux new',
      'screen -l',
      'crontab -r',
      'at -f x now',
    ])
      expect([rule, faultsOfRule('allow', { pattern: rule }, {}).length]).toEqual([rule, 1]);
  });

  it('are not covered by a rule that was stored nevertheless', () => {
    for (const command of ['tmux new id', 'screen -l', 'crontab -r', 'command id'])
      expect([command, decided(command, policyOf([command])).verdict]).toEqual([command, 'approve']);
  });
});

describe('a program that no guard describes', () => {
  const policy = policyOf(['frobnicate']);

  it('passes by prefix', () => {
    for (const command of [
      'frobnicate',
      'frobnicate build --fast -j 4',
      'frobnicate -o json --output report.json --config ./x.yml',
      'frobnicate --output /dev/null',
    ])
      expect([command, decided(command, policy).verdict]).toEqual([command, 'allow']);
  });

  it('asks before it runs others, loads code or writes elsewhere, unless the rule says so', () => {
    for (const command of [
      'frobnicate --exec id',
      'frobnicate --ssh-command=id',
      'frobnicate --plugin x',
      'frobnicate -o /etc/x',
      'frobnicate --config=../x',
    ]) {
      expect([command, decided(command, policy).verdict]).toEqual([command, 'approve']);
      expect([command, decided(command, policyOf([command])).verdict]).toEqual([command, 'allow']);
    }
  });
});

describe('the starter packs', () => {
  it.each(STARTER_PACKS.map(({ name, patterns }) => [name, patterns] as const))(
    'of %s allow what their patterns say, and run nothing else',
    (_name, patterns) => {
      const policy = policyOf(patterns.map(({ pattern }) => pattern));
      for (const { pattern, reason } of patterns) {
        expect(reason.length).toBeGreaterThan(0);
        if (pattern !== 'docker')
          expect([pattern, decided(pattern, policy).verdict]).toEqual([pattern, 'allow']);
      }
      for (const command of [
        'rm x',
        'git push',
        'npm publish',
        'python x.py',
        'docker run x',
        'kubectl delete pod x',
        'curl x.example',
      ])
        expect([command, decided(command, policy).verdict]).toEqual([command, 'approve']);
    },
  );
});
