// Bundles the bridge into one file that plain Node runs without node_modules: `OUTPUT=folder node build.ts`.
import {copyFile, mkdir, readFile, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {build, type Metafile} from 'esbuild'

const here = import.meta.dirname
const root = join(here, '..', '..')
const output = resolve(process.env.OUTPUT ?? process.argv[2] ?? 'dist')

await mkdir(output, {recursive: true})
const {metafile, outputFiles} = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: [join(here, 'main.ts')],
  outfile: join(output, 'main.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  metafile: true,
  // Whitespace and syntax only: esbuild's comments hold paths, which would make the bytes depend on the checkout's folder;
  // names stay, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'inline',
  // Dependencies in CommonJS ask for Node's own modules by `require`, which a module has not.
  banner: {
    js: "import {createRequire as bridgeCreateRequire} from 'node:module';const require=bridgeCreateRequire(import.meta.url);",
  },
})
for (const {path, text} of outputFiles) await writeFile(path, withoutFolders(text))
await copyFile(join(here, 'config.json'), join(output, 'config.json'))
const packages = await bundledPackages(metafile)
await writeFile(join(output, 'bundled.json'), `${JSON.stringify(packages, null, 2)}\n`)

/** Modules in CommonJS are keyed by where they lie; from their package's name on, that is the same everywhere. */
function withoutFolders(code: string): string {
  return code.replaceAll(/(__commonJS\(\{")[^"]*node_modules\//g, '$1')
}

/** The packages inside the bundle, for the release's bill of materials: it cannot be read from a bundle afterwards. */
async function bundledPackages(meta: Metafile): Promise<{name: string; version: string; license: string}[]> {
  const folders = Object.keys(meta.inputs).flatMap(
    path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  const packages = await Promise.all(
    [...new Set(folders)].map(async folder => {
      const {name, version, license} = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
      return {name: String(name), version: String(version), license: String(license ?? 'unknown')}
    }),
  )
  return packages.sort((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1))
}
