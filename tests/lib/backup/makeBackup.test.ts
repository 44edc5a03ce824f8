import assert from 'node:assert/strict'
import {execFileSync, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {test} from 'node:test'
import {readIndex} from '../../../scripts/lib/backup/backupIndex.ts'
import {verifyBackup} from '../../../scripts/lib/backup/verifyBackup.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {temporaryFolder} from '../temporaryFolder.ts'
import {digests, liveEnvironment, signal, write} from './environment.ts'

test('B12 a backup is a plain tar.gz beside the fleet file, which tar alone opens to what was there', async t => {
  const long = `${'deep/'.repeat(30)}${'name'.repeat(30)}.txt`
  const live = liveEnvironment(t, {
    state: {
      'memory.jsonl': 'one\n',
      [long]: 'long',
      'größe/日本.txt': 'beyond ASCII',
      empty: '',
      'data/raw': randomBytes(3_000_000),
    },
  })
  chmodSync(join(live.state, 'memory.jsonl'), 0o640)
  utimesSync(join(live.state, 'memory.jsonl'), 1_700_000_000, 1_700_000_000)
  mkdirSync(join(live.state, 'nothing in it'), {mode: 0o700})
  symlinkSync('memory.jsonl', join(live.state, 'newest'))
  const before = digests(live.root)

  const made = await live.backUp()
  assert.equal(
    made.path,
    join(live.folder, `backups/harbour/staging/20261120-100000-123-${live.instance.release.slice(0, 12)}.tar.gz`),
  )
  assert.deepEqual(readdirSync(join(live.folder, 'backups/harbour/staging')), [made.path.split('/').at(-1)])
  assert.equal(statSync(made.path).mode & 0o777, 0o600)
  assert.deepEqual({...digests(live.root), 'backups.json': undefined}, {...before, 'backups.json': undefined})

  const opened = temporaryFolder(t)
  const said = execFileSync('tar', ['-xpzf', made.path, '-C', opened], {encoding: 'utf8', stdio: 'pipe'})
  assert.equal(said, '')
  assert.deepEqual(digests(join(opened, 'environment/instances/live/state/memory')), digests(live.state))
  assert.equal(
    statSync(join(opened, 'environment/instances/live/state/memory/memory.jsonl')).mtimeMs,
    1_700_000_000_000,
  )
  for (const file of [
    'live.json',
    `records/${live.instance.release}.json`,
    'instances/live/instance.json',
    'instances/live/ingress/routes.json',
  ])
    assert.equal(readFileSync(join(opened, 'environment', file), 'utf8'), readFileSync(join(live.root, file), 'utf8'))
  assert.ok(existsSync(join(opened, 'fleet/fleet.yaml')))
  assert.ok(existsSync(join(opened, 'fleet/locks/memory@1.0.0/package-lock.json')))
  assert.ok(existsSync(join(opened, `releases/${live.instance.release.slice(0, 12)}/release.json`)))
  assert.ok(!existsSync(join(opened, 'environment/releases')))

  const manifest = JSON.parse(readFileSync(join(opened, 'manifest.json'), 'utf8'))
  assert.deepEqual(
    manifest.needs.artifacts.map((one: {tree: string}) => one.tree),
    ['servers/memory', 'bridges/mcp-proxy@6.7.19'],
  )
  for (const {path, sha256, bytes} of manifest.entries.filter((entry: {kind: string}) => entry.kind === 'file')) {
    assert.equal(digests(opened)[path]?.split(' ')[1], sha256)
    assert.equal(statSync(join(opened, path)).size, bytes)
  }
  const [indexed] = await readIndex(folderDocuments(live.root))
  assert.deepEqual([indexed?.path, indexed?.sha256, indexed?.bytes], [made.path, made.sha256, statSync(made.path).size])
})

test('B12 with its code the archive holds the whole release, links and modes included', async t => {
  const live = liveEnvironment(t)
  const release = live.instance.releaseFolder
  chmodSync(join(release, 'runtime/node'), 0o755)
  mkdirSync(join(release, 'servers/memory/.bin'))
  symlinkSync('../main.mjs', join(release, 'servers/memory/.bin/memory'))
  const made = await live.backUp({withCode: true})
  assert.equal(made.manifest.needs.contained, true)
  const opened = temporaryFolder(t)
  execFileSync('tar', ['-xpzf', made.path, '-C', opened])
  assert.deepEqual(digests(join(opened, 'environment/releases', live.instance.release.slice(0, 12))), digests(release))
})

test('only declared state is taken, and what is declared but not there is written down', async t => {
  const live = liveEnvironment(t, {
    paths: ['./data/', 'data/inner', 'later.db'],
    state: {'data/inner/a': 'a', 'data/b': 'b', cache: 'c'},
  })
  const {manifest} = await live.backUp()
  assert.deepEqual(manifest.state, {memory: {paths: ['data', 'later.db'], absent: ['later.db']}})
  const state = 'environment/instances/live/state/memory'
  assert.deepEqual(
    manifest.entries.flatMap(({path, kind}) =>
      path.startsWith(`${state}/`) && kind === 'file' ? path.slice(state.length + 1) : [],
    ),
    ['data/b', 'data/inner/a'],
  )
})

test('X14 the state is backed up also when the live release is damaged or gone, and that is said', async t => {
  const live = liveEnvironment(t, {state: {'memory.jsonl': 'one\n'}})
  rmSync(live.instance.releaseFolder, {recursive: true})
  const {manifest, findings, path} = await live.backUp()
  assert.deepEqual(manifest.needs.artifacts, [])
  assert.match(findings.join(), /the backup names no code to build, since .*there should be a release, there is none/)
  assert.ok(manifest.entries.some(({path}) => path.endsWith('state/memory/memory.jsonl')))
  const read = await verifyBackup({file: path, signal})
  assert.ok('manifest' in read && read.manifest.release === live.instance.release)
})

test('B7 state paths of the live release that leave the state folder are refused with the way on', async t => {
  for (const path of ['../ingress', '/etc', 'data/../../other']) {
    const live = liveEnvironment(t, {paths: [path]})
    await assert.rejects(live.backUp(), ({message, remedy}) => {
      assert.match(message, /^memory: \S+ of the live release [0-9a-f]{12} is outside of its state folder$/)
      assert.match(remedy, /correct state\.paths in the fleet file.*pnpm deploy:production/)
      return true
    })
  }
})

test('B7 the deploy of a corrected fleet file backs up what it and the live release declare below the state folder', async t => {
  const live = liveEnvironment(t, {paths: ['memory.jsonl', '../outside'], state: {'memory.jsonl': 'one', new: 'two'}})
  write(live.root, {'instances/live/state/outside': 'of somebody else'})
  const [memory] = live.fleet.servers
  assert.ok(memory?.state)
  const corrected = {...live.fleet, servers: [{...memory, state: {...memory.state, paths: ['new']}}]}
  const {manifest, findings} = await live.backUp({fleet: corrected, reason: 'deploy'})
  assert.deepEqual(manifest.state.memory?.paths, ['memory.jsonl', 'new'])
  assert.match(findings.join(), /\.\.\/outside of the live release .*so it is not in the backup/)
  assert.ok(!manifest.entries.some(({path}) => path.endsWith('outside')))
})

test('a link out of the state is refused by name; a socket is passed over and told', async t => {
  const live = liveEnvironment(t)
  const socket = createServer().listen(join(live.state, 'socket'))
  t.after(() => socket.close())
  await new Promise(resolve => socket.once('listening', resolve))
  const {findings, path} = await live.backUp()
  assert.match(findings.join(), /state\/memory\/socket is no file/)
  assert.ok('manifest' in (await verifyBackup({file: path, signal})))
  symlinkSync('/etc/hostname', join(live.state, 'outside'))
  await assert.rejects(live.backUp({now: new Date()}), {
    name: 'UserError',
    message: /outside there is a link to \/etc\/hostname/,
  })
})

test('state that is written to all the time is not backed up, and that is said', async t => {
  const live = liveEnvironment(t)
  write(live.state, {large: randomBytes(3_000_000)})
  // In this process, so that it has its turn within every copy, however busy the machine is.
  const writer = setInterval(() => appendFileSync(join(live.state, 'memory.jsonl'), 'more'), 1)
  t.after(() => clearInterval(writer))
  await assert.rejects(live.backUp(), {
    name: 'UserError',
    message: /the state of memory changed each of the 5 times that it was copied: memory\.jsonl/,
  })
  assert.deepEqual(readdirSync(join(live.folder, 'backups/harbour/staging')), [])
  assert.deepEqual(await readIndex(folderDocuments(live.root)), [])
})

test('state that is written to now and then is copied again until it held still, and never torn', async t => {
  const live = liveEnvironment(t, {state: {a: '0', b: '0'}})
  write(live.state, {large: randomBytes(20_000_000)})
  // Both files always hold the same number between two writes; a torn copy would have two numbers.
  const script = 'i=0; while [ $i -lt 4 ]; do i=$((i+1)); echo $i > "$1/a"; echo $i > "$1/b"; sleep 0.15; done'
  const writer = spawn('sh', ['-c', script, 'sh', live.state], {stdio: 'ignore'})
  t.after(() => writer.kill('SIGKILL'))
  const made = await live.backUp()
  const read = (name: string) =>
    execFileSync('tar', ['-xzOf', made.path, `environment/instances/live/state/memory/${name}`], {encoding: 'utf8'})
  assert.equal(read('a'), read('b'))
})

test('nothing is left after it was cancelled', async t => {
  const live = liveEnvironment(t, {state: {large: randomBytes(30_000_000)}})
  const reason = new Error('cancelled by the test')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 150)
  await assert.rejects(
    live.backUp({signal: controller.signal}),
    thrown => thrown === reason || (thrown as Error).cause === reason,
  )
  assert.deepEqual(readdirSync(join(live.folder, 'backups/harbour/staging')), [])
})
