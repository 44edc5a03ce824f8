// The smallest fleet of the documents, as it stands there, is READY.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {npmArgv} from '../../scripts/lib/release/npm.ts'
import {makeRig} from '../rig.ts'

const project = join(import.meta.dirname, '..', '..')

/** How this machine reaches its registry. */
function toRegistry(): Record<string, string> {
  const named = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_.*|node_extra_ca_certs|(https?|no)_proxy)$/i.test(name),
  )
  return Object.fromEntries(named.map(([name, value = '']) => [name, value]))
}

test('A1 the minimal example of docs/fleet-file.md is READY as written', async context => {
  const [file = '', ...words] = npmArgv(['ping', '--fetch-retries=0', '--fetch-timeout=5000'])
  if (spawnSync(file, words, {timeout: 10_000}).status !== 0) return context.skip('no registry answers')
  const page = readFileSync(join(project, 'docs', 'fleet-file.md'), 'utf8')
  const [, text] = /^## Minimal example\n\n```yaml\n([\s\S]*?)^```$/m.exec(page) ?? []
  assert.ok(text !== undefined)
  const rig = await makeRig(context, {text, env: toRegistry()})
  // Locked as the page says; the locks of the sample are of the same packages.
  for (const [, name = '', version = ''] of text.matchAll(/npm: "?([^\s",]+)@([\d.]+)/g)) {
    const key = `${name.replace('/', '+')}@${version}`
    cpSync(join(project, 'locks', key), join(rig.folder, 'locks', key), {recursive: true})
  }
  const ended = await rig.staging()
  assert.equal(ended.code, 0, ended.said)
  assert.match(ended.stdout, /✓ READY \(pass\)/)
  assert.equal(rig.verdict('reachability/own-origin', 'everything'), 'pass')
  // That it takes foreign origins is said all the same.
  const finding = rig.checks().find(({check}) => check === 'reachability/own-origin')?.findings?.[0]
  assert.match(finding?.text ?? '', /no Origin check/)
})
