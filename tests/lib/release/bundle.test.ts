// A bundle is made again when anything that went into it looks otherwise, and only then.
import assert from 'node:assert/strict'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {bundle} from '../../../scripts/lib/release/bundle.ts'
import {temporaryFolder} from './testFleet.ts'

test('C12 a kept bundle has the bytes of one made again, whatever changes in between', async t => {
  const folder = temporaryFolder(t, {
    'main.ts': "import {word} from './word.ts'\nimport pack from 'pack'\nconsole.log(word, pack)\n",
    'word.ts': "export const word: string = 'one'\n",
    'node_modules/.modules.yaml': 'layoutVersion: 5\n',
    'node_modules/pack/package.json': '{"main": "index.js"}',
    'node_modules/pack/index.js': 'module.exports = "first"\n',
  })
  const entry = join(folder, 'main.ts')
  const keptIn = join(folder, '.build')
  const kept = join(keptIn, 'main.ts.json')
  const same = async () => {
    const text = await bundle(entry, keptIn)
    assert.equal(text, await bundle(entry), 'what is kept equals what is made again')
    return text
  }
  const first = await same()
  assert.match(first, /one/)
  // Proof that the kept one is taken: it is what the file says.
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('one', 'kept'))
  assert.match(await bundle(entry, keptIn), /kept/)

  writeFileSync(join(folder, 'word.ts'), "export const word: string = 'another'\n")
  assert.match(await same(), /another/)
  mkdirSync(join(folder, 'node_modules', '.store', 'pack'), {recursive: true})
  writeFileSync(join(folder, 'node_modules/pack/index.js'), 'module.exports = "second"\n')
  assert.match(await same(), /second/)
  // Packages were installed again; whatever lies elsewhere now is looked for again.
  writeFileSync(join(folder, 'node_modules', '.modules.yaml'), 'layoutVersion: 5\nhoisted: true\n')
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('second', 'stale'))
  assert.match(await same(), /second/)
  writeFileSync(kept, 'half of a fi')
  assert.match(await same(), /second/)
  rmSync(join(folder, 'word.ts'))
  await assert.rejects(bundle(entry, keptIn), /word/)
})
