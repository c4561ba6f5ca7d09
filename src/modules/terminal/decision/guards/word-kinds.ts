/**
 * Text up to a delimiter. Some programs let the delimiter stand in brackets and others end the text there, so inside of
 * brackets it is not taken: `s/[/x]/p;s/e#/b/` is two commands to one and a command that runs its input to the other.
 */
const SED_BRACKETS = (delimiter: string) =>
  String.raw`\[(?!${delimiter})(?:\^(?!${delimiter})[^\\\n[]|[^^\\\n[]|(?=\[:))(?:(?!${delimiter})[^\]\\\n[]|\[:[a-z]+:\]|\\(?!\])[^\n]|\\(?=\]))*\]`;
const SED_PATTERN = (delimiter: string) =>
  String.raw`(?:(?!${delimiter})[^[\\\n]|\\[^\n]|${SED_BRACKETS(delimiter)})*`;
/**
 * `5`, `1~2`, `$`, `/text/`, and two of them with a comma between. Here and below each text can be read in one way only,
 * or a long script that fails at its end would be tried in all of them.
 */
const SED_LINE = String.raw`(?:\d{1,9}(?:~\d{1,9})?|\$|\/${SED_PATTERN('\\/')}\/I?)`;
const SED_LINES = String.raw`(?:${SED_LINE}(?:,(?:[+~]\d{1,9}|${SED_LINE}))?[ ]{0,3}(?:![ ]{0,3})?)?`;
const SED_COMMAND = String.raw`(?:[pPdDqQ=gGhHxnNlz]|s([/|#,@])${SED_PATTERN('\\1')}\1(?:(?!\1)[^\\\n]|\\[^\n])*\1[gpiI\d]*|y\/[^/\\\n[\]]*\/[^/\\\n[\]]*\/)`;
/** One replacement with the delimiter in brackets, `s/[^/]*$//`: who ends the text there sees no command that is one. */
const SED_NO_FLAG = String.raw`(?=(?:(?!\2)[^\\\n]|\\[^\n])*\2(?:(?!\2)[^\\\n]|\\[^\n])*\2(?![ewgpiImM\d;}\s]))`;
const SED_REPLACING = String.raw`s([/|#,@])${SED_NO_FLAG}(?:(?!\2)[^[\\\n]|\\[^\n]|\[(?:\^[^\\\n[]|[^^\\\n[])[^\]\\\n[]*\])*\2(?:(?!\2)[^\\\n]|\\[^\n])*\2[gpiI\d]*`;
const SED = new RegExp(
  String.raw`^(?:(?:[ ]{0,3}${SED_LINES}(?:\{[ ]{0,3}${SED_LINES})?${SED_COMMAND}[ ]{0,3}(?:(?:;[ ]{0,3})?\}|;|$))+;?|${SED_REPLACING})$`,
);

const AWK_STARTS_NOTHING = String.raw`(?![\s\S]*(?:\bsystem\b|\bgetline\b|@|ENVIRON|ARGV|ARGC|PROCINFO|/inet|\bclose\b|\bfflush\b|\bfunc|extension|\bload\b))`;
const AWK_NO_OUTPUT = String.raw`(?![\s\S]*(?:^|[^|])\|(?:[^|]|$))(?![\s\S]*(?:print)[\s\S]*>)[\s\S]*`;
/** Without patterns and comments every quote begins or ends a text, and in a text `>` and `|` are letters. */
const AWK_QUOTED = String.raw`(?:[^"|>/#\n\\]|\|\||"(?:[^"\\\n]|\\[^\n])*")*`;

const FUNCTIONS = String.raw`(?:ENV|env|import|include|modulemeta|input_filename|get_search_list|debug|(?:str|xml|props|base64)?load(?:_\w+)?|envsubst|strenv|eval|system)`;
/**
 * A filter that only looks at its input. A name after a dot is a field of it, one in quotes is text, and one in braces
 * names what is made; by itself the same name is a function.
 */
const LOOKING = String.raw`(?![\s\S]*(?:\$\s*ENV|\$__prog|(?<!\.)\b(?!(?<=")${FUNCTIONS}")(?!(?<=[{,]\s{0,9})${FUNCTIONS}\s{0,9}:)(?!(?<=\{\s{0,9})${FUNCTIONS}\s{0,9}[,}])${FUNCTIONS}\b))`;

/** Columns of ps; some others show the environment. */
const COLUMNS = `(?:(?:${'pid ppid pgid sid tid lwp nlwp user euser ruser uid euid ruid gid group tty tt stat state s f c ni nice pri cls psr start lstart stime bsdstart etime etimes time cputime rss rsz vsz vsize sz size drs trs %cpu pcpu %mem pmem comm ucomm cmd command args wchan label unit slice cgroup maj_flt min_flt'.replaceAll(' ', '|')})(?:=[\\w%]*)?(?:,|$))+`;

const REPORTERS =
  '(?:default|verbose|dot|basic|tap|tap-flat|json|min|spec|list|line|progress|nyan|landing|github|github-actions)';
const HANDED = String.raw`(?![/~])(?![\s\S]*(?:^|[/=:,])\.\.(?:/|$))(?![\s\S]*[=:,]/)(?![\s\S]*://)(?!--(?:require|loader|import|exec|eval|print|command|config|cwd|dir|prefix|setup|plugins?|root-?dir|global-?setup|runner|reporters?(?!=${REPORTERS}$)|transform|resolver|preload|script-?shell|shell|use-yarnrc|modules-folder|env-?file|inspect|log-?file|output|output-?(?:file|path|dir)|out-?(?:file|dir)|reporter-outfile)(?:[=.-]|$))(?!-[rpce])[\s\S]*`;
const INSIDE = String.raw`(?![-/~\\])(?!(?:[\s\S]*/)?\.[^/])(?!(?:[\s\S]*/)?(?:package(?:-lock)?\.json|[Mm]akefile|GNUmakefile|Dockerfile|setup\.(?:py|cfg)|pyproject\.toml|conftest\.py|Cargo\.toml|build\.rs|go\.mod|Gemfile|Rakefile|[\w.-]*\.config\.\w+|tsconfig[\w.-]*\.json|CMakeLists\.txt|build\.gradle[\w.]*|pom\.xml|gradlew|mvnw)$)[^\n:*?[]*[^\n:/.*?[]/?`;

/** What a word may look like, by name. */
export const KINDS = {
  any: /^/,
  none: /^(?!)/,
  number: /^-?\d+(?:\.\d+)?[A-Za-z]{0,2}$/,
  /** A name: no path, no option, no address. */
  name: /^(?!-)[\w][\w.:+@-]*$/,
  /** Names with commas and slashes between them, as resource types and branches have. */
  names: /^(?!-)(?!.*(?:^|\/)\.\.(?:\/|$))[\w][\w.,:+@/-]*$/,
  /** A path below the current directory; revisions and ranges look the same. */
  below: /^(?![-/~\\])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:\/\/)(?!\w+::)(?!:\((?!exclude\))|:\/)[^\n]*$/,
  /** The same, of which only one is named: a comma would begin another one. */
  manifest: /^(?![-/~\\])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:)[^\n,]*$/,
  /** The same for programs that take further options from a file that is named after an @. */
  source: /^(?![-/~\\@])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:\/\/)(?!\w+::)(?!:\(|:\/)[^\n]*$/,
  /** The same, or the branch that was left last. */
  branch: /^(?:-|(?![-/~\\])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:\/\/)(?!\w+::)(?!:\(|:\/)[^\n]*)$/,
  /** A source file of TypeScript or JavaScript; `false` would take back the option before it. */
  typescript: /^(?![-/~\\@])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))[^\n:]*\.[cm]?[jt]sx?$/,
  /** What is searched: no directory in which, among others, credentials lie, and none above the current one. */
  searched:
    /^(?!\/[/.]*(?:(?:root|home|Users|etc|proc|run|var|var\/run|dev|sys|boot)(?:\/[/.]*)?|(?:home|Users|proc)\/[/.]*(?:[^/.][^/]*(?:\/[/.]*)?)?)?$)(?!\/[\s\S]*\/\.\.(?:\/|$))(?!(?:\.\/)*\.\.(?:\/\.{0,2})*$)/,
  /** A file by its plain name; with a colon, a bar or an @ it would be a command, a list or an address. */
  plainfile: /^(?![-/~\\@|])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))[^\n:|@]*$/,
  bucket: /^s3:\/\/[\w.-]+(?:\/[^\n]*)?$/,
  /** A path below the current directory without hidden parts and without anything that configures how programs run. */
  inside: new RegExp(`^${INSIDE}$`),
  /** The same, or what builds and tests leave in hidden directories. */
  disposable: new RegExp(
    String.raw`^(?:(?:\./)?(?:[\w-]+/){0,9}\.(?:next|nuxt|nyc_output|cache|turbo|parcel-cache|pytest_cache|mypy_cache|ruff_cache|tox|eslintcache|stylelintcache|svelte-kit|angular|vite|output|coverage|DS_Store)/?|${INSIDE})$`,
  ),
  /** A file or directory that is made empty: below the current directory, and none of those that hold keys or hooks. */
  made: /^(?![-/~\\])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?!(?:[\s\S]*\/)?\.(?:git|hg|svn|ssh|gnupg)(?:\/|$))[^\n:*?[]+$/i,
  /** What is handed on to a test program or a script: no path out of the tree, no address. */
  handed: new RegExp(`^${HANDED}$`, 'i'),
  /**
   * The same for the script of a package, which some package managers hand on between double quotes to a shell: nothing
   * that the shell would read there, and no file of options for a compiler.
   */
  scripted: new RegExp(String.raw`^(?!@[/~.])(?![\s\S]*(?:\x60|\$[\w({?!#@*$-]|\\["\\]|\\$))${HANDED}$`, 'i'),
  /** What a scanner does and looks at: nothing that signs in, sends or installs. */
  scanned: new RegExp(
    `^(?!(?:login|logout|publish|monitor|auth|ci|install-\\S*|plugin|db|attest|convert|vex|module|server|client|clean|config|registry|iac|code|container|fix|ignore)$)${HANDED}$`,
    'i',
  ),
  /** The same, but for what makes a test program write a configuration. */
  suite: new RegExp(`^(?!init$)${HANDED}$`, 'i'),
  /** A format by name or spelled out; one that the configuration names may hold anything. */
  pretty:
    /^(?:|oneline|short|medium|full|fuller|reference|email|mboxrd|raw|(?:t?format:|(?=[^:]*%))(?![\s\S]*%(?:[-+ ]?G|\(\*?signature))[\s\S]*)$/,
  /** How pull rebases; `interactive` would start an editor. */
  rebasing: /^(?:true|false|merges)$/,
  /** A format of git; some placeholders start the program that checks signatures. */
  format: /^(?![\s\S]*%(?:[-+ ]?G|\(\*?signature))[\s\S]*$/,
  /** What references are sorted by; looking for who signed them starts that program too. */
  sortkey: /^(?![\s\S]*signature)-?[\w*:=.,-]+$/i,
  revision: /^(?!-)[\w@^~./-]+$/,
  /** A part of the project by its name or directory, as workspaces and filters name it. */
  workspace: /^(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?:\.\.\.)?(?:@[\w-][\w.-]*\/|\.\/)?[\w*][\w./*-]*$/,
  /** The name of a script; `env` would print the environment. */
  script: /^(?!env$)[\w][\w.:@/-]*$/,
  /** For programs that take a name they do not know for a command or a file: what scripts are usually called. */
  task: /^(?:test|tests|build|lint|format|fmt|typecheck|type-check|check|start|dev|watch|ci|e2e|coverage|docs?|clean|compile|bundle|serve|preview|storybook|generate|codegen|validate|verify|prepare|unit|integration)(?:[:_-][\w:-]+)?$/,
  /** A package of a registry, no address and no repository, and what to show of it. */
  registered: /^(?:@[\w.-]+\/)?[\w][\w.-]*(?:@[\w.^~<>=*-]+)?$/,
  /** A target of a project, `api:test`. */
  nxtarget: /^[\w@/-]+:[\w-]+$/,
  boolean: /^(?:true|false)$/,
  /** How a bundle is made: as the usual ones are called, none of which is a subcommand. */
  bundlemode: /^(?:production|development|none|test|staging)$/,
  /** A setting by its full name; `edit` by itself would start an editor. */
  key: /^[A-Za-z][\w-]*(?:\.[\w@+-]+)+$/,
  remote: /^(?![-.])[\w.-]+$/,
  /** A reference to push or fetch; a plus in front would force it, nothing before the colon would delete. */
  refspec: /^(?![-+:/])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[\w./@^~-]+(?::[\w./@-]+)?$/,
  /** Which references to list. */
  refpattern: /^(?![-+:])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[\w./@^~*-]+$/,
  url: /^(?!file:)(?:https?:\/\/)?(?!(?:[\w.-]*\.)?(?:metadata(?:\.google)?\.internal|instance-data)(?![\w-]))(?!169\.254\.|\[?fe80|\[?fd00:ec2|100\.100\.100\.200|2852039166|0x|0[0-7])(?:localhost|\[?[0-9a-f]*::?[0-9a-f:]*\]|[A-Za-z0-9][\w-]*(?:\.[\w-]+)+|[A-Za-z][\w-]*)(?::\d+)?(?:[/?#][^\s{}[\]]*)?$/i,
  /** A host or an address by its plain name. */
  hostname: /^[A-Za-z0-9][\w.-]*$/,
  /** What is asked for, `q=a b`; an @ would read a file. */
  parameter: /^[\w.-]*=[^\n]*$/,
  header: /^(?!@)[\w-]+:[^\n]*$/,
  method: /^(?:GET|HEAD|OPTIONS)$/i,
  devnull: /^\/dev\/null$/,
  dash: /^-$/,
  /** What curl prints about a transfer: no file to read the format from, none to write to. */
  writeout: /^(?!@)(?![\s\S]*%output\{)(?![\s\S]*%header\{)[\s\S]*$/,
  /** A sed script that prints, deletes or replaces: no command that runs, reads or writes files. */
  sed: SED,
  /** An awk program that starts nothing, writes to its output only and reads its input only. */
  awk: new RegExp(`^${AWK_STARTS_NOTHING}(?:${AWK_NO_OUTPUT}|${AWK_QUOTED})$`),
  jq: new RegExp(`^${LOOKING}`),
  yq: new RegExp(`^(?:e|ea|eval|eval-all)$|^${LOOKING}`),
  size: /^[-+]?\d+[a-zA-Z]?$/,
  /** What a Go or Rust package is called, also with everything below it. */
  package: /^(?![-/~+@])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?![\s\S]*[@:])[\w./*-]+$/,
  /** How coverage is reported; to a file only where it always goes. */
  covering: /^(?:term(?:-missing)?(?::skip-covered)?|html|xml|json|lcov|annotate)?$/,
  coverage: /^(?:[\w-]+\/)?[\w-]+\.(?:out|cov|txt)$/,
  target:
    /^(?![-/])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?:[\w./%+@-]+|(?:V|VERBOSE|DEBUG|CI|NO_COLOR|COLOR)=\w*|TESTS?=\w[\w.:-]*)$/,
  reporter: new RegExp(`^${REPORTERS}$`),
  setting: /^(?:(?:V|VERBOSE|DEBUG|CI|NO_COLOR|COLOR)=\w*|TESTS?=\w[\w.:-]*)$/,
  /** A directory to build from; what looks like a repository would be fetched. */
  context: /^(?!github\.com\/)(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[\w.][\w./-]*$/i,
  /** The same where every host may be meant: a first part with a dot in it might be one, and `.git` ends a repository. */
  kustomization:
    /^(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?![\s\S]*(?:\.|(?:^|\/)_)git(?:\/|$))(?:\.\/?|(?:\.\/)?\.?[\w-]+(?:\/[\w.-]+)*\/?)$/i,
  /** Features of a Rust package, several of them with blanks or commas between. */
  features: /^\w[\w ,/:+.-]*$/,
  /** Modules of a build by name or directory, some of them left out. */
  modules: /^(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[!:]?[\w][\w.,:!/-]*$/,
  testnames: /^[\w#*.,$+-]*$/,
  /** A phase of a build, or a goal that only tells; other goals fetch what runs. */
  goal: /^(?:(?!(?:site-)?deploy$|release)[a-z][\w-]*|dependency:(?:tree|analyze|list|resolve)|help:effective-pom|versions:display-[a-z]+-updates)$/,
  /** Where what is built may be written over. */
  built: /^(?:\/dev\/null|(?:\.\/)?(?:bin|build|dist|out|target)(?:\/(?!\.)[\w.-]+)*\/?)$/,
  lint: /^(?:-[DWAF]|(?:-[DWAF])?(?:warnings|clippy::\w+|[a-z]+(?:_[a-z]+)*))$/,
  check: /^--(?:check|emit=stdout)$/,
  /** What of an answer is shown. */
  azquery: /^(?!@)(?![\s\S]*:\/\/)[\s\S]*$/,
  query: /^(?![\s\S]*:\/\/)[\s\S]*$/,
  /** What is asked of a cloud: no file, no address, nothing that is taken from either. */
  cloudvalue: /^(?![-@~])(?![\s\S]*:\/\/)(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?![\s\S]*=@)[^\n\\]*$/,
  /** The same with the option in front of it. */
  cloudoption: /^--[a-z][a-z0-9-]*(?:=(?![@~])(?![\s\S]*:\/\/)(?![\s\S]*=@)[^\n\\]*)?$/,
  /** How a table or a document is to be printed, by name. */
  printed:
    /^(?:json|ya?ml|jsonc|yamlc|table|text|tsv|csv|wide|name|none|plain|compact|pretty|flattened|value|short)$/,
  /** Which images are listed, by name or a pattern for it. */
  images: /^(?!.*(?:^|\/)\.\.(?:\/|$))[\w*][\w.,:+@/*-]*$/,
  /** Properties of a service, but not what is in its environment. */
  properties: /^(?![\s\S]*(?:environment|credential))[\w,]+$/i,
  /** How workers are started, by name; a file would be code. */
  pool: /^(?:forks|threads|vmForks|vmThreads)$/,
  /** Where tests run, by name of what is usual. */
  surroundings: /^(?:node|jsdom|happy-dom|edge-runtime)$/,
  /** How modules are imported. */
  importing: /^(?:prepend|append|importlib)$/,
  /** A region, a zone, an account: it becomes a part of the name of the server that is asked. */
  region: /^[a-z0-9][a-z0-9-]*$/,
  /** What can only mean a thing or a selection of things, and no file anybody has. */
  cloudid: /^(?:[a-z]{1,12}-[0-9a-f]{8,40}|arn:aws[\w:.-]*(?:\/[\w:-]+)*|Name=[\w:.-]+,Values=[\w:.,*@ -]+)$/,
  /** A plan of terraform, called one; anything else would be written over. */
  planfile: /^(?![./])(?:[\w-]+\/)*(?:[\w-]+\.)?(?:tf)?plan(?:\.(?:out|bin|binary|tfplan))?$/,
  resources: /^(?![\s\S]*\bsecrets?\b)(?![-/])[\w.,/:-]+$/i,
  template: /^(?!.*\bfile=)(?:wide|name|json|yaml|(?:jsonpath|custom-columns|go-template)=[\s\S]*)$/,
  /** A range of lines: `10:20`, `:40`, `+5`. */
  lines: /^[\d:+-]+$/,
  /** A file to be shown; `cache` would be the command that compiles definitions. */
  shown: /^(?!cache$)/,
  unit: /^(?![-/.])[\w@.:*-]+$/,
  dateformat: /^\+[^\n]*$/,
  /** Letters without a dash, but for the one that shows the environment, process numbers, and names of columns. */
  psflags: new RegExp(`^(?:[acdfghjlrtuvwxHT]*o?|[\\d,]+|${COLUMNS})$`),
  columns: new RegExp(`^${COLUMNS}$`),
  ipwords: /^(?:show|list|ls|dev|lo|table|main|get|to|up|[a-z]{2,8}\d[\w.-]*|(?=[^a-f]*[\d:])[0-9a-f.:/]+)$/,
  ipobject: /^(?:a|addr|address|l|link|r|route|n|neigh|neighbour|ru|rule|maddr|maddress)$/,
  /** Rights for reading, writing and running; none that make a program run as its owner. */
  mode: /^(?:0?[0-7]{3}|[ugoa]*[-+=][rwxX]*(?:,[ugoa]*[-+=][rwxX]*)*)$/,
  permission: /^[-/]?(?:[0-7]{1,4}|[ugoa]*[+=][rwxXst]*(?:,[ugoa]*[+=][rwxXst]*)*)$/,
  /** What `ss` selects by: `sport = :5432`. */
  socketfilter: /^(?!-)[\w.,:+@/*<>=!()[\] -]+$/,
  /** A host or a port, or several of them. */
  port: /^[\w][\w.:-]*$/,
  /** A repository of the server one is signed in to. */
  repository: /^[\w.-]+\/[\w.-]+$/,
  /** A number, a branch or a name; an address might be that of another server. */
  item: /^[\w#@][\w.,+@/#-]*$/,
  /** What is looked for on a server. */
  searchedfor: /^(?!-)/,
  /** A path of the server's interface, `repos/o/r/pulls?state=all`. */
  endpoint: /^(?![\s\S]*:\/\/)(?!graphql)\/?[\w][\w./?=&+%,:-]*$/,
  socket: /^(?:[46]?(?:tcp|udp)?(?:@[\w.-]+)?(?::[\w,-]+)?|(?:tcp|udp):[a-z_]+|[\w][\w.,:-]*)$/i,
  dnsword:
    /^(?:\+(?:short|trace|noall|answer|nocmd|nocomments|noquestion|nostats|stats|multiline|dnssec|tcp|tries=\d|time=\d|timeout=\d)|@?[\w][\w.:-]*)$/,
  /** A platform by name; a file would describe the linker. */
  triple: /^[a-z0-9_]+(?:-[a-z0-9_]+)+$/,
  testname: /^[\w][\w:<>*-]*$/,
  /** A task or target of a build; what hands the result to others or installs it has to be named by the rule. */
  buildtask: /^(?![\s\S]*(?:publish|deploy|upload|install|^:?release|[:_-]release))[:A-Za-z][\w:+.-]*$/i,
  /** How Go takes the versions of modules: as they are written down. */
  kept: /^(?:readonly|vendor)$/,
  /** What Bazel builds: `//...`, `//app:all`, `:lib`. */
  label: /^(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?:@[\w.-]*)?(?:\/\/)?(?:[\w.+*-][\w./+*-]*)?(?::[\w./+*-]+)?$/,
  /** A flake of the project itself. */
  flake: /^\.?(?:#[\w.+-]+)?$/,
  formatter:
    /^(?:json|json-with-metadata|stylish|compact|unix|html|tap|junit|checkstyle|visualstudio|string|verbose|github|text|colorized|parseable|progress|documentation|simple|quiet|files|clang|offenses)$/,
  settings: /^[A-Za-z][\w,-]*$/,
  ignored: /^(?:ignore|default|once|always|error)(?:::(?:\w*Warning)?)?$/,
  plugin: /^no:[\w-]+$/,
  process: /^\d{2,9}$/,
} as const satisfies Record<string, RegExp>;

export type WordKind = keyof typeof KINDS;

const DESCRIPTIONS: Partial<Record<WordKind, string>> = {
  none: 'nothing more is expected here',
  below: 'only paths below the current directory pass',
  inside: 'only ordinary files below the current directory pass',
  handed: 'it reaches out of the current directory or loads other code',
  scripted: 'it reaches out of the current directory, loads other code or may be read by a shell',
  url: 'only plain http and https addresses pass',
  sed: 'only printing, deleting and replacing pass',
  awk: 'the program may only print what it reads',
  jq: 'the filter may only look at its input',
  resources: 'secrets are not shown without a person',
  refspec: 'forcing or deleting a branch is for a person',
};

/**
 * Kinds that every plain word is of: letters and digits alone reach nowhere, load nothing and refuse nothing. Most
 * arguments are such words, and a look at their characters costs less than a pattern. A test compares the two.
 */
export const PLAIN_PASSES: ReadonlySet<WordKind> = new Set<WordKind>([
  'any',
  'name',
  'names',
  'below',
  'source',
  'branch',
  'searched',
  'plainfile',
  'handed',
  'scripted',
  'package',
  'format',
  'revision',
  'registered',
  'remote',
  'refspec',
  'writeout',
  'context',
  'target',
  'unit',
  'testname',
]);

/** A kind, looked up once when a guard is prepared and not for every word. */
export interface PreparedKind {
  readonly name: WordKind;
  readonly passesPlain: boolean;
  readonly pattern: RegExp;
}

const prepared = Object.fromEntries(
  Object.entries(KINDS).map(([name, pattern]) => [
    name,
    { name, passesPlain: PLAIN_PASSES.has(name as WordKind), pattern },
  ]),
) as Record<WordKind, PreparedKind>;

export function kindOf(name: WordKind): PreparedKind;
export function kindOf(name: WordKind | undefined): PreparedKind | undefined;
export function kindOf(name: WordKind | undefined): PreparedKind | undefined {
  return name === undefined ? undefined : prepared[name];
}

export function isOfKind({ passesPlain, pattern }: PreparedKind, word: string): boolean {
  return (passesPlain && isPlain(word)) || pattern.test(word);
}

/** Nothing but letters and digits, at least one. */
function isPlain(word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    const code = word.charCodeAt(index);
    const letter = code | 0x20; // as a small one
    if (!(letter >= 0x61 && letter <= 0x7a) && !(code >= 0x30 && code <= 0x39)) return false;
  }
  return word !== '';
}

export function describeKind({ name }: PreparedKind): string {
  return DESCRIPTIONS[name] ?? 'it does not look like what is expected here';
}
