// The house keeps its order: who may import whom, what an index lists, how a file begins, and what stands at the top.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'
import {test} from 'node:test'
import {fileURLToPath} from 'node:url'
import {phasesOf} from '../scripts/phases/index.ts'
import {targets} from '../scripts/targets/index.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const tracked = execFileSync('git', ['ls-files'], {cwd: root, encoding: 'utf8'})
  .split('\n')
  .filter(path => path !== '' && existsSync(join(root, path)))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const sources = tracked.filter(path => /^(scripts|pipelines|ingress|servers|bench)\/.*\.ts$/.test(path))
const typescript = tracked.filter(path => path.endsWith('.ts'))

interface Import {
  from: string
  /** A path from the root for a file of ours, else the name of a package. */
  to: string
}

function importsOf(path: string): Import[] {
  const found = read(path).matchAll(
    /^(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm,
  )
  return [...found].map(([, one, two, three]) => {
    const name = one ?? two ?? three ?? ''
    return {from: path, to: name.startsWith('.') ? normalize(join(dirname(path), name)) : name}
  })
}

const imports = sources.flatMap(importsOf)
const ours = imports.filter(({to}) => /\.(ts|json)$/.test(to))

/** Each folder, and what its files may import of ours. Lower ones know nothing of higher ones. */
const mayImport: [folder: RegExp, allowed: RegExp][] = [
  [/^scripts\/lib\//, /^scripts\/lib\//],
  [/^scripts\/targets\//, /^scripts\/(lib|targets)\//],
  [/^scripts\/phases\//, /^scripts\/(lib|phases)\//],
  [/^scripts\/reporters\//, /^scripts\/(lib|reporters)\//],
  [/^scripts\/\d\d-[^/]+\.ts$/, /^scripts\/(lib|targets|phases|reporters)\//],
  [/^pipelines\//, /^(scripts\/lib|pipelines)\//],
  [/^ingress\//, /^(scripts\/lib|ingress)\//],
  [/^servers\/llm-bridge\//, /^servers\/llm-bridge\//],
  [/^bench\//, /^(scripts|pipelines|ingress|bench|tests\/fixtures)\//],
]

test('the walk sees imports of every kind', () => {
  assert.ok(sources.length > 100 && ours.length > 200, `${sources.length} files, ${ours.length} imports`)
  assert.ok(ours.some(({from, to}) => from === 'scripts/lib/step/step.ts' && to === 'scripts/lib/step/stepLease.ts'))
})

test('imports go one way', () => {
  const wrong = ours.filter(({from, to}) => {
    const [, allowed] = mayImport.find(([folder]) => folder.test(from)) ?? []
    return allowed === undefined || !allowed.test(to)
  })
  assert.deepEqual(
    wrong.map(({from, to}) => `${from} imports ${to}`),
    [],
  )
})

/** Each circle that a walk along the imports meets. Types count: who reads one file of a circle must read them all. */
function circlesOf(edges: readonly Import[]): string[] {
  const importsBy = Map.groupBy(edges, ({from}) => from)
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, path: readonly string[]) => {
    const begin = path.indexOf(file)
    if (begin >= 0) circles.push([...path.slice(begin), file].join(' → '))
    if (begin >= 0 || done.has(file)) return
    for (const {to} of importsBy.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of importsBy.keys()) walk(file, [])
  return circles
}

test('there is no circle of imports', () => {
  const edges = (...pairs: [string, string][]) => pairs.map(([from, to]) => ({from, to}))
  assert.deepEqual(circlesOf(edges(['a', 'b'], ['b', 'c'], ['a', 'c'])), [])
  assert.deepEqual(circlesOf(edges(['a', 'b'], ['b', 'c'], ['c', 'b'])), ['b → c → b'])
  assert.deepEqual(circlesOf(typescript.flatMap(importsOf)), [])
})

/** The rooms of scripts/lib from the lowest to the highest: a room imports rooms before it and nothing of those after it. */
const rooms = [
  ...[
    'text',
    'errors',
    'async',
    'process',
    'files',
    'saved',
    'mcp',
    'expect',
    'journal',
    'fleet',
    'notify',
    'contract',
    'cli',
    'lock',
  ],
  ...[
    'release',
    'target',
    'records',
    'state',
    'preflight',
    'instance',
    'step',
    'backup',
    'cutover',
    'github',
    'plan',
    'startup',
    'status',
  ],
  ...['tidy', 'witness'],
]
const roomOf = (path: string) => /^scripts\/lib\/(\w+)\//.exec(path)?.[1]

test('every file of scripts/lib is in a room, and a room imports lower rooms only', () => {
  const files = tracked.filter(path => path.startsWith('scripts/lib/'))
  assert.deepEqual(
    files.filter(path => !rooms.includes(roomOf(path) ?? '')),
    [],
  )
  const seen = new Set(files.map(path => roomOf(path) ?? ''))
  assert.deepEqual(
    rooms.filter(room => !seen.has(room)),
    [],
    'a room without files',
  )
  const upward = ours.filter(({from, to}) => {
    const [lower, upper] = [roomOf(to), roomOf(from)]
    return lower !== undefined && upper !== undefined && rooms.indexOf(lower) > rooms.indexOf(upper)
  })
  assert.deepEqual(
    upward.map(({from, to}) => `${from} imports ${to}`),
    [],
  )
})

test('zx runs commands in shell.ts alone, execa in the runner, in builds and in measures', () => {
  const users = (name: string) => [...new Set(imports.filter(({to}) => to === name).map(({from}) => from))]
  assert.deepEqual([...users('zx'), ...users('zx/core')], ['scripts/lib/target/shell.ts'])
  const wrong = users('execa').filter(path => !/^(pipelines|scripts\/lib\/release|bench)\//.test(path))
  assert.deepEqual(wrong, [])
})

test('X13 Octokit is used by the files that talk to GitHub alone', () => {
  const users = imports.filter(({to}) => to.startsWith('@octokit/')).map(({from}) => from)
  assert.ok(users.length > 0)
  assert.deepEqual(
    users.filter(path => !/^scripts\/lib\/github(\.ts$|\/)/.test(path)),
    [],
  )
})

test('every program in scripts/ has a number, and every number one program', () => {
  const programs = tracked.filter(path => /^scripts\/[^/]+$/.test(path)).map(path => path.slice('scripts/'.length))
  assert.deepEqual(
    programs.filter(name => !/^\d\d-[a-z]+(-[a-z]+)*\.ts$/.test(name)),
    [],
  )
  const numbers = programs.map(name => name.slice(0, 2))
  assert.equal(new Set(numbers).size, numbers.length)
})

for (const [folder, list, isMember] of [
  ['targets', async () => targets, (value: object) => 'startServer' in value && 'inspect' in value],
  ['phases', () => phasesOf([]), (value: object) => 'title' in value && 'deadlineMs' in value],
] as const) {
  test(`every file in ${folder}/ that exports one is in its index`, async () => {
    const files = tracked.filter(
      path => new RegExp(`^scripts/${folder}/[^/]+\\.ts$`).test(path) && !path.endsWith('/index.ts'),
    )
    const listed: readonly unknown[] = await list()
    const exported = await Promise.all(
      files.map(async path => {
        const values = Object.values((await import(join(root, path))) as object)
        return values
          .filter(value => value !== null && typeof value === 'object' && isMember(value))
          .map(value => ({path, value}))
      }),
    )
    const members = exported.flat()
    assert.ok(members.length > 0)
    assert.deepEqual(
      members.filter(({value}) => !listed.includes(value)).map(({path}) => path),
      [],
    )
    assert.equal(listed.length, members.length, 'the index lists something twice, or something that no file exports')
  })
}

test('every source file begins with a sentence on what it is for', () => {
  // A test file says it in the names of its tests.
  const files = tracked.filter(path => /\.(ts|sh|mjs)$/.test(path) && !path.endsWith('.test.ts'))
  const wrong = files.filter(path => {
    const text = read(path).replace(/^#!.*\n/, '')
    return !/^(\/\/|\/\*\*(\n \*)?|#) .{15,}/.test(text)
  })
  assert.deepEqual(wrong, [])
})

const rules = read('CONTRIBUTING.md')

test('source files are as short as CONTRIBUTING.md says', () => {
  const [, belowMedian, mostLines] =
    /median source file is shorter than (\d+) lines; none is longer than (\d+)/.exec(rules) ?? []
  const lengths = sources.map(path => ({path, lines: read(path).split('\n').length - 1}))
  assert.deepEqual(
    lengths.filter(({lines}) => !(lines <= Number(mostLines))),
    [],
  )
  const median = lengths.map(({lines}) => lines).sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0
  assert.ok(median < Number(belowMedian), `the median is ${median}`)
})

interface Export {
  path: string
  name: string
  isType: boolean
}

function exportsOf(path: string): Export[] {
  const found = read(path).matchAll(/^export (?:async )?(const|function\*?|class|type|interface) (\w+)/gm)
  return [...found].map(([, kind = '', name = '']) => ({path, name, isType: /^(type|interface)$/.test(kind)}))
}

/** Whether what another declaration exports says the name of a type: its users meet the type too. */
function isPartOfAnother({path, name}: Export): boolean {
  const declarations = read(path)
    .split(/\n\n(?=\S)/)
    .filter(one => /^export /m.test(one) && !new RegExp(`^export (type|interface) ${name}\\b`, 'm').test(one))
  return declarations.some(one => new RegExp(`\\b${name}\\b`).test(one))
}

test('what a file exports is used by another file', () => {
  const importers = Map.groupBy(typescript.flatMap(importsOf), ({to}) => to)
  // Programs that a test or a measure writes import by URL.
  const byUrl = (path: string) => [...read(path).matchAll(/new URL\('([^']+)'/g)].map(([, url = '']) => url)
  for (const from of typescript)
    for (const url of byUrl(from)) {
      const to = normalize(join(dirname(from), url))
      importers.set(to, [...(importers.get(to) ?? []), {from, to}])
    }
  const all = typescript.flatMap(exportsOf)
  assert.ok(all.length > 1000, `the walk sees ${all.length}`)
  const alone = all.filter(one => {
    const isUsed = importers.get(one.path)?.some(({from}) => new RegExp(`\\b${one.name}\\b`).test(read(from)))
    return !isUsed && !(one.isType && isPartOfAnother(one))
  })
  assert.deepEqual(
    alone.map(({path, name}) => `${path} exports ${name}`),
    [],
  )
})

test('TypeScript is strict, and Node runs it as it is', () => {
  const {strict, erasableSyntaxOnly} = JSON.parse(read('tsconfig.json')).compilerOptions
  assert.deepEqual({strict, erasableSyntaxOnly}, {strict: true, erasableSyntaxOnly: true})
})

/** Every line of a source that a pattern finds, with its place. */
function linesWith(pattern: RegExp): string[] {
  return sources.flatMap(path =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line}`] : [])),
  )
}

test('no module keeps a variable that is assigned again', () => {
  assert.deepEqual(linesWith(/^(export )?(let|var) /), [])
})

test('a class is an error, or what a library asks for', () => {
  const classes = linesWith(/^(export )?(abstract )?class \w/)
  assert.ok(classes.length > 5)
  assert.deepEqual(
    classes.filter(line => !/ class \w+ extends \w*Error |: class \w+ implements \w/.test(line)),
    [],
  )
})

test('times carry their unit', () => {
  assert.deepEqual(linesWith(/\b\w*(timeout|deadline|interval|delay|duration)\??: number\b/i), [])
})

test('a test lies in the folder that its source has, asserts something, and replaces no module', () => {
  const tests = tracked.filter(path => path.endsWith('.test.ts'))
  assert.ok(tests.length > 100)
  const rooms = /^tests\/(?:(lib|phases|targets|reporters)|(ingress|pipelines|bench|servers))(\/.*)?$/
  const stray = tests.filter(path => {
    const [, ofScripts, atTop, rest = ''] = rooms.exec(dirname(path)) ?? []
    const room = ofScripts === undefined ? atTop : `scripts/${ofScripts}`
    return room !== undefined && !sources.some(source => source.startsWith(`${room}${rest}/`))
  })
  assert.deepEqual(stray, [])
  assert.deepEqual(
    tests.filter(path => !/\bassert\b/.test(read(path)) || /\bmock\.module\(/.test(read(path))),
    [],
  )
})

test('CONTRIBUTING.md names every part that CI installs for the tests', () => {
  const parts = /for part in ([^;]+);/.exec(read('.ci/run'))?.[1]?.split(' ') ?? []
  assert.ok(parts.length > 0)
  assert.deepEqual(
    parts.filter(part => !rules.includes(`\`${part}\``)),
    [],
  )
})

test('nothing is exported without a name', () => {
  assert.deepEqual(
    typescript.filter(path => /^export default\b|\bas default\b/m.test(read(path))),
    [],
  )
})

// Files that forgive more than absence around a read of the file system, each with its reason.
const forgiving: Readonly<Record<string, string>> = {
  'scripts/lib/backup/planMoves.ts': 'what is damaged is replaced by that of the backup',
  'scripts/lib/cutover/prepareInstance.ts': 'what cannot be read is written again',
  'scripts/lib/files/textIfReadable.ts': 'for what is only an aid, and for processes that may end',
  'scripts/lib/fleet/readFleetText.ts': 'a heading goes without the name',
  'scripts/lib/process/processIdentity.ts': 'a process that is gone has no file',
  'scripts/lib/release/verifyRelease.ts': 'the fault is known, only not its file',
  'scripts/lib/state/keptLink.ts': 'a link that cannot be followed leads nowhere that could be kept',
  'scripts/lib/notify/wanted.ts': 'the first step that needs the file reports it',
  'scripts/phases/machine/watchMachine.ts': 'not every kernel tells its load in every way',
  'scripts/phases/security/procFiles.ts': 'a process may end at any moment',
}

/** What each `catch` without the error is around, and what stands first in it. */
function bareCatches(path: string): {place: string; tried: string; first: string}[] {
  const lines = read(path).split('\n')
  return lines.flatMap((line, index) => {
    const indent = /^( *)\} catch \{$/.exec(line)?.[1]
    if (indent === undefined) return []
    const begin = lines.findLastIndex((other, at) => at < index && other.startsWith(`${indent}try {`))
    return [{place: `${path}:${index + 1}`, tried: lines.slice(begin, index).join('\n'), first: lines[index + 1] ?? ''}]
  })
}

test('what cannot be read is not taken for absent: a catch that forgives every fault says why', () => {
  const all = tracked
    .filter(path => /^(scripts|pipelines|ingress)\/.*\.ts$/.test(path))
    .flatMap(path => bareCatches(path).map(one => ({...one, path})))
  assert.ok(all.length > 20, `the walk sees ${all.length}`)
  const silent = all.filter(({first}) => !/^ *\/\/ \S/.test(first)).map(({place}) => place)
  assert.deepEqual(silent, [], 'say in its first line why nothing is to be done')
  const reads = all.filter(({tried}) => /\b(read(File|dir|link)|l?stat|access|open|realpath)(Sync)?\(/.test(tried))
  assert.deepEqual(
    reads.filter(({path}) => forgiving[path] === undefined).map(({place}) => place),
    [],
    'forgive absence alone, by scripts/lib/files/ifThere.ts, or add it above with the reason',
  )
})

test('the top of the repository holds what belongs there, and nothing else', () => {
  const allowed = [
    '.ci',
    '.github',
    '.gitignore',
    '.npmrc',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'backups',
    'bench',
    'biome.json',
    'contracts',
    'docs',
    'fleet.yaml',
    'ingress',
    'locks',
    'package.json',
    'pipelines',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'scripts',
    'servers',
    'templates',
    'tests',
    'tsconfig.json',
  ]
  const entries = [...new Set(tracked.map(path => path.split('/')[0] ?? ''))]
  assert.deepEqual(
    entries.filter(entry => !allowed.includes(entry)),
    [],
  )
})

test('no tracked file names a folder of one machine', () => {
  const machine = /(^|[\s"'`(=:])\/(work|home\/[a-z][\w-]*|Users\/[A-Za-z][\w-]*|root)\/[\w.-]/
  const texts = tracked.filter(path => !/\.(png|jpg|gif|ico|pem|gz|tgz|woff2)$/.test(path) && path !== 'pnpm-lock.yaml')
  const wrong = texts.flatMap(path =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (machine.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
  )
  assert.deepEqual(wrong, [])
})

test('backups are never committed', () => {
  assert.deepEqual(
    tracked.filter(path => path.startsWith('backups/') && path !== 'backups/README.md'),
    [],
  )
})
