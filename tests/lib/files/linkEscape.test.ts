import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {linkEscape} from '../../../scripts/lib/files/linkEscape.ts'

const escapeOf = (links: Record<string, string>, path: string) =>
  linkEscape({path, target: links[path] ?? '', targetOf: at => links[at]})

for (const [what, links, outside] of [
  ['a file beside it', {current: 'one.txt'}, undefined],
  ['a folder above it, still inside', {'a/b/up': '../..'}, undefined],
  ['a name that does not exist', {SingletonLock: 'host-4711'}, undefined],
  ['a folder above all', {'a/up': '../..'}, '..'],
  ['an absolute path', {out: '/etc/hostname'}, '/etc/hostname'],
  ['a path that leaves and comes back', {out: '../state/one.txt'}, '../state/one.txt'],
  ['itself', {loop: 'loop'}, undefined],
  ['a loop of two', {one: 'two', two: './one'}, undefined],
  ['a chain that stays', {'a/up': '..', out: 'a/up/a/up/one.txt'}, undefined],
  ['a chain that leaves, each text inside', {'a/b/c/up': '../../..', out: 'a/b/c/up/../one'}, '../one'],
  ['an absolute path by another link', {etc: '/etc', out: 'etc/hostname'}, '/etc/hostname'],
  ['a folder that is a link', {'a/b': '../c/d', 'a/out': 'b/../../../x'}, '../x'],
  ['nothing', {'a/out': ''}, undefined],
] as [string, Record<string, string>, string | undefined][])
  test(`a link to ${what} ${outside === undefined ? 'stays' : `leads to ${outside}`}`, () => {
    assert.equal(escapeOf(links, Object.keys(links).at(-1) ?? ''), outside)
  })

test('security 8: for every way of two links the answer is that of the system', () => {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'seaworthy-links-')))
  try {
    const root = join(outer, 'x', 'root')
    const words = ['..', '.', 'a', 'b', 'link', 'one.txt']
    let left = 0
    for (const first of words)
      for (const second of words)
        for (const third of words)
          for (const up of ['..', '../..', 'b', '.']) {
            const links: Record<string, string> = {'a/link': up, out: `a/${first}/${second}/${third}`}
            rmSync(root, {recursive: true, force: true})
            mkdirSync(join(root, 'a', 'b'), {recursive: true})
            writeFileSync(join(root, 'one.txt'), '')
            for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path))
            let real: string
            try {
              real = realpathSync.native(join(root, 'out'))
            } catch {
              continue
            }
            const inside = real === root || dirname(`${real}/`).startsWith(`${root}`)
            if (!inside) left++
            // A way that leaves and comes back is refused too: by another name of the folder it would not come back.
            if (!inside) assert.notEqual(escapeOf(links, 'out'), undefined, JSON.stringify(links))
            if (escapeOf(links, 'out') === undefined) assert.ok(inside, JSON.stringify(links))
          }
    assert.ok(left > 10, `${left} of them leave`)
  } finally {
    rmSync(outer, {recursive: true, force: true})
  }
})
