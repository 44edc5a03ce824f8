// Parts of rollback.sh by themselves: what it prints of logs and answers, and the scripts that it puts in place.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {wholeScript} from '../../scripts/targets/local/rollbackScript.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'

const templates = join(import.meta.dirname, '..', '..', 'templates')
const words = join(templates, 'rollback', 'words.sh')
const log = 'a\u001b]0;x\u0007b\u009b31m c\u202e ✓ → · ü\ttab\n  ::error::x ##[group]\n'
const seen = 'a?]0;x?b?31m c? ✓ → · ü\ttab\n  ?:error::x #?[group]\n'

for (const [shell, ...flags] of [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const)
  test(`B8 ${shell}: nothing that a server wrote reaches the terminal as it is`, t => {
    const run = (script: string) => {
      const argv = [...flags, '-c', script, 'words', words, log]
      // Where its standard input is a socket, bash takes itself for a remote shell and reads what the user's files say.
      return spawnSync(shell, argv, {
        encoding: 'utf8',
        env: {PATH: process.env.PATH, LC_ALL: 'C'},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    }
    if (run(':').status !== 0) return t.skip(`${shell} is not here`)
    const load = 'aside=; . "$1"; '
    assert.deepEqual(
      [run(`${load} printf %s "$2" | harmless`).stdout, run(`${load} say "$2"`).stdout.trimEnd()],
      [seen, seen.trimEnd()],
    )
  })

for (const [shell, ...flags] of [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const)
  test(`B8 ${shell}: the end of a log is shown without the secrets that the script knows`, t => {
    const folder = temporaryFolder(t)
    const value = "correct 'horse' $(battery) staple"
    const key = '-----BEGIN-----\nAbCdEfGhIj\nshort\n-----END-----'
    const shown = 'a\u001b[31m'
    writeFileSync(join(folder, 'log'), `token=${value}; again ${value}\nAbCdEfGhIj\nAbCdEfGhIjKlMn\nshort\n${shown}\n`)
    const parts = ['words.sh', 'secrets.sh'].map(name => `. '${join(templates, 'rollback', name)}'`).join('\n')
    const script = `newline='\n'\naside=\nrunning=\n${parts}
      for name in TOKEN KEY LONGER; do collect "$name"; done
      end_of_log '${folder}'`
    const run = spawnSync(shell, [...flags, '-c', script], {
      encoding: 'utf8',
      env: {PATH: process.env.PATH, LC_ALL: 'C', TOKEN: value, KEY: key, LONGER: 'AbCdEfGhIjKlMn'},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (run.error !== undefined) return t.skip(`${shell} is not here`)
    assert.deepEqual(
      [run.stdout, run.stderr],
      ['token=[secret]; again [secret]\n[secret]\n[secret]\nshort\na?[31m\n', ''],
    )
  })

test('B8 every log that rollback.sh shows goes that way', () => {
  const shown = wholeScript()
    .split('\n')
    .filter(line => /\btail\b.*\blog"/.test(line) && !line.includes('see what it says'))
  assert.deepEqual(shown, ['    tail -n 20 "$1/log" 2>/dev/null'])
})

test('X11 what an earlier version left beside its release has fewer scripts: those are put in place, without a complaint', t => {
  const root = temporaryFolder(t)
  for (const folder of ['data/files', 'instance', 'ingress']) mkdirSync(join(root, folder), {recursive: true})
  for (const name of ['supervise.sh', 'stop.sh']) writeFileSync(join(root, 'data', 'files', name), name)
  const script = `. ${join(templates, 'rollback', 'files.sh')}
    put() { cat >"$1"; }
    take_away() { :; }
    data=${root}/data instance=${root}/instance ingress=${root}/ingress
    put_files`
  const {stderr} = spawnSync('sh', ['-c', script], {encoding: 'utf8'})
  assert.equal(stderr, '')
  assert.deepEqual(readdirSync(join(root, 'instance')).sort(), ['stop.sh', 'supervise.sh'])
})
