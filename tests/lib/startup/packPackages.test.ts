// Packed packages are what the packages are, and are not used once any file of them has changed.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {fileURLToPath} from 'node:url'
import {type PackedIndex, packedPackages} from '../../../scripts/lib/startup/packedPackages.ts'
import {packPackages} from '../../../scripts/lib/startup/packPackages.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const warmStart = fileURLToPath(new URL('../../../scripts/lib/startup/warmStart.mjs', import.meta.url))

async function packed(context: TestContext) {
  const folder = temporaryFolder(context)
  await packPackages(folder)
  const indexPath = join(folder, 'index.json')
  const index = (): PackedIndex => JSON.parse(readFileSync(indexPath, 'utf8'))
  const rewrite = (change: (index: PackedIndex) => void) => {
    const changed = index()
    change(changed)
    writeFileSync(indexPath, JSON.stringify(changed))
  }
  return {folder, index, rewrite}
}

test('each packed package exports all that the package does, and they know each other', async context => {
  const {folder, index} = await packed(context)
  const urls = Object.entries(packedPackages(folder) ?? {})
  assert.ok(urls.length > 5, JSON.stringify(index().files))
  for (const [name, url] of urls) {
    const own = Object.keys(await import(name)).filter(exported => exported !== 'module.exports')
    assert.deepEqual(Object.keys(await import(url)).toSorted(), own.toSorted(), name)
  }
  const {Ajv2020} = await import(new URL(packedPackages(folder)?.['ajv/dist/2020.js'] ?? '').href)
  const {default: addFormats} = await import(new URL(packedPackages(folder)?.['ajv-formats'] ?? '').href)
  const ajv = new Ajv2020()
  addFormats(ajv)
  assert.equal(ajv.validate({type: 'string', format: 'date'}, 'no date'), false)
})

test('packed again, the files of before stay for a day, for programs that began with them', async context => {
  const {folder, index} = await packed(context)
  const [before = ''] = (index().files.zod ?? '').split('/')
  await packPackages(folder)
  const [after = ''] = (index().files.zod ?? '').split('/')
  assert.deepEqual(readdirSync(folder).toSorted(), [before, after, 'index.json'].toSorted())
  utimesSync(join(folder, before), 1, 1)
  await packPackages(folder)
  assert.ok(!readdirSync(folder).includes(before) && readdirSync(folder).includes(after))
})

test('where nothing is packed, nothing is found', context => {
  assert.equal(packedPackages(temporaryFolder(context)), undefined)
})

test('a source that changed, a packed file that changed or is gone, and another Node make them stale', async context => {
  const {folder, index, rewrite} = await packed(context)
  const original = readFileSync(join(folder, 'index.json'), 'utf8')
  const isStale = () => packedPackages(folder) === undefined
  const [source = ''] = Object.keys(index().looks)
  assert.match(source, /node_modules/)
  rewrite(changed => {
    changed.looks[source] = '1 1 1'
  })
  assert.ok(isStale())
  writeFileSync(join(folder, 'index.json'), original.replace(process.version, 'v1.0.0'))
  assert.ok(isStale())
  writeFileSync(join(folder, 'index.json'), original.slice(0, 100))
  assert.ok(isStale())
  writeFileSync(join(folder, 'index.json'), original)
  assert.ok(!isStale())
  const file = join(folder, index().files.zod ?? '')
  utimesSync(file, 1, 1)
  assert.ok(isStale())
  rmSync(file)
  assert.ok(isStale())
})

test('a program that starts warm tells a fault with its own line, and of a file that is not there its name', context => {
  const folder = temporaryFolder(context)
  const said = (text: string) => {
    const path = join(folder, 'program.ts')
    writeFileSync(path, text)
    try {
      execFileSync(process.execPath, ['--import', warmStart, path], {encoding: 'utf8', stdio: 'pipe'})
    } catch (thrown) {
      return (thrown as {stderr: string}).stderr
    }
    return assert.fail('it should end with a fault')
  }
  assert.match(said('type A = 1\n\nthrow new Error("on line 3")\n'), /program\.ts:3:7/)
  assert.match(said("import './absent.ts'\n"), /absent\.ts/)
  assert.match(said("import 'no-such-package'\n"), /no-such-package/)
})
