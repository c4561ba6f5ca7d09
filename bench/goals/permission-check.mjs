import { newEnforcer, newModelFromString } from 'casbin';
import { createMongoAbility } from '@casl/ability';
import { peopleWithRights } from '../harness/rights.mjs';
import { interleave, ratios } from '../harness/rounds.mjs';
import { median } from '../harness/statistics.mjs';

const QUESTIONS = 2_000;
const OURS = 'a principal, asked';
const POLICY = 'the same through the policy, which looks at the clock and at the change feed each time';
const MAP = 'a Map of Sets, key put together for each question';
const CASL = '@casl/ability, abilities kept';
const CASBIN = 'casbin, enforceSync';
/** How many times as many answers as each of them. */
const LEAST = { [CASL]: 2, [CASBIN]: 1_000 };

export const permissionCheckGoal = {
  id: 'g3',
  title: 'Permission check in the process',
  reference: 'a plain Map of Sets with the answers worked out beforehand',
  measure: 'answers per second of processor time',
  limit: 1,
  atLeast: true,
  async run({ fromBuild, pace }) {
    const people = await peopleWithRights(fromBuild);
    const questions = people.questions(QUESTIONS);
    const engines = {
      [MAP]: mapOf(people),
      [OURS]: people.allows,
      [POLICY]: people.allowsNow,
      [CASL]: caslOf(people),
      [CASBIN]: await casbinOf(people),
    };
    const check = requireEqualAnswers(engines, questions);
    const samples = await interleave(
      Object.fromEntries(
        Object.entries(engines).map(([name, ask]) => [
          name,
          () => answersPerSecond(ask, questions, pace.seconds / 4),
        ]),
      ),
      pace.rounds,
    );
    const over = (other) => ratios(samples, OURS, other, (perSecond) => perSecond);
    const rates = Object.entries(samples).map(
      ([name, perSecond]) =>
        `${name}: ${Math.round(median(perSecond)).toLocaleString('en')} answers a second`,
    );
    return {
      ratio: over(MAP),
      rows: [],
      checks: [
        check,
        ...Object.entries(LEAST).map(([name, least]) => atLeast(name, over(name), least)),
        ...rates.map((text) => ({ met: true, text })),
      ],
    };
  },
};

function atLeast(name, { min, median: middle, max }, least) {
  const figures = [min, middle, max].map((value) => value.toFixed(1)).join(' / ');
  return { met: middle >= least, text: `${figures} × ${name} (goal ≥ ${least} ×)` };
}

/** One that answers something else may well be faster. */
function requireEqualAnswers(engines, questions) {
  const [[, first], ...others] = Object.entries(engines);
  const different = questions.filter((question) =>
    others.some(([, ask]) => ask(question) !== first(question)),
  );
  const allowed = questions.filter(first).length;
  return {
    met: different.length === 0 && allowed > 0 && allowed < questions.length,
    text: `${questions.length - different.length} of ${questions.length} questions answered alike by all, ${allowed} of them with yes`,
  };
}

/** In batches, so that looking at the clock costs nothing; one question at a time for what takes milliseconds. */
function answersPerSecond(ask, questions, seconds) {
  const endsAt = performance.now() + seconds * 1000;
  const before = process.cpuUsage();
  let answered = 0;
  let allowed = 0;
  let batch = 1;
  while (performance.now() < endsAt) {
    const batchStartedAt = performance.now();
    for (let i = 0; i < batch; i += 1) if (ask(questions[(answered + i) % questions.length])) allowed += 1;
    answered += batch;
    if (performance.now() - batchStartedAt < 1 && batch < 65_536) batch *= 2;
  }
  const { user, system } = process.cpuUsage(before);
  if (allowed === 0) throw new Error('Nothing was allowed.');
  return answered / ((user + system) / 1e6);
}

function mapOf({ effective }) {
  const grants = new Map();
  for (const { id, place, permissions } of effective) {
    const set = grants.get(id) ?? new Set();
    for (const permission of permissions) set.add(`${permission}@${place}`);
    grants.set(id, set);
  }
  return ({ id, permissionName, place }) => grants.get(id)?.has(`${permissionName}@${place}`) === true;
}

function caslOf({ effective }) {
  const rules = new Map();
  for (const { id, place, permissions } of effective)
    rules.set(id, [...(rules.get(id) ?? []), { action: permissions, subject: place }]);
  const abilities = new Map([...rules].map(([id, raw]) => [id, createMongoAbility(raw)]));
  return ({ id, permissionName, place }) => abilities.get(id).can(permissionName, place);
}

const MODEL = `
[request_definition]
r = sub, dom, act
[policy_definition]
p = sub, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.act == p.act
`;

/** Everybody with the same permissions in a place has the same role there, which is how one would write it down for casbin. */
async function casbinOf({ effective }) {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  const roles = new Map();
  const grouping = [];
  for (const { id, place, permissions } of effective) {
    const key = permissions.join(' ');
    if (!roles.has(key)) roles.set(key, { name: `role-${roles.size}`, permissions });
    grouping.push([id, roles.get(key).name, place]);
  }
  const policies = [...roles.values()].flatMap(({ name, permissions }) =>
    permissions.map((permission) => [name, permission]),
  );
  await enforcer.addPolicies(policies);
  await enforcer.addGroupingPolicies(grouping);
  return ({ id, permissionName, place }) => enforcer.enforceSync(id, place, permissionName);
}
