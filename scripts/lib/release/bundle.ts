// Bundles one of our own programs into a single file, with the same bytes wherever and whenever that is done.
import {statSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {build, version} from 'esbuild'
import {textIfReadable} from '../files/textIfReadable.ts'
import {writeAtomically} from '../files/writeAtomically.ts'

/** What a bundle was made of, and what came of it. */
interface Kept {
  esbuild: string
  /** By absolute path, size and time of change of every file that went in, and of the lists of installed packages. */
  inputs: Record<string, string>
  text: string
}

/**
 * Text of an ES module that needs nothing but Node. Paths in it are relative to the entry's folder, never absolute. With
 * `keptIn` it is kept there, since starting the bundler takes longer than everything else of a build that has nothing to build.
 */
export async function bundle(entry: string, keptIn?: string): Promise<string> {
  const path = keptIn && join(keptIn, `${basename(entry)}.json`)
  const known = path && read(path)
  if (known && isFresh(known, entry)) return known.text
  const folder = dirname(entry)
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [basename(entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    write: false,
    metafile: true,
    logLevel: 'silent',
    legalComments: 'eof',
    // CommonJS packages call require() for Node's own modules, which a module does not have.
    banner: {js: "import {createRequire} from 'node:module';const require = createRequire(import.meta.url);"},
  })
  const text = result.outputFiles[0]?.text ?? ''
  if (path === undefined) return text
  const files = [...Object.keys(result.metafile.inputs).map(input => resolve(folder, input)), ...installed(entry)]
  const inputs = Object.fromEntries(files.map(file => [file, lookOf(file)]))
  writeAtomically(path, JSON.stringify({esbuild: version, inputs, text} satisfies Kept))
  return text
}

// A package that was exchanged for another version lies elsewhere, and the old one may lie there still.
function installed(entry: string): string[] {
  const folders = dirname(entry)
    .split('/')
    .map((_, index, words) => words.slice(0, index + 1).join('/'))
  return folders.map(folder => join(folder, 'node_modules', '.modules.yaml'))
}

function isFresh({esbuild, inputs}: Kept, entry: string): boolean {
  const isSame = ([file, look]: [string, string]) => lookOf(file) === look
  return esbuild === version && inputs[entry] !== undefined && Object.entries(inputs).every(isSame)
}

function lookOf(file: string): string {
  const found = statSync(file, {throwIfNoEntry: false})
  return found === undefined ? 'absent' : `${found.size} ${found.mtimeMs} ${found.ino}`
}

function read(path: string): Kept | undefined {
  try {
    return JSON.parse(textIfReadable(path) ?? '')
  } catch {
    // Without what was kept it is bundled again.
    return undefined
  }
}
