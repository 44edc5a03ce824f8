// Documents use plain technical English: tests/avoidedWords.ts lists what they avoid, and what to write instead.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {avoidedIn, avoidedWordsIn} from './avoidedWords.ts'

const project = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(project, path), 'utf8')
const tracked = execFileSync('git', ['ls-files'], {cwd: project, encoding: 'utf8'}).trim().split('\n')

const documents = tracked.filter(path =>
  /^(?:(?:README|CONTRIBUTING|SECURITY)\.md|(?:docs|backups|templates)\/[^/]+\.md|\.github\/.*\.md)$/.test(path),
)

// Folders of sources whose comments avoid these words. Add a folder once its comments do.
const coveredRooms = [
  'bench',
  'pipelines/workflows',
  'scripts/lib/expect',
  'scripts/lib/files',
  'scripts/lib/github',
  'scripts/lib/saved',
  'scripts/lib/tidy',
  'tests/bench',
  'tests/reporters',
]

const glossary = 'docs/glossary.md'

describe('documents avoid words that a reader must look up', () => {
  test('the documents are found', () => {
    for (const path of ['README.md', 'docs/checks.md', glossary, '.github/pull_request_template.md'])
      assert.ok(documents.includes(path), path)
  })

  for (const path of documents)
    test(path, () => {
      // The glossary explains older terms at its end.
      const [text = ''] = path === glossary ? read(path).split('\n## Older terms\n') : [read(path)]
      assert.deepEqual(
        avoidedWordsIn(text).map(({line, found, instead}) => `${path}:${line}: "${found}": write ${instead}`),
        [],
      )
    })
})

describe('comments avoid them where they already do', () => {
  for (const room of coveredRooms)
    test(room, () => {
      const sources = tracked.filter(path => path.startsWith(`${room}/`) && /\.(?:ts|mjs|sh)$/.test(path))
      assert.ok(sources.length > 0, `${room} has no sources`)
      const found = sources.flatMap(path =>
        avoidedIn(commentsOf(read(path))).map(
          ({line, found: word, instead}) => `${path}:${line}: "${word}": write ${instead}`,
        ),
      )
      assert.deepEqual(found, [])
    })
})

describe('the search', () => {
  test('reports line, word and replacement', () => {
    assert.deepEqual(avoidedWordsIn('A failure.\nPlease Mend it.\n'), [{line: 2, found: 'Mend', instead: 'fix'}])
  })

  test('ignores code blocks, inline code and link targets, and keeps line numbers', () => {
    const text = '```console\nmend\n```\n`mend` [fix](mend.md) is\nonce more\n'
    assert.deepEqual(
      avoidedWordsIn(text).map(({line, found}) => `${line} ${found}`),
      ['5 once more'],
    )
  })

  test('ignores words that only contain an avoided one', () => {
    assert.deepEqual(avoidedWordsIn('Amend the cameras and go on standby; it is no longer there.'), [])
  })

  test('reads comments and leaves code alone', () => {
    const source = "// mend\nconst mend = 'anew' // anew\n/** twin */\n"
    assert.deepEqual(
      avoidedIn(commentsOf(source)).map(({line, found}) => `${line} ${found}`),
      ['1 mend', '2 anew', '3 twin'],
    )
  })
})

/** The comments of a source, each in its line; all else is blank. */
function commentsOf(source: string): string {
  return source
    .split('\n')
    .map(line => /^\s*(?:\/\/|\/?\*+|#)(.*)$/.exec(line)?.[1] ?? / \/\/ (.*)$/.exec(line)?.[1] ?? '')
    .join('\n')
}
