// Proves that a server started with the preload listens on 127.0.0.1 only, whichever form of listen() it uses.
import {strict as assert} from 'node:assert'
import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {bundle} from '../../../scripts/lib/release/bundle.ts'
import {temporaryFolder} from './testFleet.ts'

// Each gets a server and its callback; the callback prints the address and closes.
const forms = {
  port: 'server.listen(0, done)',
  text: 'server.listen("0", done)',
  nothing: 'server.listen(done)',
  host: 'server.listen(0, "0.0.0.0", done)',
  backlog: 'server.listen(0, "::", 5, done)',
  'null host': 'server.listen(0, null, 5, done)',
  event: 'server.on("listening", done).listen(0)',
  options: 'server.listen({port: 0, host: "::", ipv6Only: true}, done)',
}

test('C11 every form of listen() ends on 127.0.0.1 with the preload, and on all addresses without', async t => {
  const folder = temporaryFolder(t)
  // Characters that would mean something else in a URL.
  const preload = join(folder, 'a b%20c#d.mjs')
  writeFileSync(preload, await bundle(join(import.meta.dirname, '../../../scripts/lib/release/loopback.ts')))
  const program = `
    import {createServer} from 'node:http'
    const addresses = {}
    ${Object.entries(forms)
      .map(
        ([name, form]) => `await new Promise(resolve => {
      const server = createServer()
      const done = () => { addresses[${JSON.stringify(name)}] = server.address().address; server.close(resolve) }
      ${form}
    })`,
      )
      .join('\n')}
    console.log(JSON.stringify(addresses))`
  const run = (...words: string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [...words, '--input-type=module', '--eval', program], {
        encoding: 'utf8',
        timeout: 10_000,
      }),
    )
  const confined = run('--require', preload)
  assert.deepEqual(confined, Object.fromEntries(Object.keys(forms).map(name => [name, '127.0.0.1'])))
  assert.ok(!Object.values(run()).includes('127.0.0.1'))
})

test('C11 a local socket stays what it was', async t => {
  const folder = temporaryFolder(t)
  const preload = join(folder, 'loopback.mjs')
  writeFileSync(preload, await bundle(join(import.meta.dirname, '../../../scripts/lib/release/loopback.ts')))
  const program = `
    const server = require('node:net').createServer()
    const listen = place => new Promise(resolve => server.listen(place, () => { console.log(server.address()); server.close(resolve) }))
    listen(process.argv[1]).then(() => listen({path: process.argv[1]}))`
  const socket = join(folder, 'socket')
  const words = ['--require', preload, '--eval', program, socket]
  assert.equal(execFileSync(process.execPath, words, {encoding: 'utf8', timeout: 10_000}), `${socket}\n${socket}\n`)
})
