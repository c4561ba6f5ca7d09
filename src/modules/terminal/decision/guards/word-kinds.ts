/** What a word may look like, by name. */
const KINDS = {
  any: /^/,
  none: /^(?!)/,
  number: /^-?\d+(?:\.\d+)?[A-Za-z]{0,2}$/,
  /** A name: no path, no option, no address. */
  name: /^(?!-)[\w][\w.:+@-]*$/,
  /** Names with commas and slashes between them, as resource types and branches have. */
  names: /^(?!-)(?!.*(?:^|\/)\.\.(?:\/|$))[\w][\w.,:+@/-]*$/,
  /** A path below the current directory; revisions and ranges look the same. */
  below: /^(?![-/~\\])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:\/\/)(?!\w+::)(?!:\(|:\/)[^\n]*$/,
  /** The same, or the branch that was left last. */
  branch: /^(?:-|(?![-/~\\])(?![\s\S]*(?:^|[/:=])\.\.(?:\/|$))(?!\w+:\/\/)(?!\w+::)(?!:\(|:\/)[^\n]*)$/,
  /** A path below the current directory without hidden parts and without anything that configures how programs run. */
  inside:
    /^(?![-/~\\])(?!(?:[\s\S]*\/)?\.[^/])(?!(?:[\s\S]*\/)?(?:package(?:-lock)?\.json|[Mm]akefile|GNUmakefile|Dockerfile|setup\.(?:py|cfg)|pyproject\.toml|conftest\.py|Cargo\.toml|build\.rs|go\.mod|Gemfile|Rakefile|[\w.-]*\.config\.\w+|tsconfig[\w.-]*\.json|CMakeLists\.txt|build\.gradle[\w.]*|pom\.xml|gradlew|mvnw)$)[^\n:*?[]*[^\n:/.*?[]\/?$/,
  /** What is handed on to a test program or a script: no path out of the tree, no address. */
  handed:
    /^(?![/~])(?![\s\S]*(?:^|[/=:,])\.\.(?:\/|$))(?![\s\S]*[=:,]\/)(?![\s\S]*:\/\/)(?!-+(?:require|loader|import|exec|command|config|setup|plugin|rootdir|global-?setup|runner|reporters?|transform|resolver|r|p|c)(?:=|$))[\s\S]*$/i,
  /** A format of git; some placeholders start the program that checks signatures. */
  format: /^(?![\s\S]*%(?:G|\(signature))[\s\S]*$/,
  revision: /^(?!-)[\w@^~./-]+$/,
  script: /^[\w][\w.:@/-]*$/,
  remote: /^(?![-.])[\w.-]+$/,
  /** A reference to push or fetch; a plus in front would force it, nothing before the colon would delete. */
  refspec: /^(?![-+:/])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[\w./@^~-]+(?::[\w./@-]+)?$/,
  url: /^(?!file:)(?:https?:\/\/)?(?!(?:[\w.-]*\.)?(?:metadata(?:\.google)?\.internal|instance-data)(?![\w-]))(?!169\.254\.|\[?fe80|\[?fd00:ec2|100\.100\.100\.200|2852039166|0x|0[0-7])(?:localhost|\[?[0-9a-f]*::?[0-9a-f:]*\]|[A-Za-z0-9][\w-]*(?:\.[\w-]+)+|[A-Za-z][\w-]*)(?::\d+)?(?:[/?#][^\s{}[\]]*)?$/i,
  header: /^(?!@)[\w-]+:[^\n]*$/,
  method: /^(?:GET|HEAD|OPTIONS)$/i,
  devnull: /^\/dev\/null$/,
  dash: /^-$/,
  /** What curl prints about a transfer: no file to read the format from, none to write to. */
  writeout: /^(?!@)(?![\s\S]*%output\{)(?![\s\S]*%header\{)[\s\S]*$/,
  /** A sed script that prints, deletes or replaces: no command that runs, reads or writes files. */
  sed: /^(?:\s*(?:(?:\d+|\$|\/(?:[^/\\\n;]|\\[^\n])*\/)(?:,(?:[+~]?\d+|\$|\/(?:[^/\\\n;]|\\[^\n])*\/))?\s*!?)?\s*(?:[pdqQ=]|s([/|#,@])(?:(?!\1)[^\\\n;]|\\[^\n])*\1(?:(?!\1)[^\\\n;]|\\[^\n])*\1[gpiI\d]*|y\/[^/\\\n;]*\/[^/\\\n;]*\/)\s*(?:;|$))+$/,
  /** An awk program that starts nothing, writes to its output only and reads its input only. */
  awk: /^(?![\s\S]*(?:\bsystem\b|\bgetline\b|@|ENVIRON|ARGV|ARGC|PROCINFO|\/inet|\bclose\b|\bfflush\b|\bfunc|extension|\bload\b))(?![\s\S]*(?:^|[^|])\|(?:[^|]|$))(?![\s\S]*(?:print)[\s\S]*>)[\s\S]*$/,
  jq: /^(?![\s\S]*(?:\$ENV|\$__prog|\benv\b|\bimport\b|\binclude\b|\bmodulemeta\b|\binput_filename\b|\bget_search_list\b|\bdebug\b|\bload\b|\bstrload|\bload_str|\benvsubst\b|\bstrenv\b|\beval\b))[\s\S]*$/,
  size: /^[-+]?\d+[a-zA-Z]?$/,
  /** What a Go or Rust package is called, also with everything below it. */
  package: /^(?![-/~+@])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?![\s\S]*[@:])[\w./*-]+$/,
  coverage: /^(?:[\w-]+\/)?[\w-]+\.(?:out|cov|txt)$/,
  target:
    /^(?![-/])(?![\s\S]*(?:^|\/)\.\.(?:\/|$))(?:[\w./%+@-]+|(?:V|VERBOSE|DEBUG|CI|NO_COLOR|COLOR)=\w*)$/,
  reporter:
    /^(?:default|verbose|dot|basic|tap|tap-flat|json|min|spec|list|progress|nyan|landing|github-actions)$/,
  setting: /^(?:V|VERBOSE|DEBUG|CI|NO_COLOR|COLOR)=\w*$/,
  /** A directory to build from; what looks like a repository would be fetched. */
  context: /^(?!github\.com\/)(?![\s\S]*(?:^|\/)\.\.(?:\/|$))[\w.][\w./-]*$/,
  property: /^(?:skipTests|test=[\w#*.,$-]*|maven\.test\.skip(?:=\w+)?)$/,
  lint: /^(?:-[DWAF]|(?:-[DWAF])?(?:warnings|clippy::\w+|[a-z]+(?:_[a-z]+)*))$/,
  check: /^--(?:check|emit=stdout)$/,
  resources: /^(?![\s\S]*\bsecrets?\b)(?![-/])[\w.,/:-]+$/i,
  template: /^(?!.*\bfile=)(?:wide|name|json|yaml|(?:jsonpath|custom-columns|go-template)=[\s\S]*)$/,
  unit: /^(?![-/.])[\w@.:*-]+$/,
  dateformat: /^\+[^\n]*$/,
  psflags: /^(?:[acdfghjlrtuvwx]+|[a-z]*o|[\w,=-]+)$/,
  ipwords:
    /^(?:a|ad|add|addr|address|l|link|r|route|n|neigh|neighbour|ru|rule|m|maddr|show|list|ls|dev|lo|table|main|get|to|[a-z]{2,8}\d[\w.-]*|[0-9a-f.:/]+)$/,
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
  url: 'only plain http and https addresses pass',
  sed: 'only printing, deleting and replacing pass',
  awk: 'the program may only print what it reads',
  jq: 'the filter may only look at its input',
  resources: 'secrets are not shown without a person',
  refspec: 'forcing or deleting a branch is for a person',
};

export function isOfKind(kind: WordKind, word: string): boolean {
  return kind === 'any' || KINDS[kind].test(word);
}

export function describeKind(kind: WordKind): string {
  return DESCRIPTIONS[kind] ?? 'it does not look like what is expected here';
}
