// C11: credentials and fixed addresses in a server's own code are found with file and line; what is harmless is not.
import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {judgeSources} from '../../../scripts/phases/security/sourceChecks.ts'
import {sourceScan} from '../../../scripts/phases/security/sourceScan.ts'
import {temporaryFolder} from '../../lib/temporaryFolder.ts'
import {settingsOf} from '../phaseRig.ts'
import {findingsOf, looked} from './looked.ts'

// Put together here, so that no scanner takes this file for a leak.
const token = `${'gh'}p_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx`
const password = 'hunter2-hunter2'

test('C11 a credential in the code fails with file and line, and is not written down', async t => {
  const files = {
    'lib/key.mjs': `// a key\nexport const key = '${token}'\n`,
    'a.yaml': `db: postgres://admin:${password}@db.internal/x\n`,
  }
  const {checks, written} = await looked(t, {files})
  assert.equal(checks['source-credentials']?.verdict, 'fail')
  assert.match(checks['source-credentials']?.detail ?? '', /GITHUB_TOKEN at servers\/one\/lib\/key\.mjs:2/)
  assert.match(checks['source-credentials']?.detail ?? '', /servers\/one\/a\.yaml:1/)
  assert.ok(!written.includes(token) && !written.includes(password))
})

test('C11 a fixed address is a finding with file and line', async t => {
  const program = "const base = 'http://10.0.0.5:6333/api'\nserve()"
  const seen = await looked(t, {program, files: {'config.json': '{"url": "redis://cache.internal:6379"}'}})
  assert.equal(seen.checks['source-addresses']?.verdict, 'pass')
  assert.deepEqual(findingsOf(seen), [
    'servers/one/config.json:1: fixed address redis://cache.internal:6379',
    'servers/one/main.mjs:2: fixed address http://10.0.0.5:6333/api',
  ])
})

test('C11 defaults of a variable, names of schemas, examples, tests and documents are no fixed address', async t => {
  const files = {
    'a.mjs': "const url = process.env.URL ?? 'http://10.0.0.5'\n// see https://a.org/b\nconst x = `http://${host}/`\n",
    'b.json': '{"$schema": "https://a.org/s.json", "e": "https://api.example.com/x"}',
    'a.test.mjs': "fetch('http://10.0.0.5')",
    'tests/b.mjs': "fetch('http://10.0.0.5')",
    'README.md': '`http://10.0.0.5`',
    'package.json': '{"homepage": "https://a.org"}',
    'node_modules/x/index.js': `fetch('http://10.0.0.5', '${token}')`,
  }
  const seen = await looked(t, {files})
  assert.deepEqual(findingsOf(seen), [])
  assert.equal(seen.checks['source-credentials']?.verdict, 'pass')
})

const contextIn = (folder: string) => ({folder, instance: {releaseFolder: join(folder, 'release')}}) as never

test('of an npm server its own package is read without its dependencies; of a folder what was written, and what was built', async t => {
  const own = 'release/servers/one/node_modules/@a/one'
  const folder = temporaryFolder(t, {
    [`${own}/index.js`]: "fetch('http://10.0.0.5')",
    [`${own}/node_modules/dep/index.js`]: `'${token}'`,
    'release/servers/one/node_modules/other/index.js': `'${token}'`,
    'src/two/main.ts': "fetch('http://10.0.0.6')",
    'release/servers/two/main.mjs': `fetch('http://10.0.0.6', '${token}')`,
  })
  const npm = await sourceScan(settingsOf({source: {npm: '@a/one@1.0.0'}}), contextIn(folder))
  assert.deepEqual([npm?.files, npm?.credentials, npm?.addresses.map(({path}) => path)], [1, [], ['@a/one/index.js']])
  const built = await sourceScan(settingsOf({source: {folder: 'src/two', build: ['make']}}, 'two'), contextIn(folder))
  assert.deepEqual(
    built?.credentials.map(({path}) => path),
    ['servers/two/main.mjs'],
  )
  assert.deepEqual(
    built?.addresses.map(({path}) => path),
    ['src/two/main.ts'],
  )
  assert.equal(await sourceScan(settingsOf({source: {npm: 'gone@1.0.0'}}, 'gone'), contextIn(folder)), undefined)
})

test('C11 libraries of others in the folder of a server are named and not judged as its own code', async t => {
  const secret = `key = '${token}'\n`
  const vendored = [
    'venv/lib/python3.11/site-packages/pydantic/networks.py',
    'environment/bin/tool.py',
    'lib/site-packages/other.py',
    'vendor/github.com/x/x.go',
    'third_party/y/y.c',
    'web/node_modules/z/index.js',
  ]
  const folder = temporaryFolder(t, {
    'src/main.py': 'print(1)\n',
    'src/venv/pyvenv.cfg': '',
    'src/environment/pyvenv.cfg': '',
    ...Object.fromEntries(vendored.map(path => [`src/${path}`, secret])),
  })
  const seen = await sourceScan(settingsOf({source: {folder: 'src'}}), contextIn(folder))
  assert.deepEqual([seen?.files, seen?.credentials], [1, []])
  assert.deepEqual(
    seen?.vendored,
    ['environment', 'lib/site-packages', 'third_party', 'vendor', 'venv', 'web/node_modules'].map(
      path => `src/${path}`,
    ),
  )
  writeFileSync(join(folder, 'src', 'own.py'), secret)
  const changed = await sourceScan(settingsOf({source: {folder: 'src'}}), contextIn(folder))
  assert.deepEqual(
    changed?.credentials.map(({path}) => path),
    ['src/own.py'],
  )
})

test('C11 what the fleet file leaves out is not scanned, stands with its reason, and must be there', async t => {
  const reason = 'keys of the examples, which open nothing'
  const files = {'examples/key.py': `'${token}'\n`, 'main.py': ''}
  const folder = temporaryFolder(t, {'src/examples/key.py': files['examples/key.py'], 'src/main.py': ''})
  const notScanned = [
    {path: './examples/', reason},
    {path: 'gone', reason},
  ]
  const seen = await sourceScan(settingsOf({source: {folder: 'src', notScanned}}), contextIn(folder))
  assert.deepEqual([seen?.files, seen?.credentials], [1, []])
  const [credentials] = judgeSources({seen} as never)
  assert.equal(credentials?.detail, `no credential in 1 file of its own code; not scanned: ./examples/ (${reason})`)
  assert.deepEqual(
    credentials?.findings?.map(({place}) => place),
    ['gone'],
  )
})

test('the same content is scanned once; what is kept holds no value, and a broken copy is made again', async t => {
  const folder = temporaryFolder(t, {'src/main.mjs': `'${token}'\n`})
  const settings = settingsOf({source: {folder: 'src'}})
  const first = await sourceScan(settings, contextIn(folder))
  const [name = ''] = readdirSync(join(folder, '.build', 'kept'))
  const path = join(folder, '.build', 'kept', name)
  assert.ok(!readFileSync(path, 'utf8').includes(token))
  writeFileSync(path, JSON.stringify({...first, files: 99}))
  assert.equal((await sourceScan(settings, contextIn(folder)))?.files, 99)
  writeFileSync(path, '{"half')
  assert.deepEqual(await sourceScan(settings, contextIn(folder)), first)
  writeFileSync(join(folder, 'src', 'main.mjs'), 'clean\n')
  assert.deepEqual((await sourceScan(settings, contextIn(folder)))?.credentials, [])
})
