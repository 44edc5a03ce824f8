// The documents are true: links lead somewhere, commands and flags exist, every check has its row, fleet files are good.
import assert from 'node:assert/strict'
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, relative} from 'node:path'
import {describe, test} from 'node:test'
import {readFleet} from '../scripts/lib/fleet/readFleet.ts'
import {phaseNames} from '../scripts/phases/index.ts'
import {targetNames} from '../scripts/targets/index.ts'
import {checkIds} from './checkIds.ts'

const project = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(project, path), 'utf8')
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'backups/README.md', 'templates/checklist.md'],
  ...readdirSync(join(project, 'docs')).flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts

/** Code fences with their language and text. */
function fences(text: string): {language: string; body: string}[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({language, body}))
}

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(document: string): Set<string> {
  const headings = read(document)
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#+ (.*)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('every document', () => {
  for (const document of documents) {
    const text = read(document)

    test(`${document}: relative links lead to files`, () => {
      const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
      const dead = links.filter(link => !/^[a-z]+:/.test(link) && !existsSync(join(project, dirname(document), link)))
      assert.deepEqual(dead, [])
    })

    test(`${document}: links to a heading lead to one`, () => {
      const links = [...text.matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g)].map(([, path = '', heading = '']) => ({
        file: path === '' ? document : join(dirname(document), path),
        heading,
      }))
      const dead = links.filter(({file, heading}) => !existsSync(join(project, file)) || !anchorsOf(file).has(heading))
      assert.deepEqual(dead, [])
    })

    test(`${document}: every pnpm command is in package.json`, () => {
      const own = new Set(['install', 'exec'])
      const named = [...text.matchAll(/(?:`|\$ |&& |^ {2})(?:npx -y )?pnpm(?:@12)? ([a-z][\w:]*)/gm)].map(
        ([, name = '']) => name,
      )
      assert.deepEqual(
        named.filter(name => scripts[name] === undefined && !own.has(name)),
        [],
      )
    })

    test(`${document}: every flag beside a pnpm command is one of that command`, () => {
      const commands = [...text.matchAll(/pnpm(?:@12)? ([a-z][\w:]*)([^`\n#]*)/g)]
      const wrong = commands.flatMap(([, name = '', rest = '']) => {
        const known = flagsOf(name)
        const flags = [...rest.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([flag]) => flag)
        return known === undefined ? [] : flags.filter(flag => !known.has(flag)).map(flag => `pnpm ${name} ${flag}`)
      })
      assert.deepEqual(wrong, [])
    })

    test(`${document}: names no path of a machine and no registry`, () => {
      const own = /(?<![\w.~…-])\/(?:work|tmp|root|home|Users)\/|registry\.[a-z]+\.[a-z]+|verdaccio|artifactory/gi
      assert.deepEqual(text.match(own), null)
    })

    test(`${document}: is short`, () => {
      // The reference of all checks has a row for each.
      assert.ok(
        text.split('\n').length <= (['docs/checks.md', 'docs/mutation-score.md'].includes(document) ? 400 : 200),
      )
    })
  }
})

const commonFlags = ['--env', '--fleet', '--run', '--server', '--phase', '--json', '--help']

/** Flags that a package script takes: those of every step, and those that its program, or its pipeline, declares. */
function flagsOf(name: string): Set<string> | undefined {
  const [, file] = /node (\S+\.ts)/.exec(scripts[name] ?? '') ?? []
  if (file === undefined || file.startsWith('bench/')) return undefined
  const sources = file.startsWith('pipelines/') ? [file, 'pipelines/chosenPipeline.ts'] : [file]
  const declared = sources.flatMap(source =>
    [...read(source).matchAll(/['"]?([a-z][a-z-]*)['"]?: \{type: '(?:string|boolean)'/g)].map(
      ([, flag]) => `--${flag}`,
    ),
  )
  // Every step that takes the lock can wait for it.
  const waits = sources.some(source => read(source).includes('lockedTo:')) ? ['--wait'] : []
  return new Set([...commonFlags, ...declared, ...waits])
}

test('the flags of every step are those that this test knows', () => {
  const [, block = ''] = /const common = \{([\s\S]*?)\n\} as const/.exec(read('scripts/lib/cli/flags.ts')) ?? []
  const declared = [...block.matchAll(/^ {2}(\w+): \{/gm)].map(([, flag]) => `--${flag}`)
  assert.deepEqual(declared.sort(), [...commonFlags].sort())
})

describe('docs/checks.md', () => {
  const rows = new Set([...read('docs/checks.md').matchAll(/^\| `([\w<>-]+\/[\w<>-]+)` \|/gm)].map(([, id = '']) => id))
  const ids = checkIds(join(project, 'scripts'))

  test('every check that the sources can make has a row', () => {
    assert.ok(ids.size >= 50, `only ${ids.size} ids were found in the sources`)
    assert.deepEqual(
      [...ids].filter(id => !rows.has(id)),
      [],
    )
  })

  test('every row is of a check that the sources can make', () => {
    assert.deepEqual(
      [...rows].filter(row => !ids.has(row)),
      [],
    )
  })

  test('every phase was found in the sources', () => {
    assert.deepEqual(
      phaseNames.filter(phase => ![...ids].some(id => id.startsWith(`${phase}/`))),
      [],
    )
  })
})

test('C11 the checklist names checks that are made, and leaves the rest to a person', () => {
  const text = read('templates/checklist.md')
  const ids = checkIds(join(project, 'scripts'))
  const named = [...text.matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(([, id = '']) => id)
  assert.ok(named.length > 10)
  assert.deepEqual(
    named.filter(id => !ids.has(id)),
    [],
  )
  const items = text.split('\n').filter(line => line.startsWith('- [ ] '))
  assert.ok(items.length > 30)
  const unsigned = items.filter(line => !/ \((checked by (`[a-z-]+\/[a-z-]+`(, )?)+|by a person)\)$/.test(line))
  assert.deepEqual(unsigned, [])
})

describe('fleet files in documents', () => {
  const files = documents.flatMap(document =>
    fences(read(document))
      .filter(({language, body}) => language === 'yaml' && !body.startsWith('# excerpt\n'))
      .map(({body}) => ({document, body})),
  )
  test('there is one', () => assert.ok(files.length > 0))
  for (const {document, body} of files)
    test(`${document}: a whole fleet file is a good one`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'docs-'))
      try {
        writeFileSync(join(folder, 'fleet.yaml'), body)
        const known = {targets: targetNames, phases: phaseNames, today: '2026-11-20'}
        const {fleet} = readFleet(join(folder, 'fleet.yaml'), 'staging', {}, known)
        assert.ok(fleet.servers.length > 0)
      } finally {
        rmSync(folder, {recursive: true})
      }
    })
})

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md')
  const named = (part: string) => text.includes(`| \`${part}\` |`)

  test('names every numbered program, and none that is gone', () => {
    const programs = readdirSync(join(project, 'scripts')).filter(name => /^\d\d-.*\.ts$/.test(name))
    const rows = [...text.matchAll(/^\| `(\d\d-[\w-]+)`/gm)].map(([, name]) => `${name}.ts`)
    assert.deepEqual(rows.sort(), programs.sort())
  })

  test('names every folder of libraries', () => {
    const folders = ['scripts', 'scripts/lib'].flatMap(folder =>
      readdirSync(join(project, folder), {withFileTypes: true})
        .filter(entry => entry.isDirectory() && entry.name !== 'lib')
        .map(entry => relative(project, join(project, folder, entry.name))),
    )
    assert.deepEqual(
      folders.filter(folder => !named(folder)),
      [],
    )
  })
})

test('docs/journal.md has every type of entry', () => {
  const source = read('scripts/lib/journal/entry.ts')
  const types = [...source.matchAll(/^ {2}type: '(\w+)'$/gm)].map(([, type]) => type)
  assert.ok(types.length >= 7)
  const headings = [...read('docs/journal.md').matchAll(/^## `(\w+)`/gm)].map(([, type]) => type)
  assert.deepEqual(headings.sort(), types.sort())
})

test('docs/journal.md shows lines of JSON of the type that it tells', () => {
  const lines = fences(read('docs/journal.md'))
    .filter(({language}) => language === 'json')
    .flatMap(({body}) => body.trim().split('\n'))
  for (const line of lines) assert.equal(typeof JSON.parse(line).type, 'string', line)
})

test('the picture of a run stands alone and names no path of a machine', () => {
  const svg = read('docs/run.svg')
  assert.match(svg, /^<svg [^>]*role="img"/)
  assert.doesNotMatch(svg, /<script|href=|\/tmp\/|\/work\//)
})
