import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {temporaryFolder} from '../temporaryFolder.ts'

const nobody = 65534

test('an ordinary user removes folders from which nothing may be removed, as package managers make them in a home', t => {
  const folder = temporaryFolder(t)
  const outside = temporaryFolder(t, {'kept.txt': 'kept'})
  chmodSync(folder, 0o777)
  const module = new URL('../../../scripts/lib/files/removeTree.ts', import.meta.url).href
  const tree = join(folder, 'tree')
  const code = `
    if (process.getuid() === 0) process.setuid(${nobody})
    const {mkdirSync, writeFileSync, symlinkSync, chmodSync} = await import('node:fs')
    const {removeTree} = await import(${JSON.stringify(module)})
    const [tree, outside] = process.argv.slice(1)
    const odd = Buffer.concat([Buffer.from(tree + '/a/'), Buffer.from([0xff])])
    mkdirSync(tree + '/a', {recursive: true})
    mkdirSync(odd)
    writeFileSync(Buffer.concat([odd, Buffer.from('/file')]), 'x')
    symlinkSync(outside, tree + '/a/link')
    chmodSync(odd, 0o000)
    chmodSync(tree + '/a', 0o555)
    removeTree(tree)
    removeTree(tree)`
  const {status, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', code, tree, outside], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  assert.deepEqual([existsSync(tree), existsSync(join(outside, 'kept.txt'))], [false, true])
})

test("another user's folder is not removed, and why is said", {skip: process.getuid?.() !== 0}, t => {
  const folder = temporaryFolder(t, {'tree/file': 'x'})
  chmodSync(folder, 0o755)
  const module = new URL('../../../scripts/lib/files/removeTree.ts', import.meta.url).href
  const code = `process.setuid(${nobody})
    const {removeTree} = await import(${JSON.stringify(module)})
    try { removeTree(process.argv[1]) } catch ({code}) { console.log(code) }`
  const {stdout} = spawnSync(process.execPath, ['--input-type=module', '-e', code, join(folder, 'tree')], {
    encoding: 'utf8',
  })
  assert.equal(stdout, 'EACCES\n')
  assert.ok(existsSync(join(folder, 'tree', 'file')))
})
