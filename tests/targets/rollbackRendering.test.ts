// What a rollback without Node works from is a pure function of the instance, and a shell reads it as it is meant.
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {renewRollbackScripts, writeRollbackScript} from '../../scripts/lib/cutover/rollbackScript.ts'
import {openInstance, portToken} from '../../scripts/lib/cutover/rollbackScriptInstance.ts'
import {quoted} from '../../scripts/lib/cutover/rollbackScriptQuote.ts'
import {unguarded} from '../../scripts/lib/files/changes.ts'
import type {Release} from '../../scripts/lib/release/release.ts'
import type {Instance} from '../../scripts/lib/target/instance.ts'
import {environmentScript, rollbackScript, wholeScript} from '../../scripts/targets/local/rollbackScript.ts'
import {local} from '../../scripts/targets/local.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'
import {instanceIn} from './localInstance.ts'

const awkward = `it's "$HOME" \`id\` \\n $(id)\n  'twice' %s *`
const words = ['{runtime}', '{server}/main.mjs', '--port={port}', '9001', 'http://{host}:{port}/{state}', awkward]
const declared = {
  env: {PORT: '{port}', LIMIT: '90010', TEXT: awkward},
  secrets: {API_KEY: {}, EXTRA: {required: false}},
}
const release = {servers: {one: {argv: words}}} as unknown as Release
const rendered = (root: string) => rollbackScript(instanceIn(root, words, declared), release, local)

test('it is pure: the same files twice, the script last, beside the release', () => {
  const files = rendered('/srv/harbour')
  assert.deepEqual(rendered('/srv/harbour'), files)
  const last = files.at(-1)
  assert.deepEqual([last?.path, last?.mode], ['/srv/harbour/release/rollback.sh', 0o700])
  const [folder] = /rollback\/[0-9a-f]{12}$/m.exec(last?.text ?? '') ?? []
  for (const {path} of files.slice(0, -1)) assert.ok(path.startsWith(`/srv/harbour/release/${folder}/`), path)
})

test('the port is open where it was declared, and other digits stay', () => {
  const [server] = openInstance(instanceIn('/srv/harbour', words, declared), release).servers
  const token = portToken('one')
  assert.deepEqual(server?.argv.slice(2, 5), [
    `--port=${token}`,
    '9001',
    `http://127.0.0.1:${token}//srv/harbour/instances/live/state/one`,
  ])
  assert.deepEqual([server?.environment.PORT, server?.environment.LIMIT], [token, '90010'])
  assert.equal(server?.endpoint, `http://127.0.0.1:${token}/mcp`)
})

test('with its port filled in, the description is that of the instance', () => {
  const instance = instanceIn('/srv/harbour', words, declared)
  const text = rendered('/srv/harbour').find(({path}) => path.endsWith('/instance.json'))?.text ?? ''
  assert.deepEqual(JSON.parse(text.replaceAll(portToken('one'), '9001')), JSON.parse(JSON.stringify(instance)))
})

test('a copy that was kept from another release starts from the folder of this one', () => {
  const [older, own] = ['0123456789ab', 'ba9876543210'].map(name => `/srv/harbour/releases/${name}`)
  const text = JSON.stringify(instanceIn('/srv/harbour', words, declared)).replaceAll(
    '/srv/harbour/release/',
    `${older}/`,
  )
  const instance = {...(JSON.parse(text) as Instance), releaseFolder: own ?? ''}
  const opened = openInstance(instance, release)
  assert.equal(JSON.stringify(opened).includes(older ?? ''), false)
  assert.equal(opened.servers[0]?.argv[0], `${own}/runtime/node`)
  assert.match(opened.servers[0]?.environment.PATH ?? '', /^\/srv\/harbour\/releases\/ba9876543210\/runtime:/)
})

test('a program gets its very words and variables, its own secrets and no other', t => {
  const root = temporaryFolder(t)
  const files = rendered(root)
  const live = join(root, 'instances', 'live')
  mkdirSync(join(live, 'copies', 'one.a'), {recursive: true})
  // In place of the supervisor: tells what it was given, each word and variable ended by a zero.
  writeFileSync(join(live, 'supervise.sh'), 'for word in "$@"; do printf "%s\\0" "$word"; done; exec env -0')
  const start = files.find(({path}) => path.endsWith('servers/one/start.sh'))?.text ?? ''
  for (const shell of [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']]) {
    const [file = 'sh', ...first] = shell
    const input = `API_KEY=${quoted(awkward)}\nOTHER='not for it'\n`
    const script = join(root, 'start.sh')
    writeFileSync(script, start)
    const {stdout, stderr} = spawnSync(file, [...first, script, '9555'], {
      input,
      encoding: 'utf8',
      env: {PATH: '/usr/bin:/bin'},
    })
    assert.equal(stderr, '', shell.join(' '))
    const got = stdout.split('\0')
    const argv = ['--port=9555', '9001', `http://127.0.0.1:9555/${live}/state/one`, awkward]
    assert.deepEqual(got.slice(1, 6), ['4096', '0', '5', '50', '3'])
    assert.deepEqual(got.slice(12, 16), argv)
    const variables = got.slice(16).filter(entry => !/^(PWD|OLDPWD|SHLVL|_|)=|^$/.test(entry))
    assert.deepEqual(variables.map(entry => entry.split('=')[0]).sort(), [
      'API_KEY',
      'HOME',
      'LIMIT',
      'PATH',
      'PORT',
      'TEXT',
      'TMPDIR',
    ])
    assert.ok(variables.includes(`API_KEY=${awkward}`))
    assert.ok(variables.includes(`TEXT=${awkward}`))
    assert.ok(variables.includes('PORT=9555'))
  }
})

test('X11 what an earlier version left is renewed, with its own data, and nothing is written twice', t => {
  const root = temporaryFolder(t)
  const written: string[] = []
  const changes = {
    ...unguarded,
    write: (path: string, text: string, mode?: number) => {
      written.push(path)
      unguarded.write(path, text, mode)
    },
  }
  const at = (name: string) => join(root, 'releases', name, 'rollback.sh')
  const data = (name: string) => `data=$here/rollback/${name}`
  const texts = {
    '0123456789ab': `#!/bin/sh\n${data('ba9876543210')}\necho early\n`,
    '1123456789ab': 'echo mine\n',
    '2123456789ab': wholeScript().replace('@data@', 'ca9876543210'),
  }
  for (const [name, text] of Object.entries(texts)) unguarded.write(at(name), text)
  mkdirSync(join(root, 'releases', 'never-live'))
  renewRollbackScripts(root, local, changes)
  assert.deepEqual(written.sort(), [at('0123456789ab'), join(root, 'rollback.sh')].sort())
  const renewed = readFileSync(at('0123456789ab'), 'utf8')
  assert.deepEqual([/^data=.*$/m.exec(renewed)?.[0], /early/.test(renewed)], [data('ba9876543210'), false])
  assert.equal(readFileSync(join(root, 'rollback.sh'), 'utf8'), environmentScript())
  renewRollbackScripts(root, local, changes)
  assert.equal(written.length, 2)
})

test('what an earlier deploy of the same release left is removed, and nothing for a target without a script', t => {
  const root = temporaryFolder(t)
  const of = (port: string) => {
    const instance = instanceIn(root, words, {...declared, env: {...declared.env, EDITION: port}})
    return {
      instance,
      release,
      changes: unguarded,
      target: {rollbackScript: (...given: [Instance, Release]) => rollbackScript(...given, local)},
    }
  }
  writeRollbackScript(of('1'))
  const script = writeRollbackScript(of('2'))
  const folder = join(root, 'release', 'rollback')
  const [named] = /[0-9a-f]{12}$/m.exec(/^data=.*$/m.exec(readFileSync(script ?? '', 'utf8'))?.[0] ?? '') ?? []
  assert.deepEqual(execFileSync('ls', [folder], {encoding: 'utf8'}).trim().split('\n'), [named])
  assert.equal(writeRollbackScript({...of('3'), target: {}}), undefined)
})

for (const shell of [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']]) {
  test(`${shell.join(' ')} understands every script`, () => {
    const [file = 'sh', ...first] = shell
    for (const {path, text} of rendered('/srv/harbour').filter(({path}) => path.endsWith('.sh'))) {
      const {error, status, stderr} = spawnSync(file, [...first, '-n'], {input: text, encoding: 'utf8'})
      if (error === undefined) assert.equal(status, 0, `${path}: ${stderr}`)
      else assert.notEqual(file, 'sh', 'sh must be there')
    }
  })
}

const linter = spawnSync('shellcheck', ['--version']).error === undefined
test('the whole script and what starts programs are clean', {
  skip: !linter && 'shellcheck is not on this machine',
}, () => {
  // SC2016: the words of a command are data, in which nothing is to be expanded.
  const starts = rendered('/srv/harbour').filter(({path}) => path.endsWith('start.sh'))
  for (const text of [wholeScript(), environmentScript(), ...starts.map(file => file.text)])
    assert.equal(
      spawnSync('shellcheck', ['--shell=sh', '--exclude=SC2016', '-'], {input: text, encoding: 'utf8'}).stdout,
      '',
    )
})
