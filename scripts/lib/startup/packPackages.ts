// Packs each package that most programs import into a few files, once for each state of what is installed.
import {randomBytes} from 'node:crypto'
import {mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync} from 'node:fs'
import {join, relative, resolve} from 'node:path'
import {build, type Plugin} from 'esbuild'
import {partialPrefix, removeAbandoned} from '../files/partialFolders.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {lookOf, type PackedIndex, packedIn, packer} from './packedPackages.ts'

// Packages that are left out are imported by few programs, or by none before it has begun.
const packages = [
  '@modelcontextprotocol/client',
  'ajv',
  'ajv-formats',
  'ajv/dist/2019.js',
  'ajv/dist/2020.js',
  'eventsource-parser',
  'execa',
  'fastest-levenshtein',
  'jsonpath-rfc9535',
  'listr2',
  'p-limit',
  'p-map',
  'yaml',
  'zod',
  'zx/core',
]

// A program that was started before may still load a part of what it began with.
const keptForMs = 24 * 3600 * 1000

const root = resolve(import.meta.dirname, '..', '..', '..')

/** Throws what the file system or the bundler says; nothing half-made is ever found by `packedPackages`. */
export async function packPackages(folder = packedIn): Promise<void> {
  mkdirSync(folder, {recursive: true})
  removeAbandoned(folder)
  const partial = mkdtempSync(join(folder, partialPrefix()))
  try {
    const exported = Object.fromEntries(
      await Promise.all(packages.map(async name => [name, Object.keys(await import(name))] as const)),
    )
    const {metafile} = await build({
      absWorkingDir: root,
      entryPoints: packages.map(name => ({in: `packed:${name}`, out: fileName(name)})),
      plugins: [entries(exported)],
      bundle: true,
      // One copy of what several share: a schema of one must be known to the other.
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'esnext',
      outdir: partial,
      outExtension: {'.js': '.mjs'},
      metafile: true,
      logLevel: 'silent',
      // CommonJS packages call require() for Node's own modules, which a module does not have.
      banner: {
        js: "import {createRequire as requireOfPacked} from 'node:module';const require = requireOfPacked(import.meta.url);",
      },
    })
    for (const [name, names] of Object.entries(exported))
      await expectExports(join(partial, `${fileName(name)}.mjs`), names)
    const files = Object.keys(metafile.inputs).filter(input => !input.startsWith('packed:'))
    // A package that was exchanged for another version lies elsewhere, and the old one may lie there still.
    keep(
      folder,
      partial,
      [...files, 'node_modules/.modules.yaml'].map(input => resolve(root, input)),
    )
  } finally {
    rmSync(partial, {recursive: true, force: true})
  }
}

// Whatever form a package has, all that it exports must have a name: the bundler alone finds none in CommonJS.
function entries(exported: Readonly<Record<string, string[]>>): Plugin {
  return {
    name: 'packed',
    setup: ({onResolve, onLoad}) => {
      onResolve({filter: /^packed:/}, ({path}) => ({path: path.slice('packed:'.length), namespace: 'packed'}))
      onLoad({filter: /./, namespace: 'packed'}, ({path}) => {
        const names = exported[path] ?? []
        const own = names.filter(name => name !== 'default' && name !== 'module.exports')
        const contents = names.includes('module.exports')
          ? // As Node takes it; an import would look for a default export where __esModule is set.
            `const all = require('${path}'); export default all; export const {${own.join(', ')}} = all`
          : `export * from '${path}'${names.includes('default') ? `; export {default} from '${path}'` : ''}`
        return {contents, resolveDir: root}
      })
    },
  }
}

// A program that cannot load what was packed could not even say so.
async function expectExports(path: string, names: readonly string[]): Promise<void> {
  const found = Object.keys(await import(path))
  const missing = names.filter(name => name !== 'module.exports' && !found.includes(name))
  if (missing.length > 0) throw new Error(`${path}: should export ${missing.join(', ')}`)
}

// Under a name of their own, since programs of other runs may be about to load what was packed before.
function keep(folder: string, partial: string, inputs: readonly string[]): void {
  const name = randomBytes(6).toString('hex')
  const made = join(folder, name)
  renameSync(partial, made)
  const paths = [...inputs, ...readdirSync(made).map(file => join(made, file))]
  const index: PackedIndex = {
    packer,
    looks: Object.fromEntries(paths.map(path => [relative(folder, path), lookOf(path)])),
    files: Object.fromEntries(packages.map(one => [one, `${name}/${fileName(one)}.mjs`])),
  }
  writeAtomically(join(folder, 'index.json'), JSON.stringify(index))
  for (const other of readdirSync(folder)) {
    const path = join(folder, other)
    if (/^[0-9a-f]{12}$/.test(other) && other !== name && Date.now() - statSync(path).mtimeMs > keptForMs)
      rmSync(path, {recursive: true, force: true})
  }
}

function fileName(name: string): string {
  return name.replaceAll('/', '_')
}
