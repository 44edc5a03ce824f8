// Bundles one of our own programs into a single file, with the same bytes wherever and whenever that is done.
import {basename, dirname} from 'node:path'
import {build} from 'esbuild'

/** Text of an ES module that needs nothing but Node. Paths in it are relative to the entry's folder, never absolute. */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    absWorkingDir: dirname(entry),
    entryPoints: [basename(entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    write: false,
    logLevel: 'silent',
    legalComments: 'eof',
    // CommonJS packages call require() for Node's own modules, which a module does not have.
    banner: {js: "import {createRequire} from 'node:module';const require = createRequire(import.meta.url);"},
  })
  return result.outputFiles[0]?.text ?? ''
}
