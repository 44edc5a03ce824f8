// Finds in the sources the id of every check that they can make; `<…>` stands for a part that is made at run time.
import {readdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

// How the sources name a check: as `name:` beside its verdict, as a constant that is used so, or as the first word of a judge.
const forms = [
  /\bname: '([a-z-]+)',\s*verdict\b/g,
  /\b(?:const name|const check) = '([a-z-]+)'/g,
  /\bjudge[A-Z]\w*\(\s*'([a-z-]+)'/g,
  /\bname: '([a-z-]+)',\s*told:/g,
  /\b(?:executedTwice|completedButLost): '([a-z-]+)'/g,
]
// Checks that runPhase makes for every phase.
const anyPhase = ['runPhase.ts']

/** `folder` is scripts/. */
export function checkIds(folder: string): Set<string> {
  const phases = join(folder, 'phases')
  const ids = new Set<string>()
  for (const file of readdirSync(phases).filter(name => name.endsWith('.ts'))) {
    const source = readFileSync(join(phases, file), 'utf8')
    const [, phase] = /: Phase(?:<[\s\S]*?>)? = \{\s*name: '([a-z-]+)'/.exec(source) ?? []
    if (anyPhase.includes(file)) for (const name of namesIn(source)) ids.add(`<phase>/${name}`)
    if (phase === undefined) continue
    for (const part of reached(join(phases, file))) {
      const text = readFileSync(part, 'utf8')
      for (const name of namesIn(text)) ids.add(`${phase}/${name}`)
      if (text.includes('judgeSupervised(')) ids.add(`${phase}/supervised`)
      if (text.includes('checkName(title)')) ids.add(`${phase}/<call>`)
      if (text.includes('name = `conformance-${scenario}`')) ids.add(`${phase}/conformance-<scenario>`)
      if (/check = `population-\$\{name\}`/.test(text)) ids.add(`${phase}/population-<name>`)
    }
  }
  for (const name of namesIn(readFileSync(join(phases, 'machine', 'overload.ts'), 'utf8'))) ids.add(`<phase>/${name}`)
  for (const file of sourcesBelow(folder)) {
    const text = readFileSync(file, 'utf8')
    for (const [, id] of text.matchAll(/\bcheck: '([a-z-]+\/[a-z-]+)'/g)) ids.add(`${id}`)
    // A program that judges by itself, as the drill does.
    const [, own] = /\bcheck: `([a-z-]+)\/\$\{name\}`/.exec(text) ?? []
    if (own !== undefined) for (const [, name] of text.matchAll(/\bjudge\('([a-z-]+)'/g)) ids.add(`${own}/${name}`)
  }
  const preflight = [
    'lib/preflight/preflight.ts',
    'lib/instance/checkIsolation.ts',
    'lib/instance/endStale.ts',
    'lib/cutover/checkWayBack.ts',
    'lib/plan/earlyRefusals.ts',
    'lib/instance/judgeSupervised.ts',
  ]
  for (const file of preflight)
    for (const name of namesIn(readFileSync(join(folder, file), 'utf8'))) ids.add(`preflight/${name}`)
  return ids
}

function namesIn(text: string): string[] {
  return forms.flatMap(form => [...text.matchAll(form)].map(([, name = '']) => name))
}

/** The file and all that it imports from its own folder, but for what every phase shares. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || ['runPhase.ts', 'phase.ts', 'index.ts'].includes(basename(file))) return seen
  seen.add(file)
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '\.\/([\w/-]+\.ts)'/g))
    reached(join(dirname(file), path), seen)
  return seen
}

function* sourcesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    if (entry.isDirectory()) yield* sourcesBelow(join(folder, entry.name))
    else if (entry.name.endsWith('.ts')) yield join(folder, entry.name)
  }
}
